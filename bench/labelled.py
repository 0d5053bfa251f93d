"""What a reader found in the bundled documents, and how far a parsed document agrees with it.

Owns the labels in ``corpus/labels/`` and the comparison, field by field. Only white space and soft
hyphens are made equal: a letter that differs is a miss. Parses as the product does, and knows
nothing of how that is done.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from indexer.enrich.taxonomy import Taxonomy, load_taxonomy
from indexer.folder import EXAMPLES, MANIFEST
from indexer.intake import Arrival, Example, read_document
from indexer.parse import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import Source, load_sources, rules_for
from search.document import DatedBy, Document

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
#: In the order of the table. Headings are counted one by one, and as whole lists.
FIELDS = (
    "language", "title", "kicker", "lead", "heading", "headings", "published", "changed",
    "clutter", "text", "pages", "place",
)  # fmt: skip
#: A scan has no text to compare; these can be asked all the same.
OF_A_SCAN = ("language", "title", "pages")
#: Labelled after the parsers had been mended for the others.
LATER = frozenset({28, 29, *range(80, 99)})

#: What a label of a scan may leave out.
_IN_PICTURES: Mapping[str, object] = {
    "kicker": "", "lead": "", "headings": (), "published": "", "changed": "", "clutter": (),
    "text": (),
}  # fmt: skip
#: The title of a document is level 1, also where a reader counts from its chapters.
_FIRST_LEVEL = 2

Heading = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Label:
    """A reader's account of one document. ``pages`` is None for a file without pages."""

    n: int
    file: str
    language: str
    title: str
    kicker: str
    lead: str
    headings: tuple[Heading, ...]
    published: str
    changed: str
    clutter: tuple[str, ...]
    text: tuple[str, ...]
    pages: int | None
    places: tuple[tuple[str, int, str], ...]
    scanned: bool
    shape: str
    notice: str


@dataclass(frozen=True, slots=True)
class Miss:
    """Where a document and its label do not agree."""

    file: str
    field: str
    wanted: object
    got: object


@dataclass(slots=True)
class Score:
    """How many of a field's values are right, and the misses."""

    right: int = 0
    of: int = 0
    misses: list[Miss] = field(default_factory=list)

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where nothing was asked."""
        return self.right / self.of if self.of else 1.0

    def add(self, other: Score) -> None:
        """Take another score's figures in."""
        self.right += other.right
        self.of += other.of
        self.misses += other.misses


@dataclass(frozen=True, slots=True)
class Compared:
    """The scores of one document by field, and what the product reads otherwise on purpose."""

    label: Label
    scores: Mapping[str, Score]
    on_purpose: tuple[str, ...]


def load_labels(folder: Path = CORPUS) -> tuple[Label, ...]:
    """Every label, in the order of the numbers. Raises KeyError where a field is missing."""
    manifest = tomllib.loads((folder / "documents" / MANIFEST).read_text("utf-8"))["document"]
    entries = {entry["file"]: entry for entry in manifest}
    tables = [
        table
        for path in sorted((folder / "labels").glob("*.toml"))
        for table in tomllib.loads(path.read_text("utf-8"))["document"]
    ]
    labels = [_label(table, entries[table["file"]]) for table in tables]
    return tuple(sorted(labels, key=lambda label: label.n))


class Reader:
    """Reads bundled documents as the product does, but in this process."""

    def __init__(self, folder: Path = CORPUS) -> None:
        self._documents = folder / "documents"
        self._source = load_sources(folder / "sources.toml")[EXAMPLES]
        self._taxonomy: Taxonomy = load_taxonomy(folder / "vocabulary" / "taxonomy.toml")

    def parse(self, raw: RawFile, source: Source, shape: str = "") -> Document:
        """As the child process parses: by the rules of the site that the page imitates."""
        return parse(raw, rules_for(source, shape), Limits())

    def source(self, label: Label) -> Source:
        """The rules that a labelled document is read with."""
        return rules_for(self._source, label.shape)

    def read(self, label: Label) -> Document:
        """The document that a label is about."""
        path = self._documents / label.file
        raw = RawFile(path.read_bytes(), path.name, EXAMPLES, f"{EXAMPLES}:{label.n}")
        arrival = Arrival(raw, label.file, example=Example(label.shape, label.notice))
        return read_document(arrival, self, self._source, self._taxonomy)


