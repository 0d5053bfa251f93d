"""Scrapy's connections, made to obey the guard.

Owns how names become connections: `GuardedHandler` is the only download handler of a crawl, so
that pages, redirects, robots.txt and sitemaps all pass it. It looks a name up once for a
connection, checks every answer, connects to those very numbers, and checks the peer once more
before the first byte. Certificates are always verified, proxies never used.

`safe_settings` has everything of Scrapy's settings that this stands on; how fast and how much is
fetched is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IProtocol,
    IProtocolFactory,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from indexer.crawl.certificates import VerifyingContextFactory
from indexer.crawl.guard import Guard
from search.errors import ForbiddenAddressError

#: The key of Scrapy's settings that holds the guard.
GUARD = "METODSOK_GUARD"
#: How long one address of a host may take to answer the call, in seconds.
_CONNECT_SECONDS = 30.0


def safe_settings(guard: Guard) -> dict[str, Any]:
    """The settings of Scrapy without which a crawl is not safe; they go over all others."""
    here = "indexer.crawl.connecting"
    nothing_else = dict.fromkeys(("data", "file", "ftp", "s3"))
    return {
        GUARD: guard,
        "DOWNLOAD_HANDLERS": {
            **nothing_else,
            "http": f"{here}.GuardedHandler",
            "https": f"{here}.GuardedHandler",
        },
        # Before robots.txt is asked for: a forbidden host is not even asked for that.
        "DOWNLOADER_MIDDLEWARES": {
            f"{here}.GuardMiddleware": 10,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "indexer.crawl.robots.RobotsMiddleware": 100,
        },
        "TWISTED_DNS_RESOLVER": f"{here}.SystemResolver",
        # Said again, although the handler does not heed it, for whoever reads the settings.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "HTTPPROXY_ENABLED": False,
        # Cookies are not needed, and Scrapy's would fetch a list of domains past the guard.
        "COOKIES_ENABLED": False,
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }


class GuardMiddleware:
    """Refuses a request before anything else looks at it. The handler asks once more."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        """As Scrapy makes its middlewares."""
        return cls(_guard_of(crawler))

    def process_request(self, request: Request) -> None:
        """Raise ForbiddenAddressError for what may not be asked."""
        self._guard.check_url(request.url)


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP, with each connection made by the guard's rules.

    Raises ForbiddenAddressError, which Scrapy does not retry.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._guard = _guard_of(crawler)
        pool = GuardedPool(reactor, self._guard)
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        pool._factory = self._pool._factory
        self._pool = pool
        self._connected = pool.connected

    async def download_request(self, request: Request) -> Response:
        """The answer to a request that the guard lets through, fetched without a proxy."""
        place = self._guard.check_url(request.url)
        request.meta.pop("proxy", None)
        response = await super().download_request(request)
        # Should Scrapy ever connect in another way than through the pool, nothing gets through.
        if place not in self._connected:
            raise ForbiddenAddressError(request.url, "was fetched past the guard")
        return response


class GuardedPool(HTTPConnectionPool):
    """The connections of a crawl. It makes them itself, whatever endpoint it is given."""

    def __init__(self, reactor: Any, guard: Guard) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._guard = guard
        self._policy = VerifyingContextFactory()
        #: Each host and port whose peer was checked.
        self.connected: set[tuple[str, int]] = set()

    def getConnection(self, key: Any, endpoint: IStreamClientEndpoint) -> Deferred[Any]:  # noqa: N802
        """A connection for ``(scheme, host, port, …)``."""
        scheme, host, port = key[0].decode(), key[1].decode(), key[2]
        try:
            self._guard.check_url(f"{scheme}://{host}:{port}")
        except ForbiddenAddressError:
            return cast("Deferred[Any]", _failed())
        guarded: Any = GuardedEndpoint(self._reactor, self._guard, host, port, self.connected)
        if scheme == "https":
            guarded = wrapClientTLS(self._policy.creatorForNetloc(key[1], port), guarded)
        return super().getConnection((scheme, host, port), guarded)


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """A host and port: looked up, checked, connected to, checked again."""

    def __init__(
        self, reactor: Any, guard: Guard, host: str, port: int, connected: set[tuple[str, int]]
    ) -> None:
        self._guard = guard
        self._place = (host, port)
        self._connected = connected
        self._resolver = GuardedResolver(guard, reactor.nameResolver)
        self._endpoint = HostnameEndpoint(
            cast("Any", _LookingUp(reactor, self._resolver)), host, port, _CONNECT_SECONDS
        )

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:  # noqa: N803
        """As of any endpoint; fails with ForbiddenAddressError where no answer is allowed."""
        factory: Any = _PeerChecked(protocolFactory, self._checked)
        return self._endpoint.connect(factory).addErrback(self._say_why)

    def _checked(self, peer: Any) -> None:
        self._guard.check_address(peer.host, peer.port)
        self._connected.add(self._place)

    def _say_why(self, failure: Failure) -> Failure:
        if failure.check(DNSLookupError) and self._resolver.refused:  # type: ignore[no-untyped-call]
            return Failure(self._resolver.refused[-1])  # type: ignore[no-untyped-call]
        return failure


@implementer(IHostnameResolver)
class GuardedResolver:
    """Passes on those answers of another resolver that may be connected to.

    ``refused`` has the complaints about the others of the last lookup.
    """

    def __init__(self, guard: Guard, resolver: Any) -> None:
        self._guard = guard
        self._resolver = resolver
        self.refused: list[ForbiddenAddressError] = []

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Look a name up, once."""
        self.refused.clear()
        receiver = _Checking(resolutionReceiver, self._guard, self.refused)
        if place := self._guard.stand_in(hostName, portNumber):
            resolution = _Found(hostName)
            receiver.resolutionBegan(resolution)
            kind = IPv4Address if place[0].version == 4 else IPv6Address
            receiver.addressResolved(kind("TCP", str(place[0]), place[1]))
            receiver.resolutionComplete()
            return cast("IHostResolution", resolution)
        looking = self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return cast("IHostResolution", looking)


