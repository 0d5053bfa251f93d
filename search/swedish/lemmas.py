"""Lemmas: which words are forms of one, and which only look so, as a dictionary has it.

Snowball cuts endings and knows no word: it keeps *skola* from *skolan* and *slog* from *slå*, and
takes *papper* for the plural of *pappa*. ``Lemmas`` say for both what the dictionary says. They
are made with an index, go with it, and hold only what that index and its questions can need, so
that a search never loads the dictionary. One file of lines is what the next index starts from; a
search reads the same as arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from sys import intern
from typing import Any, Protocol

from numpy.typing import NDArray

from search.errors import IndexUnavailableError
from search.grouped import Arrays
from search.strings import Pairs
from search.swedish.analyzer import stem

FILE_NAME = "lemmas.tsv"

#: Change it when the same words give other lemmas: published indexes are then rebuilt.
LEMMAS_VERSION = 1

#: Endings of base forms (*papp-er*, *tom-at*) that Snowball takes for inflection.
_TAKEN_FOR_ENDINGS = ("er", "or", "ar", "at", "r")
#: Numbers have no forms: a fifth chapter is not five of them.
_NUMBERS = frozenset(
    ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
)
#: With as many forms of its own a word is no form of the one that it begins with: *råna* is not
#: *rå*, nor *kurs* *kur*, though both may be. Irregular ones (*slog*) stay forms.
FORMS_OF_ITS_OWN = 3
#: What follows a plural that has no singular of its own (*avgaser*): no other word than *avgas*.
_PLURAL_ENDINGS = frozenset({"", "s", "na", "nas"})


class Lemmas:
    """The base forms of folded words. Immutable."""

    def __init__(self, lemmas: Mapping[str, str] | None = None) -> None:
        self._lemmas: Mapping[str, str] = dict(lemmas or {})

    @cached_property
    def _pairs(self) -> Pairs:
        """The same, sorted, and from base forms back."""
        return Pairs.of(dict(sorted(self._lemmas.items())))

    @classmethod
    def of_arrays(cls, arrays: Arrays, name: str) -> Lemmas:
        """Those that ``named`` gave, where they lie."""
        made = cls()
        made._lemmas = made._pairs = Pairs.read(arrays, name)
        return made

    def named(self, name: str) -> dict[str, NDArray[Any]]:
        """All of them as arrays by name."""
        return self._pairs.named(name)

    def __len__(self) -> int:
        return len(self._lemmas)

    def of(self, word: str) -> str | None:
        """The base form of a word, or None where none is known."""
        return self._lemmas.get(word)

    def forms_of(self, lemma: str) -> list[str]:
        """The words that have a base form, sorted."""
        return self._pairs.keys_with(lemma)

    def differ(self, one: str, other: str) -> bool:
        """Whether two words are two: each has its own base form, and one looks like a plural.

        Other base forms with one stem are mostly kin (*beslut*, *besluta*) and no two words here.
        """
        mine, theirs = self.of(one), self.of(other)
        if mine is None or theirs is None or {mine, one} & {theirs, other}:
            return False
        if self.of(mine) != mine or self.of(theirs) != theirs:
            return False
        return looks_inflected(mine, theirs) or looks_inflected(theirs, mine)

    def differs_from_unknown(self, word: str, other: str) -> bool:
        """Whether a word is no form of one that no dictionary has, as *vapen* is none of *vape*."""
        return self.of(word) == word and (word == other + "n" or looks_inflected(word, other))

    def joined(self, more: Mapping[str, str]) -> Lemmas:
        """These and more."""
        return Lemmas({**self._lemmas, **more})

    def write(self, path: Path) -> None:
        """Write all, sorted, a line each: the word, a tab, its base form."""
        lines = (f"{word}\t{self._lemmas[word]}\n" for word in sorted(self._lemmas))
        path.write_text("".join(lines), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Lemmas:
        """The lemmas of a file that ``write`` made. Raises IndexUnavailableError when damaged."""
        made = cls()
        try:
            *lines, rest = path.read_text(encoding="utf-8").split("\n")
            if rest:
                raise ValueError("the last line is cut off")
            # A base form has a dozen forms, and is kept once.
            pairs = (line.split("\t") for line in lines)
            made._lemmas = {word: intern(lemma) for word, lemma in pairs}
        except (OSError, ValueError) as error:
            what = f"{path} is damaged: {error}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error
        return made


class Forms(Protocol):
    """A dictionary's words by base form."""

    def base_of(self, word: str) -> str:
        """The base form that a word is counted to; ``""`` for numbers and unknown words."""

    def forms_of(self, base: str) -> Sequence[Sequence[str]]:
        """A base form's words by stem, those with its own stem first, though there be none.

        Whatever has one stem only may have no forms: Snowball is enough for it.
        """


