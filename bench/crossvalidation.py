"""What the ranking is worth on queries that did not choose it: its weights, and its thesaurus.

**Weights.** A list of settings is made before any is measured: the weights as they are, each alone
at the half, the double and nothing, and random ones around them. Every setting is asked every
query of the sets that weights are tuned on; then, over and over, the best setting of nine folds of
queries is judged on the tenth. The best is the one with the highest mean over the three sets'
means, of the measure that the table names. Hindsight minus cross-validated is the optimism: how
much a best of so many settings owes to having been looked for among its own judges. The weights as
they are were once chosen on these queries, which no folds can undo: they have that advantage over
every other setting, and what beats them in spite of it does so honestly.

**Thesaurus** (``--vocabulary``). Heads are dealt into five folds, and the queries are asked without
each: a fifth is worth what its rows do for queries that they were not written for, and the queries
that it makes worse are named. All heads were written by people who had not seen these queries, by
their own account; that is what makes the gains held-out ones, and nothing here can prove it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.folds import Choices, Floats, Ints, chances, cross_validate, dealt, figure, optimism
from bench.rankers import HARD, MEASURES, SEED, Asked, Ranker, measured, queries, rankers_of
from bench.weights import tried, weighing
from search.thesaurus import Head
from tools.ranking_table import WEIGHTS, Weight, read_weights

#: Of the 743 plain questions as many are drawn as keep the whole within half an hour.
PLAIN_QUESTIONS = 372
FOLDS, REPEATS = 10, 20
#: Random settings, and how far each of their weights may be multiplied or divided.
RANDOM_SETTINGS, FARTHEST = 60, 2.0
#: Weights that nothing is found without, or that nothing can be divided by.
NEVER_NOTHING = ("K1", "STEM", "CANDIDATES", "FULL_LENGTHS")
#: Settings printed of a table.
MOST_SHOWN = 8

HEAD_FOLDS = 5
#: Numbers of heads: those of the field, and of abbreviations; the rest is general Swedish.
FIELD = range(3000)
ABBREVIATIONS = (range(3000, 4000), range(6500, 8000))
#: A smaller change of a query is no change.
LEAST_CHANGE = 1e-6

Values = Mapping[Weight, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """Other values of some weights; of none, the weights as they are."""

    name: str
    values: Values


def settings_of(weights: Sequence[Weight], seed: int = SEED) -> tuple[Setting, ...]:
    """The settings to be judged; the weights as they are come first, random ones last."""
    settings = [Setting("as they are", {})]
    for weight in weights:
        value = float(weight.value)
        others = [value / 2, value * 2] if value else list(tried(weight))
        if value and weight.constant not in NEVER_NOTHING:
            others.append(0.0)
        settings += [Setting(f"{weight.name} = {v:g}", {weight: v}) for v in others]
    random = np.random.default_rng(seed)
    for number in range(1, RANDOM_SETTINGS + 1):
        factors = FARTHEST ** random.uniform(-1, 1, len(weights))
        values = {w: float(w.value) * float(f) for w, f in zip(weights, factors, strict=True)}
        settings.append(Setting(f"random {number}", {w: v for w, v in values.items() if v}))
    return tuple(settings)


@contextmanager
def weighed(setting: Setting) -> Iterator[None]:
    """Rank by a setting while the block lasts."""
    with ExitStack() as stack:
        for weight, value in setting.values.items():
            stack.enter_context(weighing(weight, value))
        yield


def main() -> None:
    """Measure and print; ``--measured`` keeps what the weights gave, to print it anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--vocabulary", action="store_true", help="the thesaurus, not the weights")
    parser.add_argument("--plain", type=int, default=PLAIN_QUESTIONS, help="plain questions drawn")
    parser.add_argument("--measured", type=Path, help=".npy that is read, or else written")
    given = parser.parse_args()
    asked = queries(0 if given.vocabulary else given.plain)
    if given.vocabulary:
        with rankers_of() as rankers:
            report_vocabulary(rankers, asked)
        return
    settings = settings_of(read_weights(WEIGHTS.read_text(encoding="utf-8")))
    if given.measured and given.measured.exists():
        table = np.load(given.measured)
    else:
        with rankers_of() as rankers:
            table = _ask(rankers, settings, asked)
        if given.measured:
            np.save(given.measured, table)
    report_weights(table, settings, asked)


def report_weights(table: Floats, settings: Sequence[Setting], asked: Sequence[Asked]) -> None:
    """Print what choosing among all settings, the single changes and the random ones gives."""
    alone = [n for n, setting in enumerate(settings) if len(setting.values) <= 1]
    random = [0, *(n for n, setting in enumerate(settings) if len(setting.values) > 1)]
    families = {"every setting": range(len(settings)), "one weight": alone, "random": random}
    for number, measure in enumerate(MEASURES):
        for family, rows in families.items():
            chosen = [settings[n] for n in rows]
            print(f"\n{measure}, {family} ({len(chosen)} settings)")
            _print_choices(table[list(rows), number], chosen, asked)


def _print_choices(table: Floats, settings: Sequence[Setting], asked: Sequence[Asked]) -> None:
    names = list(dict.fromkeys(item.of for item in asked))
    sets = np.array([names.index(item.of) for item in asked])
    strata = [f"{item.of} {item.kind}" for item in asked]
    choices = cross_validate(table, sets, strata, folds=FOLDS, repeats=REPEATS, seed=SEED)
    print("set     n    as are  hindsight  crossval. (se)   crossval.−as are (se)  optimism")
    for name in (*names, "mean"):
        here = sets == names.index(name) if name in names else np.full(len(sets), True)
        _print_row(name, table[:, here], sets[here], _part(choices, here))
    ranked = np.argsort(-choices.share, kind="stable")[:MOST_SHOWN]
    often = (f"{settings[n].name} {choices.share[n]:.2f}" for n in ranked if choices.share[n])
    print("chosen: " + "; ".join(often))
    _print_best(table, sets, settings)


