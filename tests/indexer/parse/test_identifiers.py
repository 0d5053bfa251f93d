from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.identifiers import MOST_IDENTIFIERS, find_identifiers, is_isbn, is_issn


def found(text: str) -> list[str]:
    return [f"{number.kind} {number.value}" for number in find_identifiers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISBN 978-91-0-000001-1", ["isbn 9789100000011"]),
        ("ISBN (pdf): 978 91 0 000001 1", ["isbn 9789100000011"]),
        ("ISBN 978-91-0-000001-2", []),
        ("ISBN: $isbn", []),
        ("ISSN 1100-6676", ["issn 1100-6676"]),
        ("URN:NBN: URN:NBN:SE:bra-363.", ["urn urn:nbn:se:bra-363"]),
        ("Rapport 2021:9", ["report 2021:9"]),
        ("i Brås rapport nr 2016:13 och i rapport 2016:13", ["report 2016:13"]),
        ("Skolverkets rapport 353", []),
        ("lagen (2023:196) om kommuners ansvar", ["sfs 2023:196"]),
        ("lagen om kommuners ansvar för brottsförebyggande arbete (2023:196)", ["sfs 2023:196"]),
        ("offentlighets- och sekretesslagen (2009:400)", ["sfs 2009:400"]),
        ("SFS 2010:800 och SoL 2025:400", ["sfs 2010:800", "sfs 2025:400"]),
        ("ett underlag (2016:13) och ett förslag (2016:14)", []),
        ("prop. 2022/23:43 och proposition 2024/25:1", ["bill 2022/23:43", "bill 2024/25:1"]),
        ("mötet 2016:13 hölls", []),
    ],
)
def test_a_number_counts_where_the_words_say_what_it_is(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@given(st.integers(0, 999_999_999))
def test_one_wrong_digit_makes_no_isbn(number: int) -> None:
    stem = f"978{number:09d}"
    right = [stem + str(last) for last in range(10) if is_isbn(stem + str(last))]
    assert len(right) == 1


def test_an_issn_has_a_checksum() -> None:
    assert is_issn("1100-6676")
    assert not is_issn("1100-6677")


def test_a_list_of_references_is_cut() -> None:
    text = " ".join(f"SFS 2010:{n}." for n in range(1, 100))
    assert len(found(text)) == MOST_IDENTIFIERS


@given(st.text(max_size=200))
def test_finding_never_raises(text: str) -> None:
    find_identifiers(text)
