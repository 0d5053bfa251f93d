"""Says of a stated reason why it is untrue, by reading the document's own text.

The oracle shares no code with the search but the shape of a reason: it reads the stored text,
the question and the thesaurus's files itself. Where a word's ways are loose (parts, spellings,
initials), it asks for more than the search does rather than for less.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from search.results import How, Reason, StoredDocument
from tests.search.plain_words import (
    FILLERS,
    beginning,
    distance,
    forms_of_one,
    grams,
    misspelling,
    pieces,
    places,
    shared_beginning,
    spells,
    stem,
    stems,
    written,
)

#: Field and passage → the text that stands there.
Text = Mapping[tuple[str, int | None], str]

#: A compound's parts say it together only within as many words.
NEAR_WORDS = 12
#: Words are near when as great a share of the shorter one's grams is the other's too.
NEAR_SHARE = 0.6
#: Letters that join parts, that an asked form may have more than its compound, and that a
#: compound's own form may.
JOINING, ASKED_ENDING, ENDING = 2, 2, 4
#: Letters of a listed short form that is not in capitals.
SHORT_FORM = 6


def text_of(stored: StoredDocument, source_label: str = "") -> dict[tuple[str, int | None], str]:
    """What a document says, by field and passage; the source is named by its label."""
    document = stored.document
    about = (document.kicker, document.subtitle, source_label, *(k.text for k in document.links))
    said: dict[tuple[str, int | None], str] = {
        ("title", None): document.title,
        ("about", None): "\n".join(about),
        ("lead", None): document.lead,
        ("numbers", None): "\n".join(identifier.value for identifier in document.identifiers),
    }
    for passage in stored.passages:
        said["headings", passage.number] = "\n".join(passage.heading_path)
        said["body", passage.number] = passage.text
    return said


@dataclass(frozen=True)
class Entry:
    """A head of the thesaurus as its file has it, and whether the file is one of short forms."""

    row: Mapping[str, Any]
    short: bool

    def forms(self, *roles: str) -> tuple[str, ...]:
        return tuple(
            form
            for role in roles
            for form in ([self.row["term"]] if role == "term" else self.row.get(role, []))
        )

    def doubts(self, form: str) -> bool:
        return pieces(form) in [pieces(other) for other in self.forms("doubtful")]

    def may_mean(self, form: str, asked: str, question: str) -> bool:
        """Whether a form speaks for the head in this question."""
        if not self.doubts(form):
            return True
        said = set(stems(question))
        if any(set(stems(word)) <= said for word in self.forms("unless")):
            return False
        if not {"only", "needs"} & self.row.keys():
            return "unless" in self.row
        capitals = self.row.get("only") == "capitals" and asked.isupper()
        return capitals or any(set(stems(word)) <= said for word in self.forms("needs"))

    def leads_to(self, form: str) -> tuple[str, ...]:
        """The forms that one of the head's forms may be widened with."""
        roles = ["term", "equivalent", "older"]
        if pieces(form) == pieces(self.row["term"]):
            roles += ["near", "narrower"]
        # In capitals a form is no longer doubtful: a page writes the other meaning small.
        return tuple(
            other for other in self.forms(*roles) if other.isupper() or not self.doubts(other)
        )


def load_entries(folder: Path) -> list[Entry]:
    return [
        Entry(row, file.name.startswith("abbreviations"))
        for file in sorted(folder.glob("*.toml"))
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["head"]
    ]


