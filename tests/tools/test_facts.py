"""The facts of the bundled collection: what a row must say, and which inventions are caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.corpus.claims import claims, unsupported
from tools.corpus.facts import Fact, FactsError, facts_about, read_facts

FACTS = Path(__file__).parents[2] / "corpus" / "facts.toml"

ROW = {
    "id": '"ljus-12-av-17"',
    "about": '["47"]',
    "text": '"I 12 av 17 studier minskade brotten."',
    "mark": '"V"',
    "source": '"https://example.org/ljus"',
    "cited": '"Brå, 2023-02-28: Ljus"',
    "exact": "true",
    "checked": '"2026-11"',
}


def toml(**changes: str | None) -> str:
    """One row in TOML, with keys changed or (None) left out."""
    pairs = {**ROW, **changes}
    lines = [f"{key} = {value}" for key, value in pairs.items() if value is not None]
    return "[[fact]]\n" + "\n".join(lines) + "\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fact(text: str, *about: str, **others: tuple[str, ...]) -> Fact:
    return Fact(
        id="rad",
        about=about or ("theme",),
        text=text,
        mark="V",
        source="https://example.org",
        cited="Sida",
        exact=True,
        checked="2026-11",
        **others,
    )


def values(text: str, kind: str) -> list[str]:
    return [claim.value for claim in claims(text) if claim.kind == kind]


def loose(text: str, *facts: Fact) -> list[str]:
    return [claim.text for claim in unsupported(text, facts)]


# The file.


def test_the_bundled_facts_are_well_formed() -> None:
    facts = read_facts(FACTS)
    assert len(facts) > 250
    methods = {about for f in facts for about in f.about if about.isdigit()}
    assert {"01", "10", "47", "60"} <= methods <= {f"{n:02d}" for n in range(1, 61)}


def test_a_verified_row_without_the_whole_address_points_to_a_start_page() -> None:
    for row in read_facts(FACTS):
        assert "…" not in row.source, row.id
        if row.mark == "V" and not row.exact:
            assert row.source.count("/") == 3 and row.source.endswith("/"), row.id


def test_every_law_row_that_is_verified_was_compared_with_the_law_texts_of_june() -> None:
    for row in read_facts(FACTS):
        if row.source.startswith("https://selex.se/") and row.mark == "V":
            assert row.checked == "2025-06", row.id


def test_a_page_may_say_what_any_row_says() -> None:
    facts = read_facts(FACTS)
    for row in facts:
        page = f"{row.text} ({', '.join(row.laws)})"
        assert unsupported(page, facts) == [], row.id


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    path = write(tmp_path, toml(organisations='["Brå"]', law_names='["LVU"]'))
    (row,) = read_facts(path)
    assert row.id == "ljus-12-av-17"
    assert row.about == ("47",)
    assert row.exact is True
    assert row.organisations == ("Brå",)
    assert row.law_names == ("LVU",)


@pytest.mark.parametrize(
    ("changes", "line", "key"),
    [
        ({"colour": '"red"'}, 10, "colour"),
        ({"id": '"Ljus 12"'}, 2, "id"),
        ({"id": '"ljus--12"'}, 2, "id"),
        ({"about": "[]"}, 3, "about"),
        ({"about": '["4"]'}, 3, "about"),
        ({"about": '["law:2023"]'}, 3, "about"),
        ({"text": '" "'}, 4, "text"),
        ({"mark": '"?"'}, 5, "mark"),
        ({"mark": '"K"'}, 4, "text"),
        ({"source": '"bra.se"'}, 6, "source"),
        ({"source": '"https://bra.se/a b"'}, 6, "source"),
        ({"exact": '"yes"'}, 8, "exact"),
        ({"checked": '"2026-13"'}, 9, "checked"),
        ({"checked": '"2026"'}, 9, "checked"),
        ({"cited": None}, 1, "cited"),
        ({"organisations": '[""]'}, 10, "organisations"),
    ],
)
def test_a_malformed_row_is_refused_by_file_line_and_key(
    tmp_path: Path, changes: dict[str, str | None], line: int, key: str
) -> None:
    path = write(tmp_path, toml(**changes))
    with pytest.raises(FactsError, match=rf"facts\.toml:{line}: {key}: "):
        read_facts(path)


def test_an_id_used_twice_is_refused_where_it_is_used_again(tmp_path: Path) -> None:
    path = write(tmp_path, "# why\n\n" + toml() + "\n" + toml())
    with pytest.raises(FactsError, match=r"facts\.toml:14: id: .*twice"):
        read_facts(path)


def test_other_tables_and_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"facts\.toml:10: facts: "):
        read_facts(write(tmp_path, toml() + "[facts]\na = 1\n"))
    with pytest.raises(FactsError, match="fact: at least one"):
        read_facts(write(tmp_path, "# nothing\n"))
    with pytest.raises(FactsError, match="cannot be read"):
        read_facts(write(tmp_path, "[[fact]\n"))
    with pytest.raises(FactsError, match="cannot be read"):
        read_facts(tmp_path / "none.toml")


def test_rows_about_a_subject_come_with_the_organisations() -> None:
    light, law, org = fact("Ljus", "47"), fact("Lag", "law:2023:196"), fact("Brå", "org")
    assert facts_about((light, law, org), ("47",)) == (light, org)


# Which words are claims.


def test_figures_are_claims_in_every_spelling() -> None:
    assert values("39 skolor och 10 000 elever, 12,5 kilometer", "number") == [
        "39",
        "10000",
        "12,5",
    ]
    assert values("minskade 16 %, 26 procent och sexton procent", "percent") == ["16", "26", "16"]
    assert values("16 eller 26 procent", "percent") == ["16", "26"]
    assert values("2–4 procent, mellan 2 och 4 %", "percent") == ["2–4", "2–4"]
    assert values("åldern 12–17 år, mellan 12 och 17 år", "range") == ["12–17", "12–17"]
    assert values("årskurs F–9", "grades") == ["9"]
    assert values("2 procentenheter", "percentage points") == ["2"]
    assert values("ett och ett halvt år", "number") == ["1,5"]


def test_number_words_are_claims_from_four() -> None:
    assert values("en, två, tre, fyra, tolv och tjugosju kommuner", "number") == ["4", "12", "27"]


def test_shares_are_claims() -> None:
    text = "en fjärdedel, två tredjedelar, hälften och var tredje"
    assert values(text, "share") == ["1/4", "2/3", "1/2", "1/3"]
    assert values("dubbelt så många", "multiple")


def test_years_and_dates_are_claims() -> None:
    assert values("från 2016, på 1990-talet, 2018–2019", "year") == ["2016", "1990", "2018", "2019"]
    assert values("den 1 juli 2023, 2023-07-01, den 1 juli och november 2022", "date") == [
        "2023-07-01",
        "2023-07-01",
        "--07-01",
        "2022-11",
    ]


def test_paragraphs_are_claims_one_by_one() -> None:
    assert values("4 §, 10 kap. 18 a § och 31 a §", "paragraph") == ["4", "10:18a", "31a"]
    assert values("4–7 §§", "paragraph") == ["4", "7", "5", "6"]
    assert values("22 d–22 f §§", "paragraph") == ["22d", "22f", "22e"]
    assert values("22, 24 och 31 a §§", "paragraph") == ["22", "24", "31a"]
    assert values("en paragraf 14-anmälan", "paragraph") == ["14"]
    assert values("6 kap. skollagen", "chapter") == ["6"]


def test_numbers_of_documents_are_claims() -> None:
    text = "lag (2023:196), SOU 2025:5, dir. 2025:53, prop. 2022/23:43, rapport 3:2008, 2008-126-58"
    assert values(text, "document") == [
        "2023:196",
        "sou 2025:5",
        "dir 2025:53",
        "2022/23:43",
        "3:2008",
        "2008-126-58",
    ]
    assert values("ISBN 978-91-0000-000-1", "isbn") == ["9789100000001"]
    assert values("urn:nbn:se:bra-1.", "urn") == ["urn:nbn:se:bra-1"]


def test_what_counts_the_text_itself_is_no_claim() -> None:
    text = (
        "# 12 Utgångspunkter\n## 2.1 Ljus\n1. Fyra frågor räcker långt.\n22. Se kapitel 7 och 8.\n"
        "Gå till [sidan](https://example.org/2019/44) klockan 18.00. Fem viktiga steg. BoTryggt2030"
    )
    assert claims(text) == []


def test_a_claim_knows_its_line() -> None:
    (claim,) = claims("Rubrik\n\nMinskade med 16 procent.")
    assert str(claim) == "line 3: 16 procent (percent 16)"


# Inventions.

LIGHT = fact("En metaanalys från 2021 gick igenom 17 studier; i 12 av dem minskade brotten 16 %.")
LVU = fact("Mellantvång finns i 22 § LVU (1990:52).", "law:1990:52", law_names=("LVU",))
LAW = fact(
    "Lägesbilden finns i 4 § i lag (2023:196) som gäller från den 1 juli 2023.", "law:2023:196"
)
BRA = fact("Brå är Brottsförebyggande rådet.", "org", organisations=("Brå", "Skolverket"))
MFOF = fact("MFoF", "org", organisations=("Myndigheten för familjerätt och föräldraskapsstöd",))


def test_a_true_sentence_passes_in_other_words() -> None:
    text = "I 12 av 17 studier gick det bra. Minskningen var 16 procent, enligt en analys 2021."
    assert loose(text, LIGHT) == []


def test_a_changed_percentage_is_caught() -> None:
    assert loose("Brotten minskade med 26 procent.", LIGHT) == ["26 procent"]
    assert loose("Av dem var 17 % i staden.", LIGHT) == ["17 %"]


def test_an_invented_year_is_caught() -> None:
    assert loose("En metaanalys från 2019.", LIGHT) == ["2019"]
    assert loose("Sedan den 2 juli 2023.", LAW) == ["2 juli 2023"]
    assert loose("Sedan den 1 juli 2023, alltså i juli 2023.", LAW) == []
    assert loose("Sedan 2023.", LAW) == []


def test_an_invented_number_and_range_are_caught() -> None:
    ages = fact("Åldern är 12–17 år.")
    assert loose("Åldern är 12–18 år.", ages) == ["12–18"]
    assert loose("Från 12 till 17 år.", ages) == []
    assert loose("Fyra studier och en fjärdedel.", LIGHT) == ["Fyra", "en fjärdedel"]


def test_an_invented_paragraph_is_caught() -> None:
    assert loose("Se 4 § i lag 2023:196.", LAW) == []
    assert loose("Se 4–6 §§ i lag 2023:196.", LAW) == ["4–6 §§", "4–6 §§"]
    assert loose("Se 10 kap. 4 § i lag 2023:196.", LAW) == ["10 kap. 4 §"]


def test_a_paragraph_is_held_to_the_law_that_is_named() -> None:
    assert loose("Se 4 § LVU.", LVU, LAW) == ["4 §"]
    assert loose("Se 22 § LVU.", LVU, LAW) == []
    assert loose("Se 22 § i lag 2023:196.", LVU, LAW) == ["22 §"]
    assert loose("Se 4 §.", LVU, LAW) == []


def test_an_invented_law_is_caught() -> None:
    assert loose("Lag (2023:197) och SOU 2023:196.", LAW) == ["2023:197", "SOU 2023:196"]


def test_an_unknown_organisation_is_caught() -> None:
    text = "Myndigheten för lokal trygghet och Trygghetsverket, Lokalstyrelsen, Brottsnämnden."
    assert loose(text, BRA, MFOF) == [
        "Myndigheten för lokal trygghet",
        "Trygghetsverket",
        "Lokalstyrelsen",
        "Brottsnämnden",
    ]
    assert loose("Trygghetsmyndigheten samt Statens brottsverk och Lunds universitet.", BRA) == [
        "Trygghetsmyndigheten",
        "Statens brottsverk",
        "Lunds universitet",
    ]
    assert loose("Arvidsjaurs kommun och MSB.", BRA) == ["Arvidsjaurs kommun", "MSB"]


def test_known_organisations_and_common_nouns_pass() -> None:
    text = (
        "Skolverkets råd. Brå och Brottsförebyggande rådet. Varje kommun. Nämnden beslutar. "
        "Nätverket växer. Myndigheten för familjerätt och föräldraskapsstöd."
    )
    assert loose(text, BRA, MFOF) == []


def test_the_bundled_rows_catch_inventions_on_a_page_of_their_subject() -> None:
    rows = facts_about(read_facts(FACTS), ("47",))
    true = (
        "I 12 av 17 studier minskade brotten mer än i kontrollområdet, enligt en metaanalys 2021."
    )
    assert unsupported(true, rows) == []
    false = true.replace("12 av 17", "14 av 18").replace("2021", "2017")
    assert [claim.value for claim in unsupported(false, rows)] == ["14", "18", "2017"]


def test_a_range_of_paragraphs_that_ends_in_a_letter_is_whole_paragraphs() -> None:
    values = {claim.value for claim in claims("Det står i 2–4 a §§ och 7 a–7 c §§.")}
    assert values == {"2", "3", "4", "4a", "7a", "7b", "7c"}
