"""From a visit to a reply: the one place that knows the order in which a site answers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, unquote

from tests.site import bra, difficult, feeds, lists, plain, sitevision, skr_gr, traps
from tests.site.content import sheet_of
from tests.site.days import CHANGES
from tests.site.files import file_of
from tests.site.growth import more_items
from tests.site.plan import Address, Item, Site, with_changes
from tests.site.reply import Reply, Visit, moved, page

_MISSING = "<p>Det finns ingen sida på den här adressen.</p>"


@lru_cache(maxsize=4)
def site_of(more: int = 0) -> Site:
    """The three sites as planned, with ``more`` extra news items for measuring."""
    items = [*bra.items(), *difficult.items(), *skr_gr.items(), *more_items(more)]
    return with_changes(items, CHANGES)


class Front:
    """Answers for every host. ``trap_port`` is where the listener for break-ins stands."""

    def __init__(self, site: Site, *, variant: str = "sitevision", trap_port: int = 9) -> None:
        self.site = site
        self.variant = variant
        self.trap_port = trap_port
        self._changes: dict[tuple[str, int], int] = {}
        self._markup = plain.page if variant == "plain" else sitevision.page

    def answer(self, visit: Visit) -> Reply:
        if busy := self._busy(visit):
            return busy
        for reply in (
            self._machine(visit),
            traps.answer(visit, self.trap_port),
            lists.answer(visit, self.site, self.variant),
        ):
            if reply is not None:
                return reply
        if found := self._found(visit):
            return self._item(visit, *found)
        return page(sitevision.item_page("Sidan finns inte", visit.site, _MISSING), 404)

    def forbidden(self, visit: Visit) -> bool:
        """Whether that day's robots.txt of the host forbids the visit."""
        return feeds.forbidden(visit.host, visit.site, self.site, visit.day, visit.address)

    def _machine(self, visit: Visit) -> Reply | None:
        """Sitemaps and feeds can be asked whether they changed."""
        reply = feeds.answer(visit, self.site)
        if reply is None or reply.status != 200:
            return reply
        headers = (("ETag", f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'),)
        if difficult.not_modified(visit, headers):
            return Reply(304, headers=headers)
        return replace(reply, headers=headers)

    def _busy(self, visit: Visit) -> Reply | None:
        for change in self.site.changes:
            if change.what == "busy" and change.which == visit.site and change.on(visit.day):
                said = "Webbplatsen är tillfälligt nere.".encode()
                return Reply(503, said, headers=(("Retry-After", change.detail),))
        return None

    def _found(self, visit: Visit) -> tuple[Item, Address] | None:
        """The item at a path: as it stands, in its print view, or with its percents undone."""
        for path in (visit.path, visit.path.removesuffix(".printable"), _percented(visit.path)):
            if found := self.site.by_path.get((visit.site, path)):
                return found
        return None

    def _changed(self, item: Item, day: int) -> int:
        """The last day, up to this one, on which anything of the page was not as the day before.

        A new address of what it links to is such a change.
        """
        known = self._changes.get((item.name, day))
        if known is None:
            known = 1
            if day > 1:
                same = _content(self.site, item, day) == _content(self.site, item, day - 1)
                known = self._changed(item, day - 1) if same else day
            self._changes[item.name, day] = known
        return known

    def _item(self, visit: Visit, item: Item, address: Address) -> Reply:
        status, target = self.site.state(item, address, visit.day)
        if status in (404, 410, 500):
            title = "Tekniskt fel" if status == 500 else "Sidan finns inte"
            return page(sitevision.item_page(title, visit.site, _MISSING), status)
        if status == 301:
            return moved(target)
        headers = difficult.validators(item, self._changed(item, visit.day))
        if difficult.not_modified(visit, headers) and item.behaviour != "etag-lies":
            return Reply(304, headers=headers)
        if item.is_file:
            kind = "application/pdf" if item.kind == "pdf" else "application/vnd.ms-excel"
            body = file_of(self.site, item, visit.day)
            return Reply(200, body, kind, headers)
        html = self._markup(item, sheet_of(self.site, item, visit.day), token=f"v{visit.serial}")
        return difficult.treated(item, visit, Reply(200, html.encode(), headers=headers))


def _content(site: Site, item: Item, day: int) -> object:
    if item.is_file or not item.related:
        return site.version(item, day)
    return sheet_of(site, item, day)


def _percented(path: str) -> str:
    """The path as the plan has it, when a visitor wrote its percents in another way."""
    return quote(unquote(path), safe="/;=:@&+$,!~*'()")
