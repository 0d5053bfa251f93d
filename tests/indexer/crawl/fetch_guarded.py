"""Fetches what it is told to through the guard, as a crawl does, and says what came of it.

Run as a program, with a job as JSON on its standard input: Twisted's reactor cannot be started
twice in a process. Prints as JSON what came of each URL, and how often each host was looked up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any, cast

import scrapy
from scrapy.crawler import CrawlerProcess
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from indexer.crawl import connecting
from indexer.crawl.guard import Guard

OUTCOMES: dict[int, str] = {}
LOOKUPS: dict[str, int] = {}
JOB: dict[str, Any] = {}


@implementer(IHostnameResolver)
class NameServer:
    """Gives each host's answers in turn, the last for ever, as one that rebinds does."""

    name = "lookup"

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> NameServer:
        return cls()

    def install_on_reactor(self) -> None:
        from twisted.internet import reactor

        cast("Any", reactor).installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        receiver: Any,
        name: str,
        portNumber: int = 0,  # noqa: N803
        *_: object,
    ) -> NameServer:
        answers = JOB["answers"].get(name, [[]])
        count = LOOKUPS.get(name, 0)
        LOOKUPS[name] = count + 1
        receiver.resolutionBegan(self)
        for address in answers[min(count, len(answers) - 1)]:
            # A test's server cannot have port 80: an answer may name another.
            host, _, other = address.partition(" ")
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, int(other or portNumber)))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        pass


class Fetching(scrapy.Spider):
    name = "fetching"

    async def start(self) -> AsyncIterator[Any]:
        for number, url in enumerate(JOB["urls"]):
            meta: dict[str, Any] = {"name": number}
            if JOB["proxy"]:
                meta["proxy"] = JOB["proxy"]
            yield scrapy.Request(
                url, self.parse, errback=self.failed, dont_filter=True, meta=meta, priority=-number
            )

    def parse(self, response: Any) -> None:
        text = response.body.decode("latin-1")[:200]
        OUTCOMES[response.meta["name"]] = f"{response.status} {response.url} {text}"

    def failed(self, failure: Any) -> None:
        error = failure.value
        said = f"{type(error).__name__} {error} {getattr(error.__cause__, 'reasons', '')}"
        OUTCOMES[failure.request.meta["name"]] = said


def main() -> None:
    JOB.update(json.load(sys.stdin))
    guard = Guard(JOB["hosts"], JOB["allow"], JOB["resolve"])
    settings = {
        "LOG_ENABLED": False,
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "DOWNLOAD_TIMEOUT": 5,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 1,
        "REDIRECT_MAX_TIMES": 4,
        **connecting.safe_settings(guard),
        **JOB["settings"],
    }
    if JOB["answers"]:
        settings["TWISTED_DNS_RESOLVER"] = NameServer
    if JOB["past_the_pool"]:
        connecting.GuardedPool.getConnection = HTTPConnectionPool.getConnection  # type: ignore[method-assign]
    process = CrawlerProcess(settings)
    process.crawl(Fetching)
    process.start()
    said = [OUTCOMES.get(number, "nothing") for number in range(len(JOB["urls"]))]
    json.dump({"outcomes": said, "lookups": LOOKUPS}, sys.stdout)


if __name__ == "__main__":
    main()
