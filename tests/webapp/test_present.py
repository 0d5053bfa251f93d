from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.document import DatedBy, DateGround, Document, Identifier
from search.results import Fragment, Passage, PassageHit, Repair
from search.snippets import excerpt
from webapp.present import (
    Labels,
    cells_apart,
    dated,
    dates,
    gaps_between,
    ground,
    kind,
    law_names,
    notice,
    number,
    numbers,
    page_reference,
    quoted,
    quoted_list,
    shortened,
    swedish_date,
    swedish_order,
    unknown_words,
    web_address,
)


def document(**fields: object) -> Document:
    values: dict[str, object] = {"key": "gr:1", "source": "gr", "title": "T", **fields}
    return Document(**values)  # type: ignore[arg-type]


def test_dates_are_written_in_swedish() -> None:
    assert swedish_date(date(2026, 11, 24)) == "24 november 2026"
    assert swedish_date(date(2022, 7, 5)) == "5 juli 2022"


def test_a_document_without_a_date_says_so() -> None:
    day = date(2024, 3, 1)
    assert (
        dated(document(published=DatedBy(day, DateGround.SLUG))) == "sidan publicerad 1 mars 2024"
    )
    assert dated(document(changed=DatedBy(day, DateGround.TIME))) == "sidan ändrad 1 mars 2024"
    assert dated(document(year_hint=2022)) == "utan datum, troligen 2022"
    assert dated(document()) == "utan datum"


def test_a_date_under_a_laws_name_is_said_to_be_the_pages() -> None:
    by = DatedBy(date(2026, 11, 24), DateGround.TIME)
    law: dict[str, object] = {"title": "Lag (2023:196)", "changed": by}
    assert dated(document(**law)) == "sidan ändrad 24 november 2026"
    assert dated(document(**law, notices=("example",))) == "exempeltext skriven 24 november 2026"
    assert dated(document(**law, content_type="application/pdf")) == "filen ändrad 24 november 2026"


def test_a_date_of_an_example_is_when_it_was_written_and_said_once() -> None:
    by = DatedBy(date(2026, 11, 24), DateGround.TIME)
    both = document(published=by, changed=by, notices=("example",))
    assert dates(both) == (("Exempeltext skriven", by),)
    assert dates(document(published=by, changed=by)) == (
        ("Sidan publicerad", by),
        ("Sidan ändrad", by),
    )
    assert dates(document()) == ()


def test_the_ground_of_a_date_is_said_in_words() -> None:
    day = date(2024, 3, 1)
    page, file = document(), document(content_type="application/pdf")
    assert ground(DatedBy(day, DateGround.TIME), page) == "enligt sidans datummärkning"
    assert ground(DatedBy(day, DateGround.TIME), file) == "enligt filens egna uppgifter"
    assert ground(DatedBy(day, DateGround.LABEL), page) == "enligt en rad i texten"
    assert ground(DatedBy(day, DateGround.SLUG), page) == "enligt adressen"
    assert ground(DatedBy(), page) == ""


@pytest.mark.parametrize(
    ("page", "label", "said"),
    [
        (14, "12", ("s. 12", "(pdf-sida 14)")),
        (2, "ii", ("s. ii", "(pdf-sida 2)")),
        (14, "14", ("s. 14",)),
        (14, "", ("s. 14",)),
        (None, "", ()),
    ],
)
def test_both_pages_are_named_where_they_differ(
    page: int | None, label: str, said: tuple[str, ...]
) -> None:
    assert page_reference(Passage(1, "", page=page, page_label=label)) == said


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "/dokument/x",
        "https:example.org",
        "https://[",
        "https://a\x00b/",
        "",
    ],
)
def test_only_web_addresses_are_linked_to(address: str) -> None:
    assert web_address(address) == ""


def test_a_web_address_is_kept_as_it_is() -> None:
    assert web_address("https://example.org/å?a=1&b=2#c") == "https://example.org/å?a=1&b=2#c"
    assert web_address("HTTP://example.org") == "HTTP://example.org"


def test_an_example_names_the_form_it_imitates() -> None:
    labels = Labels({"source": {"exempel": "Exempel", "bra": "Brå"}})
    assert labels.source(document(source="exempel", shape="bra")) == "Exempel (Brå-form)"
    assert labels.source(document(source="exempel", shape="")) == "Exempel"
    assert labels.source(document(source="bra")) == "Brå"


def test_what_has_no_label_stands_for_itself() -> None:
    labels = Labels({})
    assert labels.facet("topic") == "Ämne"
    assert labels.value("year", "2024") == "2024"
    assert labels.source(document(source="okänd")) == "okänd"


def test_files_are_named_with_their_pages() -> None:
    assert kind(document()) == "Webbsida"
    assert kind(document(content_type="application/pdf", page_count=1)) == "PDF, 1 sida"
    assert kind(document(content_type="application/pdf", page_count=1200)) == "PDF, 1\xa0200 sidor"
    assert kind(document(content_type="application/x-odd")) == "Fil"


