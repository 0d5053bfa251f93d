"""What a crawl of the fixture site is worth, by the site's own labels and plan.

Pure: takes what a library holds on a day and what the server saw, and gives figures with every miss
named. Which floors hold is the issue's word, not what happens to come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from search.document import Document
from tests.site.labels import Cluttered, Label, Labels
from tests.site.plan import Item, Site
from tests.site.server import Entry

#: Answers that say that a page is gone; of all others nothing may be removed.
_GONE = frozenset({404, 410})
#: By the table of days, more than a fifth of GR is gone at once: an editor is asked, and what was
#: there on the day before stays.
_ACCIDENT = ("gr", range(7, 9))


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of what is right of so many, the least share of it that will do, and every miss."""

    name: str
    right: int
    of: int
    floor: float
    misses: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """1.0 where there was nothing to be right about."""
        return self.right / self.of if self.of else 1.0

    @property
    def holds(self) -> bool:
        """Whether the floor is reached."""
        return self.share >= self.floor


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the library: its key, where it came from, and itself."""

    key: str
    origin: str
    document: Document


@dataclass(slots=True)
class Tally:
    """Counts as they come, with what was wrong."""

    name: str
    floor: float
    right: int = 0
    of: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, is_right: bool, miss: str) -> None:
        """One more, right or not."""
        self.of += 1
        self.right += is_right
        if not is_right:
            self.misses.append(miss)

    def figure(self) -> Figure:
        """What has been counted."""
        return Figure(self.name, self.right, self.of, self.floor, tuple(self.misses))


class Judge:
    """Judges day after day; ``figures`` at the end."""

    def __init__(self, labels: Labels, site: Site) -> None:
        self._labels = labels
        self._site = site
        self._items = {item.key: item for item in site.items if item.key}
        self._by_key = {label.key: label for label in labels.documents if label.key}
        self.recall = Tally("wanted pages that are kept", 0.99)
        self.unwanted = Tally("kept pages that are wanted", 1.0)
        self.staying = Tally("documents that neither fall out nor linger", 1.0)
        self.keys = Tally("keys that are right, through renames and the move", 1.0)
        self.dates = Tally("dates that are right or honestly missing", 0.98)
        self.dated = Tally("dates that pages show and that are known", 0.95)
        self.titles = Tally("titles", 0.99)

    def day(self, day: int, held: Sequence[Held]) -> None:
        """What the library holds after the crawls of a day."""
        by_key = {one.key: one for one in held}
        by_origin = {one.origin: one for one in held}
        for label in self._labels.documents:
            if label.wanted:
                self._label(day, label, by_key, by_origin)
        for one in held:
            # An address at an alias host is the same at the source's own.
            known = self._labels.of(one.origin) or self._by_key.get(one.key)
            why = known.why if known else "not in the labels"
            self.unwanted.count(known is not None and known.wanted is not False,
                                f"day {day}: {one.origin} was kept: {why}")  # fmt: skip

    def _label(
        self, day: int, label: Label, by_key: Mapping[str, Held], by_origin: Mapping[str, Held]
    ) -> None:
        found = by_key.get(label.key) or next(
            (by_origin[url] for url in label.urls if url in by_origin), None
        )
        if label.there(day):
            self.recall.count(found is not None, f"day {day}: {label.url} was not found")
        elif (should := self._should_stay(day, label)) is not None:
            said = "fell out" if should else "lingers though it is gone"
            self.staying.count((found is not None) == should, f"day {day}: {label.url} {said}")
        if found is None:
            return
        self.keys.count(
            found.key == label.key, f"day {day}: {label.url} is {found.key}, not {label.key}"
        )
        self.titles.count(
            found.document.title == label.title,
            f"day {day}: {label.url} is called {found.document.title!r}, not {label.title!r}",
        )
        self._date(day, label, found.document)

    def _date(self, day: int, label: Label, document: Document) -> None:
        said = {by.day.isoformat() for by in (document.published, document.changed) if by.day}
        wanted = label.date(day)
        if wanted and not label.date_may_miss:
            self.dated.count(bool(said), f"day {day}: {label.url} is of {wanted}")
        self.dates.count(
            not said or wanted in said,
            f"day {day}: {label.url} is of {wanted or 'no day'}, not {', '.join(sorted(said))}",
        )

    def _should_stay(self, day: int, label: Label) -> bool | None:
        """Whether a document whose page is not there is still to be held; None: it never was."""
        item = self._items.get(label.key)
        if item is None or not any(label.there(before) for before in range(1, day)):
            return None
        name, days = _ACCIDENT
        is_accident = item.site == name and day in days and label.there(days.start - 1)
        return is_accident or not (self._is_gone(item, day) and self._is_gone(item, day - 1))

    def _is_gone(self, item: Item, day: int) -> bool:
        statuses = {self._site.state(item, address, day)[0] for address in item.addresses}
        return bool(statuses) and statuses <= _GONE

    def figures(self) -> tuple[Figure, ...]:
        """Everything that was judged by day."""
        tallies = (
            self.recall, self.unwanted, self.staying, self.keys, self.dates, self.dated,
            self.titles,
        )  # fmt: skip
        return tuple(tally.figure() for tally in tallies)


def clutter(pages: Iterable[Cluttered], held: Sequence[Held]) -> tuple[Figure, ...]:
    """Whether the labelled pages' texts are without clutter, and whole."""
    by_key = {one.key: one.document for one in held}
    free, whole = Tally("lines of clutter that were left out", 1.0), Tally("lines kept", 1.0)
    for page in pages:
        document = by_key.get(page.key)
        if document is None:
            whole.count(False, f"{page.url} is not there")
            continue
        text = _text(document)
        for line in page.clutter:
            free.count(line not in text, f"{page.url} holds {line!r}")
        for line in page.holds:
            whole.count(line in text, f"{page.url} lacks {line!r}")
    return free.figure(), whole.figure()


