"""Which documents are one work: on small pages, and on the labelled fixture site as parsed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from posixpath import basename
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.enrich.taxonomy import Taxonomy
from indexer.grouping import part_of
from indexer.identity import key_for
from indexer.intake import Arrival, read_document
from indexer.parse.raw import RawFile
from indexer.sources import Source
from indexer.works import MOST_COPIES, PAGE_TYPE, Part, Placed, works
from search.document import Document, Identifier, Link, VariantKind
from tests.indexer.conftest import Reader
from tests.site.front import Front, site_of
from tests.site.labels import read_labels
from tests.site.reply import Visit

PDF = "application/pdf"
REPORT = "bra:2022-04-10-otillaten-paverkan"
URN = Identifier("urn", "urn:nbn:se:bra-1417")
TITLE = "Otillåten påverkan"


@pytest.fixture(scope="module")
def bra(sources: Mapping[str, Source]) -> Source:
    return sources["bra"]


def address(node: str, name: str = "rapport.pdf", stamp: int = 1600000000000) -> str:
    return f"https://bra.se/download/18.{node}/{stamp}/{name}"


def file(node: str, title: str = TITLE, **fields: object) -> Part:
    values: dict[str, object] = {"url": address(node), "content_type": PDF, "type": "ovrigt"}
    return Part(key=f"file:18.{node}", title=title, **{**values, **fields})  # type: ignore[arg-type]


def page(*links: tuple[str, str], key: str = REPORT, title: str = TITLE, **fields: object) -> Part:
    offered = tuple(Link(text, url) for text, url in links)
    values: dict[str, object] = {"type": "rapport", "links": offered}
    return Part(key=key, title=title, **{**values, **fields})  # type: ignore[arg-type]


def joined(source: Source, *parts: Part) -> list[set[str]]:
    """The works of more than one document."""
    together = defaultdict(set)
    for key, placed in works(parts, source).items():
        together[placed.work].add(key)
    return [keys for keys in together.values() if len(keys) > 1]


def test_a_page_and_the_file_that_it_offers_are_one_work(bra: Source) -> None:
    found = works([page((TITLE, address("ab"))), file("ab")], bra)
    assert {key: placed.work for key, placed in found.items()} == {
        REPORT: REPORT,
        "file:18.ab": REPORT,
    }
    assert [(v.kind, v.key) for v in found[REPORT].variants] == [
        (VariantKind.PAGE, REPORT),
        (VariantKind.FULL, "file:18.ab"),
    ]
    assert found[REPORT].variants == found["file:18.ab"].variants


def test_a_file_that_was_stamped_anew_is_still_the_one_that_is_offered(bra: Source) -> None:
    offer = page((TITLE, address("ab", stamp=1700000000000)))
    assert joined(bra, offer, file("ab")) == [{REPORT, "file:18.ab"}]


@pytest.mark.parametrize(
    "said", ["Ladda ner rapporten (pdf, 1,2 MB)", "Sammanfattning", "Hela texten"]
)
def test_on_a_page_that_presents_a_report_a_link_may_only_say_what_it_leads_to(
    bra: Source, said: str
) -> None:
    assert joined(bra, page((said, address("ab"))), file("ab", "Slutversion 3")) == [
        {REPORT, "file:18.ab"}
    ]


def test_a_guide_does_not_swallow_the_report_that_it_links(bra: Source) -> None:
    guide = page(("Läs rapporten", address("ab")), title="Medling", type="metodstod")
    assert works([guide, file("ab")], bra) == {}


@pytest.mark.parametrize("kind", ["nyhet", "kronika", "amnessida", "projekt"])
def test_a_page_that_speaks_of_a_report_is_a_document_of_its_own(bra: Source, kind: str) -> None:
    assert works([page((TITLE, address("ab")), type=kind), file("ab")], bra) == {}


def test_a_report_does_not_swallow_another_that_it_links(bra: Source) -> None:
    other = file("cd", "Bostadsinbrott i kommuner")
    offer = page((TITLE, address("ab")), ("Bostadsinbrott i kommuner", address("cd")))
    assert joined(bra, offer, file("ab"), other) == [{REPORT, "file:18.ab"}]


def test_another_edition_of_a_report_is_not_the_same(bra: Source) -> None:
    assert works([page((f"{TITLE} 2012", address("ab"))), file("ab", f"{TITLE} 2012")], bra) == {}


def test_what_two_pages_offer_as_their_own_is_nobodys(bra: Source) -> None:
    one, two = page((TITLE, address("ab"))), page((TITLE, address("ab")), key="bra:annan")
    assert works([one, two, file("ab")], bra) == {}


def test_a_page_that_presents_reports_goes_before_one_that_may(bra: Source) -> None:
    topic = page((TITLE, address("ab")), key="bra:amne", type="ovrigt")
    assert joined(bra, topic, page((TITLE, address("ab"))), file("ab")) == [{REPORT, "file:18.ab"}]


def test_a_page_and_a_file_with_one_number_and_one_title_need_no_link(bra: Source) -> None:
    numbered = file("ab", identifiers=(URN,))
    assert joined(bra, page(identifiers=(URN,)), numbered) == [{REPORT, "file:18.ab"}]
    assert works([page(identifiers=(URN,)), file("ab", "Annat", identifiers=(URN,))], bra) == {}


def test_numbers_of_a_list_of_references_are_nobodys_own() -> None:
    many = tuple(Identifier("urn", f"urn:nbn:se:bra-{number}") for number in range(3))
    assert file("ab", identifiers=many).numbers == frozenset()
    assert file("ab", identifiers=many[:2]).numbers == frozenset(many[:2])


def test_a_summary_is_known_by_its_title_and_by_the_name_of_its_file(bra: Source) -> None:
    named = address("cd", "2022_1%20Sammanfattning.pdf")
    offer = page((TITLE, address("ab", "2022_1_otillaten.pdf")), ("Kort om studien 1", named))
    found = works([offer, file("ab"), file("cd", "Kort om studien 1")], bra)
    kinds = {variant.key: variant.kind for variant in found[REPORT].variants}
    assert kinds["file:18.cd"] is VariantKind.SUMMARY


def test_an_english_version_that_is_not_ours_is_a_variant_with_an_address(bra: Source) -> None:
    english = "https://bra.se/english/publications/archive/2022-04-10-improper-influence"
    offer = page(
        (TITLE, address("ab", "2022_1_otillaten.pdf")),
        ("Improper influence in municipalities", address("ef", "2022_1_improper.pdf")),
        ("Improper influence in municipalities", english),
    )
    found = works([offer, file("ab")], bra)[REPORT].variants
    assert [(v.kind, v.language, v.key, v.url) for v in found if v.language != "sv"] == [
        (VariantKind.PAGE, "en", "", english),
        (VariantKind.FULL, "en", "", address("ef", "2022_1_improper.pdf")),
    ]


def test_an_english_page_of_another_day_is_no_translation(bra: Source) -> None:
    english = "https://bra.se/english/publications/archive/2021-01-01-burglary"
    assert works([page(("Burglary in municipalities", english))], bra) == {}


def test_a_file_that_is_gone_is_no_variant(bra: Source) -> None:
    assert works([page((TITLE, address("ab")))], bra, {"file:18.ab"}) == {}
    assert works([page((TITLE, address("ab")))], bra)[REPORT].variants[1].key == ""


def test_the_same_text_at_two_addresses_is_one_work(bra: Source) -> None:
    first = page(key="bra:b", type="nyhet", text="x", published="2024-01-01")
    second = page(key="bra:a", type="nyhet", text="x", published="2024-02-01")
    found = works([second, first], bra)
    assert found["bra:a"].work == found["bra:b"].work == "bra:b"
    assert [v.kind for v in found["bra:a"].variants] == [VariantKind.PAGE, VariantKind.COPY]


def test_a_form_letter_is_no_work(bra: Source) -> None:
    letters = [page(key=f"bra:{n}", text="x") for n in range(MOST_COPIES + 1)]
    assert works(letters, bra) == {}


def test_files_of_another_source_are_not_joined(bra: Source) -> None:
    elsewhere = "https://skr.se/download/18.ab/1600000000000/rapport.pdf"
    assert works([page((TITLE, elsewhere))], bra) == {}


nodes = st.sampled_from(["ab", "cd", "ef"])
titles = st.sampled_from([TITLE, f"{TITLE} – sammanfattning", "Medling", "Ladda ner rapporten"])
types = st.sampled_from(["rapport", "metodstod", "nyhet", "ovrigt"])
pages = st.builds(
    Part,
    key=st.sampled_from([REPORT, "bra:2022-04-10-improper", "bra:medling", "bra:annan"]),
    title=titles,
    type=types,
    language=st.sampled_from(["sv", "en"]),
    links=st.lists(
        st.builds(Link, titles, nodes.map(address))
        | st.builds(
            Link,
            titles,
            st.just("https://bra.se/english/publications/archive/2022-04-10-improper"),
        ),
        max_size=4,
    ).map(tuple),
    identifiers=st.sampled_from([(), (URN,)]),
    text=st.sampled_from(["", "x"]),
)
files = st.builds(
    file,
    nodes,
    titles,
    identifiers=st.sampled_from([(), (URN,)]),
    text=st.sampled_from(["", "x"]),
)
collections = st.lists(pages | files, max_size=7, unique_by=lambda part: part.key)


@given(collections, st.randoms(use_true_random=False))
def test_works_do_not_depend_on_the_order_of_documents(
    bra: Source, parts: list[Part], chance: object
) -> None:
    turned = list(parts)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert works(turned, bra) == works(parts, bra)


@given(collections)
def test_every_work_has_one_main_document_and_every_document_one_work(
    bra: Source, parts: list[Part]
) -> None:
    found = works(parts, bra)
    by_work: dict[str, list[str]] = defaultdict(list)
    for key, placed in found.items():
        by_work[placed.work].append(key)
    for work, keys in by_work.items():
        assert work in keys
        assert len({found[key].variants for key in keys}) == 1
        named = [variant.key for variant in found[work].variants if variant.key]
        assert sorted(named) == sorted(keys)
        assert len(found[work].variants) > 1


# The fixture site, whose labels know nothing of the parsers.


@pytest.fixture(scope="module", params=[1, 9])
def parsed(
    request: pytest.FixtureRequest, sources: Mapping[str, Source], taxonomy: Taxonomy
) -> list[tuple[str, Document]]:
    """Every wanted document of the site on a day, as it is read, with the work it is labelled."""
    site, reader = site_of(), Reader()
    front, found = Front(site), []
    for item in site.items:
        there = [a for a in item.addresses if a.serves(request.param)]
        if item.behaviour or item.wanted is False or not there:
            continue
        url = there[0].url
        parts = urlsplit(url)
        visit = Visit(parts.netloc, item.site, parts.path, parts.query, {}, request.param)
        reply = front.answer(visit)
        if reply.status != 200:
            continue
        source = sources[item.site]
        key = key_for(source, url) or f"{item.site}:{parts.path.strip('/')}"
        name = unquote(basename(parts.path))
        raw = RawFile(reply.body, name, item.site, key, url, reply.kind)
        found.append((item.work, read_document(Arrival(raw, url), reader, source, taxonomy)))
    return found


@pytest.fixture(scope="module")
def placed(
    parsed: list[tuple[str, Document]], sources: Mapping[str, Source]
) -> Mapping[str, Placed]:
    found: dict[str, Placed] = {}
    for name in ("bra", "skr", "gr"):
        parts = [part_of(document) for _, document in parsed if document.source == name]
        found |= works(parts, sources[name])
    return found


def test_every_labelled_work_is_one_work_and_no_two_are_joined(
    parsed: list[tuple[str, Document]], placed: Mapping[str, Placed]
) -> None:
    labelled, found = defaultdict(set), defaultdict(set)
    for work, document in parsed:
        labelled[work].add(document.key)
        key = document.key
        found[placed[key].work if key in placed else key].add(key)
    assert sum(len(keys) > 1 for keys in labelled.values()) == 54
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, labelled.values()))


def test_every_labelled_part_in_english_is_a_variant_of_its_work(
    parsed: list[tuple[str, Document]],
    placed: Mapping[str, Placed],
    sources: Mapping[str, Source],
) -> None:
    work_of = {document.key: work for work, document in parsed}
    labelled = {
        (label.work, label.key)
        for label in read_labels().documents
        if label.role == "english" and label.work in work_of.values()
    }
    found = {
        (work_of[key], key_for(sources["bra"], variant.url))
        for key, where in placed.items()
        for variant in where.variants
        if variant.language == "en"
    }
    assert len(labelled) == 18
    assert found == labelled


def test_what_a_part_is_agrees_with_its_label(
    parsed: list[tuple[str, Document]], placed: Mapping[str, Placed]
) -> None:
    roles = {label.key: label.role for label in read_labels().documents}
    kinds = {"full": VariantKind.FULL, "summary": VariantKind.SUMMARY, "twin": VariantKind.COPY}
    for where in placed.values():
        for variant in where.variants:
            role = roles.get(variant.key, "landing")
            assert variant.kind is kinds.get(role, VariantKind.PAGE) or not variant.key
    assert {d.content_type for _, d in parsed} == {PAGE_TYPE, PDF}
