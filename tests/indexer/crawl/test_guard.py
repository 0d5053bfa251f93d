"""Where a crawl may go: attempts to lead it elsewhere, and what holds for every address."""

from __future__ import annotations

import copy
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from twisted.web.client import URI

from indexer.crawl.guard import Guard, guard_for, why_not_public
from indexer.sources import Alias, Source
from search.errors import ForbiddenAddressError, SettingsError
from search.settings import Settings

GUARD = Guard(["bra.se", "rapporter.example.se"])
PUBLIC = ("93.184.215.14", "8.8.8.8", "1.1.1.1", "193.0.0.1", "223.255.255.254", "172.32.0.1")
PUBLIC_V6 = ("2606:4700::1111", "2001:6b0:1::1", "2a00:1450:400f::1", "2620:fe::fe")

#: Numbers, most of them of addresses inside, and names of this machine, as a host in a URL.
_INSIDE = """
    127.0.0.1 127.1 127.0.1 127.000.000.001 0127.0.0.1 0177.0.0.1 0177.0.0.01 0177.1
    017700000001 2130706433 02130706433 0x7f000001 0x7F000001 0x7f.0.0.1 0x7f.0x0.0x0.0x1 0x7f.1
    0x7f.0.1 00000000177.0.0.1 0x000000007f.1 127.0.0.1. 127.0.0.2 127.255.255.254 127.8.8.8
    localhost LOCALHOST localhost. localhost.localdomain ip6-localhost 0 0.0.0.0 00 0x0
    000.000.000.000 0.0 0.1.2.3 169.254.169.254 169.254.169.254. 2852039166 0xa9fea9fe
    0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518 169.16689662 0xa9fe.43518
    0251.254.169.254 169.254.169.0xfe 169.254.170.2 metadata metadata.google.internal
    instance-data 100.100.100.200 168.63.129.16 192.0.0.192 10.0.0.1 10.1 167772161 0x0a000001
    012.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 2886729729 192.168.0.1 192.168.1
    3232235521 0xc0a80001 0300.0250.0.1 192.168.65535 100.64.0.1 100.127.255.254 198.18.0.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 4294967295 0xffffffff 037777777777
    1.1.1.1 8.8.8.8 134744072 0x08080808 4294967296 99999999999 1.2.3.4.5 256.256.256.256
    0x1.0x1 [::1] [::] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::127.0.0.1]
    [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1]
    [::ffff:0:127.0.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:10.0.0.1]
    [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1]
    [2002:7f00:1::] [2002:7f00:0001::1] [2002:a9fe:a9fe::1]
    [2001:0:4136:e378:8000:63bf:80ff:fffe] [2001:470::5efe:7f00:1] [fe80::1] [fe80::1%25eth0]
    [fe80::1%eth0] [fe80::1%1] [::1%25lo] [::1%lo] [fc00::1] [fd00:ec2::254] [fd20:ce::254]
    [fec0::1] [ff02::1] [2606:4700::1111] [v1.127.0.0.1] [127.0.0.1] [bra.se] [::1]bra.se
    [::1].bra.se ::1
"""
INSIDE = _INSIDE.split()

