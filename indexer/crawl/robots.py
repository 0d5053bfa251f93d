"""robots.txt as RFC 9309 has it, where Scrapy is kinder to us than to the site.

A file that cannot be had forbids everything until it can: the site is broken or does not want to
be asked. One that does not exist forbids nothing. Redirects are followed within the guard.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from protego import Protego
from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from indexer.crawl.failures import why_failed
from indexer.crawl.fetched import SENDS_ON
from search.errors import ForbiddenAddressError

#: What the middleware says of a refusal begins with one of these.
FORBIDDEN = "Forbidden by robots.txt"
MISSING = "robots.txt cannot be had"
#: How many redirects RFC 9309 wants followed.
_MOST_REDIRECTS = 5
#: A longer pause than this is a mistake or a way to say no; the crawl would last for months.
MOST_PAUSE = 60.0
#: More of a robots.txt need not be read (RFC 9309 asks for at least 500 kibibytes).
_MOST_BYTES = 512_000

_NOTHING_ALLOWED = "User-agent: *\nDisallow: /\n"


class Rules:
    """One robots.txt, in the shape that Scrapy asks."""

    def __init__(self, text: str, missing: str = "") -> None:
        """``missing`` is why there is no text to go by, where everything is forbidden for now."""
        self._rules = Protego.parse(text)
        self.missing = missing

    @classmethod
    def of(cls, response: Response) -> Rules:
        """The rules that an answer stands for."""
        if response.status == 200:
            return cls(response.body[:_MOST_BYTES].decode("utf-8", "replace").lstrip("\ufeff"))
        if 400 <= response.status < 500 and response.status != 429:
            return cls("")
        return cls.unreachable(f"the server answered {response.status}")

    @classmethod
    def unreachable(cls, why: str) -> Rules:
        """The rules of a site whose robots.txt cannot be had."""
        return cls(_NOTHING_ALLOWED, why)

    def allowed(self, url: str, user_agent: str | bytes) -> bool:
        """Whether an address may be asked for."""
        return bool(self._rules.can_fetch(url, _text(user_agent)))

    def pause(self, user_agent: str) -> float:
        """The seconds between two requests that it asks for, 0 for none."""
        return min(float(self._rules.crawl_delay(user_agent) or 0), MOST_PAUSE)

    def summary(self, user_agent: str) -> str:
        """What it says, in a line of English."""
        if self.missing:
            return f"everything is forbidden for now: {self.missing}"
        pause, maps = self.pause(user_agent), len(self.sitemaps())
        says = [f"{maps} sitemaps"] if maps else []
        says += [f"a pause of {pause:g} s"] if pause else []
        return ", ".join(["read", *says])

    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of sitemaps that it names, as they are written."""
        return tuple(self._rules.sitemaps)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, with the rules above; it asks for each host's file once in a crawl."""

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Raise IgnoreRequest for what may not be asked."""
        if rp is not None and rp.missing:
            raise IgnoreRequest(f"{MISSING}: {rp.missing}")
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        rules = Rules.of(await self._at_its_end(response))
        if heard := getattr(self.crawler.spider, "heard_robots", None):
            heard(response.url, rules)
        self._settle(netloc, rules)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # What may not be asked at all is refused with its own reason, and not asked either.
        is_refused = isinstance(exc, ForbiddenAddressError)
        self._settle(netloc, None if is_refused else Rules.unreachable(why_failed(exc)[0]))

    async def _at_its_end(self, response: Response) -> Response:
        """What redirects lead to. Raises what a refused or failed request raises."""
        engine: Any = self.crawler.engine
        for _ in range(_MOST_REDIRECTS):
            if response.status not in SENDS_ON:
                break
            target = urljoin(response.url, (response.headers.get("Location") or b"").decode())
            following = Request(
                target,
                priority=self.DOWNLOAD_PRIORITY,
                meta={"dont_obey_robotstxt": True},
                callback=NO_CALLBACK,
            )
            response = await engine.download_async(following)
        return response

    def _settle(self, netloc: str, rules: Rules | None) -> None:
        waiting: Any = self._parsers[netloc]
        self._parsers[netloc] = rules  # type: ignore[assignment]
        waiting.callback(rules)


def _text(agent: str | bytes) -> str:
    return agent.decode("latin-1") if isinstance(agent, bytes) else agent
