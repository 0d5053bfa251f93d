"""Words that say nothing of what is looked for; read from ``corpus/vocabulary/stopwords.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from search.errors import SettingsError

FILE_NAME = "stopwords.toml"


def load_stopwords(vocabulary: Path) -> frozenset[str]:
    """All stop words, folded. Raises SettingsError naming the file and the key that is wrong."""
    path = vocabulary / FILE_NAME
    try:
        groups = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    found: set[str] = set()
    for name, group in groups.items():
        if not isinstance(group, dict) or not isinstance(group.get("why"), str):
            raise SettingsError(f"{path}: [{name}] needs a why")
        words = group.get("words")
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise SettingsError(f"{path}: [{name}] words must be a list of words")
        found |= {word.casefold() for word in words}
    return frozenset(found)
