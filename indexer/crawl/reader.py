"""What an answer of a site becomes: a document, links to follow, an alias, or nothing.

Everything after the fetch and before the next one: the links go to the frontier, the document to
the door of the library, and what became of the address into its row. Knows no network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from posixpath import basename
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from indexer.crawl.addresses import Answer, Page, PageState, Seen
from indexer.crawl.drift import Drift, drift_of, is_sampled
from indexer.crawl.fetched import FOR_GOOD, SENDS_ON, Fetched
from indexer.crawl.finding import found
from indexer.crawl.found import MAP, NEXT, Findings, Found
from indexer.crawl.frontier import Frontier, addresses_of
from indexer.crawl.notices import only_leads_on, says_it_is_gone
from indexer.crawl.removal import GONE_STATUSES, Removal
from indexer.crawl.runs import Became
from indexer.crawl.wanted import ANOTHER_HOST, NO_ADDRESS, Wanted, settled, wanted
from indexer.history import Outcome
from indexer.identity import canonical_url, key_for
from indexer.intake import Arrival, Intake
from indexer.library import fingerprint
from indexer.parse.raw import RawFile
from indexer.parse.readings import Readings, words_of
from indexer.sources import Source
from indexer.tombstones import FORGOTTEN
from search.document import Document
from search.errors import MetodsokError

#: A document that was read from files that are only pictures says so.
_NO_TEXT = "no_text_layer"
_HTML = "text/html"
#: A real site names some dozen addresses for each of its pages; one that names new ones without
#: end must not fill the library with them.
_ADDRESSES_A_PAGE = 20
#: Feeds that pages near the beginning offer are lists like any other; deeper ones are of comments.
_DEEPEST_FEED = 1
_BECAME = {Outcome.ADDED: Became.NEW, Outcome.CHANGED: Became.CHANGED}
_GONE_NOTICE = "says that the page is not there"


@dataclass(frozen=True, slots=True)
class Reading:
    """Where what is read goes, and who reads a page once more by the general extraction."""

    source: Source
    frontier: Frontier
    removal: Removal
    intake: Intake
    compare: Callable[[RawFile, Source], Readings] | None = None


class Reader:
    """Reads the answers of one run. Threads may share it."""

    def __init__(self, into: Reading) -> None:
        self._source = into.source
        self._frontier = into.frontier
        self._removal = into.removal
        self._intake = into.intake
        self._compare = into.compare
        self._drift = Drift(into.frontier.engine, into.frontier.crawl.id)
        self._kept = count()
        #: Addresses that have been judged in this process, by their hash: sites link the same
        #: few hundred from every page.
        self._judged: set[int] = set()
        rules = into.source.crawl
        self._most_judged = _ADDRESSES_A_PAGE * rules.most_pages if rules else 0

    def read(self, page: Page, got: Fetched) -> None:
        """Take in an answer, and settle the address."""
        answer = got.answer()
        if got.status == 0:
            self._frontier.failed(page.url, got.error or "no answer", answer)
        elif got.status == 304:
            self._frontier.unchanged(page.url, answer)
        elif got.status in SENDS_ON:
            self._moved(page, got, answer)
        elif got.status in GONE_STATUSES:
            self._removal.gone(page.url, answer)
        elif got.status != 200:
            self._frontier.failed(page.url, f"the server answered {got.status}", answer)
        elif page.digest == answer.digest and self._is_read(page):
            self._frontier.unchanged(page.url, answer)
        else:
            self._look_into(page, got, answer)

    def wanted(self, page: Page) -> Wanted:
        """What an address is asked for; not at all, where neither kept nor followed."""
        return wanted(self._source, page.url, Found(page.url, by=page.found_by).hint)

    def first_address(self, page: Page) -> str:
        """Where the page's document was last found, if that is another address than this."""
        key = page.key or key_for(self._source, page.url) or ""
        known = self._intake.library.known_by_key(key) if key else None
        if known is None or known.removed or known.origin == page.url:
            return ""
        return known.origin if self._frontier.page(known.origin) else ""

    def is_the_same(self, page: Page, first: str, answer: Answer | None = None) -> None:
        """Settle an address whose document is there at another, which need not be asked for."""
        known = self._frontier.page(first)
        key = known.key if known else page.key
        why = f"the same document as {first}"
        self._frontier.skipped(page.url, why, replace(answer or Answer(), key=key))

    def _is_read(self, page: Page) -> bool:
        """Whether these bytes would be read as they were before."""
        known = self._intake.library.known(self._source.name, page.url)
        if known is None or known.removed:
            return not page.key
        return known.parsed_by == self._intake.parsed_by

    def _moved(self, page: Page, got: Fetched, answer: Answer) -> None:
        """One page's address leads to another's: the document goes with it, where it is one."""
        target = canonical_url(got.target, self._source)
        judged = wanted(self._source, target)
        why = f"moved to {target}"
        if target == page.url:
            self._frontier.failed(page.url, "redirects to itself", answer)
        elif judged.keep and not self._is_another(page, target):
            there = Seen(target, page.depth, page.found_by)
            self._judged.add(hash(target))
            self._frontier.moved(page.url, there, answer, why)
        elif page.key and got.status in FOR_GOOD and (judged.keep or judged.follow):
            self._see([Found(target)], page.depth)
            self._removal.gone(page.url, answer, f"{why}, which is something else")
        else:
            self._see([Found(target)], page.depth)
            detail = "" if judged.keep or judged.follow else f": {judged.why}"
            self._frontier.skipped(page.url, f"{why}{detail}", answer)

    def _is_another(self, page: Page, target: str) -> bool:
        """Whether an address is that of a document other than the page's."""
        if not page.key:
            return False
        there = self._frontier.page(target)
        key = there.key if there else ""
        return bool(key) and key != page.key

    def _look_into(self, page: Page, got: Fetched, answer: Answer) -> None:
        asked = self.wanted(page)
        findings = Findings()
        if asked.follow or asked.keep:
            findings = found(got.body, got.url, got.content_type, self._source)
        findings = replace(
            findings,
            noindex=findings.noindex or "noindex" in got.wishes,
            nofollow=findings.nofollow or "nofollow" in got.wishes,
        )
        verdict = settled(self._source, page.url, findings) if asked.keep else asked
        if verdict.follow and not findings.nofollow:
            self._follow(page, findings)
        if verdict.instead:
            self._see([Found(verdict.instead)], page.depth)
        if verdict.keep:
            self._keep(page, got, answer, findings)
        elif page.key and asked.keep:
            self._removal.gone(page.url, answer, verdict.why)
        elif verdict.follow:
            self._frontier.fetched(page.url, answer, Became.FOLLOWED)
        else:
            self._frontier.skipped(page.url, findings.cut or verdict.why, answer)

    def _follow(self, page: Page, findings: Findings) -> None:
        """Take note of what a page leads to."""
        items = findings.items
        news = [item for item in items if item.by != NEXT and hash(item.url) not in self._judged]
        if page.found_by == NEXT and not news:
            # A list that answers past its end with what it had already.
            items = tuple(item for item in items if item.by != NEXT)
        self._see(items, page.depth + 1)
        if page.depth <= _DEEPEST_FEED:
            self._see([Found(feed, by=MAP) for feed in findings.feeds], page.depth + 1)

    def _see(self, items: Iterable[Found], depth: int) -> None:
        """Judge addresses that this process has not judged: wanted ones go to the frontier."""
        rules = self._source.crawl
        seen: list[Seen] = []
        left_out: dict[Seen, str] = {}
        for item in items:
            if hash(item.url) in self._judged or len(self._judged) >= self._most_judged:
                continue
            self._judged.add(hash(item.url))
            judged = wanted(self._source, item.url, item.hint)
            address = Seen(item.url, depth, item.by)
            if rules and depth > rules.most_depth:
                left_out[address] = "too many links from where the crawl begins"
            elif judged.keep or judged.follow:
                seen.append(address)
            elif judged.why not in (ANOTHER_HOST, NO_ADDRESS):
                left_out[address] = judged.why
        if seen:
            self._frontier.see(seen)
        if left_out:
            self._frontier.left_out(left_out)

    def _keep(self, page: Page, got: Fetched, answer: Answer, findings: Findings) -> None:
        # Mostly the spider has seen to it; not where both addresses are new. Then the one that the
        # page itself calls its own is the document's.
        first = "" if findings.canonical == page.url else self.first_address(page)
        if first and self._frontier.settled_in_this_run(first) is PageState.FETCHED:
            self.is_the_same(page, first, answer)
            return
        arrival = self._arrival(page, got, findings)
        taken = self._intake.read_and_take(arrival)
        receipt, document = taken.receipt, taken.document
        if receipt.outcome is Outcome.UNCHANGED and document is None:
            self._frontier.unchanged(page.url, replace(answer, key=receipt.key))
        elif receipt.reason == _GONE_NOTICE and page.key:
            self._removal.gone(page.url, answer, receipt.reason)
        elif receipt.reason == FORGOTTEN:
            self._frontier.skipped(page.url, FORGOTTEN, answer)
        elif receipt.outcome is Outcome.FAILED and document is not None:
            self._frontier.skipped(page.url, receipt.reason, answer)
            if page.key:  # it was a document: perhaps the site was rebuilt
                self._look_for_drift(arrival.raw, document)
        elif receipt.outcome is Outcome.FAILED or document is None:
            self._frontier.failed(page.url, f"could not be read: {receipt.reason}", answer)
        else:
            # What was stored before a run was killed is unchanged for the library, not for the run.
            self._frontier.fetched(
                page.url, read_as(document, answer), _BECAME.get(receipt.outcome)
            )
            self._look_for_drift(arrival.raw, document)

    def _look_for_drift(self, raw: RawFile, document: Document) -> None:
        """Now and then, see whether the site's rules still fit its pages."""
        has_rules = bool(self._source.selectors("signs"))
        if self._compare is None or not has_rules or document.content_type != _HTML:
            return
        if is_sampled(next(self._kept)):
            with suppress(MetodsokError):  # read once and not twice: no sign of a rebuilt site
                self._drift.note(raw.url, drift_of(self._compare(raw, self._source)))

    def _arrival(self, page: Page, got: Fetched, findings: Findings) -> Arrival:
        parts = urlsplit(page.url)
        name = unquote(basename(parts.path.rstrip("/"))) or parts.netloc
        path = parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")
        raw = RawFile(
            got.body,
            name,
            self._source.name,
            key_for(self._source, page.url) or f"{self._source.name}:{path}",
            page.url,
            got.content_type,
        )
        return Arrival(
            raw,
            page.url,
            key=lasting_key(self._frontier.engine, self._source, page.url, page.key),
            refuse=lambda document: self._why_not(document, findings),
        )

    def _why_not(self, document: Document, findings: Findings) -> str:
        """Why what was read is no document to keep, or ``""``."""
        rules = self._source.crawl
        if rules and document.language not in rules.languages:
            return f"another language ({document.language})"
        if says_it_is_gone(document):
            return _GONE_NOTICE
        leads_on = only_leads_on(document, [item.text for item in findings])
        return "only leads on to other pages" if leads_on else ""


def lasting_key(engine: Engine, source: Source, url: str, key: str) -> str:
    """The key that a document keeps whatever its address says now; ``""`` to go by the address.

    A key stays while one of its addresses stands for it: a page that was renamed took it along.
    When rules of identity were mended, none does.
    """
    own = key_for(source, url)
    if not key or own in (None, key):
        return key
    known = addresses_of(engine, source.name, key)
    return key if any(key_for(source, address) == key for address in known) else ""


def read_as(document: Document, answer: Answer | None = None) -> Answer:
    """An answer with what was read in it."""
    blank = document.page_count or 0 if _NO_TEXT in document.notices else 0
    text = fingerprint(document, "")
    return replace(
        answer or Answer(),
        key=document.key,
        words=words_of(document),
        pages_without_text=blank,
        text_digest=hashlib.sha256(text.encode()).hexdigest(),
    )
