"""The thesaurus at work: which other words a question's words and phrases may be answered by.

Forms are compared stem by stem, so that a phrase is found in any inflection; what only looks
inflected is told apart by a dictionary. Directions are the thesaurus's own: a kind never leads to
its head, a wider or related word leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from search.swedish.analyzer import Token, is_abbreviation, terms, tokens
from search.thesaurus import Head
from search.weights import KIND, NEAR, SAME

#: No phrase of the thesaurus is longer, in words.
_LONGEST_PHRASE = 8
#: A form that many heads share says little about any of them.
_MOST_HEADS = 4
#: Forms, and words of questions, that are not taken apart again.
_REMEMBERED = 20_000
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another form for the words ``first`` to ``last`` of a question, and what it counts."""

    first: int
    last: int
    asked: str
    form: str
    stems: Stems
    weight: float

    @property
    def is_abbreviation(self) -> bool:
        """Whether one stands for the other letter by letter (*LVU*)."""
        return is_abbreviation(self.asked) or is_abbreviation(self.form)


class Synonyms:
    """Looks up the words of questions. Immutable, made once from the thesaurus."""

    def __init__(self, thesaurus: Mapping[str, Head]) -> None:
        self._heads: dict[Stems, list[tuple[Head, str, str]]] = {}
        for head in thesaurus.values():
            for kind, form in _forms(head):
                entry = (head, kind, form)
                self._heads.setdefault(terms(form.casefold()), []).append(entry)
        self._other_forms: dict[tuple[str, str, str], Sequence[tuple[str, Stems, float]]] = {}
        #: The words of the longest form that begins with a stem.
        self._longest: dict[str, int] = {}
        for stems in filter(None, self._heads):
            self._longest[stems[0]] = max(len(stems), self._longest.get(stems[0], 0))

    def __contains__(self, word: str) -> bool:
        """Whether a folded word is a form of the thesaurus, in any inflection."""
        return terms(word) in self._heads

    def of(
        self,
        question: Sequence[Token],
        typed: Sequence[str],
        are_two: Callable[[str, str], bool] = lambda asked, form: False,
    ) -> Iterator[Synonym]:
        """Other forms for any run of the question's words; longer runs come first.

        ``are_two`` says of a word asked for and one of a form, both folded and with one stem,
        whether they are two words (*papper*, *pappa*).
        """
        folded = [_folded(token.surface) for token in question]
        longest = [self._longest.get(stem, 0) for stem in folded]
        taken: set[int] = set()
        for length in range(min(_LONGEST_PHRASE, len(folded), max(longest, default=0)), 0, -1):
            for first in range(len(folded) - length + 1):
                if longest[first] < length:
                    continue
                last = first + length - 1
                found = self._heads.get(tuple(folded[first : last + 1]), ())
                if not found or taken.intersection(range(first, last + 1)):
                    continue
                run = [token.surface for token in question[first : last + 1]]
                entries = [e for e in found if not any(map(are_two, run, _words(e[2])))]
                settled = [e for e in entries if self._speaks(e, folded, typed, first, last)]
                if settled and length > 1:
                    taken.update(range(first, last + 1))
                for head, kind, form in islice(settled, _MOST_HEADS):
                    for other, stems, weight in self._others(head, kind, form):
                        yield Synonym(first, last, form, other, stems, weight)

    def _others(self, head: Head, kind: str, form: str) -> Sequence[tuple[str, Stems, float]]:
        """The head's other forms that may answer for one of its forms, remembered."""
        place = (head.term, kind, form)
        if place not in self._other_forms:
            self._other_forms[place] = tuple(_others(head, kind, form))
        return self._other_forms[place]

    def _speaks(
        self,
        entry: tuple[Head, str, str],
        folded: Sequence[str],
        typed: Sequence[str],
        first: int,
        last: int,
    ) -> bool:
        """Whether a form that means other things too speaks for the head here."""
        head, _, form = entry
        if form not in head.doubtful:
            return True
        beside = {*folded[:first], *folded[last + 1 :]}
        if any(beside.issuperset(terms(word.casefold())) for word in head.unless):
            return False
        if head.only and all(is_abbreviation(word) for word in typed[first : last + 1]):
            return True
        return any(beside.issuperset(terms(word.casefold())) for word in head.needs) or (
            bool(head.unless) and not head.needs and not head.only
        )


def _forms(head: Head) -> Iterator[tuple[str, str]]:
    yield "term", head.term
    for kind in ("equivalent", "older", "misspelt", "near"):
        for form in getattr(head, kind):
            yield kind, form


def _others(head: Head, kind: str, asked: str) -> Iterator[tuple[str, Stems, float]]:
    """The head's other forms that may answer for one of its forms."""
    weight = NEAR if kind == "near" else SAME
    forms = [("term", head.term), *(("equivalent", f) for f in (*head.equivalent, *head.older))]
    if kind == "term":
        forms += [("near", form) for form in head.near] + [("kind", f) for f in head.narrower]
    for other, form in forms:
        # Capitals are a term of their own on a page, so that they are no longer doubtful there.
        if form != asked and (form not in head.doubtful or is_abbreviation(form)):
            of_form = {"near": NEAR, "kind": KIND}.get(other, SAME)
            yield form, _stems(form), min(weight, of_form)


@lru_cache(maxsize=_REMEMBERED)
def tokens_of(form: str) -> tuple[Token, ...]:
    """The tokens of a form, which every question may ask for again."""
    return tuple(tokens(form))


@lru_cache(maxsize=_REMEMBERED)
def _folded(surface: str) -> str:
    """The stem of a folded word of a question."""
    return terms(surface)[0] if surface else ""


@cache
def _words(form: str) -> tuple[str, ...]:
    """The folded words of a form of the thesaurus."""
    return tuple(token.surface for token in tokens_of(form))


@cache
def _stems(form: str) -> Stems:
    """The stems of a form of the thesaurus, which every question may ask for again."""
    return terms(form)
