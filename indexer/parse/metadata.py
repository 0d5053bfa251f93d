"""What a page says of itself: titles, language, description, and dates in the order of trust.

JSON-LD goes before meta elements, those before ``<time>``, that before words on a line. Every date
keeps the ground for believing it; a label without a value gives none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from indexer.parse.clean import clean_line
from indexer.parse.dates import CHANGED, PUBLISHED, LabelledDate, read_date, read_iso, read_label
from indexer.parse.markup import text_of
from search.document import DatedBy, DateGround

_PUBLISHED_NAMES = (
    "article:published_time", "dc.date.issued", "dcterms.issued", "dc.date.created", "dc.date",
    "dcterms.date",
)  # fmt: skip
_CHANGED_NAMES = (
    "article:modified_time", "og:updated_time", "dc.date.modified", "dcterms.modified",
    "last-modified",
)  # fmt: skip
#: Things with a date of their own that is not the page's.
_NOT_THE_PAGE = frozenset({"Event", "Product", "Comment", "Person", "Organization", "WebSite"})
#: The article's own dates go before those of the page that holds it.
_HOLDERS = frozenset({"WebPage", "ItemPage", "CollectionPage"})
#: JSON-LD nests a few levels; deeper is somebody's mistake.
_DEEPEST = 6
_LINES = ("p", "div", "span", "dd", "dt", "td", "section", "header", "footer", "aside")
#: What stands on lines of its own.
_BLOCKS = frozenset(
    {"p", "div", "section", "header", "footer", "aside", "article", "h1", "h2", "h3", "h4", "h5",
     "h6", "ul", "ol", "dl", "table", "blockquote", "figure", "hr"}
)  # fmt: skip
#: What parts a page's title from the site's name.
_TITLE_PARTS = (" | ", " – ", " — ", " - ", " · ")


@dataclass(frozen=True, slots=True)
class Dates:
    """When a page was published and last changed."""

    published: DatedBy = DatedBy()  # noqa: RUF009 - frozen
    changed: DatedBy = DatedBy()  # noqa: RUF009 - frozen

    def or_else(self, other: Dates) -> Dates:
        """These dates, and the other's where one is missing."""
        return Dates(
            self.published if self.published.day else other.published,
            self.changed if self.changed.day else other.changed,
        )


def title_of(soup: BeautifulSoup) -> str:
    """The title in the page's head, without the name of the site."""
    if title := meta(soup, ("og:title",)):
        return title
    title = text_of(soup.title) if soup.title else ""
    if not title and soup.title:
        title = clean_line(soup.title.get_text())
    for mark in _TITLE_PARTS:
        if mark in title:
            return title.rpartition(mark)[0].strip()
    return title


def language_of_page(soup: BeautifulSoup) -> str:
    """What the page declares its language to be, or ``""``."""
    return str(soup.html.get("lang", "")) if soup.html else ""


def meta(soup: BeautifulSoup, names: Sequence[str]) -> str:
    """The content of the first meta element that has one of the names."""
    found = {
        str(tag.get("property") or tag.get("name") or tag.get("http-equiv") or "").lower(): tag
        for tag in reversed(soup.find_all("meta", content=True))
    }
    return next((clean_line(str(found[n]["content"])) for n in names if n in found), "")


def declared_dates(soup: BeautifulSoup) -> Dates:
    """The dates for machines in the page's head."""
    return _from_json(soup).or_else(
        Dates(
            _timed(read_date(meta(soup, _PUBLISHED_NAMES))),
            _timed(read_date(meta(soup, _CHANGED_NAMES))),
        )
    )


def take_times(areas: Iterable[Tag], published_means: str) -> Dates:
    """The dates of ``<time datetime>`` that stand alone or after a label; takes those lines away.

    A time in running text or in a list is when something happens, not when the page was made.
    """
    dates = Dates()
    for area in areas:
        for time in area.find_all("time", datetime=True):
            line = _line_of(time)
            if line is None or line.decomposed or line is area or time.find_parent("li"):
                continue
            found = _read_line(line)
            if found:
                dates = dates.or_else(labelled_dates(found, DateGround.TIME, published_means))
                line.decompose()
    return dates


def _line_of(time: Tag) -> Tag | None:
    """The line that a time stands in; its own where it stands between lines, in no text."""
    line = time.find_parent(_LINES)
    if line is None or line.find(_LINES) is None:
        return line
    before, after = time.find_previous_sibling(_is_seen), time.find_next_sibling(_is_seen)
    beside = [time.previous_sibling, time.next_sibling]
    has_text = any(isinstance(node, NavigableString) and node.strip() for node in beside)
    neighbours = [tag for tag in (before, after) if tag]
    if has_text or not all(tag.name in _BLOCKS for tag in neighbours):
        return line
    return time.wrap(Tag(name="p"))


def _is_seen(tag: Tag) -> bool:
    return tag.name != "br"


def labelled_dates(
    found: Iterable[LabelledDate], ground: DateGround, published_means: str
) -> Dates:
    """The first day of each kind, ``published_means`` saying what the site means by publishing."""
    days: dict[str, date] = {}
    for label in found:
        kind = published_means if label.kind == PUBLISHED else CHANGED
        if label.day:
            days.setdefault(kind, label.day)
    return Dates(_dated(days.get(PUBLISHED), ground), _dated(days.get(CHANGED), ground))


def _read_line(line: Tag) -> tuple[LabelledDate, ...]:
    """What a line says when its times are read for what machines see in them."""
    times = line.find_all("time", datetime=True)
    shown = [text_of(time) for time in times]
    for time in times:
        day = read_iso(str(time["datetime"]))
        time.string = day.isoformat() if day else ""
    text = text_of(line)
    day = read_date(text)
    found = (LabelledDate(_kind_before(line), day),) if day else read_label(text)
    if not any(label.day for label in found):
        for time, words in zip(times, shown, strict=True):
            time.string = words
        return ()
    return found


def _kind_before(line: Tag) -> str:
    """What the label on the line before says a date is; published where there is none."""
    before = line.find_previous_sibling(True)
    labels = read_label(text_of(before)) if isinstance(before, Tag) else ()
    return labels[0].kind if len(labels) == 1 and labels[0].day is None else PUBLISHED


def _from_json(soup: BeautifulSoup) -> Dates:
    things: list[dict[str, Any]] = []
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            things += _things(json.loads(script.get_text()), _DEEPEST)
        except (ValueError, RecursionError):
            continue
    things.sort(key=lambda thing: bool(_types(thing) & _HOLDERS))
    dates = Dates()
    for thing in things:
        if not _types(thing) & _NOT_THE_PAGE:
            published, changed = thing.get("datePublished"), thing.get("dateModified")
            dates = dates.or_else(
                Dates(_timed(read_date(str(published))), _timed(read_date(str(changed))))
            )
    return dates


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _things(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        if depth:
            yield from _things(value.get("@graph"), depth - 1)
            yield from _things(value.get("mainEntity"), depth - 1)


def _types(thing: dict[str, Any]) -> set[str]:
    kind = thing.get("@type")
    return {str(item) for item in (kind if isinstance(kind, list) else [kind])}


def _timed(day: date | None) -> DatedBy:
    return _dated(day, DateGround.TIME)


def _dated(day: date | None, ground: DateGround) -> DatedBy:
    return DatedBy(day, ground) if day else DatedBy()
