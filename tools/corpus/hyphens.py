"""Where a long Swedish word may be broken at the end of a line.

Owns a rule of thumb that serves printed examples; it knows nothing of compounds.
"""

from __future__ import annotations

import re

from tools.corpus.markup import Run, Runs

#: Shorter words seldom stand at the end of a line with room for half of them.
_LEAST_BROKEN = 9
_LETTERS_KEPT = 3
_VOWELS = "aeiouyåäöé"
#: Pairs that are one sound, or begin a syllable together.
_KEPT_PAIRS = re.compile("[bfgkp][lr]|[dt]r|c[hk]|[pt]h|ng|tj|s[jkpt]")
#: An s before a vowel is too often the one that joins a compound: arbets-insats.
_NEVER_FIRST = _VOWELS + "s"


def soften(text: str) -> str:
    """Soft hyphens where a long Swedish word may be broken: between two consonants.

    >>> soften("brottsförebyggande arbete").replace("\\u00ad", "-")
    'brotts-förebyg-gande arbete'
    """
    return re.sub(rf"[^\W\d_]{{{_LEAST_BROKEN},}}", lambda match: _soften_word(match[0]), text)


def soften_runs(runs: Runs) -> Runs:
    """The same runs with soft hyphens in their long words."""
    return tuple(Run(soften(run.text), run.bold, run.url) for run in runs)


def _soften_word(word: str) -> str:
    lower = word.lower()
    softened = word[:_LETTERS_KEPT]
    for i in range(_LETTERS_KEPT, len(word)):
        breaks = (
            i <= len(word) - _LETTERS_KEPT
            and lower[i] not in _NEVER_FIRST
            and lower[i - 1] not in _VOWELS
            and lower[i + 1] in _VOWELS
            and not _KEPT_PAIRS.match(lower, i - 1)
        )
        softened += ("\u00ad" if breaks else "") + word[i]
    return softened
