"""The judge of crawls says what is wrong, and names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bench.crawl_judge import Figure, Held, Judge, clutter, manners, one_hit
from search.document import Block, DatedBy, DateGround, Document, Section
from tests.site.front import site_of
from tests.site.labels import Cluttered, read_labels
from tests.site.server import Entry

LABELS = read_labels()
NOTHING = Document(key="k", source="bra", title="En annan titel")
SITE = site_of(0)


def held_on(day: int) -> list[Held]:
    """What a library would hold that has everything right."""
    found = []
    for label in LABELS.wanted(day):
        day_said = label.date(day)
        dated = DatedBy(date.fromisoformat(day_said), DateGround.TIME) if day_said else DatedBy()
        document = Document(key=label.key, source="bra", title=label.title, published=dated)
        found.append(Held(label.key, label.url_on(day), document))
    return found


def figures(day: int, held: list[Held]) -> dict[str, Figure]:
    judge = Judge(LABELS, SITE)
    judge.day(day, held)
    return {figure.name: figure for figure in judge.figures()}


def test_a_library_that_has_everything_right_has_no_miss() -> None:
    assert all(figure.share == 1.0 for figure in figures(1, held_on(1)).values())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("keys that are right, through renames and the move", {"key": "bra:annan"}),
        ("titles", {"document": NOTHING}),
    ],
)
def test_what_is_wrong_of_one_document_is_named(name: str, change: dict[str, object]) -> None:
    first, *rest = held_on(1)
    figure = figures(1, [replace(first, **change), *rest])[name]  # type: ignore[arg-type]
    assert figure.of - figure.right == len(figure.misses) >= 1


def test_a_page_that_is_not_there_and_one_that_should_not_be_are_misses() -> None:
    _, *rest = held_on(1)
    trap = Held("bra:x", "https://bra.se/amnen/nedlagd", NOTHING)
    found = figures(1, [*rest, trap])
    assert len(found["wanted pages that are kept"].misses) == 1
    assert "soft 404" in found["kept pages that are wanted"].misses[0]
    assert not found["kept pages that are wanted"].holds


def test_a_wrong_date_is_a_miss_and_a_missing_one_is_honest() -> None:
    first = next(one for one in held_on(1) if one.document.published.day)
    wrong = replace(first.document, published=DatedBy(date(1999, 1, 1), DateGround.TIME))
    missing = replace(first.document, published=DatedBy())
    name = "dates that are right or honestly missing"
    assert figures(1, [replace(first, document=wrong)])[name].right == 0
    assert figures(1, [replace(first, document=missing)])[name].right == 1


def test_clutter_and_lost_lines_are_named() -> None:
    page = Cluttered("https://bra.se/a", "bra:a", "A", ("Dela sidan",), ("En rad.",), ())
    body = (Section(blocks=(Block("Dela sidan"),)),)
    held = [Held("bra:a", page.url, Document(key="bra:a", source="bra", title="A", sections=body))]
    free, whole = clutter([page], held)
    assert not free.holds and "Dela sidan" in free.misses[0]
    assert not whole.holds and "En rad." in whole.misses[0]
    assert not clutter([page], [])[1].holds


@pytest.mark.parametrize(("hits", "holds"), [(["a"], True), (["a", "b"], False), (["x"], False)])
def test_a_work_is_one_hit_no_more_and_no_less(hits: list[str], holds: bool) -> None:
    assert one_hit({"w": ["a", "b"]}, {"w": hits}).holds is holds


def test_what_the_server_saw_is_held_against_the_crawl() -> None:
    entry = Entry(0.0, 1, "GET", "bra.se", "/a", "", {}, True, 200, 9, 1.0, False, False, True)
    assert all(figure.holds for figure in manners([entry, replace(entry, at=2.0)], []))
    assert not manners([replace(entry, forbidden=True)], [])[0].holds
    assert not manners([replace(entry, foreign=True)], [])[1].holds
    assert not manners([entry, replace(entry, at=0.5)], [])[2].holds
    assert not manners([entry], ["127.0.0.1"])[3].holds