#: URLs that seem to be the source's own, or that other readers would read so.
DISGUISED = [
    # Other hosts.
    "http://other.se/", "http://bra.se.other.se/", "http://other.se/bra.se", "http://xbra.se/",
    "http://bra-se.other.se/", "http://bra.se-other.se/", "http://sub.bra.se/", "http://bra/",
    "http://se/", "http://www.se/", "http://www.www.bra.se/", "http://wwwbra.se/",
    "http://example.se/", "http://www2.bra.se/", "http://bra.se:80.other.se/", "http://brå.se/",
    "http://xn--br-yia.se/", "http://127.0.0.1.nip.io/", "http://bra.se.127.0.0.1.nip.io/",
    "http://bra_se/", "http://BRA.SE.OTHER.SE/",
    # Dots and hyphens too many.
    "http://bra.se./", "http://bra.se../", "http://.bra.se/", "http://bra..se/", "http://-bra.se/",
    "http://bra.se-/", "http://./", "http:///", "http://", "http://:80/", "http:///bra.se/",
    # User information.
    "http://user@bra.se/", "http://user:pass@bra.se/", "http://@bra.se/", "http://:@bra.se/",
    "http://bra.se@127.0.0.1/", "http://bra.se:80@127.0.0.1/", "http://127.0.0.1@bra.se/",
    "http://bra.se@other.se@bra.se/", "http://bra.se%40127.0.0.1/", "http://other.se#@bra.se/",
    "http://other.se?@bra.se/", "http://bra.se:@127.0.0.1/", "http://a%20b@bra.se/",
    # Backslashes, white space and control characters.
    "http://bra.se\\@127.0.0.1/", "http://127.0.0.1\\@bra.se/", "http:\\\\bra.se\\",
    "http:/\\bra.se/", "http://bra.se\\.other.se/", "http://other.se\\bra.se/", "\\\\bra.se/",
    "http://bra.se/\\..\\", " http://bra.se/", "http://bra.se/ ", "http://bra.se /",
    "http:// bra.se/", "\thttp://bra.se/", "ht\ttp://bra.se/", "http://br\ta.se/",
    "http://br\na.se/", "http://br\ra.se/", "http://bra.se\n/",
    "http://bra.se/a\r\nHost: 127.0.0.1", "http://bra.se\x00.other.se/", "http://bra.se\x00/",
    "http://bra.se/\x00", "http://bra.se\x0b/", "http://bra.se\x7f/", "http://bra.se\x85/",
    "http://bra.se\u00a0/", "http://bra.se\u2028/", "http://bra.se\u3000/",
    # Hosts in escapes.
    "http://bra%2ese/", "http://%62ra.se/", "http://bra.se%2eother.se/", "http://bra.se%00/",
    "http://bra.se%00.other.se/", "http://127.0.0.1%2f@bra.se/", "http://bra.se%2f@127.0.0.1/",
    "http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/", "http://bra.se%5c@127.0.0.1/",
    "http://bra.se%/", "http://bra.se%3a8080/", "http://bra.se%23@127.0.0.1/",
    "http://bra.se%0a.other.se/",
    # Letters that other readers take for others.
    "http://ｂｒａ.se/", "http://bra。se/", "http://bra．se/", "http://bra｡se/", "http://bra.ſe/",
    "http://１２７.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ⓛocalhost/",
    "http://bra.se／other.se/", "http://bra.se＠127.0.0.1/", "http://bra.se：8080/",
    "http://bra.se？/", "http://bra.se＃@other.se/", "http://bra\u00ad.se/", "http://bra\u200b.se/",
    "http://bra\u200d.se/", "http://bra.\u202ese/", "http://brа.se/", "http://xn--br-7ce.se/",
    "http://bra.s\u0435/", "http://faß.se/",
    # Other ports.
    "http://bra.se:8080/", "http://bra.se:22/", "http://bra.se:25/", "http://bra.se:6379/",
    "http://bra.se:0/", "http://bra.se:/", "http://bra.se:00080/", "http://bra.se:080/",
    "http://bra.se:+80/", "http://bra.se:-80/", "http://bra.se:80:80/", "http://bra.se:65536/",
    "http://bra.se:65616/", "http://bra.se:4294967376/", "http://bra.se:0x50/",
    "http://bra.se:8 0/", "http://bra.se:８０/", "http://bra.se:80@127.0.0.1:80/",
    "http://bra.se:http/", "http://bra.se:80.0/", "http://bra.se:8e1/",
    # Other schemes, and none.
    "file:///etc/passwd", "file://bra.se/etc/passwd", "ftp://bra.se/", "gopher://bra.se:80/_GET",
    "dict://bra.se:80/", "ldap://bra.se/", "jar:http://bra.se/!/", "data:text/html,x",
    "javascript:alert(1)", "ws://bra.se/", "wss://bra.se/", "s3://bra.se/x",
    "view-source:http://bra.se/", "httpx://bra.se/", "http+unix://bra.se/",
    "https+insecure://bra.se/", "blob:http://bra.se/", "netdoc:///etc/passwd", "//bra.se/",
    "///bra.se/", "bra.se", "bra.se/", "/sida", "?a=b", "", "http:", "http:/", "http:bra.se",
    "http:/bra.se/", "https:bra.se/", "://bra.se/", "h\u200bttp://bra.se/", "url:http://bra.se/",
]  # fmt: skip
ATTEMPTS = [*(f"http://{host}/" for host in INSIDE), *(f"https://{host}:443/x" for host in INSIDE)]
ATTEMPTS += DISGUISED


