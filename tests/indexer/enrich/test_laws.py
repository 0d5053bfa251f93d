from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from indexer.enrich.laws import Law, load_laws
from search.errors import SettingsError

OLD = """\
[[law]]
number = "2001:453"
title = "Gamla lagen"
names = ["SoL"]
address = "https://lagen.nu/2001:453"
why = "w"
"""
NEW = """\
[[law]]
number = "2025:400"
title = "Nya lagen"
names = ["SoL", "nya SoL"]
in_force = "2025-07-01"
checked = "2025-06"
address = "https://lagen.nu/2025:400"
why = "w"
"""
BOTH = OLD + 'replaced_by = "2025:400"\n' + NEW + 'replaces = "2001:453"\n'


def load(folder: Path, text: str) -> Mapping[str, Law]:
    path = folder / "laws.toml"
    path.write_text(text, encoding="utf-8")
    return load_laws(path)


@pytest.fixture(scope="module")
def bundled(vocabulary: Path) -> Mapping[str, Law]:
    return load_laws(vocabulary / "laws.toml")


def test_a_law_and_the_one_it_replaces_know_each_other_and_share_a_name(tmp_path: Path) -> None:
    old, new = load(tmp_path, BOTH).values()
    assert (old.replaced_by, new.replaces) == (new.number, old.number)
    assert (new.in_force, new.checked) == (date(2025, 7, 1), date(2025, 6, 1))
    assert (old.in_force, old.checked) == (None, None)
    assert set(old.names) & set(new.names) == {"SoL"}


@pytest.mark.parametrize(
    ("checked", "today", "dated"),
    [
        (date(2025, 6, 1), date(2025, 6, 30), False),
        (date(2025, 6, 1), date(2026, 6, 30), False),
        (date(2025, 6, 1), date(2026, 7, 1), True),
        (date(2024, 12, 1), date(2025, 12, 31), False),
        (date(2024, 12, 1), date(2026, 1, 1), True),
        (None, date(2025, 6, 30), True),
    ],
)
def test_what_was_checked_over_twelve_months_ago_or_never_is_dated(
    checked: date | None, today: date, dated: bool
) -> None:
    law = Law("2023:196", "Lag", "https://lagen.nu/2023:196", "w", checked=checked)
    assert law.is_dated(today) is dated


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (OLD + OLD, r":8: \[law\] number: '2001:453' is there twice"),
        (OLD.replace("2001:453", "453", 1), r":2: \[law\] number: a number is expected"),
        (OLD.replace("https", "http"), r":5: \[law\] address: an address is expected"),
        (OLD.replace('why = "w"\n', ""), r":1: \[law\] why: is missing"),
        (OLD + 'colour = "red"\n', r":7: \[law\] colour: is not known here"),
        (OLD + "[more]\n", r":7: more: is not known here"),
        (
            OLD + 'in_force = "1 juli"\n',
            r":7: \[law\] in_force: a date .* 2025-06-30, not '1 juli'",
        ),
        (OLD + 'checked = "2025-13"\n', r":7: \[law\] checked: a date .* 2025-06, not '2025-13'"),
        (OLD + 'checked = "2025-06-30"\n', r":7: \[law\] checked: a date"),
        (OLD + NEW, r":10: \[law\] names: 'SoL' belongs to 2001:453 already"),
        (OLD + 'replaced_by = "2025:401"\n', r":7: \[law\] replaced_by: '2025:401' is not a law"),
        (
            OLD + NEW + 'replaces = "2001:453"\n',
            r":15: \[law\] replaces: 2001:453 does not say replaced_by = '2025:400'",
        ),
    ],
)
def test_a_complaint_names_file_line_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=r"laws\.toml" + complaint):
        load(tmp_path, text)


def test_what_the_facts_do_not_vouch_for_is_no_law(bundled: Mapping[str, Law], root: Path) -> None:
    """A row stands on facts that were read, or is without the month of a comparison."""
    rows = tomllib.loads((root / "corpus" / "facts.toml").read_text(encoding="utf-8"))["fact"]
    said = {
        mark: " ".join(f"{row['text']} {row['cited']}" for row in rows if row["mark"] in mark)
        for mark in ("V", "VD")
    }
    for law in bundled.values():
        assert law.number in said["V" if law.checked else "VD"], law.number
    assert "2018:1200" not in bundled


def test_the_social_services_act_follows_the_one_of_2001(bundled: Mapping[str, Law]) -> None:
    assert bundled["2025:400"].replaces == "2001:453"
    assert bundled["2025:400"].in_force == date(2025, 7, 1)
