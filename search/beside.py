"""The files of a generation beside the engine's own: its words, what a dictionary says of them,
and what is derived from its rows.

Each is written once and checked against what the generation says of it: small files whole, what
is derived by its table of contents, so that opening it takes no longer for being large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.columnar.planning.snapshot import Snapshot as Segments
from search.columnar.storage.arrays import ArrayFile
from search.derived import FILE_NAME as DERIVED
from search.derived import Derived
from search.errors import IndexUnavailableError
from search.files import digest_of
from search.row_texts import RowTexts
from search.swedish.lemmas import FILE_NAME as LEMMAS
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import Lexicon
from search.words import FILE_NAME as WORDS
from search.words import Words

#: A filter of the words a dictionary knows, so that no right word is taken for a misspelt one.
KNOWN = "known.bin"
#: Those that the next generation has others of.
OF_ONE = (WORDS, LEMMAS, DERIVED)


@dataclass(frozen=True, slots=True)
class Beside:
    """Those of a generation in a folder. All raise IndexUnavailableError where one is damaged.

    ``digests`` are as in ``Generation``.
    """

    folder: Path
    generation: int
    digests: Mapping[str, str]

    def words(self, parts_of: Callable[[str], tuple[str, ...]] | None = None) -> Words:
        """Its words; ``parts_of`` is for those that are added."""
        return Words.read(self._sound(WORDS), parts_of)

    def known_words(self) -> bytes:
        """The filter of words a dictionary knows, empty where none was made."""
        return self._sound(KNOWN).read_bytes()

    def lemmas(self) -> Lemmas:
        """Its lemmas."""
        return Lemmas.read(self._sound(LEMMAS))

    def derived(self) -> ArrayFile:
        """What was derived from its rows, mapped; only ``damaged`` of it reads all of it."""
        for name in (WORDS, LEMMAS):  # what the next generation starts from
            self._sound(name)
        try:
            file = ArrayFile(self.folder / DERIVED)
        except IndexUnavailableError as error:
            raise self._damaged(DERIVED) from error
        if file.digest != self.digests.get(DERIVED):
            raise self._damaged(DERIVED)
        return file

    def _sound(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file() or digest_of(path) != self.digests.get(name):
            raise self._damaged(name)
        return path

    def _damaged(self, name: str) -> IndexUnavailableError:
        what = f"{name} of generation {self.generation} is damaged"
        return IndexUnavailableError(f"{what}; run 'metodsok index --full'")


def write_beside(
    folder: Path, segments: Segments, words: Words, lemmas: Lemmas, lexicon: Lexicon | None
) -> Mapping[str, str]:
    """Write those of a generation that is made; returns their digests.

    ``words`` and ``lemmas`` are the last generation's and grow, and ``KNOWN`` is there. Takes as
    long as all of the collection needs, whatever was added.
    """
    held_before = len(words)
    texts = RowTexts.of_segments(segments, words)
    if lexicon and (added := words.words[held_before:]):
        lemmas = lexicon.lemmas(lemmas, added, lambda word: words.number(word) is not None)
    words.write(folder / WORDS)
    lemmas.write(folder / LEMMAS)
    digests = {name: digest_of(folder / name) for name in (WORDS, KNOWN, LEMMAS)}
    derived = Derived.of(segments, texts, words, lemmas)
    return {**digests, DERIVED: derived.write(folder / DERIVED)}