def compare(label: Label, document: Document, source: Source) -> Compared:
    """The scores of a document against its label, for every field that the label speaks of."""
    wanted, on_purpose = _headings_wanted(label, document, source)
    found = tuple((s.level, flat(s.heading)) for s in document.sections if s.heading)
    published, changed = label.published, label.changed
    if source.published_means == "changed" and published:
        published, changed = "", changed or published
        on_purpose = (*on_purpose, "Publicerad is read as the day of the last change")
    scores = {
        "language": _one(label, "language", label.language, document.language),
        "title": _one(label, "title", label.title, document.title),
        "kicker": _one(label, "kicker", label.kicker, document.kicker),
        "lead": _one(label, "lead", label.lead, document.lead),
        "heading": _each(label, "heading", wanted, found),
        "headings": _one(label, "headings", wanted, found),
        "published": _one(label, "published", published, _day(document.published)),
        "changed": _one(label, "changed", changed, _day(document.changed)),
        "clutter": _phrases(label, "clutter", document),
        "text": _phrases(label, "text", document),
    }
    if label.pages is not None:
        scores["pages"] = _one(label, "pages", label.pages, document.page_count)
        scores["place"] = _each(label, "place", label.places, _places_found(document))
    if label.scanned:
        scores = {name: score for name, score in scores.items() if name in OF_A_SCAN}
    return Compared(label, scores, on_purpose)


def in_all(compared: Sequence[Compared]) -> Mapping[str, Score]:
    """The scores of many documents together, by field."""
    totals = {name: Score() for name in FIELDS}
    for item in compared:
        for name, score in item.scores.items():
            totals[name].add(score)
    return totals


def flat(text: str) -> str:
    """Text with single plain spaces and without soft hyphens, which nobody sees."""
    return " ".join(text.replace("\u00ad", "").split())


def _label(table: Mapping[str, Any], entry: Mapping[str, Any]) -> Label:
    scanned = table.get("scanned", False)
    given = {**_IN_PICTURES, **table} if scanned else table
    return Label(
        n=entry["n"],
        file=given["file"],
        language=given["language"],
        title=flat(given["title"]),
        kicker=flat(given["kicker"]),
        lead=flat(given["lead"]),
        headings=tuple((level, flat(text)) for level, text in given["headings"]),
        published=given["published"],
        changed=given["changed"],
        clutter=tuple(map(flat, given["clutter"])),
        text=tuple(map(flat, given["text"])),
        pages=given.get("pages"),
        places=tuple((flat(text), page, shown) for text, page, shown in given.get("places", ())),
        scanned=scanned,
        shape=entry["shape"],
        notice=entry["notice"],
    )


def _headings_wanted(
    label: Label, document: Document, source: Source
) -> tuple[tuple[Heading, ...], tuple[str, ...]]:
    """The label's headings, but for those the clutter list leaves out with what they stand over."""
    gone = {
        text
        for _, text in label.headings
        if source.clutter.is_dropped_section(text) and text not in document.headings
    }
    kept = _from_chapters((level, text) for level, text in label.headings if text not in gone)
    return kept, tuple(f"»{text}« is left out, as clutter.toml says" for text in sorted(gone))


def _from_chapters(headings: Iterable[Heading]) -> tuple[Heading, ...]:
    """A reader's headings one level down, where the uppermost of them are on the title's level."""
    found = tuple(headings)
    down = int(any(level < _FIRST_LEVEL for level, _ in found))
    return tuple((level + down, text) for level, text in found)


def _places_found(document: Document) -> tuple[tuple[object, ...], ...]:
    """Every heading of the two upper levels with its page: what a table of contents would say."""
    return tuple(
        (flat(section.heading), section.page, section.page_label)
        for section in document.sections
        if section.heading and section.level <= _FIRST_LEVEL + 1
    )


def _one(label: Label, name: str, wanted: object, got: object) -> Score:
    shown = flat(got) if isinstance(got, str) else got
    if wanted == shown:
        return Score(1, 1)
    return Score(0, 1, [Miss(label.file, name, wanted, shown)])


def _each(label: Label, name: str, wanted: Sequence[Any], got: Sequence[Any]) -> Score:
    """Values in their order; one too many is a miss as one too few is."""
    score = Score()
    for kind, a, b, c, d in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes():
        count = max(b - a, d - c)
        score.of += count
        if kind == "equal":
            score.right += count
            continue
        for n in range(count):
            missed = wanted[a + n] if a + n < b else None
            instead = got[c + n] if c + n < d else None
            score.misses.append(Miss(label.file, name, missed, instead))
    return score


def _phrases(label: Label, name: str, document: Document) -> Score:
    """Clutter that must not stand in the document's text, or text that must."""
    body = " ".join(
        flat(f"{section.heading} " + " ".join(f"{b.text} {b.speaker}" for b in section.blocks))
        for section in document.sections
    )
    text = f"{flat(document.subtitle)} {flat(document.lead)} {body}"
    must = name == "text"
    phrases = label.text if must else label.clutter
    misses = [
        Miss(label.file, name, phrase if must else None, None if must else phrase)
        for phrase in phrases
        if (phrase in text) is not must
    ]
    return Score(len(phrases) - len(misses), len(phrases), misses)


def _day(dated: DatedBy) -> str:
    return dated.day.isoformat() if dated.day else ""
