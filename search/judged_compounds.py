"""Judged compounds: words with the places where a splitter should cut them, and how well it does.

Reads a folder with ``compounds.txt`` (``trygghetsskapande<tab>trygghet+skapande``) and
``nosplit.txt`` (a word a line that must stay whole). Knows no splitter: it is handed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from search.errors import SettingsError

COMPOUNDS = "compounds.txt"
WHOLE = "nosplit.txt"

#: The longest that stands between two parts and belongs to neither: ``skog|s|bruk``, ``land|et``.
LONGEST_LINK = 2

#: The pieces of a word as they stand in it, linking letters last in the piece before.
Split = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class JudgedCompounds:
    """``boundaries`` is word → where its second and later parts begin; ``whole`` has none."""

    boundaries: Mapping[str, frozenset[int]]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompoundScore:
    """How well boundaries are found, and the share of whole words that were split, all 0 to 1."""

    precision: float
    recall: float
    f1: float
    wrongly_split: float


def read_compounds(folder: Path) -> JudgedCompounds:
    """The judged words of a folder, spelt as they stand there.

    Raises SettingsError naming file and line for a word that its parts do not make up, and when
    either file is missing or empty.
    """
    boundaries = {}
    path = folder / COMPOUNDS
    for number, line in _lines(path):
        word, tab, parts = line.partition("\t")
        found = boundaries_of(word, parts.split("+")) if tab else None
        if not found:
            raise SettingsError(f"{path}:{number}: a word, a tab and its parts are expected")
        boundaries[word] = found
    whole = tuple(line for _, line in _lines(folder / WHOLE))
    for name, words in ((COMPOUNDS, boundaries), (WHOLE, whole)):
        if not words:
            raise SettingsError(f"{folder / name}: there are no words in it")
    return JudgedCompounds(boundaries, whole)


def boundaries_of(word: str, parts: Sequence[str]) -> frozenset[int] | None:
    """Where each part but the first begins, or None when the parts do not make up the word.

    Letters may link two parts (``LONGEST_LINK``), and of three equal consonants where parts meet
    Swedish writes two.

    >>> sorted(boundaries_of("trygghetsskapande", ["trygghet", "skapande"]) or ())
    [9]
    >>> sorted(boundaries_of("trafikkort", ["trafik", "kort"]) or ())
    [6]
    >>> sorted(boundaries_of("nattåg", ["natt", "tåg"]) or ())
    [3]
    """
    begins = _aligned(word, parts, 0, "")
    return None if begins is None else frozenset(begins[1:])


def judge_splits(split: Split, judged: JudgedCompounds) -> CompoundScore:
    """Split every judged word and compare.

    Precision, recall and F1 are over all boundaries of the compounds together; one that has
    nothing to divide by is 0.
    """
    right = found = wanted = 0
    for word, boundaries in judged.boundaries.items():
        cuts = _cuts(split(word))
        right += len(cuts & boundaries)
        found += len(cuts)
        wanted += len(boundaries)
    wrong = sum(bool(_cuts(split(word))) for word in judged.whole)
    return CompoundScore(
        precision=_share(right, found),
        recall=_share(right, wanted),
        f1=_share(2 * right, found + wanted),
        wrongly_split=_share(wrong, len(judged.whole)),
    )


def _aligned(word: str, parts: Sequence[str], end: int, before: str) -> tuple[int, ...] | None:
    """Where the parts begin when the part ``before`` ends at ``end``; the fewest links win."""
    if not parts:
        return () if end == len(word) else None
    for begin in _places(end, before, parts[0]):
        if parts[0] and word.startswith(parts[0], begin):
            rest = _aligned(word, parts[1:], begin + len(parts[0]), parts[0])
            if rest is not None:
                return (begin, *rest)
    return None


def _places(end: int, before: str, part: str) -> Iterator[int]:
    if not before:
        yield 0
        return
    yield from range(end, end + LONGEST_LINK + 1)
    if before[-2:] == part[:1] * 2:
        yield end - 1


def _cuts(pieces: Sequence[str]) -> frozenset[int]:
    return frozenset(accumulate(len(piece) for piece in pieces[:-1]))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()
