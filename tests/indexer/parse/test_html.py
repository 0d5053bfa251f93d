"""HTML that is no page of a site, traps on pages that are, and files that are no HTML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.parse.html import parse
from indexer.parse.raw import RawFile
from indexer.sources import load_sources, rules_for
from search.document import BlockKind, DatedBy, DateGround, Document
from search.errors import ParseError

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "tests" / "pages"
SOURCES = load_sources(ROOT / "corpus" / "sources.toml")
SIGN = '<meta name="generator" content="Sitevision 10">'


def read(markup: str | bytes, source: str = "egna", url: str = "") -> Document:
    data = markup.encode() if isinstance(markup, str) else markup
    return parse(RawFile(data, "min-sida.html", source, f"{source}:x", url), SOURCES[source])


def page(body: str, head: str = "") -> str:
    """A Sitevision page with the given text in the editor's area."""
    start = f"<!DOCTYPE html><html lang=sv><head>{SIGN}{head}<title>Titel</title></head><body>"
    return f"{start}<main><div class=pagecontent>{body}</div></main></body></html>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"%PDF-1.7 <html>", "not_html"),
        (b"\x89PNG\r\n\x1a\n<html>", "not_html"),
        ("Bara text på en rad".encode(), "not_html"),
        (b"<html><body></body></html>", "no_text"),
        (b"<html><title>T</title><body><div id=root></div><script>x()</script></body>", "no_text"),
        (b"<h1>Bara en titel</h1>", "no_text"),
        (b"<div>" * 5000 + b"text", "too_deep"),
    ],
)
def test_a_file_that_is_no_page_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ParseError) as error:
        read(data)
    assert error.value.reason == reason
    assert str(error.value).endswith(".")


def test_a_fragment_keeps_all_its_text() -> None:
    found = read("<p>Kommunen</p><h1>Plan</h1><p>Ja.</p><h1>Mer</h1><p>Nej.</p>")
    assert found.title == "Plan"
    assert found.body == "Kommunen\n\nJa.\n\nNej."
    assert found.headings == ("Mer",)


def test_a_fragment_without_a_first_heading_is_named_by_its_file() -> None:
    assert read("<p>Text utan rubrik.</p>").title == "min sida"
    assert read("<h2>Rubrik</h2><p>Text.</p>").title == "Rubrik"


def test_old_documents_in_xhtml_are_read_too() -> None:
    found = read(
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="x"><body><p>Då</p></body></html>'
    )
    assert found.body == "Då"


def test_empty_cells_and_rows_of_a_table_are_kept() -> None:
    found = read(
        "<p>Fyll i.</p><table><tr><th>Vem</th><th>När</th></tr><tr><td>Skolan</td><td></td></tr>"
        "<tr><td>&nbsp;</td><td></td></tr><tr><td colspan=2></td></tr></table>"
        "<table><tr><td></td><td></td></tr></table>"
    )
    assert found.body == "Fyll i.\n\nVem\tNär\nSkolan\t\n\t"


def test_accordions_definitions_and_cited_quotations_are_text() -> None:
    found = read(
        "<h1>T</h1><h2>Frågor</h2><details><summary>Vem?</summary><p>Alla.</p></details>"
        "<h3><button>Fäll ut</button></h3><dl><dt>Var</dt><dd>Här</dd></dl>"
        "<blockquote><p>”Så är det”</p><cite>– En lärare</cite></blockquote>"
    )
    assert found.headings == ("Frågor", "Vem?", "Fäll ut")
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.PARAGRAPH, "Alla."),
        (BlockKind.LIST, "– Var: Här"),
        (BlockKind.QUOTATION, "Så är det"),
    ]
    assert found.quotations[0].speaker == "En lärare"


def test_a_table_for_the_layout_is_no_table() -> None:
    found = read("<h1>T</h1><table><tr><td><h2>Del</h2><p>Text.</p></td></tr></table>")
    assert found.headings == ("Del",)
    assert [block.kind for block in found.blocks] == [BlockKind.PARAGRAPH]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert read("<h1>T</h1><p>ett<br>två<br><br>tre</p>").body == "ett två\n\ntre"


def test_hidden_text_is_not_read() -> None:
    assert read("<h1>T</h1><p>syns</p><p hidden>syns inte</p><!-- inte heller -->").body == "syns"


