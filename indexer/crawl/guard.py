"""Where a crawl may go: the one place that says which addresses may be asked and connected to.

Every fetch passes here twice: its URL before it is asked (`Guard.check_url`), whatever led to it,
and the network address that it is then connected to (`Guard.check_address`). Pure; ``connecting``
makes Scrapy obey.

URLs are not parsed as kindly as browsers do it but must have a plain form: what two readers could
read in two ways is refused, since the one who checks and the one who connects must see the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from indexer.sources import Source
from search.errors import ForbiddenAddressError, SettingsError
from search.settings import Settings, socket_address

Address = IPv4Address | IPv6Address

_WEB_PORTS = {"http": 80, "https": 443}
#: Scheme, authority, rest.
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([/?#].*)?")
_NOT_PLAIN = re.compile(r"[^!-~]|\\")
_AUTHORITY = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([1-9][0-9]{0,4}))?")
#: What the C library reads as an IPv4 address: one to four numbers, decimal, octal or hexadecimal.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)
_GREATEST_PORT = 65535

#: Networks that are no place for a crawl, in the order in which they are named. Python's
#: ``is_global`` is not enough: 3.11 calls multicast, site-local, IPv4-compatible and -translated
#: addresses, 6to4, NAT64, 192.0.0.0/24 but a few, 3fff::/20 and what is not assigned yet global,
#: and other versions draw other lines. The registries for special purposes are RFC 6890's.
_FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.169.254/32", "a cloud's metadata"),
    ("169.254.0.0/16", "link-local"),
    ("10.0.0.0/8", "private"),
    ("172.16.0.0/12", "private"),
    ("192.168.0.0/16", "private"),
    ("100.100.100.200/32", "a cloud's metadata"),
    ("100.64.0.0/10", "shared by a carrier's customers"),
    # Public by its number, yet answers only inside a cloud: the host of the machine itself.
    ("168.63.129.16/32", "a cloud's metadata"),
    ("192.0.0.192/32", "a cloud's metadata"),
    ("192.0.0.0/24", "reserved for protocols"),
    ("192.0.2.0/24", "for documentation"),
    ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"),
    ("198.18.0.0/15", "for benchmarks"),
    ("192.31.196.0/24", "a sink for lookups"),
    ("192.175.48.0/24", "a sink for lookups"),
    ("192.52.193.0/24", "a relay"),
    ("192.88.99.0/24", "a relay"),
    ("224.0.0.0/4", "multicast"),
    ("255.255.255.255/32", "broadcast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "an IPv4 address in IPv6"),
    ("::ffff:0:0:0/96", "an IPv4 address in IPv6"),
    ("::/96", "an IPv4 address in IPv6"),
    ("64:ff9b::/96", "an IPv4 address in IPv6 (NAT64)"),
    ("64:ff9b:1::/48", "an IPv4 address in IPv6 (NAT64)"),
    ("2002::/16", "an IPv4 address in IPv6 (6to4)"),
    ("2001::/32", "an IPv4 address in IPv6 (Teredo)"),
    ("2001::/23", "reserved for protocols"),
    ("2001:db8::/32", "for documentation"),
    ("3fff::/20", "for documentation"),
    ("2620:4f:8000::/48", "a sink for lookups"),
    ("fd00:ec2::254/128", "a cloud's metadata"),
    ("fd20:ce::254/128", "a cloud's metadata"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private (site-local)"),
    ("ff00::/8", "multicast"),
)
_FORBIDDEN_V4 = tuple((IPv4Network(net), why) for net, why in _FORBIDDEN if ":" not in net)
_FORBIDDEN_V6 = tuple((IPv6Network(net), why) for net, why in _FORBIDDEN if ":" in net)
#: All that has been given out for hosts on the Internet so far (RFC 4291, IANA).
_GIVEN_OUT = ip_network("2000::/3")
#: The last eight bytes of an ISATAP address begin so and end with the IPv4 address meant.
_ISATAP = (0x00005EFE, 0x02005EFE)


class Guard:
    """What one source's crawl may ask and connect to. Immutable."""

    def __init__(
        self,
        hosts: Iterable[str],
        allow_addresses: Iterable[str] = (),
        resolve: Mapping[str, str] | None = None,
    ) -> None:
        """``hosts`` are all from which the source is read, with or without ``www.``.

        ``allow_addresses`` are exceptions, ``"127.0.0.2:8099"``: that address with that port.
        ``resolve`` says for ``"host"`` (on 80 and 443) or ``"host:port"`` where it lies instead of
        where name servers say, and makes other ports of a host known; each such place must be an
        exception too.

        Raises SettingsError for what is malformed.
        """
        try:
            self.hosts = frozenset(_bare(_ascii(host)) for host in hosts)
            self.exceptions = frozenset(socket_address(text) for text in allow_addresses)
            self._stand_ins = {
                name.lower(): socket_address(place) for name, place in (resolve or {}).items()
            }
        except ValueError as error:
            raise SettingsError(f"crawl: {error}") from error
        for name, place in self._stand_ins.items():
            if place not in self.exceptions:
                raise SettingsError(
                    f"crawl_resolve: {name} lies at {_shown(*place)},"
                    " which crawl_allow_addresses does not name"
                )

    def check_url(self, url: str) -> tuple[str, int]:
        """The host, in lower case, and port of a URL that may be asked.

        Raises ForbiddenAddressError with the reason otherwise.
        """
        scheme, authority = _plain(url)
        host, port = _host_and_port(url, authority)
        port = port or _WEB_PORTS[scheme]
        if _NUMBERS.fullmatch(host):
            if host in self.hosts and _excepted(host, port, self.exceptions):
                return host, port
            raise ForbiddenAddressError(url, "an IP address in place of a host")
        if _bare(host) not in self.hosts:
            raise ForbiddenAddressError(url, f"the host {host} is not the source's")
        if port not in _WEB_PORTS.values() and self.stand_in(host, port) is None:
            raise ForbiddenAddressError(url, f"the port {port}; only 80 and 443 are asked")
        return host, port

    def stand_in(self, host: str, port: int) -> tuple[Address, int] | None:
        """Where a host lies by the settings; None where name servers are to say it."""
        for name in (host.lower(), _bare(host.lower())):
            if place := self._stand_ins.get(f"{name}:{port}"):
                return place
            if port in _WEB_PORTS.values() and (place := self._stand_ins.get(name)):
                return place
        return None

    def check_address(self, ip: str | Address, port: int) -> None:
        """Raise ForbiddenAddressError unless the address may be connected to on the port."""
        shown = f"[{ip}]:{port}" if ":" in str(ip) else f"{ip}:{port}"
        try:
            address = ip_address(ip)
        except ValueError:
            raise ForbiddenAddressError(shown, "not an IP address") from None
        if (address, port) in self.exceptions:
            return
        if why := why_not_public(address):
            raise ForbiddenAddressError(shown, f"the address is {why}")
        if port not in _WEB_PORTS.values():
            raise ForbiddenAddressError(shown, f"the port {port}; only 80 and 443 are asked")