class Oracle:
    """Judges reasons by the thesaurus and the texts of a whole collection."""

    def __init__(self, thesaurus: Path, collection: Iterable[Text]) -> None:
        self._asked_by: dict[tuple[str, ...], list[tuple[Entry, str]]] = defaultdict(list)
        for entry in load_entries(thesaurus):
            for form in dict.fromkeys(
                entry.forms("term", "equivalent", "older", "near", "misspelt")
            ):
                self._asked_by[stems(form)].append((entry, form))
        self._known = {
            word.folded for text in collection for said in text.values() for word in written(said)
        }

    def untrue(self, reason: Reason, question: str, text: Text) -> str | None:
        """Why a reason for an answer to a question is untrue of a document, or None."""
        if not reason.asked or not places(written(question), reason.asked.casefold()):
            return f"“{reason.asked}” is not asked"
        if not reason.matched:
            return "nothing is said to have matched"
        if (reason.field, reason.passage) not in text:
            return f"there is no {reason.field} {reason.passage or ''}".rstrip()
        gap = _GAPS.get(reason.how, 0)
        if not stands(reason.matched, text[reason.field, reason.passage], gap):
            return f"{' + '.join(reason.matched)} does not stand in {reason.field} {reason.passage}"
        judge: Callable[[Oracle, Reason, str], str | None] = _JUDGES[reason.how]
        return judge(self, reason, question)

    def _exact(self, reason: Reason, question: str) -> str | None:
        return None if _same(reason.asked, reason.matched) else "another word was asked for"

    def _inflected(self, reason: Reason, question: str) -> str | None:
        if _same(reason.asked, reason.matched):
            return "it is the very word"
        alike = stems(reason.asked) == stems(" ".join(reason.matched))
        known = len(reason.matched) == 1 and forms_of_one(reason.asked, reason.matched[0])
        return None if alike or known else "the stems differ, and no dictionary joins them"

    def _part(self, reason: Reason, question: str) -> str | None:
        asked, matched = "".join(pieces(reason.asked)), "".join(pieces(" ".join(reason.matched)))
        parts = pieces(reason.through)
        if not parts:
            return "no part is named"
        if stem(asked) == stem(matched):
            return "it is a form of the same word"
        rests = []
        for word in (asked, matched):
            left, is_form = _left_over(word, parts), stems(word) == stems(reason.through)
            if left is None and not is_form:
                return f"{reason.through} is no part of {word}"
            rests.append("" if is_form else left or "")
        return None if any(len(rest) >= 2 for rest in rests) else "neither has more to it"

    def _joined(self, reason: Reason, question: str) -> str | None:
        words, whole = pieces(reason.asked), "".join(pieces(reason.matched[0]))
        if len(words) < 2:
            return "one word cannot be joined"
        if len(reason.matched) != 1 or len(pieces(reason.matched[0])) != 1:
            return "the page has no single word for them"
        if stems(reason.through) != stems(reason.matched[0]):
            return f"{whole} is no form of {reason.through}"
        named = [word for word in words if word not in FILLERS]
        if len(named) < len(words):  # a visit to a prison is a prison visit
            named.reverse()
        kept = [word[: max(3, len(word) - ASKED_ENDING)] for word in named]
        place = max(0, _begins_in(kept[0], whole)) if kept else 0
        for word, letters in zip(named, kept, strict=True):
            found = whole.find(letters, place)
            if found < 0 or found - place > (JOINING if place else 0):
                return f"{word} is not joined in {whole}"
            place = found + shared_beginning(word, whole[found:])
        return None if len(named) > 1 else "one word cannot be joined"

    def _split(self, reason: Reason, question: str) -> str | None:
        asked, matched = pieces(reason.asked), [pieces(word) for word in reason.matched]
        if len(asked) != 1:
            return "several words were asked for"
        if len(matched) < 2 or any(len(word) != 1 for word in matched):
            return "the page does not have the parts as words"
        parts = pieces(reason.through)
        if not all(any(_kin(part, word) for (word,) in matched) for part in parts):
            return f"the page's words are not {reason.through}"
        return (
            None if _made_of(asked[0], [word for (word,) in matched]) else "the parts make no whole"
        )

    def _synonym(self, reason: Reason, question: str) -> str | None:
        if stems(reason.through) != stems(" ".join(reason.matched)):
            return f"the page does not have {reason.through} in any form"
        alike = pieces if reason.through.isupper() else stems  # ANDT is another name than ANDTS
        if alike(reason.through) == alike(reason.asked):
            return "it is no other name"
        if next(self._joining(reason, question), None):
            return None
        return f"no head leads from {reason.asked} to {reason.through}"

    def _abbreviation(self, reason: Reason, question: str) -> str | None:
        page = " ".join(reason.matched)
        for one, other in ((reason.asked, page), (page, reason.asked)):
            if len(pieces(one)) == 1 and len(pieces(other)) > 1 and _spelt(one, other):
                letters = pieces(reason.through) in (pieces(one), pieces(other))
                return None if letters else f"{reason.through} is not what leads there"
        untrue = self._synonym(reason, question)
        if untrue:
            return untrue
        for entry, form in self._joining(reason, question):
            short = [_is_short(word, entry.short) for word in (form, reason.through)]
            if any(short) or _spelt(form, reason.through) or _spelt(reason.through, form):
                return None
        return "neither is a short form"

    def _spelling(self, reason: Reason, question: str) -> str | None:
        asked, meant = "".join(pieces(reason.asked)), "".join(pieces(reason.through))
        if self._known.issuperset(pieces(reason.asked)):
            return f"{reason.asked} is a word of the collection"
        if stem(asked) == stem(meant):
            return f"{asked} is a form of {meant}"
        if not misspelling(asked, meant):
            return f"{distance(asked, meant):.1f} errors between {asked} and {meant}"
        matched = pieces(" ".join(reason.matched))
        if stems(reason.through) == stems(" ".join(matched)):
            return None
        held = len(matched) == 1 and _begins_in(stem(meant), matched[0]) >= 0
        return None if held else f"the page does not have {meant}"

    def _near(self, reason: Reason, question: str) -> str | None:
        if len(reason.matched) != 1:
            return "one word was to be near"
        if _same(reason.asked, reason.matched):
            return "it is the very word"
        one, other = grams("".join(pieces(reason.asked))), grams("".join(pieces(reason.matched[0])))
        share = len(one & other) / min(len(one), len(other))
        return None if share >= NEAR_SHARE else f"they share {share:.0%} of their grams"

    def _joining(self, reason: Reason, question: str) -> Iterator[tuple[Entry, str]]:
        """The heads that lead from what was asked to what was gone through, and the asked form."""
        for entry, form in self._asked_by.get(stems(reason.asked), ()):
            if not entry.may_mean(form, reason.asked, question):
                continue
            if pieces(reason.through) in {pieces(other) for other in entry.leads_to(form)}:
                yield entry, form