def needed_of(forms: Forms, added: Iterable[str], is_held: Callable[[str], bool]) -> dict[str, str]:
    """The lemmas that an index needs when words are added to it, which it holds then.

    Where a base form has several stems: of the words that the index holds, and of every form
    that none of their stems leads to. Where it has one, Snowball is enough.
    """
    # An added word may be a form, a base form, or one of each (*sluten*).
    touched = {base for word in added for base in (forms.base_of(word), word)}
    return {form: base for base in touched for form in _needed(base, forms.forms_of(base), is_held)}


def _needed(
    base: str, by_stem: Sequence[Sequence[str]], is_held: Callable[[str], bool]
) -> Iterable[str]:
    if len(by_stem) < 2:
        return ()
    held = [list(filter(is_held, some)) for some in by_stem]
    reached = [bool(some) for some in held]
    reached[0] = reached[0] or is_held(base)
    if sum(reached) > 1:
        return chain(*by_stem)
    lost = [
        form for some, is_led in zip(by_stem, reached, strict=True) if not is_led for form in some
    ]
    return chain(lost, *held) if lost else ()


class Paradigms:
    """Every base form of a dictionary with its forms. ``Forms``, as a list of words gives them."""

    def __init__(
        self,
        words: Iterable[str],
        lemma_of: Callable[[str], str | None],
        stem_of: Callable[[str], str] = stem,
    ) -> None:
        """``words`` are those of the dictionary, ``lemma_of`` gives the base form of each."""
        self._lemma_of = lemma_of
        self._stem_of = stem_of
        self._forms: dict[str, list[str]] = {}
        for word in words:
            lemma = lemma_of(word)
            forms = self._forms.get(lemma) if lemma else None
            if forms is not None:
                forms.append(word)
            elif lemma and is_base(lemma):
                self._forms[lemma] = [word]
        self._own = {word for word in self._forms if self._is_own(word)}
        for word in self._own:
            self._forms[str(lemma_of(word))].remove(word)
            self._forms[word].append(word)

    @property
    def bases(self) -> Iterable[str]:
        """Every base form."""
        return self._forms

    @property
    def own(self) -> Collection[str]:
        """Base forms that are forms of another by the dictionary, with too many of their own."""
        return self._own

    def base_of(self, word: str) -> str:
        """As ``Forms`` has it."""
        base = word if word in self._own else self._lemma_of(word)
        return base if base in self._forms and word.islower() else ""

    def forms_of(self, base: str) -> Sequence[Sequence[str]]:
        """As ``Forms`` has it."""
        forms = self._forms.get(base)
        if not forms:
            return ()
        by_stem: dict[str, list[str]] = {self._stem_of(base): []}
        for form in forms:
            by_stem.setdefault(self._stem_of(form), []).append(form)
        return list(by_stem.values())

    def alike(self) -> dict[str, str]:
        """The lemmas of all pairs of words that Snowball takes for one by the ending of one."""
        found: dict[str, str] = {}
        for lemma in self._forms:
            for other in _uninflected(lemma):
                if self._are_two(lemma, other):
                    for base in (lemma, other):
                        found.update(dict.fromkeys(self._forms[base], base))
        return found

    def _is_own(self, word: str) -> bool:
        lemma = self._lemma_of(word)
        if lemma is None or lemma == word or word not in self._forms.get(lemma, ()):
            return False
        if not word.startswith(lemma) or word == lemma + "a":
            return False  # the verb of a noun is its kin (*förhör*, *förhöra*)
        return len(self._forms[word]) >= FORMS_OF_ITS_OWN

    def _are_two(self, lemma: str, other: str) -> bool:
        if self.base_of(other) != other or self.base_of(lemma) != lemma:
            return False
        if stem(lemma) != stem(other):
            return False
        forms = self._forms[lemma]
        endings = {form.removeprefix(lemma) for form in forms if form != other + "s"}
        return not (endings <= _PLURAL_ENDINGS and lemma.endswith("r"))


def is_base(lemma: str) -> bool:
    """Whether a base form is one that forms are counted to: no name, and no number."""
    return lemma.isalpha() and lemma.islower() and lemma not in _NUMBERS


def looks_inflected(word: str, base: str) -> bool:
    """Whether a word looks like a form of another, by its ending alone (*papper* of *pappa*)."""
    return base in _uninflected(word)


def _uninflected(word: str) -> Iterator[str]:
    for ending in _TAKEN_FOR_ENDINGS:
        root = word.removesuffix(ending)
        if len(root) > 1 and root != word:
            yield root
            yield from (root + "a", root + "e")