def _part(choices: Choices, here: npt.NDArray[np.bool_]) -> Choices:
    return Choices(choices.held[here], choices.share, choices.hindsight)


def _print_row(name: str, table: Floats, sets: Ints, choices: Choices) -> None:
    usual = figure(table[0], sets).mean
    hindsight = figure(table[choices.hindsight], sets).mean
    held = figure(choices.held, sets)
    more = figure(choices.held - table[0], sets)
    print(
        f"{name:7} {len(sets):4} {usual:.4f}  {hindsight:.4f}     "
        f"{held.mean:.4f} ({held.error:.4f})  {more.mean:+.4f} ({more.error:.4f})      "
        f"{optimism(table, sets, choices):+.4f}"
    )


def _print_best(table: Floats, sets: Ints, settings: Sequence[Setting]) -> None:
    """The settings that look best, each with how often luck makes any of them look so."""
    gains = [figure(row - table[0], sets) for row in table]
    p = chances(table, sets, SEED)
    order = sorted(range(1, len(table)), key=lambda n: -gains[n].mean)
    better = sum(gain.mean > 0 for gain in gains)
    middle = float(np.median([gains[n].mean for n in order]))
    print(
        f"{better} of {len(order)} look better than the weights as they are; median {middle:+.4f}"
    )
    for n in order[:MOST_SHOWN]:
        parts = " ".join(
            f"{figure((table[n] - table[0])[sets == s], sets[sets == s]).mean:+.4f}"
            for s in np.unique(sets)
        )
        said = f"{gains[n].mean:+.4f} ({gains[n].error:.4f}) p {p[n]:.2f}  by set {parts}"
        print(f"  {settings[n].name:32} {said}")


def group(head: Head) -> str:
    """Which of the three parts of the thesaurus a head is in."""
    if head.id in FIELD:
        return "field"
    return "abbreviations" if any(head.id in part for part in ABBREVIATIONS) else "general"


def thesauri(heads: Mapping[str, Head]) -> Mapping[str, Mapping[str, Head]]:
    """The thesauri to be compared: all, none, all but each fifth, and one or more parts."""
    terms = sorted(heads)
    fold_of = dealt([group(heads[term]) for term in terms], HEAD_FOLDS, np.random.default_rng(SEED))
    found: dict[str, Mapping[str, Head]] = {"all": heads, "none": {}}
    for fold in range(HEAD_FOLDS):
        kept = {t for t, own in zip(terms, fold_of.tolist(), strict=True) if own != fold}
        found[f"without fifth {fold + 1}"] = {t: h for t, h in heads.items() if t in kept}
    for parts in (("field",), ("field", "abbreviations"), ("field", "general")):
        found[" + ".join(parts)] = {t: h for t, h in heads.items() if group(h) in parts}
    return found


def report_vocabulary(rankers: Mapping[str, Ranker], asked: Sequence[Asked]) -> None:
    """Print what heads are worth by kind, and the queries that they make worse."""
    heads = rankers[HARD].searcher.thesaurus
    found: dict[str, Floats] = {}
    for name, those in thesauri(heads).items():
        with ExitStack() as stack:
            for ranker in rankers.values():
                stack.enter_context(ranker.having(those))
            found[name] = measured(rankers, asked)
        print(f"{name}: {len(those)} heads", file=sys.stderr, flush=True)
    kinds = [item.kind if item.of == HARD else item.of for item in asked]
    columns = {"all": range(len(asked))} | {
        kind: [n for n, own in enumerate(kinds) if own == kind] for kind in dict.fromkeys(kinds)
    }
    print(f"{'':24}" + "".join(f"{kind} {len(here)}".rjust(12) for kind, here in columns.items()))
    for number, measure in enumerate(MEASURES):
        print(measure)
        for name, table in found.items():
            means = [table[number][list(here)].mean() for here in columns.values()]
            print(f"  {name:22}" + "".join(f"{mean:12.3f}" for mean in means))
    _print_moved(found, asked)


def _print_moved(found: Mapping[str, Floats], asked: Sequence[Asked]) -> None:
    print(f"What heads give, {MEASURES[0]}, and the queries that they make better and worse")
    one = np.zeros(len(asked), np.int64)
    for name, table in found.items():
        if name == "all":
            continue
        # A part is held against the field alone, and everything else against what it lacks.
        is_added = " + " in name
        gains = (table - found["field"])[0] if is_added else (found["all"] - table)[0]
        said = f"{name}, against the field" if is_added else f"all, against {name}"
        gain = figure(gains, one)
        better, worse = (gains > LEAST_CHANGE).sum(), (gains < -LEAST_CHANGE).sum()
        print(f"  {said}: {gain.mean:+.4f} ({gain.error:.4f}), {better} better, {worse} worse")
        for n in np.flatnonzero(gains < -LEAST_CHANGE).tolist():
            query = asked[n].query
            print(f"    {gains[n]:+.3f}  {asked[n].of} {query.id} {asked[n].kind}  {query.text}")


def _ask(
    rankers: Mapping[str, Ranker], settings: Sequence[Setting], asked: Sequence[Asked]
) -> Floats:
    """A table of settings, measures and queries."""
    rows = []
    for setting in settings:
        with weighed(setting):
            rows.append(measured(rankers, asked))
        print(f"{len(rows)}/{len(settings)} {setting.name}", file=sys.stderr, flush=True)
    return np.array(rows)


if __name__ == "__main__":
    main()
