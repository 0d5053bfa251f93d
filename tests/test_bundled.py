"""The bundled collection: every document is what its manifest says, and needs find answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.parse.pdf import NO_TEXT_LAYER
from search.document import Document
from search.query import read_query
from search.results import Hit, StoredDocument
from search.searcher import Searcher
from search.settings import Settings
from search.swedish.analyzer import terms

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "corpus" / "documents"
ENTRIES = tomllib.loads((DOCUMENTS / "manifest.toml").read_text("utf-8"))["document"]


@pytest.fixture(scope="module")
def searcher(bundled: Settings) -> Searcher:
    return Searcher(bundled.index_path, bundled.vocabulary)


@pytest.fixture(scope="module")
def context(bundled: Settings) -> Iterator[Context]:
    with Context(bundled) as opened:
        yield opened


def entry_of(document: Document) -> dict[str, object]:
    (entry,) = [e for e in ENTRIES if f"exempel:{e['n']}" == document.key]
    return dict(entry)


def is_a_scan(document: Document) -> bool:
    """Whether the pages are pictures, so that title, pages and notice are all there is to show."""
    return NO_TEXT_LAYER in document.notices


@pytest.fixture(params=ENTRIES, ids=lambda entry: f"exempel:{entry['n']}")
def document(request: pytest.FixtureRequest, searcher: Searcher) -> Document:
    stored = searcher.document(f"exempel:{request.param['n']}")
    assert stored is not None
    return stored.document


def test_every_file_of_the_folder_is_in_the_manifest() -> None:
    files = {p.relative_to(DOCUMENTS).as_posix() for p in DOCUMENTS.rglob("*.*") if p.is_file()}
    assert files == {e["file"] for e in ENTRIES} | {"manifest.toml"}


def test_nothing_in_it_is_a_problem(context: Context) -> None:
    assert context.problems.all() == ()


def test_a_document_says_what_it_is(document: Document) -> None:
    entry = entry_of(document)
    assert document.title == entry["title"]
    assert "example" in document.notices
    assert document.lead or is_a_scan(document)
    assert document.language == "sv"
    assert document.facets["type"]
    assert document.shape == entry["shape"]
    assert list(document.facts) == entry["facts"]
    assert not document.url


def test_the_notice_stands_in_the_file_itself(searcher: Searcher) -> None:
    for entry in ENTRIES:
        if entry["file"].endswith(".html"):
            assert entry["notice"] in (DOCUMENTS / entry["file"]).read_text("utf-8")


def stored_reports(searcher: Searcher) -> list[StoredDocument]:
    found = [searcher.document(f"exempel:{e['n']}") for e in ENTRIES if e["file"].endswith(".pdf")]
    return [stored for stored in found if stored is not None]


def test_a_scan_is_shown_with_its_notice_and_nothing_that_nobody_read(searcher: Searcher) -> None:
    (scan,) = [stored for stored in stored_reports(searcher) if is_a_scan(stored.document)]
    assert scan.document.key == "exempel:93"
    assert scan.passages == ()
    assert (scan.document.lead, scan.document.subtitle, scan.document.sections) == ("", "", ())
    assert scan.document.page_count == 8
    hits = searcher.search(read_query("checklistor och blanketter")).hits
    assert "exempel:93" in [hit.document.key for hit in hits[:3]]


def test_reports_have_pages_whose_printed_numbers_differ(searcher: Searcher) -> None:
    reports = [stored for stored in stored_reports(searcher) if not is_a_scan(stored.document)]
    assert len(reports) >= 3
    for stored in reports:
        assert 8 <= (stored.document.page_count or 0) <= 20
        placed = [p for p in stored.passages if p.page]
        assert any(p.page_label and p.page_label != str(p.page) for p in placed)


#: A need in somebody's words → the documents of which one must come first: the method itself, or
#: the theme or news page about it.
NEEDS = {
    "sspf": (1,),
    "sociala insatsgrupper": (2,),
    "SIG": (2,),
    "vad är est": (4,),
    "sluta skjut": (5, 90),
    "avhopparverksamhet": (6,),
    "orossamtal": (7,),
    "medling": (8,),
    "mst": (9,),
    "komet": (10,),
    "pax i skolan": (11,),
    "mobbning": (12,),
    "mvp mentorer i våldsprevention": (13,),
    "skolfrånvaro socialtjänst samarbete": (14, 81),
    "FREDA": (16,),
    "patriark": (17,),
    "vittnesstöd": (18,),
    "otillåten påverkan": (19, 86),
    "2023:196": (21,),
    "orosanmälan": (22,),
    "hur gör vi en orosanmälan": (22,),
    "sekretess skola polis": (23,),
    "knivar i skolan": (26,),
}


@pytest.mark.parametrize("question", NEEDS)
def test_a_need_finds_its_document_first(searcher: Searcher, question: str) -> None:
    hits = searcher.search(read_query(question)).hits
    assert hits[0].document.key in {f"exempel:{n}" for n in NEEDS[question]}


def test_the_method_sig_is_not_the_pronoun(searcher: Searcher) -> None:
    keys = {hit.document.key for hit in searcher.search(read_query("SIG", page_size=100)).hits}
    assert "exempel:2" in keys
    assert len(keys) < len(ENTRIES) / 3


#: A need in somebody's words → a document that helps, among the first three.
NEAR = {
    "avhoppare": 6,
    "avhopparverksamheter i mindre kommuner": 6,
    "mst fft skillnad": 9,
    "mobbning vad fungerar skolverket": 12,
    "riskbedömning våld i nära relation": 17,
    "prop 2022/23:43": 21,
    "dela uppgifter med polisen": 23,
    "tvångsvård utan samtycke ungdom": 24,
    "rekrytering sociala medier kriminella nätverk": 25,
    "tecken på att barn rekryteras": 25,
    "hederskultur elever sommarlov": 27,
    "parallella samhällsstrukturer metodstöd": 3,
    "lokal lägesbild mall": 31,
    "medlingen ungdomar under 15": 8,
}


#: Pages that the judges found as good an answer as the one that is named.
AS_GOOD = {"tecken på att barn rekryteras": {"exempel:37", "exempel:91"}}
#: Needs that are not met today, with what stands in the way.
MISSED = {
    "medlingen ungdomar under 15": "three pages say 'under 15' beside medling; Medling is fourth",
}


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(
            question,
            marks=[pytest.mark.xfail(reason=MISSED[question], strict=True)]
            if question in MISSED
            else [],
        )
        for question in NEAR
    ],
)
def test_a_need_finds_what_helps_among_the_first_three(searcher: Searcher, question: str) -> None:
    hits = searcher.search(read_query(question)).hits
    wanted = {f"exempel:{NEAR[question]}"} | AS_GOOD.get(question, set())
    assert wanted & {hit.document.key for hit in hits[:3]}


#: A question → the page it names, and the word that is much like it and another thing.
ALIKE = {
    "orosanmälan": (22, "orossamtal"),
    "hur görs en orosanmälan": (22, "orossamtal"),
    "orossamtal": (7, "orosanmälan"),
    "orossamtalet": (7, "orosanmälan"),
    "vad är ett orossamtal": (7, "orosanmälan"),
}


@pytest.mark.parametrize("question", ALIKE)
def test_words_alike_do_not_stand_for_one_another(searcher: Searcher, question: str) -> None:
    page, other = ALIKE[question]
    hits = searcher.search(read_query(question, explain=True, page_size=100)).hits
    assert f"exempel:{page}" == hits[0].document.key
    answering = {part.term for hit in hits for part in hit.parts}
    assert not answering & set(terms(other))


#: Names that are nearly other words (*fredag*, *vara*, *patrik*) → the page about the method.
NAMES = {"FREDA": 16, "freda": 16, "SARA": 17, "Sara": 17, "Patriark": 17, "PATRIARK": 17}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_as_typed_and_not_repaired(searcher: Searcher, name: str) -> None:
    hits = searcher.search(read_query(name, explain=True)).hits
    assert hits[0].document.key == f"exempel:{NAMES[name]}"
    assert {part.term.casefold() for part in hits[0].parts if part.term} == {name.casefold()}
    marked = [f.text for f in (*hits[0].title, *hits[0].lead) if f.marked]
    assert {text.casefold() for text in marked} == {name.casefold()}


def marked_in(hit: Hit) -> set[str]:
    fragments = [*hit.title, *hit.lead, *(f for p in hit.passages for f in p.excerpt)]
    return {fragment.text for fragment in fragments if fragment.marked}


@pytest.mark.parametrize("question", ["SIG", "sig", "vad är sig"])
def test_what_the_method_sig_finds_says_it_in_capitals(searcher: Searcher, question: str) -> None:
    hits = searcher.search(read_query(question, page_size=100)).hits
    assert hits[0].document.key == "exempel:2"
    assert [marked_in(hit) for hit in hits] == [{"SIG"}] * len(hits)


def test_the_pronoun_finds_no_method(searcher: Searcher) -> None:
    hits = searcher.search(read_query("ta sig ut", page_size=100)).hits
    assert "SIG" not in set().union(*(marked_in(hit) for hit in hits))
    assert "exempel:2" not in [hit.document.key for hit in hits[:10]]
