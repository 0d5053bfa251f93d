"""Words as they were before the page broke them: hyphens, ligatures, letters set apart.

Pure. The only dictionary is the document itself: a word is put together when it stands whole
somewhere else in it, or when Swedish spelling leaves no doubt. Letters are never lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

SOFT_HYPHEN = "\u00ad"
HYPHENS = ("-", "\u2010", "\u2011", SOFT_HYPHEN)

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
#: The part of a word before a hyphen at the end of a line, and the part that begins the next.
_FIRST = re.compile(r"(\S*?[^\W_])[-\u2010\u2011\u00ad]$")
_SECOND = re.compile(r"[^\W\d_]+")
#: A hyphen before these words stands for what the next compound ends in: "social- och hälsovård".
_COORDINATING = frozenset(
    {"och", "eller", "samt", "respektive", "resp", "till", "som", "men", "såväl", "liksom"}
    | {"and", "or", "to", "nor"}
)
_CLOSING = tuple('.,;:!?)”"')
_ADDRESS = re.compile(r"://|www\.|@|\w\.\w|/")
#: An address at the end of a line, and what can only be the rest of one: no word is like that.
_LAST_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?]$", re.IGNORECASE)
_REST_OF_ADDRESS = re.compile(
    r"[/_?=&%#][\w%]|-\w|\w+(?:-\w+){2,}|\w[\w.-]*[_=&%]|\w[\w-]*/(?:\s|$)"
)
_SHORTENING = re.compile(r"[A-ZÅÄÖ]{2,}$|\d$|^[^\W\d_]$")
_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_AFTER_LIGATURE = re.compile(r"\b([^\W\d_]*(?:ffi|ffl|ff|fi|fl)) ([a-zåäö]+)\b")
#: The i of a ligature is gone where no Swedish word has these letters together.
_LOST_I = re.compile(r"\b([^\W\d_]*f)([bcdghkmnpqvwxz][^\W\d_]*)\b")
_GAP_AFTER_HYPHEN = re.compile(r"\b([^\W\d_]{2,})- ([a-zåäö]{2,})\b")
_ACCENTS = re.compile(r"([¨˚´`])\s?([aeouAEOU])")
_ACCENTED = {
    "¨a": "ä", "¨o": "ö", "¨u": "ü", "¨A": "Ä", "¨O": "Ö", "¨U": "Ü", "˚a": "å", "˚A": "Å",
    "´e": "é", "´E": "É", "`a": "à", "`A": "À",
}  # fmt: skip
#: Letters set apart in groups that follow no rule ("OT ILL ÅT EN"): short groups, and many.
_LONGEST_GROUP, _LEAST_GROUPS = 3, 4


class Words:
    """The words of a document, each as often as it stands whole on a line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._whole: Counter[str] = Counter()
        broken = False
        for line in lines:
            text = plain(line)
            found = [word.lower() for word in _WORD.findall(text)]
            # Before and after a hyphen at the end of a line stand halves.
            found = found[1:] if broken else found
            broken = text.endswith(HYPHENS)
            self._whole.update(found[:-1] if broken else found)

    def __contains__(self, word: str) -> bool:
        return self._whole[word.lower()] > 0

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as running text: words broken at a line's end joined, the others parted."""
        text = ""
        for line in lines:
            text = self.join(text, plain(line)) if text else plain(line)
        return self.mended(text)

    def join(self, text: str, line: str) -> str:
        """Two pieces of text, the second on the line after the first."""
        first, second = _FIRST.search(text), _SECOND.match(line)
        if text.endswith(SOFT_HYPHEN):
            return text.rstrip(SOFT_HYPHEN) + line
        if not first:
            if _LAST_ADDRESS.search(text) and _REST_OF_ADDRESS.match(line):
                return text + line
            return f"{text} {line}" if text and line else text + line
        whole = text[: first.end(1)] + line
        if second is None:
            # "2010-" and "2012" belong together, "text -" and "(more)" do not.
            return text + line if line[:1].isdigit() else f"{text} {line}"
        return self._hyphenated(text, line, whole, first[1], second[0])

    def _hyphenated(self, text: str, line: str, whole: str, first: str, second: str) -> str:
        """The text with the hyphen kept, or gone, between the halves of one word."""
        before = re.search(r"[^\W\d_]*$", first)
        half = before[0] if before else ""
        if _ADDRESS.search(first):
            return text + line
        if half + second in self:
            return whole
        # A conjunction is followed by a word: "program-" and "men." are halves of one.
        alone = line[len(second) : len(second) + 1] in _CLOSING
        if second.lower() in _COORDINATING and second.islower() and not alone:
            return f"{text} {line}"
        compound = f"{first}-{second}" in self or f"{half}-{second}" in self
        if compound or not second.islower() or _SHORTENING.search(first):
            return text + line
        return whole

    def mended(self, text: str) -> str:
        """The text with words put together that lost ligatures or stray hyphens took apart."""
        text = _AFTER_LIGATURE.sub(self._without_gap, text)
        text = _LOST_I.sub(self._with_i, text)
        return _GAP_AFTER_HYPHEN.sub(self._without_hyphen, text)

    def respelled(self, text: str) -> str:
        """The text with letters that are set apart in groups moved together to known words."""
        groups = text.split()
        short = [group for group in groups if len(group) <= _LONGEST_GROUP]
        if len(short) < max(_LEAST_GROUPS, 0.8 * len(groups)) or text.upper() != text:
            return text
        return " ".join(self._grouped(groups) or groups)

    def _grouped(self, groups: Sequence[str]) -> list[str]:
        """Known words that the groups make up, whole groups each; none where some are left."""
        best: list[list[str] | None] = [[]] + [None] * len(groups)
        for end in range(1, len(groups) + 1):
            for start in range(end):
                word = "".join(groups[start:end])
                before = best[start]
                if before is None or word not in self:
                    continue
                made = [*before, word]
                known = best[end]
                if known is None or len(made) < len(known):
                    best[end] = made
        return best[-1] or []

    def _without_gap(self, match: re.Match[str]) -> str:
        joined = match[1] + match[2]
        return joined if joined in self and match[2] not in self else match[0]

    def _with_i(self, match: re.Match[str]) -> str:
        mended = f"{match[1]}i{match[2]}"
        return mended if mended in self else match[0]

    def _without_hyphen(self, match: re.Match[str]) -> str:
        joined = match[1] + match[2]
        coordinated = match[2] in _COORDINATING
        return joined if joined in self and not coordinated else match[0]


def plain(line: str) -> str:
    """A line with ligatures taken apart and accents on their letters; its soft hyphens stay.

    >>> plain("ﬁnns p˚a")
    'finns på'
    """
    for ligature, letters in _LIGATURES.items():
        if ligature in line:
            line = line.replace(ligature, letters)
    return _ACCENTS.sub(lambda match: _ACCENTED.get(match[1] + match[2], match[0]), line)
