"""The labels: what every address of the fixture site is, said by the plan and by no parser.

``python -m tests.site.labels`` writes ``labels.json`` anew; a test fails when the two differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.site import feeds, lists, traps
from tests.site.content import body_of, clutter_of, sheet_of
from tests.site.front import site_of
from tests.site.plan import HOSTS, LAST_DAY, MAIN_HOST, Item, Site
from tests.site.reply import Visit

FILE = Path(__file__).with_name("labels.json")
#: How many pages of each site have their clutter labelled.
CLUTTERED = {"bra": 26, "skr": 16, "gr": 18}


@dataclass(frozen=True)
class Label:
    """One document, wanted or not, or an address that is none.

    ``wanted`` None: both are right, see ``why``. ``url`` is where it is on the last day it is
    there; ``aliases`` are its other addresses, each with its role and its days ("1-2,5-10" are the
    days on which the address leads to it). ``dates``: from which day which date is right; ""
    means that none is shown, and none must be claimed. ``date_may_miss``: no date is right too
    (files, which have it in their metadata only). ``work``: labels with the same one are one hit.
    """

    url: str
    wanted: bool | None
    why: str = ""
    key: str = ""
    title: str = ""
    dates: tuple[tuple[int, str], ...] = ()
    date_may_miss: bool = False
    language: str = ""
    kind: str = ""
    work: str = ""
    role: str = ""
    days: str = ""
    aliases: tuple[tuple[str, str, str], ...] = ()

    def date(self, day: int) -> str:
        return next((date for first, date in reversed(self.dates) if first <= day), "")

    def there(self, day: int) -> bool:
        """Whether the document can be read on a day, at any of its addresses."""
        return any(on(days, day) for days in (self.days, *(days for _, _, days in self.aliases)))

    def url_on(self, day: int) -> str:
        """An address that leads to it on a day, or ""."""
        found = (
            url for url, _, days in ((self.url, "", self.days), *self.aliases) if on(days, day)
        )
        return next(found, "")

    @property
    def urls(self) -> tuple[str, ...]:
        return (self.url, *(url for url, _, _ in self.aliases))


@dataclass(frozen=True)
class Cluttered:
    """A page of day 1, line by line: what its body must not hold, must hold, and hold once."""

    url: str
    key: str
    title: str
    clutter: tuple[str, ...]
    holds: tuple[str, ...]
    once: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    documents: tuple[Label, ...]
    others: tuple[Label, ...]
    patterns: tuple[tuple[str, str], ...]
    cluttered: tuple[Cluttered, ...]

    @cached_property
    def _by_url(self) -> dict[str, Label]:
        return {url: label for label in (*self.others, *self.documents) for url in label.urls}

    def of(self, url: str) -> Label | None:
        """What an address is, at any host of its site; one of an endless kind by its pattern."""
        parts = urlsplit(url)
        host = MAIN_HOST.get(HOSTS.get(parts.hostname or "", ""), parts.netloc)
        plain = urlunsplit(("https", host, parts.path, parts.query, ""))
        if known := self._by_url.get(url) or self._by_url.get(plain):
            return known
        url = plain
        why = next((why for pattern, why in self.patterns if re.fullmatch(pattern, url)), "")
        return Label(url, False, why) if why else None

    def wanted(self, day: int) -> list[Label]:
        """What a library should hold after a crawl of that day by a newcomer."""
        return [label for label in self.documents if label.wanted and label.there(day)]


def on(days: str, day: int) -> bool:
    """Whether "1-2,5-10" has a day in it; the last day goes on for ever."""
    for span in filter(None, days.split(",")):
        first, _, last = span.partition("-")
        if int(first) <= min(day, LAST_DAY) <= int(last or first):
            return True
    return False


def read_labels(file: Path = FILE) -> Labels:
    data = _tuples(json.loads(file.read_text(encoding="utf-8")))
    return Labels(
        tuple(Label(**row) for row in data["documents"]),
        tuple(Label(**row) for row in data["others"]),
        data["patterns"],
        tuple(Cluttered(**row) for row in data["cluttered"]),
    )


def _tuples(data: Any) -> Any:
    """JSON with tuples for lists, as the labels hold them."""
    if isinstance(data, dict):
        return {name: _tuples(value) for name, value in data.items()}
    return tuple(map(_tuples, data)) if isinstance(data, list) else data


def plan_labels(more: int = 0) -> Labels:
    """The labels as the plan has them, also for ``more`` added articles."""
    site = site_of(more)
    return Labels(
        tuple(_document(site, item) for item in site.items),
        tuple(sorted(_others(site), key=lambda label: label.url)),
        tuple(_patterns()),
        tuple(_cluttered(site)),
    )


def _document(site: Site, item: Item) -> Label:
    # What is cut off on the first day is not there on it.
    start = 2 if item.behaviour in ("cut", "cut-chunks") else 1
    days = {a: [day for day in site.days(item, a) if day >= start] for a in item.addresses}
    spans = {address: _spans(on_days) for address, on_days in days.items()}
    dates: list[tuple[int, str]] = []
    for day in range(1, LAST_DAY + 1):
        if not dates or dates[-1][1] != site.date(item, day):
            dates.append((day, site.date(item, day)))
    return Label(
        item.main.url, item.wanted, item.why, item.key, item.title, tuple(dates), item.is_file,
        item.language, item.kind, item.work, item.role, spans[item.main],
        tuple((a.url, a.role, spans[a]) for a in item.addresses[1:]),
    )  # fmt: skip


def _spans(days: list[int]) -> str:
    """Days as spans: [1, 2, 5] is "1-2,5"."""
    spans: list[list[int]] = []
    for day in days:
        if spans and spans[-1][1] == day - 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return ",".join(f"{a}-{b}" if a != b else str(a) for a, b in spans)


def _others(site: Site) -> Iterator[Label]:
    """Addresses that the site names and that are no documents."""
    every = f"1-{LAST_DAY}"
    for name, path in lists.paths():
        yield Label(f"https://{MAIN_HOST[name]}{path}", False, "list", days=every)
    for name, path in feeds.RSS_PATHS.items():
        url = f"https://{MAIN_HOST[name]}{path}?{feeds.RSS_QUERY}"
        yield Label(url, False, "feed", days=every)
    for name, host in MAIN_HOST.items():
        for path, _ in traps.links(name):
            yield Label(f"https://{host}{path}", False, _why(name, path), days=every)


def _why(name: str, path: str) -> str:
    bare = path.partition("?")[0]
    return next(
        why
        for site, pattern, why, _ in traps.TRAPS
        if site in (name, "*") and re.fullmatch(pattern, bare)
    )


def _patterns() -> Iterator[tuple[str, str]]:
    """Addresses without number, as patterns of the whole of them; the first that fits says why."""
    for name, host in MAIN_HOST.items():
        start = rf"https://{re.escape(host)}"
        for site, pattern, why, _ in traps.TRAPS:
            if site in (name, "*"):
                plain = re.sub(r"\?P<\w+>", "", pattern)
                yield rf"{start}(?:{plain})(?:\?.*)?", why
        listed = "|".join(re.escape(path) for site, path in lists.paths() if site == name)
        yield rf"{start}(?:{listed})\?.*", "list"
        yield rf"{start}.*\.printable", "print view"
        yield rf"{start}/.*\?(?:.*&)?printerfriendly=.*", "print view"
        yield rf"{start}/4\.[0-9a-f]+/12\.[0-9a-f]+\.(?:htm|portlet)\?.*", "list"
        yield rf"{start}/[^?]*\?.*", "query variant"


def _cluttered(site: Site) -> Iterator[Cluttered]:
    """Pages of every kind in turn, of each kind those first that have the most that is odd."""
    for name, count in CLUTTERED.items():
        there = [
            i for i in site.of(name)
            if i.wanted and not i.is_file and not i.behaviour and i.role == "landing"
            and i.kind != "more" and site.there(i, 1)
        ]  # fmt: skip
        there.sort(key=lambda item: (-len(item.traits), item.name))
        turn = {item.name: sum(i.kind == item.kind for i in there[:n])
                for n, item in enumerate(there)}  # fmt: skip
        there.sort(key=lambda item: turn[item.name])
        yield from (_lines(site, item) for item in there[:count])


def _lines(site: Site, item: Item) -> Cluttered:
    parts = sheet_of(site, item, 1)
    body = body_of(parts)
    boxed = [p.lines[0] for p in parts if p.kind in ("box", "collapse", "list", "numbered")]
    twice = [p.text for p in parts if p.kind in ("pull", "caption")]
    if "repeat" in item.traits:
        twice.append(body[0])
    holds = dict.fromkeys((body[0], body[1], *boxed, body[-1]))
    return Cluttered(
        item.at(1).url, item.key, item.title, tuple(clutter_of(parts)), tuple(holds), tuple(twice)
    )


def as_json(labels: Labels) -> str:
    """One label a line, so that a changed plan is read in the difference."""

    def row(label: Label | Cluttered) -> str:
        empty = {f.name: f.default for f in fields(label)}
        kept = {k: v for k, v in asdict(label).items() if v != empty[k] or k == "wanted"}
        return json.dumps(kept, ensure_ascii=False)

    def rows(lines: list[str]) -> str:
        return "[\n" + ",\n".join(lines) + "\n]"

    return (
        '{"documents": ' + rows([row(label) for label in labels.documents])
        + ',\n"others": ' + rows([row(label) for label in labels.others])
        + ',\n"patterns": ' + rows([json.dumps(p, ensure_ascii=False) for p in labels.patterns])
        + ',\n"cluttered": ' + rows([row(page) for page in labels.cluttered]) + "}\n"
    )  # fmt: skip


def spelt_otherwise(name: str, day: int = 1) -> list[tuple[str, str]]:
    """Other spellings of one page of a site, as its start page links them: (as written, key)."""
    site = site_of()
    visit = Visit(MAIN_HOST[name], name, "/", "", {}, day)
    key = site.by_name[{"bra": "bra-news-01", "skr": "skr-page-01", "gr": "gr-news-01"}[name]].key
    return [(to, key) for to in lists.spellings_of_one(visit, site)]


if __name__ == "__main__":
    FILE.write_text(as_json(plan_labels()), encoding="utf-8")
