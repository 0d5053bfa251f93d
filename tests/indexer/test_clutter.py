from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clutter import Clutter, load_clutter
from search.errors import SettingsError


@pytest.fixture(scope="module")
def bundled(vocabulary: Path) -> Clutter:
    return load_clutter(vocabulary / "clutter.toml")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "clutter.toml"
    path.write_text(
        '[[lines]]\ntexts = ["Dela sidan"]\nwhy = "x"\n'
        "[[patterns]]\npattern = '^Lyssna på'\nwhy = \"x\"\n"
        '[[labels]]\ntexts = ["Publicerad"]\nwhy = "x"\n'
        '[[sections]]\ntexts = ["Kontakt"]\nwhy = "x"\n'
        '[[links]]\ntexts = ["Läs mer"]\nwhy = "x"\n'
        "[[suffixes]]\npattern = ' \\(pdf\\)$'\nwhy = \"x\"\n",
        encoding="utf-8",
    )
    return path


def test_each_group_is_known_by_its_own_question(written: Path) -> None:
    clutter = load_clutter(written)
    assert clutter.is_line("Dela sidan")
    assert clutter.is_line("lyssna på artikeln")
    assert clutter.is_label("Publicerad:")
    assert clutter.is_dropped_section("KONTAKT")
    assert clutter.is_link_list("Läs mer …")
    assert clutter.link_text("Planen (pdf) (pdf)") == "Planen"
    assert not clutter.is_line("Publicerad")
    assert not clutter.is_label("Kontakt")
    assert not clutter.is_dropped_section("Läs mer")
    assert not clutter.is_link_list("Dela sidan")


def test_a_line_of_text_that_begins_like_clutter_is_text(written: Path) -> None:
    clutter = load_clutter(written)
    assert not clutter.is_line("Dela sidan med dina grannar och prata om den.")


@given(text=st.sampled_from(["Dela sidan", "dela sidan"]), end=st.text(" .:!?…", max_size=3))
def test_case_and_closing_marks_make_no_difference(text: str, end: str) -> None:
    clutter = Clutter(lines=frozenset({"dela sidan"}))
    assert clutter.is_line(text + end)
    assert clutter.is_line(text.upper() + end)


def test_nothing_is_clutter_without_a_list() -> None:
    assert not Clutter().is_line("Dela sidan")
    assert Clutter().link_text("Planen (pdf)") == "Planen (pdf)"


def test_the_bundled_list_cleans_links_as_it_says(bundled: Clutter) -> None:
    assert bundled.link_text("Planen (pdf, 1,8 MB)") == "Planen"


@given(text=st.text(max_size=60))
def test_a_cleaned_link_is_clean(bundled: Clutter, text: str) -> None:
    cleaned = bundled.link_text(text)
    assert bundled.link_text(cleaned) == cleaned
    assert cleaned in text


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("'^Lyssna på'", "'^Lyssna (på'", 5),
        ('texts = ["Dela sidan"]', "texts = 3", 2),
        ('texts = ["Dela sidan"]\nwhy = "x"', 'texts = ["Dela sidan"]', 1),
        ('texts = ["Dela sidan"]', 'texts = ["Dela sidan"]\ncolour = "red"', 3),
        ("[[labels]]", "[[lables]]", 7),
    ],
)
def test_a_wrong_list_is_named_by_its_line(
    written: Path, right: str, wrong: str, line: int
) -> None:
    text = written.read_text(encoding="utf-8")
    assert right in text
    written.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"clutter\.toml:{line}: "):
        load_clutter(written)
