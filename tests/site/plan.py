"""What the plan of a site is made of: items, their addresses and the days of each.

An item is something that the site holds, wanted by us or not. Nothing here knows markup, bytes or
HTTP; and nothing knows how our own parsers read a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from tests.site.prose import hexid

#: The last day on which anything differs; later days are like it.
LAST_DAY = 10
EVER = 9999

#: Host → the site that it shows. Alias hosts show a whole tree of another.
HOSTS: dict[str, str] = {
    "bra.se": "bra",
    "www.bra.se": "bra",
    "skr.se": "skr",
    "www.skr.se": "skr",
    "webbutik.skr.se": "skr",
    "extra.skr.se": "skr",
    "www.sfti.se": "skr",
    "www.kvalitetsregister.se": "skr",
    "webbutik.skl.se": "skr",
    "goteborgsregionen.se": "gr",
    "www.goteborgsregionen.se": "gr",
}
MAIN_HOST = {"bra": "bra.se", "skr": "skr.se", "gr": "goteborgsregionen.se"}

#: Kinds of which a site would show a list, and which stand in its sitemap.
ARTICLES = frozenset(
    {"news", "report", "guide", "method", "topic", "step", "law", "funding", "experience",
     "project", "area", "debate", "bank", "page"}
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where an item answers, and from which day to which.

    ``after`` is what it answers when its days are over: "404", "410", or the path of a 301.
    ``role``: main, old (the older generation), redirect, renamed, short, host (an alias host),
    session, stamp (another version's number in /download).
    """

    host: str
    path: str
    role: str = "main"
    first: int = 1
    last: int = EVER
    after: str = "404"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    def serves(self, day: int) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Item:
    """One thing on a site.

    ``wanted`` is None where both are right; ``why`` then says so. ``date_by`` says what shows the
    date: slug, time, meta, json, label, clock, nothing. ``role`` is the part it plays in its work:
    landing, full, summary, english, twin. ``likeness`` names the item whose text it repeats.
    ``behaviour`` is what the server does when asked for it, see ``difficult``.
    """

    name: str
    site: str
    kind: str
    title: str
    topic: str = ""
    addresses: tuple[Address, ...] = ()
    key: str = ""
    wanted: bool | None = True
    why: str = ""
    date: str = ""
    date_by: str = "nothing"
    language: str = "sv"
    work: str = ""
    role: str = "landing"
    kicker: str = ""
    subtitle: str = ""
    likeness: str = ""
    traits: frozenset[str] = frozenset()
    related: tuple[str, ...] = ()
    behaviour: str = ""

    @property
    def main(self) -> Address:
        """Where it is found in the end."""
        return self.addresses[0]

    @property
    def is_file(self) -> bool:
        return self.kind in ("pdf", "sheet")

    def at(self, day: int) -> Address:
        """Where links lead on a day; the main address where none serves."""
        return next((a for a in self.addresses if a.serves(day)), self.main)


@dataclass(frozen=True)
class Change:
    """One line of the table of days: from ``first`` to ``last``, both counted.

    ``what``: gone (404), removed (410), fails (500), reworded, new, renamed, restamped, moved;
    of a whole host: busy (503), forbids (a robots.txt line), robots fails (500).
    """

    first: int
    last: int
    what: str
    which: str
    detail: str = ""

    def on(self, day: int) -> bool:
        return self.first <= day <= self.last

    def hits(self, item: Item) -> bool:
        return fnmatchcase(item.name, self.which)


@dataclass(frozen=True)
class Site:
    """All items, found by name and by address."""

    items: tuple[Item, ...]
    changes: tuple[Change, ...]
    by_name: dict[str, Item] = field(init=False)
    by_path: dict[tuple[str, str], tuple[Item, Address]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {item.name: item for item in self.items})
        by_path = {
            (item.site, address.path): (item, address)
            for item in self.items
            for address in reversed(item.addresses)
        }
        object.__setattr__(self, "by_path", by_path)

    def of(self, site: str, *kinds: str) -> list[Item]:
        """Items of a site, of some kinds or of any."""
        return [i for i in self.items if i.site == site and (not kinds or i.kind in kinds)]

    def changes_of(self, item: Item, day: int) -> Iterator[Change]:
        return (change for change in self.changes if change.on(day) and change.hits(item))

    def version(self, item: Item, day: int) -> int:
        """Which wording an item has: 0, and one more for each time it was reworded."""
        return sum(
            1 for c in self.changes if c.what == "reworded" and c.first <= day and c.hits(item)
        )

    def born(self, item: Item) -> int:
        """The first day on which an item is there."""
        return min((c.first for c in self.changes if c.what == "new" and c.hits(item)), default=1)

    def date(self, item: Item, day: int) -> str:
        """The date that a page shows, or "". SKR's moves forward when the page is edited."""
        if item.date_by in ("nothing", "empty", "period", "deadline"):
            return ""
        edits = [c.first for c in self.changes if c.what == "reworded" and c.hits(item)]
        done = [first for first in edits if first <= day]
        if done and item.site == "skr":
            return f"2026-10-{max(done) + 4:02}"
        return item.date

    def state(self, item: Item, address: Address, day: int) -> tuple[int, str]:
        """The status of an address on a day, and where it sends on to."""
        if day < max(self.born(item), address.first):
            return 404, ""
        for change in self.changes_of(item, day):
            if status := {"gone": 404, "removed": 410, "fails": 500}.get(change.what):
                return status, ""
        if address.serves(day):
            return 200, ""
        if address.after.isdigit():
            return int(address.after), ""
        return 301, address.after

    def days(self, item: Item, address: Address) -> list[int]:
        """The days on which the address leads to the item, by itself or through a redirect."""
        days = range(1, LAST_DAY + 1)
        return [day for day in days if self.state(item, address, day)[0] in (200, 301)]

    def there(self, item: Item, day: int) -> bool:
        """Whether a list of that day would show the item."""
        return self.state(item, item.at(day), day)[0] == 200


def with_changes(items: Iterable[Item], changes: tuple[Change, ...]) -> Site:
    """The site whose addresses know of renames and of files that are uploaded anew."""
    known = list(items)
    for change in changes:
        if change.what in ("renamed", "restamped"):
            known = [_elsewhere(i, change) if change.hits(i) else i for i in known]
    return Site(tuple(known), changes)


def _elsewhere(item: Item, change: Change) -> Item:
    """The item with another address from the day of the change.

    The detail of a rename is the new path, then what the old one does ("301" or "404"); that of an
    upload is the new number, and the old one then answers 404 while the file lives on.
    """
    old = item.at(change.first)
    if change.what == "restamped":
        node, _, name = old.path.removeprefix("/download/").split("/", 2)
        path, role, stays = f"/download/{node}/{change.detail}/{name}", "stamp", "404"
    else:
        path, stays = change.detail.replace("{node}", hexid(item.name)).split()
        role = "renamed"
    after = path if stays == "301" else stays
    new = replace(old, path=path, first=change.first)
    gone = replace(old, role=role, last=change.first - 1, after=after)
    return replace(
        item,
        addresses=tuple(b for a in item.addresses for b in ((new, gone) if a is old else (a,))),
    )
