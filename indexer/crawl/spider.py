"""The spider: asks for what the frontier wants, one address after the other.

Owns the order of things between Scrapy and the reader: what is in hand, what waits for another
address of the same document, when a busy site is asked again, and when the run is over. What an
answer becomes is the reader's business; whether a connection may be made, the guard's.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import scrapy
from scrapy.http import Request, Response

from indexer.crawl.addresses import Page, PageState, Seen
from indexer.crawl.failures import why_failed
from indexer.crawl.fetched import BUSY, SENDS_ON, WRONG_THERE, Fetched
from indexer.crawl.found import MAP
from indexer.crawl.frontier import Frontier
from indexer.crawl.pauses import Pauses
from indexer.crawl.reader import Reader
from indexer.crawl.robots import FORBIDDEN, Rules
from indexer.crawl.script_lists import is_asked_by_app
from indexer.crawl.wanted import SITEMAP, wanted
from indexer.identity import canonical_url
from indexer.sources import Source

#: Addresses in hand at a time: one is fetched while others are read.
MOST_IN_HAND = 4
#: Addresses claimed at a time: to find the next ones, all that wait are put in order.
_CLAIMED = 32
#: Answers read at the same time: one is looked through for links while another is parsed.
READERS = 2
#: Redirects from an address to another way of writing it.
_MOST_SPELLINGS = 5

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """What the spider works with, and what came of it.

    ``stopped`` is why it ended too early, ``robots`` a line for each robots.txt that was read.
    """

    source: Source
    frontier: Frontier
    reader: Reader
    pauses: Pauses
    user_agent: str
    stopped: str = ""
    seeds: tuple[Seen, ...] = field(default=())
    robots: list[str] = field(default_factory=list)


class SourceSpider(scrapy.Spider):
    """Crawls one source."""

    name = "source"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._in_hand: dict[str, Page] = {}
        self._claimed: deque[Page] = deque()
        self._again: deque[Page] = deque()
        #: Address of a document → other addresses of it, which wait to hear whether it is there.
        self._parked: dict[str, list[Page]] = {}
        self._moved = asyncio.Event()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        #: A host as sources.toml writes it → as the site wants it: with or without www.
        self._spelt: dict[str, str] = {}
        self._fetched = 0
        self._began = 0.0

    def stop(self, why: str) -> None:
        """Ask for no more; what is in hand is finished."""
        self._run.stopped = self._run.stopped or why
        self._moved.set()

    def heard_robots(self, address: str, rules: Rules) -> None:
        """A robots.txt of one of the hosts was read."""
        run = self._run
        run.robots.append(f"{address}: {rules.summary(run.user_agent)}")
        run.pauses.least = max(run.pauses.least, rules.pause(run.user_agent) * run.pauses.scale)
        addresses = (canonical_url(address, run.source) for address in rules.sitemaps())
        if not run.frontier.crawl.asked.url:
            run.frontier.see(
                Seen(address, 0, MAP)
                for address in addresses
                if wanted(run.source, address, SITEMAP).follow
            )

    async def start(self) -> AsyncIterator[Any]:
        """Everything that the run wants, until nothing is left or it is to stop."""
        run = self._run
        self._began = _time()
        run.frontier.see(run.seeds)
        while not run.stopped:
            page = self._next()
            if page is None:
                if self._in_hand:
                    await self._something_moves()
                elif not self._unpark():
                    return
                continue
            await self._wait_for_the_site()
            if run.stopped:
                return
            self._in_hand[page.url] = page
            run.pauses.asked(_time())
            self._fetched += 1
            yield self._request(page, self._spelling(page.url))

    def closed(self, reason: str) -> None:
        """Scrapy is done: so is all that was to be read."""
        self._readers.shutdown(wait=True)

    def _next(self) -> Page | None:
        """The next address to ask for, or None where nothing is free now."""
        if len(self._in_hand) >= MOST_IN_HAND:
            return None
        if self._again:
            return self._again.popleft()
        rules = self._run.source.crawl
        if rules and self._fetched >= rules.most_pages:
            self.stop(f"the limit of {rules.most_pages} pages a run")
            return None
        if rules and _time() - self._began > rules.most_hours * 3600:
            self.stop(f"the limit of {rules.most_hours} hours a run")
            return None
        while page := self._free():
            judged = self._run.reader.wanted(page)
            if not (judged.keep or judged.follow):
                self._run.frontier.skipped(page.url, judged.why)
            elif judged.keep and (first := self._run.reader.first_address(page)):
                self._park(page, first)
            else:
                return page
        return self._again.popleft() if self._again else None

    def _free(self) -> Page | None:
        """The next address that nobody has in hand."""
        if not self._claimed:
            self._claimed.extend(self._run.frontier.claim(_CLAIMED))
        return self._claimed.popleft() if self._claimed else None

    def _park(self, page: Page, first: str) -> None:
        became = self._run.frontier.settled_in_this_run(first)
        if became is PageState.FETCHED:
            self._run.reader.is_the_same(page, first)
        elif became is None and not self._run.frontier.crawl.asked.url:
            self._parked.setdefault(first, []).append(page)
        else:
            self._again.append(page)

    def _unpark(self) -> bool:
        """Let all go that still waits, for nothing else is left; whether there was any."""
        waiting = [page for pages in self._parked.values() for page in pages]
        self._parked.clear()
        self._again.extend(waiting)
        return bool(waiting)

    async def _something_moves(self) -> None:
        self._moved.clear()
        await self._moved.wait()

    async def _wait_for_the_site(self) -> None:
        while (seconds := self._run.pauses.wait(_time())) and not self._run.stopped:
            await asyncio.sleep(min(seconds, 1.0))

    def _spelling(self, url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=self._spelt.get(parts.netloc, parts.netloc)))

    def _request(self, page: Page, url: str, hops: int = 0) -> Request:
        by_app = {"X-Requested-With": "XMLHttpRequest"} if is_asked_by_app(url) else {}
        return Request(
            url,
            self._answered,
            errback=self._failed,
            headers={**page.headers, **by_app},
            dont_filter=True,
            # All hosts of a source are one site, and wait for each other.
            meta={"page": page, "hops": hops, "download_slot": self._run.source.name},
        )

    async def _answered(self, response: Response) -> AsyncIterator[Any]:
        page, hops = response.meta["page"], response.meta["hops"]
        got = _fetched(response)
        if got.status in SENDS_ON and hops < _MOST_SPELLINGS and self._is_spelling(page, got):
            yield self._request(page, got.target, hops + 1)
            return
        if got.status in BUSY | WRONG_THERE:
            if self._asks_again(page, got):
                return
        else:
            self._run.pauses.answered(page.url)
        await self._settle(page, self._run.reader.read, page, got)

    async def _failed(self, failure: Any) -> None:
        page = failure.request.meta["page"]
        why, may_pass = why_failed(failure.value)
        got = Fetched(failure.request.url, error=why)
        if why.startswith(FORBIDDEN):
            await self._settle(
                page, self._run.frontier.skipped, page.url, "forbidden by robots.txt"
            )
        elif not (may_pass and self._asks_again(page, got)):
            await self._settle(page, self._run.reader.read, page, got)

    def _is_spelling(self, page: Page, got: Fetched) -> bool:
        """Whether the answer only sends on to another way of writing the same address."""
        target = got.target
        if target == got.url or canonical_url(target, self._run.source) != page.url:
            return False
        wants, asked = urlsplit(target), urlsplit(page.url)
        if wants.path == asked.path and wants.scheme == asked.scheme:
            self._spelt[asked.netloc] = wants.netloc
        return True

    def _asks_again(self, page: Page, got: Fetched) -> bool:
        pauses = self._run.pauses
        again = pauses.try_again(
            page.url, _time(), is_busy=got.status in BUSY, asked_for=got.retry_after()
        )
        if again:
            self._in_hand.pop(page.url, None)
            self._again.append(page)
            self._moved.set()
        elif pauses.is_over:
            self.stop(f"the site does not answer: {got.error or got.status}")
        return again

    async def _settle(self, page: Page, step: Callable[..., None], *arguments: Any) -> None:
        """Do the last step with an address, in a thread; whatever happens, the run goes on."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._readers, step, *arguments)
        except Exception as error:
            _log.exception("%s could not be taken in", page.url)
            self._give_up(page, f"an error of Metodsök's own: {type(error).__name__}")
        self._in_hand.pop(page.url, None)
        for waiting in self._parked.pop(page.url, ()):
            self._park(waiting, page.url)
        self._moved.set()

    def _give_up(self, page: Page, why: str) -> None:
        try:
            self._run.frontier.failed(page.url, why)
        except Exception:
            # The library itself cannot be written: the address stays wanted by the next run.
            _log.exception("the library cannot be written")
            self.stop(why)


def seeds_of(source: Source) -> tuple[Seen, ...]:
    """Where a crawl of a whole source begins; lists for machines as they are written."""
    rules = source.crawl
    if rules is None:
        return ()
    begins: Iterable[str] = (canonical_url(address, source) for address in rules.start)
    return (
        *(Seen(address, 0, "start") for address in begins),
        *(Seen(address, 0, MAP) for address in (*rules.sitemaps, *rules.feeds)),
    )


def _fetched(response: Response) -> Fetched:
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    seconds = response.meta.get("download_latency", 0.0)
    return Fetched(response.url, response.status, headers, response.body, int(seconds * 1000))


def _time() -> float:
    return asyncio.get_running_loop().time()
