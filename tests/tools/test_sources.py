"""What a reader sees of the rows behind a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tools.corpus.facts import Fact
from tools.corpus.sources import (
    OWN_AS_WELL,
    UNREAD_AS_WELL,
    Source,
    is_read_in_law,
    law_check,
    sources,
)

WRITTEN = date(2026, 11, 24)
LAW = "Lag (2023:196) om kommuners ansvar"


ROW = Fact(
    id="rad",
    about=("theme",),
    text="Text (4 §).",
    mark="V",
    source="https://example.org/a",
    cited="Sida",
    exact=True,
    checked="2025-06",
)


def fact(cited: str, source: str = ROW.source, **changes: Any) -> Fact:
    return replace(ROW, cited=cited, source=source, **changes)


def law(place: str, name: str = LAW, number: str = "2023:196", **changes: Any) -> Fact:
    address = f"https://example.org/{number}"
    return fact(f"{name}, {place}", address, about=(f"law:{number}",), **changes)


def test_a_page_is_listed_once_in_the_order_of_first_use() -> None:
    rows = (fact("Brå: A"), fact("SBU: B", source="https://example.org/b"), fact("Brå: A"))
    assert sources(rows) == (
        Source("Brå: A", "https://example.org/a"),
        Source("SBU: B", "https://example.org/b"),
    )


def test_a_source_without_its_page_says_where_to_look() -> None:
    seen = sources(
        (
            fact("Brå, 2023: X", source="https://bra.se/", exact=False),
            fact("Anteckningar; sök hos SBU", source="https://www.sbu.se/", exact=False),
        )
    )
    assert seen == (
        Source("Brå, 2023: X (sök på bra.se)"),
        Source("Anteckningar; sök hos SBU (sbu.se)"),
    )


def test_the_rows_of_one_law_are_one_line() -> None:
    places = ("4 §", "5 kap. 4 a–4 e §§", "övergångsbestämmelserna", "6 §, som hänvisar till 7 §")
    for name in (LAW, "Lag (2024:307) om bidrag, fusk och brott"):
        rows = tuple(law(place, name) for place in places)
        assert sources(rows) == (Source(name, "https://example.org/2023:196"),)


def test_two_names_of_one_law_are_one_line() -> None:
    rows = (law("2 §", "Lag (2024:307) om uppgifter"), law("3 §", "Lag (2024:307), uppgifter"))
    assert sources(rows) == (Source("Lag (2024:307) om uppgifter", "https://example.org/2023:196"),)


def own(page: str, *, unread: bool = False) -> Fact:
    how = ", uppgiften ej läst i någon sida; närmast" if unread else "; läs mer i"
    return fact(f"Metodsöks eget underlag{how} {page}", "https://polisen.se/", exact=False)


def test_a_page_that_was_read_is_not_listed_again_by_what_only_leads_to_it() -> None:
    read = fact("Polisen: A", "https://polisen.se/", exact=False)
    page = Source("Polisen: A (sök på polisen.se)")
    assert sources((own("Polisen: A"), read)) == (page, Source(OWN_AS_WELL))
    rows = (own("Polisen: A"), own("Polisen: A", unread=True), read, fact("Brå: B"))
    assert sources(rows) == (
        page,
        Source("Brå: B", "https://example.org/a"),
        Source(UNREAD_AS_WELL),
    )


def test_a_page_read_at_its_address_is_shown_with_it() -> None:
    rows = (own("Brå: A"), fact("Brå: A"))
    assert sources(rows) == (Source("Brå: A", "https://example.org/a"), Source(OWN_AS_WELL))


def test_a_page_that_was_never_read_is_listed_as_what_it_is() -> None:
    page = Source("Metodsöks eget underlag; läs mer i Polisen: A (sök på polisen.se)")
    assert sources((own("Polisen: A"),)) == (page,)
    rows = (own("Polisen: A", unread=True), own("Polisen: A"))
    assert sources(rows) == (page, Source(UNREAD_AS_WELL))


def test_two_pages_with_one_name_are_two_lines() -> None:
    rows = (fact("Brå: A"), fact("Brå: A", "https://example.org/b"))
    assert [source.address for source in sources(rows)] == [
        "https://example.org/a",
        "https://example.org/b",
    ]


def said(*rows: Fact, written: date = WRITTEN) -> str:
    return "".join(run.text for run in law_check(rows, written))


def test_the_oldest_reading_of_the_law_counts() -> None:
    rows = (law("4 §", checked="2026-08"), law("5 §", checked="2026-02"))
    assert said(*rows) == "Kontrollerad mot lagtexten i februari 2026."


def test_after_twelve_months_the_reader_is_sent_to_the_law() -> None:
    assert said(law("4 §"), written=date(2026, 6, 30)) == "Kontrollerad mot lagtexten i juni 2025."
    runs = law_check((law("4 §"),), date(2026, 7, 1))
    assert said(law("4 §")) == (
        "Kontrollerad mot lagtexten i juni 2025. Kontrollera gällande lydelse."
    )
    assert [run.url for run in runs if run.url] == ["https://example.org/2023:196"]


def test_several_laws_have_a_link_each() -> None:
    rows = (law("4 §"), law("5 kap. 3 §", "Skollag (2010:800)", "2010:800"), law("5 §"))
    assert said(*rows).endswith("Kontrollera gällande lydelse: Lag (2023:196), Skollag (2010:800).")
    assert len([run for run in law_check(rows, WRITTEN) if run.url]) == 2


def test_what_others_write_of_a_law_is_no_reading_of_it() -> None:
    news = fact("Brå, nyhet: Ny lag", about=("law:2023:196",))
    noted = law("10 kap. 18 a §", mark="D", exact=False)
    assert not is_read_in_law(news)
    assert not is_read_in_law(noted)
    assert not is_read_in_law(law("namn och nummer", text="Lagen har ett nummer."))
    assert said(news, noted) == ""