def test_the_path_of_a_heading_holds_those_above_it() -> None:
    found = read("<h1>T</h1><h2>A</h2><h4>B</h4><p>x</p><h3>C</h3><p>y</p><h2>D</h2><p>z</p>")
    paths = [section.heading_path for section in found.sections]
    assert paths == [("A",), ("A", "B"), ("A", "C"), ("D",)]


def test_a_name_under_a_quotation_is_its_speaker() -> None:
    found = read(
        page("<h1>T</h1><p>Text.</p><blockquote>Det tar tid</blockquote><p>- En rektor</p>")
    )
    assert [(q.text, q.speaker) for q in found.quotations] == [("Det tar tid", "En rektor")]
    assert "En rektor" not in found.body


def test_dashes_in_a_row_are_a_list_and_no_speech() -> None:
    found = read(page("<h1>T</h1><p>– Först gör vi det ena.</p><p>– Sedan gör vi det andra.</p>"))
    assert found.quotations == ()


def test_a_lone_dash_paragraph_is_speech_without_a_name() -> None:
    found = read(page("<h1>T</h1><p>Så säger de.</p><p>– Det är inte alltid så lätt.</p>"))
    assert [(q.text, q.speaker) for q in found.quotations] == [("Det är inte alltid så lätt.", "")]


def test_a_description_in_the_head_shows_which_paragraph_is_the_lead() -> None:
    said = "Kommunen prövar ett nytt sätt att nå unga på kvällarna."
    head = f'<meta name="description" content="{said}">'
    found = read(page(f"<h1>T</h1><p>{said}</p><p>Mer text.</p>", head))
    assert found.lead == said
    assert found.body == "Mer text."


def test_a_button_over_the_title_is_no_kicker() -> None:
    found = read(page("<p>Lyssna</p><h1>T</h1><p>Text.</p>"))
    assert (found.kicker, found.body) == ("", "Text.")


def test_a_small_page_of_ones_own_keeps_its_text() -> None:
    found = read(
        "<html><body><nav>Meny</nav><main><h1>Rutin</h1><p>Kort text.</p></main>"
        "<footer>Sidfot</footer></body></html>"
    )
    assert (found.title, found.body) == ("Rutin", "Kort text.")


def test_a_new_fact_near_the_lead_is_no_repetition() -> None:
    found = read(
        page(
            "<h1>T</h1><p class=ingress>Tre skolor prövar en ny modell för kvällar i parken.</p>"
            "<p>Modellen bygger på vuxna i parken, och tre skolor har prövat den förut.</p>"
        )
    )
    assert found.body.startswith("Modellen")


def test_a_lead_of_two_paragraphs_is_one_lead() -> None:
    found = read(
        page("<h1>T</h1><p class=ingress>Ett två tre.</p><p class=ingress>Fyra fem sex.</p>")
    )
    assert found.lead == "Ett två tre. Fyra fem sex."
    assert found.body == ""


@pytest.mark.parametrize(
    ("body", "day", "ground"),
    [
        ('<time datetime="2024-03-05T23:30:00Z">6 mars 2024</time>', "2024-03-06", DateGround.TIME),
        (
            '<p>Publicerad <time datetime="2024-03-05">i går</time></p>',
            "2024-03-05",
            DateGround.TIME,
        ),
        ("<p>Publicerad</p><p>5 mars 2024</p>", "2024-03-05", DateGround.LABEL),
        ("<p>Publiceringsdatum: 2024-03-05</p>", "2024-03-05", DateGround.LABEL),
        ("<p>Publicerad</p><p>Text om hösten 2022.</p>", "2021-01-02", DateGround.SLUG),
        (
            '<p>Mötet är <time datetime="2024-03-05">i mars</time>.</p>',
            "2021-01-02",
            DateGround.SLUG,
        ),
        (
            '<ul><li><time datetime="2024-03-05">5 mars</time></li></ul>',
            "2021-01-02",
            DateGround.SLUG,
        ),
        ("<p>Sista dag är 5 mars 2024.</p>", "2021-01-02", DateGround.SLUG),
    ],
)
def test_a_date_keeps_its_ground(body: str, day: str, ground: DateGround) -> None:
    markup = page(f"<h1>T</h1><p>Text.</p><div>{body}</div>")
    found = read(markup, "bra", "https://bra.se/nyheter/arkiv/2021-01-02-titel")
    assert found.published == DatedBy(date.fromisoformat(day), ground)