def test_notices_are_swedish_sentences() -> None:
    assert notice("example").startswith("Exempeltext – skriven för Metodsök, inte publicerad av")
    assert "går inte att söka i texten" in notice("no_text_layer")
    assert notice("from_a_later_version") == ""


LONG = " ".join(["ord"] * 50)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Metod\tFör vem?\nSIG\tUnga\n\nSå går det till",
            "Metod · För vem? · [SIG] · Unga · Så går",
        ),
        ("\tSIG\tSSPF\nVem?\tUnga\t", "[SIG] · SSPF · Vem? · Unga"),
        ("Vem?\t\t\nBara i SIG\n\t\nFrivården\t", "Vem? · Bara i [SIG] · Frivården"),
        ("Se tabellen:\n\nSIG\tUnga", "Se tabellen: [SIG] · Unga"),
        ("Så här.\n\n\tSIG\nVem?\tUnga", "Så här. [SIG] · Vem? · Unga"),
        ("– SIG\n– SSPF … och\nmer", "– [SIG] – SSPF … och mer"),
        (f"{LONG}. Vem\tSIG\n{LONG}", ". Vem · [SIG] · ord"),
        ("SIG", "[SIG]"),
    ],
)
def test_cells_of_a_table_stand_apart_in_an_excerpt(text: str, shown: str) -> None:
    cut = excerpt(text, {"SIG"})
    found = cells_apart(PassageHit(Passage(1, text), cut, 1.0))
    said = "".join(f"[{part.text}]" if part.marked else part.text for part in found)
    assert shown in said
    assert "".join(said.split()).replace("·", "") == "".join(
        "".join(f"[{part.text}]" if part.marked else part.text for part in cut).split()
    )


@given(st.text("ab \t\n…·", max_size=60), st.sets(st.sampled_from(["a", "b", "ab"])))
def test_no_excerpt_loses_a_word_or_a_mark(text: str, wanted: set[str]) -> None:
    cut = excerpt(text, wanted)
    found = cells_apart(PassageHit(Passage(1, text), cut, 1.0))
    assert [part.marked for part in found] == [part.marked for part in cut]
    kept = ["".join(part.text.replace("·", "").split()) for part in found]
    assert kept == ["".join(part.text.replace("·", "").split()) for part in cut]


def test_an_excerpt_of_a_text_without_a_table_is_left_as_it_is() -> None:
    cut = excerpt("Medling vid\n\nbrott sker\xa0ofta", {"brott"})
    assert cells_apart(PassageHit(Passage(1, "Medling vid\n\nbrott sker\xa0ofta"), cut, 1.0)) is cut


@given(st.text("ab \t\n\xa0.", max_size=40), st.text("ab \t\n.", max_size=8))
def test_what_parts_the_words_is_what_a_pattern_of_them_would_find(text: str, said: str) -> None:
    pattern = r"(\s+)".join(map(re.escape, said.split()))
    place = re.search(pattern, text)
    assert list(gaps_between(said, text)) == list(place.groups() if place else ())


def test_an_excerpt_of_something_else_is_left_as_it_is() -> None:
    cut = (Fragment("En "), Fragment("annan", marked=True), Fragment(" text"))
    assert cells_apart(PassageHit(Passage(1, "Vem\tVad"), cut, 1.0)) == cut
    assert cells_apart(PassageHit(Passage(1, "Vem\tVad"), (), 1.0)) == ()


def test_numbers_of_a_kind_stand_together() -> None:
    given = [("sfs", "2010:800"), ("isbn", "978-91-0"), ("sfs", "1984:387")]
    named = document(identifiers=tuple(Identifier(kind, value) for kind, value in given))
    assert numbers(named) == (
        ("sfs", "Lagar som nämns", ("2010:800", "1984:387")),
        ("isbn", "ISBN", ("978-91-0",)),
    )


def test_laws_have_the_names_of_the_vocabulary(vocabulary: Path) -> None:
    assert law_names(vocabulary)["2010:800"] == "Skollag"


def test_numbers_text_and_quotations_are_set_for_readers() -> None:
    assert number(1234567) == "1\xa0234\xa0567"
    assert shortened("en lång fråga", 8) == "en lång…"
    assert shortened("kort", 8) == "kort"
    assert quoted("medling") == "”medling”"
    assert quoted('"exakt så"') == '"exakt så"'


def test_swedish_letters_sort_last() -> None:
    assert sorted(["Öar", "Zon", "Åsa", "Äpple", "arm"], key=swedish_order) == [
        "arm",
        "Zon",
        "Åsa",
        "Äpple",
        "Öar",
    ]


def test_words_are_listed_once_each_in_quotation_marks() -> None:
    assert quoted_list(["a"]) == "”a”"
    assert quoted_list(["a", "b", "a", "c"]) == "”a”, ”b” och ”c”"


def test_what_no_document_has_is_said_of_one_word_or_several() -> None:
    one, two = Repair("fell", "fel"), Repair("gäänget", "gänget")
    assert unknown_words([one]) == "Ordet ”fell” står inte i något dokument."
    assert unknown_words([one, two]) == "Orden ”fell” och ”gäänget” står inte i något dokument."