_JUDGES: Mapping[How, Callable[[Oracle, Reason, str], str | None]] = {
    How.EXACT: Oracle._exact,
    How.INFLECTED: Oracle._inflected,
    How.JOINED: Oracle._joined,
    How.SPLIT: Oracle._split,
    How.ABBREVIATION: Oracle._abbreviation,
    How.SYNONYM: Oracle._synonym,
    How.SPELLING: Oracle._spelling,
    How.PART: Oracle._part,
    How.NEAR: Oracle._near,
}

#: How far from the first the last word may stand; side by side where nothing is said.
_GAPS = {How.SPLIT: NEAR_WORDS}


def stands(matched: Sequence[str], said: str, gap: int = 0) -> bool:
    """Whether words stand in a text in this order, all within ``gap`` words from the first.

    Without a gap they stand side by side and on one line, or they are no phrase.
    """
    words = written(said)
    first, *rest = [places(words, word) for word in matched]
    for start, end in first:
        ends = {end}
        for found in rest:
            ends = {
                after
                for before, (place, after) in product(ends, found)
                if before <= place <= before + gap
                and (gap or words[place].line == words[start].line)
                and (not gap or place - start <= gap)
            }
        if ends:
            return True
    return False


def _same(asked: str, matched: Sequence[str]) -> bool:
    """Whether two are one but for capitals; numbers may be set apart otherwise."""
    one, other = pieces(asked), pieces(" ".join(matched))
    return one == other or ("".join(one) == "".join(other) and any(c.isdigit() for c in asked))


def _begins_in(part: str, word: str) -> int:
    """Where in a word a part begins: at once, or after a part of its own; -1 for nowhere.

    A part has two letters at the least: *från* has no *rån*.
    """
    return 0 if word.startswith(part) else word.find(part, 2)


def _left_over(word: str, parts: Sequence[str]) -> str | None:
    """The letters of a compound that parts in their order leave over; None if one is not there."""
    left, place = "", 0
    for part in parts:
        found = word.find(beginning(part), place) if place else _begins_in(beginning(part), word)
        if found < 0:
            return None
        left += word[place:found]
        place = found + shared_beginning(part, word[found:])
    return left + word[place:]


def _kin(one: str, other: str) -> bool:
    """Whether two words may be forms of one, as a base form and another are."""
    shared = shared_beginning(one, other)
    return stem(one) == stem(other) or shared >= max(3, min(len(stem(one)), len(stem(other))) - 1)


def _made_of(compound: str, words: Sequence[str]) -> bool:
    """Whether words that stand apart make up a compound, but for joining letters and its ending."""
    if not words:
        return len(compound) <= ENDING
    for number, word in enumerate(words):
        least = min(len(word), max(3, len(stem(word)) - 1))
        for skipped in range(JOINING + 1):
            shared = shared_beginning(word, compound[skipped:])
            others = [*words[:number], *words[number + 1 :]]
            if shared >= least and _made_of(compound[skipped + shared :], others):
                return True
    return False


def _is_short(form: str, listed: bool) -> bool:
    """Whether a form is one in short: in capitals, or brief among those listed as short."""
    letters = [character for character in form if character.isalpha()]
    return form.isupper() or (listed and len(letters) <= SHORT_FORM)


def _spelt(letters: str, words: str) -> bool:
    return len(pieces(letters)) == 1 and spells("".join(pieces(letters)), pieces(words))
