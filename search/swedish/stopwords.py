"""Words that say nothing of what is looked for; read from ``corpus/vocabulary/stopwords.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from search.errors import SettingsError

FILE_NAME = "stopwords.toml"
_GROUPS = ("question", "function")


@dataclass(frozen=True, slots=True)
class Stopwords:
    """Folded words that ask (``hur``) and words of grammar (``och``)."""

    question: frozenset[str] = frozenset()
    function: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        return word in self.question or word in self.function


def load_stopwords(vocabulary: Path) -> Stopwords:
    """All stop words. Raises SettingsError naming the file and the key that is wrong."""
    path = vocabulary / FILE_NAME
    try:
        groups = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    if set(groups) != set(_GROUPS):
        raise SettingsError(f"{path}: the groups must be {', '.join(_GROUPS)}")
    return Stopwords(*(_words(path, name, groups[name]) for name in _GROUPS))


def _words(path: Path, name: str, group: object) -> frozenset[str]:
    if not isinstance(group, dict) or not isinstance(group.get("why"), str):
        raise SettingsError(f"{path}: [{name}] needs a why")
    words = group.get("words")
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise SettingsError(f"{path}: [{name}] words must be a list of words")
    return frozenset(word.casefold() for word in words)
