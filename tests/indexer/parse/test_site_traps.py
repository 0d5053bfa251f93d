"""What sites put around and into a text, which a reader would not count as the text."""

from __future__ import annotations

from pathlib import Path

from indexer.parse.html import parse
from indexer.parse.raw import RawFile
from indexer.sources import load_sources
from search.document import Document

ROOT = Path(__file__).resolve().parents[3]
SOURCES = load_sources(ROOT / "corpus" / "sources.toml")


def read(body: str, source: str = "bra", before: str = "") -> Document:
    """A Sitevision page with the given text in the editor's area, and something before that."""
    page = (
        '<!DOCTYPE html><html lang=sv><head><meta name="generator" content="Sitevision 10">'
        f"<title>T</title></head><body><main>{before}<div class=pagecontent><h1>T</h1>{body}"
        "</div></main></body></html>"
    )
    return parse(RawFile(page.encode(), "sida.html", source, f"{source}:x"), SOURCES[source])


def test_a_form_of_facts_with_nothing_but_a_year_is_no_section() -> None:
    found = read(
        "<p>Text.</p><h2>Fakta om publikationen</h2><p><b>Författare:</b></p>"
        "<p><b>Publikationsår:</b> 2026</p><p><b>URN:NBN:</b> $urn</p>"
    )
    assert found.headings == ()
    assert found.body == "Text."
    assert found.year_hint == 2026


def test_a_form_of_facts_that_somebody_filled_in_is_a_section() -> None:
    found = read(
        "<p>Text.</p><h2>Fakta om publikationen</h2>"
        "<p>Publikationsår: 2026</p><p>Författare: En redaktion</p>"
    )
    assert found.headings == ("Fakta om publikationen",)
    assert "En redaktion" in found.body


def test_a_sentence_about_other_pages_is_text_and_a_list_of_them_is_not() -> None:
    found = read(
        "<h2>Läs vidare</h2><p>Se sidan om belysning, som börjar i problemet.</p>"
        "<h2>Läs också</h2><p><a href=/a>Sidan om belysning Länk till annan webbplats.</a></p>"
    )
    assert found.headings == ("Läs vidare",)
    assert found.body == "Se sidan om belysning, som börjar i problemet."


def test_a_date_in_a_module_of_the_template_is_the_pages_and_no_text() -> None:
    module = "<div class=sv-template-portlet>{}</div>"
    found = read(
        module.format("<time datetime=2026-11-24>24 november 2026 09:00</time>")
        + "<p>Text.</p>"
        + module.format("<ul><li><time datetime=2020-01-01>1 januari 2020</time></li></ul>")
        + module.format("<p>Sidan publicerad av: Redaktionen</p>")
    )
    assert str(found.published.day) == "2026-11-24"
    assert found.body == "Text."


def test_a_label_with_a_time_that_is_no_day_gives_no_date_and_is_no_text() -> None:
    found = read(
        "<p>Text.</p><p>Senast granskad 24 november</p><p>Senast granskad hösten 2026</p>"
        "<p>Publicerad 2019 och läst av många.</p>"
    )
    assert (found.published.day, found.changed.day) == (None, None)
    assert found.body == "Text.\n\nPublicerad 2019 och läst av många."


def test_headings_of_modules_that_hold_nothing_are_no_sections() -> None:
    found = read(
        "<p>Text.</p><div><h2>Filer på sidan</h2></div><script>files()</script>"
        "<h2>Slut</h2><p>Mer.</p><h2>Fakta om publikationen</h2><p>Författare:</p>"
        "<p>Senast granskad hösten 2026</p>"
    )
    assert found.headings == ("Slut",)


def test_a_label_over_the_lead_said_again_and_a_lifted_sentence_is_no_heading() -> None:
    lead = "En genomgång av sjutton studier visar att brotten ofta minskade där ljuset blev bättre."
    found = read(
        f"<div><p class=ingress>{lead}</p><h2>Pressmeddelande</h2><p>{lead}</p>"
        "<p>Ljus hjälper inte överallt.</p></div>"
        "<div><p>Så gick det till.</p><h2>Slutsats</h2>"
        "<p>Ljus hjälper inte överallt. En lampa där ingen går lyser på asfalt.</p></div>"
    )
    assert found.lead == lead
    assert found.headings == ("Slutsats",)
    assert found.body.count("Ljus hjälper inte överallt.") == 1


def test_a_label_over_a_text_of_its_own_is_a_heading() -> None:
    found = read("<div><h2>Pressmeddelande</h2><p>Nytt och sagt bara här.</p></div>")
    assert found.headings == ("Pressmeddelande",)


def test_contacts_in_the_module_after_their_heading_are_no_text() -> None:
    found = read("<p>Text.</p><div><h2>Kontakt</h2></div><div><p>Brevlådan, 000-00</p></div>")
    assert found.body == "Text."
    assert found.headings == ()


def test_a_sentence_lifted_out_of_a_paragraph_is_said_once() -> None:
    found = read(
        "<p>Det hänger på rektorn hur det går. Så sa de.</p><p>Annat.</p>"
        "<p>Det hänger på rektorn hur det går.</p><h2>Är det säkert?</h2><p>Annat igen.</p>"
    )
    assert found.body.count("Det hänger på rektorn hur det går.") == 1


def test_a_sentence_that_is_all_of_a_section_stays_there() -> None:
    found = read(
        "<h2>Vet vi det?</h2><p>Effekten är inte känd.</p><h2>Sedan</h2>"
        "<p>Effekten är inte känd. Följ därför upp själva.</p>"
    )
    assert [len(section.blocks) for section in found.sections] == [1, 1]


def test_sources_of_an_example_end_with_their_module() -> None:
    found = read(
        "<div><h2>Text</h2><p>Ett.</p><h2 id=h-Kallortillfakta>Källor till fakta</h2>"
        "<ul><li>Brå</li></ul></div><div><p>Den som sökte pengarna svarar för innehållet.</p></div>"
    )
    assert found.body == "Ett.\n\nDen som sökte pengarna svarar för innehållet."


def test_a_teaser_in_the_editors_area_is_no_text() -> None:
    assert read("<p>Text.</p><div class='sv-custom-module lp-x-puff'><p>Puff.</p></div>").body == (
        "Text."
    )
