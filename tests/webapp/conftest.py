"""What tests of the site share: an engine of the same shape as the searcher, and the site over it.

Any engine can be put behind ``create_app`` and ``live``; the fake here answers from a list.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.document import (
    Block,
    BlockKind,
    DatedBy,
    DateGround,
    Document,
    Identifier,
    Link,
    Section,
)
from search.errors import IndexUnavailableError
from search.passages import passages_of
from search.query import FACETS, Query
from search.results import FacetCount, Fragment, Hit, PassageHit, Repair, Results, StoredDocument
from search.settings import Settings
from webapp import create_app

LABELS = {
    "facet": {"topic": "Ämne", "type": "Dokumenttyp", "source": "Källa"},
    "source": {
        "exempel": "Exempel",
        "bra": "Brå",
        "gr": "GR",
        "skr": "SKR",
        "egna": "Egna dokument",
    },
    "show": {"exempel": "full", "egna": "full", "bra": "full", "gr": "full", "skr": "full"},
    "shape": {"bra": "Brå", "skr": "SKR", "gr": "GR"},
    "type": {"metodstod": "Metodstöd och vägledning", "rapport": "Rapport", "nyhet": "Nyhet"},
    "topic": {"ungdomsbrott": "Ungdomsbrottslighet", "gang": "Gäng och kriminella nätverk"},
    "audience": {"tonaringar": "Tonåringar 12–17", "personal": "Tjänstepersoner"},
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class FakeSearcher:
    """Finds a word wherever it stands in a text. ``broken`` has it raise on every question,
    ``repairs`` are said of every one.
    """

    documents: Sequence[Document] = ()
    originals: Mapping[str, Path] = field(default_factory=dict)
    published: Mapping[str, str] = field(default_factory=dict)
    labels_given: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: LABELS)
    number: int = 7
    broken: Exception | None = None
    repairs: tuple[Repair, ...] = ()

    @property
    def generation(self) -> int:
        self._check()
        return self.number

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        self._check()
        return self.labels_given

    @property
    def counts(self) -> Mapping[str, int]:
        self._check()
        return dict(Counter(document.source for document in self.documents).most_common())

    def document(self, key: str) -> StoredDocument | None:
        self._check()
        for document in self.documents:
            if document.key == key:
                head = replace(document, sections=())
                return StoredDocument(head, passages_of(document), self.published.get(key, ""))
        return None

    def passages_for(self, key: str, query: Query) -> tuple[int, ...]:
        self._check()
        hits = self.search(query).hits
        found = (hit.passages for hit in hits if hit.document.key == key)
        return tuple(one.passage.number for passages in found for one in passages)

    def file(self, digest: str) -> Path | None:
        self._check()
        return self.originals.get(digest)

    def search(self, query: Query) -> Results:
        self._check()
        if query.is_empty:
            return Results(query, 0, (), generation=self.number)
        words = [word.casefold() for word in " ".join((query.words, *query.phrases)).split()]
        found = [item for item in self.documents if all(word in _all_text(item) for word in words)]
        kept = [item for item in found if _passes(item, query.filters)]
        first = (query.page - 1) * query.page_size
        return Results(
            query=query,
            total=len(kept),
            hits=tuple(self._hit(d, words) for d in kept[first : first + query.page_size]),
            facets={facet: _counted(found, facet) for facet in FACETS},
            repairs=self.repairs,
            meant=" ".join(repair.meant for repair in self.repairs),
            generation=self.number,
        )

    def _hit(self, document: Document, words: list[str]) -> Hit:
        answering = [p for p in passages_of(document) if _marked(p.text, words)[1:]] or [
            p for p in passages_of(document) if p.text
        ]
        return Hit(
            document=replace(document, sections=()),
            score=1.0,
            title=_marked(document.title, words),
            lead=_marked(document.lead, words),
            passages=tuple(
                PassageHit(p, _marked(" ".join(p.text.split()[:40]), words), 1.0)
                for p in answering[:3]
            ),
            file=self.published.get(document.key, ""),
        )

    def _check(self) -> None:
        if self.broken:
            raise self.broken


def _all_text(document: Document) -> str:
    headings = " ".join(document.headings)
    return f"{document.title} {document.lead} {headings} {document.body}".casefold()


def _facets(document: Document) -> dict[str, tuple[str, ...]]:
    year = (str(document.year),) if document.year else ()
    return {**document.facets, "source": (document.source,), "year": year}


def _passes(document: Document, filters: Mapping[str, tuple[str, ...]]) -> bool:
    facets = _facets(document)
    return all(set(values) & set(facets.get(facet, ())) for facet, values in filters.items())


def _counted(found: Sequence[Document], facet: str) -> tuple[FacetCount, ...]:
    counts = Counter(value for item in found for value in _facets(item).get(facet, ()))
    return tuple(FacetCount(value, count) for value, count in counts.most_common())


def _marked(text: str, words: list[str]) -> tuple[Fragment, ...]:
    if not words or not text:
        return (Fragment(text),) if text else ()
    pieces = re.split(rf"(\w*(?:{'|'.join(map(re.escape, words))})\w*)", text, flags=re.IGNORECASE)
    return tuple(Fragment(piece, bool(n % 2)) for n, piece in enumerate(pieces) if piece)


def section(heading: str, *texts: str | Block, page: int | None = None, label: str = "") -> Section:
    """A section of paragraphs, on a page when one is given. ``A › B`` is a path of headings."""
    path = tuple(heading.split(" › ")) if heading else ()
    blocks = (item if isinstance(item, Block) else Block(item) for item in texts)
    placed = tuple(replace(block, page=page, page_label=label) for block in blocks)
    return Section(path, len(path) + 1, placed, page, label)


METHOD = Document(
    key="exempel:2",
    source="exempel",
    shape="bra",
    notices=("example",),
    kicker="Metodstöd",
    title="Sociala insatsgrupper (SIG)",
    subtitle="Samverkan kring en ung person i taget",
    lead="I en social insatsgrupp samlas socialtjänst, skola och polis kring en ung person som "
    "riskerar att fastna i brott. Socialtjänsten håller ihop arbetet.",
    published=DatedBy(date(2026, 11, 24), DateGround.TIME),
    facets={"type": ("metodstod",), "topic": ("ungdomsbrott", "gang"), "audience": ("tonaringar",)},
    sections=(
        section(
            "Målgrupp",
            "Målgruppen är unga som har begått brott eller är på väg in i en "
            "kriminell livsstil. Den unge och vårdnadshavarna ska vilja vara med.",
        ),
        section(
            "Så går det till",
            "En social insatsgrupp arbetar med en person i taget. Gruppen träffas tätt i början.",
            Block(
                "1. Socialtjänsten frågar den unge och vårdnadshavarna om samtycke.\n"
                "2. Gruppen kartlägger vad som behövs i skolan, hemma och på fritiden.\n"
                "3. Var och en skriver in sina åtgärder i planen.",
                BlockKind.LIST,
            ),
        ),
        section(
            "Så går det till › Planen",
            "I planen står vem som gör vad och när det följs upp.",
            Block(
                "Vem\tVad\tNär\nSkolan\tAnpassad studiegång\tVarje vecka\n"
                "Fritidsgården\tFast kontaktperson\tTvå kvällar i veckan",
                BlockKind.TABLE,
            ),
        ),
        section(
            "Samtycke och sekretess",
            "Utan samtycke får uppgifter bara delas när lagen "
            "tillåter det. Skriv ner vad samtycket gäller.",
            Block(
                "Börja med det som den unge själv vill ändra",
                BlockKind.QUOTATION,
                speaker="en samordnare",
            ),
        ),
        section("Vad vet vi om effekten?", "Effekten på brott är inte känd."),
    ),
    facts=("https://example.org/metoder/sig", "En tryckt skrift utan adress"),
)

REPORT = Document(
    key="egna:rapporter/lagesbild.pdf",
    source="egna",
    title="Lägesbild och åtgärdsplan för trygghet",
    lead="Rapporten visar hur kommunen kan gå från kartläggning till åtgärdsplan, och hur sociala "
    "insatsgrupper kan ingå i arbetet.",
    content_type="application/pdf",
    page_count=12,
    published=DatedBy(date(2024, 2, 5), DateGround.LABEL),
    changed=DatedBy(date(2024, 3, 1), DateGround.TIME),
    identifiers=(Identifier("isbn", "978-91-00-00000-0"), Identifier("report", "2024:3")),
    facets={"type": ("rapport",), "topic": ("ungdomsbrott",), "audience": ("personal",)},
    sections=(
        section(
            "Förord", "Rapporten vänder sig till dig som samordnar arbetet.", page=2, label="ii"
        ),
        *(
            section(heading, text, page=page, label=str(page - 2))
            for page, heading, text in (
                (3, "1 Inledning", "Kommunen ska kartlägga brottsligheten och ta fram en plan."),
                (
                    4,
                    "2 Kartläggning",
                    "Börja med det ni redan vet: polisens uppgifter, elevhälsans "
                    "bild och det som fältarna ser på kvällarna.",
                ),
                (6, "3 Analys", "Fråga varför problemet finns just där, och vilka som drabbas."),
                (
                    8,
                    "4 Åtgärder",
                    "Välj åtgärder som svarar mot orsakerna. Sociala insatsgrupper "
                    "passar när en ung person behöver stöd från flera håll på samma gång.",
                ),
                (9, "4 Åtgärder › 4.1 Skolan", "Skolan följer upp frånvaron varje vecka."),
                (11, "5 Uppföljning", "Följ upp planen minst en gång om året."),
            )
        ),
    ),
    links=(Link("Mallen för åtgärdsplan", "https://example.org/mall"), Link("", "javascript:x")),
)

NEWS = Document(
    key="gr:49a549b1",
    source="gr",
    kicker="Nyhet",
    title="Skolor och socialtjänst möttes om insatsgrupper",
    lead="Kommunerna vill börja med sociala insatsgrupper tidigare än i dag.",
    year_hint=2022,
    url="https://example.org/nyheter/motte.5.49a549b1.html",
    facets={"type": ("nyhet",)},
    sections=(section("", "Mötet samlade personal från skola och socialtjänst."),),
)

SCANNED = Document(
    key="egna:inskannad.pdf",
    source="egna",
    title="Protokoll om sociala insatsgrupper, inskannat",
    content_type="application/pdf",
    page_count=1,
    notices=("no_text_layer",),
)

TEMPLATE = Document(
    key="egna:mallar/plan.docx",
    source="egna",
    title="Mall: plan/åtgärder <2025>",
    content_type=DOCX,
    published=DatedBy(date(2025, 1, 7), DateGround.SLUG),
    sections=(section("", "Fyll i vem som gör vad."),),
)

HOSTILE = Document(
    key='bra:"><script>alert(1)</script>',
    source="bra",
    title="<script>alert('titel')</script> onda",
    kicker="<b>Rapport</b>",
    lead='"><img src=x onerror=alert(2)> onda',
    url="javascript:alert(3)",
    sections=(section("<i>Rubrik</i>", "<script>alert('stycke')</script> onda & sedan"),),
    links=(Link("<b>länk</b>", "javascript:alert(4)"),),
    facts=("javascript:alert(5)",),
)

MANY = tuple(
    Document(
        key=f"skr:{number}",
        source="skr" if number % 3 else "bra",
        title=f"Trygghet i praktiken, del {number}",
        lead="Så arbetar en kommun med trygghet på torg och i parker.",
        published=DatedBy(date(2000 + number, 6, 1), DateGround.TIME),
        url=f"https://example.org/trygghet.{number}.html",
        sections=(
            section("Platsen", "Belysningen på torget gör skillnad för känslan av trygghet."),
        ),
    )
    for number in range(1, 25)
)


@pytest.fixture
def engine(tmp_path: Path) -> FakeSearcher:
    """A few telling documents, two dozen alike, and two originals."""
    originals = {}
    published = {}
    for document, data in (
        (REPORT, _pdf()),
        (TEMPLATE, b"PK\x03\x04 a Word file"),
        (HOSTILE, b"<b>"),
    ):
        digest = hashlib.sha256(data).hexdigest()
        originals[digest] = tmp_path / digest
        originals[digest].write_bytes(data)
        published[document.key] = digest
    documents = (METHOD, REPORT, NEWS, SCANNED, TEMPLATE, HOSTILE, *MANY)
    return FakeSearcher(documents, originals, published)


def _pdf() -> bytes:
    """The smallest PDF with one empty page that viewers open."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 4\n0000000000 65535 f \n%btrailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(body))
    )


@pytest.fixture
def app(settings: Settings, engine: FakeSearcher) -> Flask:
    return create_app(settings, engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def not_ready(engine: FakeSearcher) -> None:
    """Nothing is published yet."""
    engine.broken = IndexUnavailableError("nothing is published")


@pytest.fixture
def site(app: Flask, live: Callable[[Flask], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of the site over the fake engine."""
    with live(app) as address:
        yield address