def refusal(url: str, guard: Guard = GUARD) -> str:
    """Why a URL is refused; "" where it gets through."""
    try:
        guard.check_url(url)
    except ForbiddenAddressError as error:
        return error.reason
    return ""


def refused(ip: str, port: int = 443, guard: Guard = GUARD) -> str:
    try:
        guard.check_address(ip, port)
    except ForbiddenAddressError as error:
        return error.reason
    return ""


# URLs.


def test_of_two_hundred_attempts_none_gets_through() -> None:
    assert len(INSIDE) + len(DISGUISED) >= 200
    assert len(set(ATTEMPTS)) == len(ATTEMPTS)
    assert [url for url in ATTEMPTS if not refusal(url)] == []


def test_what_scrapy_makes_of_an_attempt_is_the_sources_own_or_refused() -> None:
    through = {}
    for url in ATTEMPTS:
        try:
            made = Request(url).url
        except ValueError:
            continue
        if not refusal(made):
            through[url] = made
    # Spaces around a URL go, and wide letters become narrow, before it is asked for.
    assert {urlsplit(made).hostname for made in through.values()} == {"bra.se"}
    assert {GUARD.check_url(made) for made in through.values()} == {("bra.se", 80)}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://bra.se", ("bra.se", 80)),
        ("https://bra.se/", ("bra.se", 443)),
        ("https://www.bra.se/rapporter/arkiv.html?start=1&b=%C3%A5#c", ("www.bra.se", 443)),
        ("HTTPS://BRA.SE/A", ("bra.se", 443)),
        ("https://bra.se:443/", ("bra.se", 443)),
        ("http://bra.se:443/", ("bra.se", 443)),
        ("https://bra.se?q=http://127.0.0.1/@", ("bra.se", 443)),
        ("https://bra.se/@user:80/[x]|y", ("bra.se", 443)),
        ("https://bra.se#//127.0.0.1", ("bra.se", 443)),
        ("https://rapporter.example.se/", ("rapporter.example.se", 443)),
        ("https://www.rapporter.example.se/", ("www.rapporter.example.se", 443)),
    ],
)
def test_the_sources_own_hosts_are_asked(url: str, place: tuple[str, int]) -> None:
    assert GUARD.check_url(url) == place


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://bra.se/", "the scheme ftp; only http and https are asked"),
        ("http://a@bra.se/", "has user information"),
        ("http://other.se/", "the host other.se is not the source's"),
        ("http://0x7f.1/", "an IP address in place of a host"),
        ("http://[::1]/", "an IP address in place of a host"),
        ("http://bra.se:8080/", "the port 8080; only 80 and 443 are asked"),
        ("http://bra.se:65536/", "the port 65536 does not exist"),
        ("http://bra.se./", "the host or port is not written plainly"),
        ("http://bra.se\t/", "has spaces, control characters, backslashes or letters not escaped"),
        ("/sida", "not a web address"),
    ],
)
def test_a_refusal_says_why(url: str, reason: str) -> None:
    assert refusal(url) == reason
    with pytest.raises(ForbiddenAddressError, match=r"^[ -~]+$"):
        GUARD.check_url(url)