def test_a_time_under_a_label_is_what_the_label_says() -> None:
    body = '<h1>T</h1><p>Text.</p><p>Uppdaterad</p><p><time datetime="2024-03-05">5 mars</time></p>'
    found = read(page(body), "gr")
    assert (found.published, found.body) == (DatedBy(), "Text.")
    assert found.changed == DatedBy(date(2024, 3, 5), DateGround.TIME)


def test_what_machines_are_told_goes_before_what_is_shown() -> None:
    script = '<script type="application/ld+json">[{"@type":"Event","datePublished":"2001-01-01"},'
    script += '{"@type":"Report","datePublished":"2024-03-05"}]</script>'
    head = f'<meta property="article:published_time" content="2023-01-01">{script}'
    found = read(page("<h1>T</h1><p>Text.</p><p>Publicerad 5 juli 2022</p>", head), "bra")
    assert found.published == DatedBy(date(2024, 3, 5), DateGround.TIME)
    assert "Publicerad" not in found.body


def test_broken_json_is_no_obstacle() -> None:
    head = '<script type="application/ld+json">{"datePublished": </script>'
    assert read(page("<h1>T</h1><p>Text.</p>", head)).published == DatedBy()


def test_labels_of_dates_without_a_day_are_left_out() -> None:
    found = read(
        page("<p>Publiceringsdatum:</p><h1>T</h1><p>Senast uppdaterad:</p><p>Text.</p>"), "gr"
    )
    assert found.body == "Text."
    assert (found.published, found.changed) == (DatedBy(), DatedBy())


def test_links_lose_what_machines_add_and_dangerous_ones_are_no_links() -> None:
    found = read(
        page(
            "<h1>T</h1><p>Text.</p><h2>Läs vidare</h2><ul>"
            '<li><a href="javascript:x()">Skript</a></li>'
            '<li><a href="#a">Upp</a></li><li><a href="mailto:a@b.se">Skriv</a></li>'
            '<li><a href="//example.org/a">Planen (pdf, 1,8 MB)</a></li>'
            '<li><a href="/b">Sidan Länk till annan webbplats.</a></li></ul>'
        ),
        "gr",
    )
    assert [(link.text, link.url) for link in found.links] == [
        ("Planen", "https://example.org/a"),
        ("Sidan", "https://goteborgsregionen.se/b"),
    ]
    assert "Planen" not in found.body


def test_a_site_page_that_the_rules_find_nothing_on_is_read_in_general() -> None:
    text = "Ett stycke som är långt nog för att vara text på en sida, med flera ord i rad. " * 3
    markup = (
        f"<html><head>{SIGN}</head><body><h1>T</h1><div class=x><p>{text}</p></div></body></html>"
    )
    assert read(markup, "bra").body.startswith("Ett stycke")


def test_an_imitated_page_is_read_with_the_rules_of_its_site() -> None:
    source = rules_for(SOURCES["exempel"], "skr")
    data = (PAGES / "skr-nod.html").read_bytes()
    found = parse(RawFile(data, "skr-nod.html", "exempel", "exempel:7"), source)
    assert (found.key, found.source, found.kicker) == ("exempel:7", "exempel", "Krönika")
    assert found.changed == DatedBy(date(2022, 7, 5), DateGround.LABEL)
    assert found.identifiers[0].kind == "sfs"


tags = st.sampled_from(
    [
        *(f"<{name}>" for name in ("p", "h1", "h2", "ul", "li", "table", "tr", "td", "b", "br")),
        *(f"<{name}>" for name in ("blockquote", "div", "dl", "dt", "details", "summary", "cite")),
        *("</p>", "</h2>", "</ul>", "</table>", "</div>", "<!-- x -->", '<a href="http://[x">'),
        '<time datetime="2020-01-01">',
    ]
)


@settings(deadline=None)
@given(
    st.lists(st.one_of(tags, st.text(max_size=8)), max_size=30), st.sampled_from(["egna", "skr"])
)
def test_any_markup_is_a_document_or_refused(parts: list[str], source: str) -> None:
    try:
        found = read("<p>" + "".join(parts), source)
    except ParseError as error:
        assert error.reason in ("empty", "not_html", "no_text")
        return
    assert found.title
    assert all(block.text for block in found.blocks)
