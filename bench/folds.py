"""Choosing on some queries and judging on others: folds, choices and what choosing flatters.

Pure: a table has a row a setting and a column a query; row 0 is the setting in use. ``sets`` says
of each column which judged set its query is from. Sets count alike, however many queries they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Sign flips behind a p value: enough for its second decimal.
FLIPS = 4000


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True, slots=True)
class Choices:
    """What choosing by queries that are not judged gives.

    ``held`` is each query's measure under the settings that were chosen without it, on average over
    the repeats; ``share`` how often each setting was chosen; ``hindsight`` the one that is best
    when every query may choose.
    """

    held: Floats
    share: Floats
    hindsight: int


def dealt(strata: Sequence[str], count: int, random: np.random.Generator) -> Ints:
    """The fold of each item. Folds differ by one item at most, and so they do in every stratum."""
    shuffled = random.permutation(len(strata))
    order = sorted(shuffled.tolist(), key=lambda n: strata[n])
    fold_of = np.empty(len(strata), np.int64)
    fold_of[order] = random.permutation(count)[np.arange(len(strata)) % count]
    return fold_of


def set_means(table: Floats, sets: Ints) -> Floats:
    """Each setting's mean in each set that has queries: a row a setting, a column a set."""
    return np.stack([table[:, sets == s].mean(axis=1) for s in np.unique(sets)], axis=1)


def best(table: Floats, sets: Ints) -> int:
    """The setting whose mean over the sets' means is highest; of equals the first."""
    return int(np.argmax(set_means(table, sets).mean(axis=1).round(9)))


def held_out(table: Floats, sets: Ints, fold_of: Ints) -> tuple[Floats, list[int]]:
    """Each query's measure under the best setting of the other folds, and the settings chosen."""
    held = np.empty(table.shape[1])
    chosen = []
    for fold in np.unique(fold_of):
        out = fold_of == fold
        setting = best(table[:, ~out], sets[~out])
        held[out] = table[setting, out]
        chosen.append(setting)
    return held, chosen


def cross_validate(
    table: Floats, sets: Ints, strata: Sequence[str], *, folds: int, repeats: int, seed: int
) -> Choices:
    """Repeated cross-validation over queries (Stone 1974), folds dealt anew each time."""
    random = np.random.default_rng(seed)
    held, chosen = np.zeros(table.shape[1]), []
    for _ in range(repeats):
        measured, settings = held_out(table, sets, dealt(strata, folds, random))
        held += measured / repeats
        chosen += settings
    share = np.bincount(chosen, minlength=len(table)) / len(chosen)
    return Choices(held, share, best(table, sets))


def figure(values: Floats, sets: Ints) -> Figure:
    """The mean over the sets' means. The error takes queries for independent."""
    means, errors = [], []
    for s in np.unique(sets):
        here = values[sets == s]
        means.append(here.mean())
        errors.append(here.std(ddof=1) / len(here) ** 0.5 if len(here) > 1 else 0.0)
    return Figure(float(np.mean(means)), float(np.linalg.norm(errors) / len(errors)))


def optimism(table: Floats, sets: Ints, choices: Choices) -> float:
    """How much the best setting in hindsight is flattered by having been chosen on its judges."""
    hindsight = figure(table[choices.hindsight], sets).mean
    return hindsight - figure(choices.held, sets).mean


def chances(table: Floats, sets: Ints, seed: int, flips: int = FLIPS) -> Floats:
    """Of each setting, how often luck would make *any* of them look as much better than row 0.

    Flips the signs of a query's differences together over all settings and takes the largest
    statistic (Westfall & Young 1993), so that trying many settings earns nothing.
    """
    _, place, counts = np.unique(sets, return_inverse=True, return_counts=True)
    gains = (table - table[0]) / (len(counts) * counts[place])
    spread = np.sqrt((gains**2).sum(axis=1))
    spread[spread == 0] = np.inf
    random = np.random.default_rng(seed)
    signs = random.choice((-1.0, 1.0), size=(flips, table.shape[1]))
    most = (signs @ gains.T / spread).max(axis=1)
    seen = gains.sum(axis=1) / spread
    # A hair for rounding: the same sum in another order is as large.
    luckier = (most[:, None] >= seen[None, :] - 1e-9).sum(axis=0)
    return np.asarray((1 + luckier) / (1 + flips))
