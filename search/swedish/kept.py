"""The compiled dictionary on disk: made when first needed, then mapped by all who build an index.

It is a copy of what can be made again at any time: a file that is missing, damaged or of another
dictionary is replaced, and where none can be written its arrays stay in memory.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import astuple
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

import Stemmer

from search.columnar.storage.arrays import ArrayFile, write_arrays
from search.errors import IndexUnavailableError
from search.grouped import Arrays
from search.swedish.compiled import Array
from search.swedish.evidence import PartLists

#: Where simplemma has its Swedish words; its version stands for them should it move them.
_DATA = "strategies/dictionaries/data/sv.plzma"
#: A file that nobody has written to for so long will not be finished.
_DEAD_SECONDS = 3600


def fingerprint(lists: PartLists) -> str:
    """Changes whenever a dictionary may be compiled to other arrays."""
    made = hashlib.sha256()
    for name in (version("simplemma"), Stemmer.version(), unicodedata.unidata_version):
        made.update(f"{name}\n".encode())
    made.update(repr([sorted(words) for words in astuple(lists)]).encode())
    spec = find_spec("simplemma")
    folders = spec.submodule_search_locations or () if spec else ()
    data = [Path(folder, _DATA) for folder in folders]
    # Of our own code all that is in this folder, so that no forgotten number keeps old arrays.
    for path in (*filter(Path.is_file, data), *sorted(Path(__file__).parent.glob("*.py"))):
        made.update(path.read_bytes())
    return made.hexdigest()


def found(path: Path, mark: str) -> Arrays | None:
    """The arrays that a file keeps under a ``fingerprint``, None if it has none or is damaged."""
    try:
        file = ArrayFile(path)
    except IndexUnavailableError:
        return None
    return file if file.facts.get("mark") == mark and not file.damaged() else None


def kept(path: Path, mark: str, make: Callable[[], Mapping[str, Array]]) -> Arrays:
    """The arrays that a file keeps under a ``fingerprint``; makes and writes them if it has none.

    Whoever makes them at the same time writes a file of their own, and the last one stays.
    """
    if (file := found(path, mark)) is not None:
        return file
    made = make()
    draft = path.with_name(f"{path.name}.{token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        write_arrays(draft, made, {"mark": mark})
        draft.replace(path)
        return ArrayFile(path)
    except (OSError, IndexUnavailableError):
        return made
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what makers that died left behind."""
    for draft in path.parent.glob(f"{path.name}.*"):
        if time.time() - draft.stat().st_mtime > _DEAD_SECONDS:
            draft.unlink(missing_ok=True)