@implementer(IResolutionReceiver)
class _Checking:
    def __init__(self, receiver: Any, guard: Guard, refused: list[ForbiddenAddressError]) -> None:
        self._receiver = receiver
        self._guard = guard
        self._refused = refused

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        try:
            self._guard.check_address(address.host, address.port)
        except ForbiddenAddressError as error:
            self._refused.append(error)
        else:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostResolution)
class _Found:
    """A lookup that is over before it begins."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IReactorPluggableNameResolver)
class _LookingUp:
    """A reactor with another resolver: what the endpoint asks for names."""

    def __init__(self, reactor: Any, resolver: GuardedResolver) -> None:
        self._reactor = reactor
        self.nameResolver = resolver

    def installNameResolver(self, resolver: object) -> None:  # noqa: N802
        """The guard is not replaced."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


@implementer(IProtocolFactory)
class _PeerChecked:
    """A factory of protocols for peers that pass; ``addr`` is what the operating system says."""

    def __init__(self, factory: Any, check: Callable[[Any], None]) -> None:
        self._factory = factory
        self._check = check

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        self._check(addr)
        return self._factory.buildProtocol(addr)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._factory, name)


class SystemResolver:
    """For Scrapy's setting: names are looked up by the system, for IPv4 and IPv6, and not kept."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> SystemResolver:
        """As Scrapy makes its resolvers."""
        return cls()

    def install_on_reactor(self) -> None:
        """The reactor's own is the right one."""


def _guard_of(crawler: Crawler) -> Guard:
    guard = crawler.settings.get(GUARD)
    if not isinstance(guard, Guard):
        raise TypeError(f"{GUARD} is not set: no crawl without a guard")
    return guard


def _failed() -> Deferred[object]:
    """The exception in hand, as Twisted passes them on."""
    deferred: Deferred[object] = Deferred()
    deferred.errback(Failure())  # type: ignore[no-untyped-call]
    return deferred