def guard_for(source: Source, settings: Settings) -> Guard:
    """The guard of a source's crawl: its hosts and alias hosts, and the settings' exceptions."""
    hosts = (*source.hosts, *(alias.host for alias in source.aliases))
    pairs = (text.partition("=") for text in settings.crawl_resolve)
    return Guard(hosts, settings.crawl_allow_addresses, {name: place for name, _, place in pairs})


def why_not_public(address: Address) -> str:
    """What an address is if not one of a public host on the Internet; else ``""``.

    >>> why_not_public(ip_address("192.168.1.1"))
    'private'
    """
    if isinstance(address, IPv4Address):
        why = next((why for net, why in _FORBIDDEN_V4 if address in net), "")
        return why or ("" if address.is_global and not address.is_multicast else "not public")
    if address.scope_id is not None:
        return "one of a single link"
    if why := next((why for net, why in _FORBIDDEN_V6 if address in net), ""):
        return why
    if address not in _GIVEN_OUT or not address.is_global:
        return "not given out for hosts"
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return "an IPv4 address in IPv6 (ISATAP)"
    return ""


def _plain(url: str) -> tuple[str, str]:
    """The scheme and authority of a URL in plain form."""
    if _NOT_PLAIN.search(url):
        raise ForbiddenAddressError(
            ascii(url), "has spaces, control characters, backslashes or letters not escaped"
        )
    match = _URL.fullmatch(url)
    if match is None:
        raise ForbiddenAddressError(url, "not a web address")
    scheme, authority = match[1].lower(), match[2]
    if scheme not in _WEB_PORTS:
        raise ForbiddenAddressError(url, f"the scheme {scheme}; only http and https are asked")
    return scheme, authority


def _host_and_port(url: str, authority: str) -> tuple[str, int]:
    """The host in lower case, and the port, 0 where none is given."""
    if "@" in authority:
        raise ForbiddenAddressError(url, "has user information")
    if authority.startswith("["):
        raise ForbiddenAddressError(url, "an IP address in place of a host")
    match = _AUTHORITY.fullmatch(authority)
    if match is None or ".." in match[1]:
        raise ForbiddenAddressError(url, "the host or port is not written plainly")
    port = int(match[2] or 0)
    if port > _GREATEST_PORT:
        raise ForbiddenAddressError(url, f"the port {port} does not exist")
    return match[1].lower(), port


def _excepted(host: str, port: int, exceptions: frozenset[tuple[Address, int]]) -> bool:
    try:
        return (ip_address(host), port) in exceptions
    except ValueError:  # octal or short forms, which no exception has
        return False


def _bare(host: str) -> str:
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _ascii(host: str) -> str:
    """A host of the settings as it stands in URLs; ValueError where it is none."""
    name = host.lower() if host.isascii() else host.encode("idna").decode("ascii")
    if not _AUTHORITY.fullmatch(name) or ":" in name:
        raise ValueError(f"{host!r} is no host")
    return name


def _shown(address: Address, port: int) -> str:
    return f"[{address}]:{port}" if isinstance(address, IPv6Address) else f"{address}:{port}"