_NASTY = "http https : // / bra.se www. 127.0.0.1 @ \\ ? # . [ ] %2e %40 :80 :443 :8080 other.se"
_PIECES = st.sampled_from([*_NASTY.split(), "0x7f.1", "::1", "å", "。", "-", "\t", "\n", " "])
_BEGUN = st.sampled_from(["", "http://", "http://bra.se", "https://www.bra.se", "HTTP://BRA.SE"])
_URLS = st.tuples(_BEGUN, st.lists(_PIECES, max_size=8).map("".join) | st.text(max_size=20))


@given(_URLS.map("".join))
def test_whatever_gets_through_is_read_alike_by_everyone(url: str) -> None:
    if refusal(url):
        return
    host, port = GUARD.check_url(url)
    assert host.removeprefix("www.") == "bra.se"
    for text in (url, Request(url).url):
        parts = urlsplit(text)
        uri = URI.fromBytes(text.encode())  # type: ignore[no-untyped-call]
        assert parts.hostname == uri.host.decode().lower() == host
        assert parts.username is None
        assert uri.port == port == (parts.port or {"http": 80, "https": 443}[parts.scheme])


@given(st.text())
def test_no_text_breaks_the_guard(text: str) -> None:
    refusal(text)
    assert refused(text)


# Addresses. The registries' networks, written here once more, so that the guard's list is checked.

_NOT_PUBLIC = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32 ::/3
    4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
