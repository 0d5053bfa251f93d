"""Words that say nothing of what is looked for; read from ``corpus/vocabulary/stopwords.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search.tomlfile import folded_words, read_toml

FILE_NAME = "stopwords.toml"


@dataclass(frozen=True, slots=True)
class Stopwords:
    """Folded words that ask (``hur``) and words of grammar (``och``)."""

    question: frozenset[str] = frozenset()
    function: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        return word in self.question or word in self.function


def load_stopwords(vocabulary: Path) -> Stopwords:
    """All stop words. Raises SettingsError naming file, line, table and key."""
    root = read_toml(vocabulary / FILE_NAME)
    words = {name: folded_words(root.table(name)) for name in ("question", "function")}
    stopwords = Stopwords(**words)
    root.done()
    return stopwords
