"""All that a search reads of a generation but its texts: derived from the rows, in one file.

The rows stay the truth; whoever publishes derives this from them, all of it and each time, which
takes as long as the collection is large (see ``bench/growth.py``). Whoever searches maps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.columnar.planning.snapshot import Snapshot as Segments
from search.columnar.storage.arrays import ArrayFile, write_arrays
from search.deriving import derived
from search.fronts import fronts
from search.row_texts import RowTexts
from search.schema import Front
from search.swedish.lemmas import Lemmas
from search.words import Words

FILE_NAME = "derived.bin"
#: The kernel reads them, and works are multiplied.
_READ_AS_THEY_ARE = frozenset(
    {"places.start", "postings.start", "part_postings.start", "words_with_gram.start"}
    | {"document_block", "works"}
)
_LEAST, _MOST = np.iinfo(np.int32).min, np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Derived:
    """The arrays of a generation by name, and facts that are no arrays."""

    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, segments: Segments, texts: RowTexts, words: Words, lemmas: Lemmas) -> Derived:
        """From rows that are not deleted; ``texts`` are theirs, and ``words`` have all of them."""
        numbers = texts.row_numbers[texts.passage_numbers == 0].tolist()
        documents = [Front(*segments.stored(number)["front"]) for number in numbers]
        arrays, facts = fronts(documents)
        arrays |= derived(words, texts, len(documents))
        arrays |= lemmas.named("lemmas")
        arrays["row_numbers"] = texts.row_numbers
        return cls(arrays, facts)

    def write(self, path: Path) -> str:
        """Write all of it to a new file; returns the digest that ``ArrayFile`` has of it."""
        arrays = {name: _narrow(name, array) for name, array in self.arrays.items()}
        write_arrays(path, arrays, self.facts)
        return ArrayFile(path).digest

    def differing(self, file: ArrayFile) -> tuple[str, ...]:
        """What is otherwise in a file: the names of arrays, and of facts."""
        names = sorted(self.arrays.keys() | set(file.names()))
        facts = sorted(self.facts.keys() | file.facts.keys())
        return (
            *(name for name in names if not self._has(file, name)),
            *(name for name in facts if self.facts.get(name) != file.facts.get(name)),
        )

    def _has(self, file: ArrayFile, name: str) -> bool:
        mine, theirs = self.arrays.get(name), file.get(name)
        return mine is not None and theirs is not None and np.array_equal(mine, theirs)


def _narrow(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """The array in numbers of half the size where they fit, unless they are read as they are."""
    if name in _READ_AS_THEY_ARE or array.dtype != np.int64:
        return array
    fits = not len(array) or (array.min() >= _LEAST and array.max() <= _MOST)
    return array.astype(np.int32) if fits else array