"""
NOT_PUBLIC = [ip_network(text) for text in _NOT_PUBLIC.split()]
V4 = st.sampled_from([net for net in NOT_PUBLIC if net.version == 4]).flatmap(
    lambda net: st.integers(int(net[0]), int(net[-1])).map(IPv4Address)
)
V6 = st.sampled_from([net for net in NOT_PUBLIC if net.version == 6]).flatmap(
    lambda net: st.integers(int(net[0]), int(net[-1])).map(IPv6Address)
)


def spellings(address: IPv4Address) -> list[str]:
    """An IPv4 address in the ways that C libraries, browsers and people write it."""
    number, parts = int(address), address.packed
    a, b, c, d = parts
    forms = [
        str(address), str(number), hex(number), f"0{number:o}", f"0x{number:08X}",
        f"0x0000{number:x}",
        f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{number & 0xFFFF}", f"{a:#x}.{number & 0xFFFFFF:#x}",
        ".".join(f"0{part:o}" for part in parts), ".".join(hex(part) for part in parts),
        f"0{a:o}.{b:#x}.{c}.{d}", ".".join(f"{part:03}" for part in parts),
    ]  # fmt: skip
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    forms += [str(address).translate(wide), str(address).replace(".", "。")]
    forms += [
        "".join(f"%{ord(sign):02x}" for sign in str(address)),
        str(address).replace(".", "%2e"),
    ]
    return forms + [f"[{embedded}]" for embedded in in_ipv6(address)]


def in_ipv6(address: IPv4Address) -> list[IPv6Address]:
    """The ways to write an IPv4 address in IPv6 that some system unwraps."""
    number = int(address)
    networks = {"::": 0, "::ffff:0:0": 0, "::ffff:0:0:0": 0, "64:ff9b::": 0, "2002::": 80}
    forms = [
        IPv6Address(int(IPv6Address(net)) | number << shift) for net, shift in networks.items()
    ]
    teredo = int(IPv6Address("2001:0:808:808::")) | number ^ 0xFFFFFFFF
    isatap = int(IPv6Address("2001:470::5efe:0:0")) | number
    return [*forms, IPv6Address(teredo), IPv6Address(isatap)]


@given(V4, st.sampled_from(["", ":80", ":443", ":8080"]), st.sampled_from(["", "bra.se@", "a:b@"]))
def test_no_spelling_of_an_address_gets_through(address: IPv4Address, port: str, user: str) -> None:
    for host in spellings(address):
        for dot in ("", "."):
            for scheme in ("http", "https"):
                assert refusal(f"{scheme}://{user}{host}{dot}{port}/")


@given(V4 | V6, st.sampled_from([80, 443]))
def test_no_address_that_is_not_public_is_connected_to(
    address: IPv4Address | IPv6Address, port: int
) -> None:
    assert refused(str(address), port).startswith("the address is ")
    if isinstance(address, IPv4Address):
        assert all(refused(str(embedded), port) for embedded in in_ipv6(address))
    else:
        assert refused(f"{address}%eth0", port)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_is_public_unless_a_registry_says_otherwise(address: IPv4Address) -> None:
    public = not any(address in net for net in NOT_PUBLIC if net.version == 4)
    assert (why_not_public(address) == "") is public
    assert all(refused(str(embedded)) for embedded in in_ipv6(address))


@given(st.integers(int(IPv6Address("2000::")), int(IPv6Address("3fff:ffff::"))).map(IPv6Address))
def test_an_ipv6_address_is_public_only_among_those_given_out(address: IPv6Address) -> None:
    isatap = (int(address) >> 32) & 0xFDFFFFFF == 0x5EFE
    public = not isatap and not any(address in net for net in NOT_PUBLIC if net.version == 6)
    assert (why_not_public(address) == "") is public


def test_the_edges_of_every_network_are_refused() -> None:
    for net in NOT_PUBLIC:
        for address in (net[0], net[-1]):
            assert refused(str(address)), address


@pytest.mark.parametrize("ip", [*PUBLIC, *PUBLIC_V6])
def test_a_public_address_is_connected_to_on_the_ports_of_the_web(ip: str) -> None:
    assert refused(ip, 80) == refused(ip, 443) == ""
    for port in (0, 1, 22, 25, 79, 81, 444, 8080, 65535, 65616, -1):
        assert "only 80 and 443" in refused(ip, port)


@pytest.mark.parametrize(
    ("ip", "what"),
    [
        ("127.0.0.1", "loopback"), ("::1", "loopback"), ("10.1.2.3", "private"),
        ("fd00::1", "private"), ("169.254.169.254", "a cloud's metadata"),
        ("168.63.129.16", "a cloud's metadata"), ("100.100.100.200", "a cloud's metadata"),
        ("fd00:ec2::254", "a cloud's metadata"), ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"), ("fe80::1%eth0", "one of a single link"),
        ("100.64.0.1", "shared by a carrier's customers"), ("224.0.0.251", "multicast"),
        ("ff0e::1", "multicast"), ("255.255.255.255", "broadcast"), ("250.0.0.1", "reserved"),
        ("0.1.2.3", "unspecified"), ("::", "unspecified"),
        ("::ffff:8.8.8.8", "an IPv4 address in IPv6"),
        ("64:ff9b::808:808", "an IPv4 address in IPv6 (NAT64)"),
        ("2002:808:808::1", "an IPv4 address in IPv6 (6to4)"),
        ("2001:0:1::1", "an IPv4 address in IPv6 (Teredo)"), ("fec0::1", "private (site-local)"),
        ("4000::1", "not given out for hosts"), ("2001:db8::1", "for documentation"),
    ],
)  # fmt: skip
def test_a_refused_address_is_named_for_what_it_is(ip: str, what: str) -> None:
    assert refused(ip) == f"the address is {what}"


@pytest.mark.parametrize(
    "ip",
    ["", "localhost", "bra.se", "127.1", "2130706433", "0177.0.0.1", "1.2.3.4.5", "127.0.0.1:80"],
)
def test_what_is_no_address_is_not_connected_to(ip: str) -> None:
    assert refused(ip, 80) == "not an IP address"


# Exceptions.


def test_an_exception_is_for_one_address_and_one_port() -> None:
    guard = Guard(["bra.se"], ["127.0.0.2:8099", "[::1]:8443"])
    assert refused("127.0.0.2", 8099, guard) == refused("::1", 8443, guard) == ""
    near = [("127.0.0.2", 8098), ("127.0.0.2", 80), ("127.0.0.1", 8099), ("127.0.0.3", 8099)]
    near += [("::ffff:127.0.0.2", 8099), ("::1", 8099), ("::1%lo", 8443), ("8.8.8.8", 8099)]
    near += [("127.0.0.2.", 8099), ("127.0.0.02", 8099), ("64:ff9b::7f00:2", 8099)]
    assert all(refused(*place, guard) for place in near)
    # The names and ports of URLs are as before.
    assert refusal("http://bra.se:8099/", guard)
    assert refusal("http://127.0.0.2:8099/", guard)


def test_an_address_may_be_a_host_where_it_is_an_exception_too() -> None:
    guard = Guard(["127.0.0.2"], ["127.0.0.2:8099"])
    assert guard.check_url("http://127.0.0.2:8099/") == ("127.0.0.2", 8099)
    for url in ("http://127.0.0.2/", "http://0177.0.0.2:8099/", "http://127.2:8099/"):
        assert refusal(url, guard)
    assert refusal("http://127.0.0.2:8099/", Guard(["127.0.0.2"]))
    assert refusal("http://8.8.8.8/", Guard(["8.8.8.8"]))


def test_a_host_lies_where_the_settings_say() -> None:
    allow = ["127.0.0.2:8443", "127.0.0.2:8080", "127.0.0.2:9000"]
    resolve = {
        "bra.se": "127.0.0.2:8443",
        "bra.se:80": "127.0.0.2:8080",
        "bra.se:9000": "127.0.0.2:9000",
    }
    guard = Guard(["bra.se", "skr.se"], allow, resolve)
    inside = ip_address("127.0.0.2")
    assert guard.stand_in("bra.se", 443) == guard.stand_in("www.bra.se", 443) == (inside, 8443)
    assert guard.stand_in("BRA.se", 80) == (inside, 8080)
    assert guard.stand_in("skr.se", 443) is guard.stand_in("bra.se", 8443) is None
    assert guard.check_url("http://bra.se:9000/") == ("bra.se", 9000)
    assert refusal("http://skr.se:9000/", guard)
    assert refusal("http://bra.se:8443/", guard)


def test_a_host_may_lie_only_at_an_exception() -> None:
    with pytest.raises(SettingsError, match=r"bra\.se lies at 127\.0\.0\.2:80.*does not name"):
        Guard(["bra.se"], ["127.0.0.2:81"], {"bra.se": "127.0.0.2:80"})
    with pytest.raises(SettingsError, match="no address with a port"):
        Guard(["bra.se"], ["127.0.0.2"])
    for host in ("bra.se/", "bra.se:80", "a b", "", "[::1]", "-.se"):
        with pytest.raises(SettingsError, match="is no host"):
            Guard([host])


def test_a_sources_guard_knows_its_hosts_and_the_settings_exceptions() -> None:
    import re

    alias = Alias("rapporter.bra.se", re.compile(""), "why", "seen")
    source = Source("bra", "Brå", hosts=("bra.se",), aliases=(alias,))
    settings = Settings(
        crawl_allow_addresses=("127.0.0.2:8099",), crawl_resolve=("bra.se=127.0.0.2:8099",)
    )
    guard = guard_for(source, settings)
    assert guard.hosts == {"bra.se", "rapporter.bra.se"}
    assert guard.stand_in("bra.se", 80) == (ip_address("127.0.0.2"), 8099)
    assert refused("127.0.0.2", 8099, guard) == ""
    # Scrapy copies what its settings hold.
    assert copy.deepcopy(guard).check_url("https://bra.se/") == ("bra.se", 443)


def test_hosts_of_other_alphabets_are_known_as_they_are_asked_for() -> None:
    guard = Guard(["malmö.se"])
    assert guard.check_url("https://xn--malm-8qa.se/") == ("xn--malm-8qa.se", 443)
    assert refusal("https://malmö.se/", guard)
