from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
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
from search.results import Repair
from search.searcher import Searcher
from search.settings import Settings
from webapp import create_app


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def text(soup: BeautifulSoup | Tag, select: str) -> str:
    found = soup.select_one(select)
    assert found is not None, f"no {select}"
    return " ".join(found.get_text(" ", strip=True).split())


def hit(soup: BeautifulSoup, title: str) -> Tag:
    (found,) = [tag for tag in soup.select("article.hit") if title in tag.get_text()]
    return found


def hrefs(soup: BeautifulSoup | Tag, select: str = "a") -> list[str]:
    return [str(tag["href"]) for tag in soup.select(select)]


ADDRESSES = [
    "/",
    "/sok",
    "/sok?q=insatsgrupper",
    "/sok?q=trygghet&sida=2&kalla=skr",
    "/sok?q=xyzzy&kalla=bra",
    "/dokument/exempel:2?q=insatsgrupper",
    "/dokument/egna:rapporter/lagesbild.pdf",
    "/dokument/egna:inskannad.pdf",
    "/finns-inte",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_a_label_a_skip_link_landmarks_and_headings_in_order(
    client: FlaskClient, address: str
) -> None:
    soup = BeautifulSoup(client.get(address).get_data(as_text=True), "lxml")
    assert soup.html is not None and soup.html["lang"] == "sv"
    fields = soup.select("input[type=search]")
    assert len(fields) == 1
    assert text(soup, f"label[for={fields[0]['id']}]")
    assert "placeholder" not in fields[0].attrs
    assert hrefs(soup)[0] == "#innehall" and soup.select_one("main#innehall")
    assert soup.select_one("header") and soup.select_one("footer")
    levels = [int(tag.name[1]) for tag in soup.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_has_script_or_inline_style(client: FlaskClient, address: str) -> None:
    soup = BeautifulSoup(client.get(address).get_data(as_text=True), "lxml")
    assert not soup.select("script, style, [style], iframe, object")
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]


# --- start ---------------------------------------------------------------------------------


def test_the_start_page_says_what_there_is_to_search(client: FlaskClient) -> None:
    soup = page(client, "/")
    assert "30 dokument" in text(soup, "main")
    assert "SKR 16 dokument" in text(soup, ".sources")
    assert "/sok?kalla=skr" in hrefs(soup, ".sources a")
    assert any(address.startswith("/sok?q=") for address in hrefs(soup, ".examples a"))


def test_the_start_page_says_that_examples_are_examples(client: FlaskClient, engine: Any) -> None:
    assert "inte publicerade av någon myndighet" in text(page(client, "/"), "main")
    engine.documents = [d for d in engine.documents if d.source != "exempel"]
    assert "myndighet" not in text(page(client, "/"), "main")


def test_an_empty_index_is_said_to_be_empty(client: FlaskClient, engine: Any) -> None:
    engine.documents = []
    assert "Inga dokument är inlästa ännu" in text(page(client, "/"), "main")


# --- results -------------------------------------------------------------------------------


def test_the_total_is_announced_in_heading_and_title(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=insatsgrupper")
    assert text(soup, "h1") == "4 dokument för ”insatsgrupper”"
    assert text(soup, "title") == "4 dokument för ”insatsgrupper” – Metodsök"


def test_a_hit_shows_what_it_is_and_where_it_answers(client: FlaskClient) -> None:
    found = hit(page(client, "/sok?q=insatsgrupper"), "(SIG)")
    assert [mark.get_text() for mark in found.select("h2 mark")] == ["insatsgrupper"]
    facts = "Exempel (Brå-form) Metodstöd och vägledning exempeltext skriven 24 november 2026"
    assert facts in text(found, ".facts")
    assert "I en social insatsgrupp samlas" in text(found, ".lead")
    assert text(found, ".path") == "Målgrupp"
    assert "/dokument/exempel:2?q=insatsgrupper" in hrefs(found)
    assert "/dokument/exempel:2?q=insatsgrupper#stycke-1" in hrefs(found)


def test_a_passage_of_a_pdf_names_both_pages_and_opens_there(client: FlaskClient) -> None:
    found = hit(page(client, "/sok?q=insatsgrupper"), "Lägesbild")
    assert text(found, ".where").endswith("s. 6 (pdf-sida 8)")
    assert "/dokument/egna:rapporter/lagesbild.pdf/original#page=8" in hrefs(found)


def test_a_pdf_at_its_source_is_opened_there(client: FlaskClient, engine: Any) -> None:
    report = replace(engine.documents[1], url="https://example.org/rapport.pdf")
    engine.documents = [report]
    engine.published = {}
    assert "https://example.org/rapport.pdf#page=8" in hrefs(page(client, "/sok?q=insatsgrupper"))


def test_a_pdf_that_cannot_be_opened_still_names_its_pages(
    client: FlaskClient, engine: Any
) -> None:
    engine.published = {}
    found = hit(page(client, "/sok?q=insatsgrupper"), "Lägesbild")
    assert text(found, ".where") == "s. 6 (pdf-sida 8)"
    assert not found.select(".where a")


def test_a_hit_without_a_date_says_so(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=insatsgrupper")
    assert "utan datum, troligen 2022" in text(hit(soup, "Skolor och"), ".facts")
    assert "går inte att söka i texten" in text(hit(soup, "inskannat"), ".notice")


def test_filters_show_counts_and_are_kept_by_form_and_paging(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=trygghet&kalla=skr")
    form = soup.select_one("aside form")
    assert form is not None
    chosen = [str(tag["value"]) for tag in form.select("input[name=kalla][checked]")]
    assert chosen == ["skr"]
    assert "SKR 16" in text(form, "fieldset") and "Brå 8" in text(form, "fieldset")
    assert form.select_one("input[type=hidden][name=q]")["value"] == "trygghet"  # type: ignore[index]
    assert hrefs(soup, "a[rel=next]") == ["/sok?q=trygghet&kalla=skr&sida=2"]
    kept = soup.select_one("header input[type=hidden][name=kalla]")
    assert kept is not None and kept["value"] == "skr"


def test_a_chosen_filter_can_be_removed_and_all_cleared(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=trygghet&kalla=skr&ar=2004&sida=1")
    assert hrefs(soup, ".chosen a") == [
        "/sok?q=trygghet&ar=2004",
        "/sok?q=trygghet&kalla=skr",
        "/sok?q=trygghet",
    ]
    assert text(soup, ".chosen a") == "Ta bort filtret Källa: SKR ×"


def test_a_filter_alone_lists_what_it_selects(client: FlaskClient) -> None:
    assert text(page(client, "/sok?kalla=gr"), "h1") == "1 dokument"


def test_the_current_page_is_marked(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=trygghet&sida=2")
    assert text(soup, "nav [aria-current=page]") == "Sida 2"
    assert hrefs(soup, "a[rel=prev]") == ["/sok?q=trygghet"]
    assert hrefs(soup, "a[rel=next]") == ["/sok?q=trygghet&sida=3"]
    assert "Visar 11–20" in text(soup, "main")


def test_a_page_beyond_the_last_says_so_and_leads_back(client: FlaskClient) -> None:
    soup = page(client, "/sok?q=trygghet&sida=99", status=404)
    assert text(soup, "h1") == "Sidan 99 finns inte"
    assert "/sok?q=trygghet" in hrefs(soup, "main a")


def test_no_question_asks_for_one(client: FlaskClient) -> None:
    for address in ("/sok", "/sok?q=", "/sok?q=%20%20", "/sok?q=-nyhet"):
        assert text(page(client, address), "h1") == "Skriv vad du vill hitta"


def test_no_hits_are_honest_and_lead_on(client: FlaskClient) -> None:
    soup = page(client, '/sok?q="social+xyzzy"&kalla=skr')
    assert text(soup, "h1") == 'Inga dokument för "social xyzzy"'
    assert "hela texten i 30 dokument med de filter du har valt" in text(soup, "main")
    assert "/sok?q=social+xyzzy&kalla=skr" in hrefs(soup, "main a")
    assert "/sok?q=%22social+xyzzy%22" in hrefs(soup, "main a")


def test_documents_are_counted_only_where_the_count_is_said(
    client: FlaskClient, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    counts = type(engine).counts.fget

    def counting(searcher: Any) -> Any:
        counted.append("once more")
        return counts(searcher)

    monkeypatch.setattr(type(engine), "counts", property(counting))
    page(client, "/sok?q=trygghet")
    assert not counted
    page(client, "/sok?q=xyzzy")
    assert counted


def test_filters_that_select_nothing_can_be_removed(client: FlaskClient) -> None:
    soup = page(client, "/sok?kalla=gr&ar=1999")
    assert "Inget av 30 dokument passar" in text(soup, "main")
    assert {"/sok?ar=1999", "/sok?kalla=gr"} <= set(hrefs(soup, "main a"))


def test_a_question_that_was_cut_says_so(client: FlaskClient) -> None:
    assert "Frågan var för lång" in text(page(client, "/sok?q=" + "trygghet+" * 100), "main")


# --- a document -----------------------------------------------------------------------------


def test_a_repaired_question_says_what_was_meant_and_can_be_refused(
    client: FlaskClient, engine: Any
) -> None:
    engine.repairs = (Repair("insattsgrupper", "insatsgrupper"),)
    shown = page(client, "/sok?q=insattsgrupper&kalla=bra&sida=1")
    assert text(shown, ".notice") == (
        "Menade du insatsgrupper ? Ordet ”insattsgrupper” står inte i något dokument. Metodsök "
        "sökte därför på ”insatsgrupper”. Sök exakt på det du skrev"
    )
    assert hrefs(shown, ".notice a") == [
        "/sok?q=insatsgrupper&kalla=bra",
        "/sok?q=insattsgrupper&exakt=1&kalla=bra",
    ]
    refused = page(client, "/sok?q=insattsgrupper&exakt=1&kalla=bra")
    assert "sökte därför" not in text(refused, ".notice")
    assert hrefs(refused, ".notice a")[1] == "/sok?q=insattsgrupper&kalla=bra"


def test_a_question_taken_exactly_says_so_and_its_filters_keep_it(client: FlaskClient) -> None:
    shown = page(client, "/sok?q=trygghet&exakt=1")
    assert hrefs(shown, ".notice a") == ["/sok?q=trygghet"]
    assert shown.select_one(".filters input[name=exakt]") is not None
    assert shown.select_one("form[role=search] input[name=exakt]") is None


def test_a_document_is_read_by_chapter_with_an_anchor_a_passage(client: FlaskClient) -> None:
    soup = page(client, "/dokument/exempel:2")
    assert text(soup, "h1") == "Sociala insatsgrupper (SIG)"
    headings = [(tag.name, tag.get_text()) for tag in soup.select(".text h2, .text h3")]
    assert headings[:3] == [("h2", "Målgrupp"), ("h2", "Så går det till"), ("h3", "Planen")]
    assert "unga som har begått brott" in text(soup, "#stycke-1")
    assert [text(row, "th, td") for row in soup.select("#stycke-3 tr")] == [
        "Vem",
        "Skolan",
        "Fritidsgården",
    ]
    assert len(soup.select("#stycke-2 li")) == 3
    assert text(soup, "figure figcaption") == "en samordnare"


TABLE = Block(
    "\tSkolan\tPolisen\nVem?\tRektorn\t\nBara ibland\n\t\t\nNär?\tVarje vecka",
    BlockKind.TABLE,
)
NUMBERED = Block("9. Fråga först\n10) Skriv sedan", BlockKind.LIST)
BOXES = Block("– ☐ Alla är tillfrågade\n– ☒ Planen är läst", BlockKind.LIST)


LAW = "https://lagen.nu/2010:800"


def test_each_source_is_shown_once_by_its_name(client: FlaskClient, engine: Any) -> None:
    document = replace(
        engine.documents[0],
        facts=(f"Skollag (2010:800) <{LAW}>", "En skrift <javascript:alert(6)>", "Utan adress"),
        links=(Link("Skollag (2010:800)", LAW),),
    )
    chapter = Section(("Källor",), 2, (Block("– Skollag (2010:800)\n– En skrift\n– Utan adress"),))
    for sections in (document.sections, (*document.sections, chapter)):
        engine.documents = [replace(document, sections=sections)]
        soup = page(client, "/dokument/exempel:2")
        (link,) = soup.select(f'a[href="{LAW}"]')
        assert link.get_text() == "Skollag (2010:800)"
        for name in ("Skollag (2010:800)", "En skrift", "Utan adress"):
            assert text(soup, ".text").count(name) == 1
        assert not soup.select('a[href^="javascript"]')


@pytest.fixture
def form(client: FlaskClient, engine: Any) -> BeautifulSoup:
    """The page of a document that is to be filled in."""
    blocks = Section((), 0, (TABLE, NUMBERED, BOXES))
    engine.documents = [replace(engine.documents[0], sections=(blocks,))]
    return page(client, "/dokument/exempel:2")


def test_a_table_names_its_columns_and_keeps_its_empty_cells(form: BeautifulSoup) -> None:
    heads = [(tag["scope"], tag.get_text()) for tag in form.select("th")]
    assert heads == [("col", "Skolan"), ("col", "Polisen"), ("row", "Vem?"), ("row", "När?")]
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in form.select("tbody tr")]
    assert rows == [
        ["Vem?", "Rektorn", ""],
        ["Bara ibland"],
        ["", "", ""],
        ["När?", "Varje vecka", ""],
    ]
    assert [str(tag["colspan"]) for tag in form.select("td[colspan]")] == ["3"]


def test_a_numbered_list_has_its_own_numbers(form: BeautifulSoup) -> None:
    items = [(tag["value"], tag.get_text()) for tag in form.select(".text ol li")]
    assert items == [("9", "Fråga först"), ("10", "Skriv sedan")]


def test_a_list_to_tick_has_boxes_and_no_bullets(form: BeautifulSoup) -> None:
    items = [tag.get_text() for tag in form.select("ul.boxes li")]
    assert items == ["☐ Alla är tillfrågade", "☒ Planen är läst"]


def test_contents_lead_to_every_heading(client: FlaskClient) -> None:
    soup = page(client, "/dokument/exempel:2")
    targets = hrefs(soup, "nav.contents a")
    assert len(targets) == 5
    assert all(soup.select_one(target) for target in targets)


def test_what_is_known_of_a_document_is_listed_with_its_ground(client: FlaskClient) -> None:
    soup = page(client, "/dokument/egna:rapporter/lagesbild.pdf")
    pairs = {text(row, "dt"): text(row, "dd") for row in soup.select("dl > div")}
    assert pairs["Källa"] == "Egna dokument"
    assert pairs["Publicerad"] == "5 februari 2024 enligt en rad i texten"
    assert pairs["Filen ändrad"] == "1 mars 2024 enligt filens egna uppgifter"
    assert pairs["ISBN"] == "978-91-00-00000-0"
    assert pairs["Format"] == "PDF, 12 sidor"
    assert "/sok?amne=ungdomsbrott" in hrefs(soup, "dl a")


def test_laws_that_are_mentioned_are_said_once_with_their_names(
    client: FlaskClient, engine: Any
) -> None:
    laws = tuple(Identifier("sfs", number) for number in ("2010:800", "1066:14"))
    engine.documents = [replace(engine.documents[0], identifiers=laws)]
    soup = page(client, "/dokument/exempel:2")
    pairs = [(text(row, "dt"), text(row, "dd")) for row in soup.select("dl > div")]
    assert [pair for pair in pairs if "Lag" in pair[0]] == [
        ("Lagar som nämns", "2010:800 Skollag 1066:14")
    ]


def test_an_example_says_what_it_is_and_where_its_facts_come_from(client: FlaskClient) -> None:
    soup = page(client, "/dokument/exempel:2")
    assert text(soup, ".notice") == (
        "Exempeltext – skriven för Metodsök, inte publicerad av någon myndighet."
    )
    assert "https://example.org/metoder/sig" in hrefs(soup)
    assert "En tryckt skrift utan adress" in text(soup, ".text")


def test_a_document_leads_to_its_source(client: FlaskClient) -> None:
    soup = page(client, "/dokument/gr:49a549b1")
    (button,) = soup.select("a.button")
    assert button["href"] == "https://example.org/nyheter/motte.5.49a549b1.html"
    assert text(soup, "a.button") == "Läs hos källan (example.org)"
    assert "noreferrer" in button["rel"]


def test_a_published_original_can_be_opened_page_by_page(client: FlaskClient) -> None:
    soup = page(client, "/dokument/egna:rapporter/lagesbild.pdf")
    original = "/dokument/egna:rapporter/lagesbild.pdf/original"
    assert hrefs(soup, "a.button") == [original]
    assert f"{original}#page=8" in hrefs(soup, ".where a")


def test_the_way_back_keeps_question_filters_and_page(client: FlaskClient) -> None:
    asked = "q=trygghet&kalla=skr&sida=2"
    soup = page(client, f"/sok?{asked}")
    address = hrefs(soup, ".hit h2 a")[0]
    assert address.endswith(f"?{asked}")
    assert hrefs(page(client, address), ".back a") == [f"/sok?{asked}"]
    assert not page(client, "/dokument/exempel:2").select(".back")


def test_a_document_without_text_says_so(client: FlaskClient) -> None:
    soup = page(client, "/dokument/egna:inskannad.pdf")
    assert "Här finns ingen text att läsa" in text(soup, ".text")


def test_a_foreign_language_is_marked_for_screen_readers(client: FlaskClient, engine: Any) -> None:
    engine.documents = [replace(engine.documents[0], language="en")]
    soup = page(client, "/dokument/exempel:2")
    assert soup.select_one("h1")["lang"] == "en"  # type: ignore[index]
    assert soup.select_one(".text")["lang"] == "en"  # type: ignore[index]


def test_an_unknown_document_is_not_found(client: FlaskClient) -> None:
    soup = page(client, "/dokument/bra:finns-inte", status=404)
    assert text(soup, "h1") == "Sidan finns inte"


@pytest.mark.parametrize("key", ["egna:https://a.se//b?c=d#e", "egna:mapp/å ä ö 100%.docx"])
def test_any_key_has_an_address(client: FlaskClient, engine: Any, key: str) -> None:
    engine.documents = [replace(engine.documents[2], key=key, title="Udda nyckel")]
    (address,) = hrefs(page(client, "/sok?q=udda"), ".hit h2 a")
    assert text(page(client, address), "h1") == "Udda nyckel"


# --- the real searcher ----------------------------------------------------------------------


def test_the_pages_stand_on_the_real_searcher_too(
    searcher: Callable[..., Searcher], settings: Settings
) -> None:
    document = Document(
        key="gr:7",
        source="gr",
        title="Medling vid brott",
        published=DatedBy(date(2024, 5, 1), DateGround.TIME),
        sections=(Section(("Så går det till",), 2, (Block("Medlaren för samman parterna."),)),),
    )
    app: Flask = create_app(settings, searcher(document))
    client = app.test_client()
    soup = page(client, "/sok?q=medlare")
    assert text(soup, "h1") == "1 dokument för ”medlare”"
    assert "GR" in text(soup, ".facts")
    (address,) = hrefs(soup, ".path a")
    assert "Medlaren för samman" in text(page(client, address), "#stycke-1")
    assert client.get("/halsa").get_json() == {"status": "ok", "generation": 1}
