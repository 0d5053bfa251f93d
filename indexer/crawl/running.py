"""One run of the spider in this process, with Scrapy set up for it.

A process can do this once: the reactor cannot be started twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from scrapy.crawler import CrawlerProcess

from indexer.crawl.connecting import safe_settings
from indexer.crawl.guard import Guard
from indexer.crawl.spider import Run, SourceSpider
from search.settings import Settings

_MEGABYTE = 1_000_000
#: A site that answers slowly is asked less often, but not less than once in so many seconds.
_LONGEST_DELAY = 60.0


def run_spider(
    run: Run, guard: Guard, settings: Settings, when_told: Callable[[], str] | None = None
) -> None:
    """Crawl until nothing is left, or until ``when_told``, which waits in a thread, says why to
    stop; what is in hand is finished either way."""
    process = CrawlerProcess(_settings(run, guard, settings))
    crawler = process.create_crawler(SourceSpider)
    process.crawl(crawler, run=run)
    if when_told:

        def listen() -> None:
            from twisted.internet import reactor

            why = when_told()
            spider: Any = crawler.spider
            calls: Any = reactor
            if spider:
                calls.callFromThread(spider.stop, why)

        threading.Thread(target=listen, name="stop", daemon=True).start()
    process.start(install_signal_handlers=False)


def user_agent(contact: str) -> str:
    """Who asks: the program's name, and whom a site's owner can turn to."""
    return f"Metodsok/1.0 (+{contact or 'loopback only'})"


def _settings(run: Run, guard: Guard, settings: Settings) -> dict[str, Any]:
    pace = run.source.crawl.pace_seconds * run.pauses.scale if run.source.crawl else 0.0
    return {
        "USER_AGENT": run.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "sv,en;q=0.3",
        },
        "CONCURRENT_REQUESTS": 2,
        # Our callbacks yield next to nothing; Scrapy would make a hundred tasks for each.
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": pace,
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": pace > 0,
        "AUTOTHROTTLE_START_DELAY": pace,
        "AUTOTHROTTLE_MAX_DELAY": max(_LONGEST_DELAY, pace),
        "DOWNLOAD_TIMEOUT": settings.crawl_timeout,
        "DOWNLOAD_MAXSIZE": settings.file_mb * _MEGABYTE,
        "DOWNLOAD_WARNSIZE": 0,
        # The reader and the spider decide on all of these, by what the frontier knows.
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "REFERER_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        **safe_settings(guard),
    }