def one_hit(works: Mapping[str, Sequence[str]], hits: Mapping[str, Sequence[str]]) -> Figure:
    """Whether each work was one hit; ``works`` has their documents, ``hits`` the keys found.

    A work is asked for by its title, and its documents alone count.
    """
    tally = Tally("works of several documents that are one hit", 1.0)
    for work, keys in works.items():
        found = [key for key in hits[work] if key in keys]
        tally.count(len(found) == 1, f"{work}: {len(found)} hits ({', '.join(found)})")
    return tally.figure()


def manners(log: Iterable[Entry], intrusions: Sequence[str]) -> tuple[Figure, ...]:
    """Whether the server saw nothing that may not be asked."""
    allowed = Tally("requests that robots.txt allows", 1.0)
    own = Tally("requests to the source's own hosts", 1.0)
    alone = Tally("requests after the one before had ended", 1.0)
    ended: dict[str, float] = {}
    for entry in sorted(log, key=lambda entry: entry.at):
        allowed.count(not entry.forbidden, f"day {entry.day}: {entry.url}")
        own.count(not entry.foreign, f"day {entry.day}: {entry.url}")
        early = entry.at < ended.get(entry.host, 0.0) - _CLOCK_SECONDS
        # An answer that is cut off is over for the visitor before the server knows.
        alone.count(not early, f"day {entry.day}: {entry.url} while another was answered")
        ended[entry.host] = entry.at + entry.seconds if entry.whole else 0.0
    guarded = Figure("ways out that led nowhere", int(not intrusions), 1, 1.0, tuple(intrusions))
    return allowed.figure(), own.figure(), alone.figure(), guarded


#: The server writes an answer down a moment after the visitor has it.
_CLOCK_SECONDS = 0.05


def _text(document: Document) -> str:
    """Everything of a document that a reader sees under its title."""
    return "\n".join((document.kicker, document.subtitle, document.lead, *document.headings,
                      document.body))  # fmt: skip
