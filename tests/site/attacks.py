"""Addresses that lead out of the site or inwards: none may ever be connected to.

Every form is once a link and once the target of a redirect. ``trap`` is the port of a listener on
the loopback addresses that answers, and writes down who came.
"""

from __future__ import annotations

from collections.abc import Iterator

#: Hosts that are this machine, its neighbours or its cloud, in the spellings that slip through.
_LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0x7f.1", "017700000001", "0177.0.0.1", "00000177.0.0.01", "0", "0.0.0.0", "000.000.000.000",  # noqa: S104 - no one binds here
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[0000::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "[::1%25lo]",
    "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "127%2e0%2e0%2e1", "%31%32%37.0.0.1",
)  # fmt: skip
_INSIDE = (
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]", "169.254.170.2", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25eth0]",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.1", "192.168.0.1", "192.168.1.1",
    "100.64.0.1", "198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[fc00::1]", "[fd12:3456::1]",
    "[2001:db8::1]", "[2002:a9fe:a9fe::]", "[64:ff9b::a9fe:a9fe]", "3232235521", "167772161",
    "metadata.google.internal", "metadata", "instance-data", "kubernetes.default.svc",
)  # fmt: skip
_OUTSIDE = (
    "annan.example", "bra.se.annan.example", "xn--br-yia.example", "bra-se.example", "bra.example",
    "www.docplayer.example", "statistik.bra.se", "xbra.se", "bra.se.", "skr.se.annan.example",
    "gymnasieantagningen.goteborgsregionen.se", "karta.goteborgsregionen.se",
)  # fmt: skip
_WHOLE = (
    "https://bra.se@127.0.0.1/", "https://bra.se:443@127.0.0.1/", "https://user:pass@bra.se/",
    "https://user@bra.se/amnen", "https://bra.se%40127.0.0.1/", "https://127.0.0.1#@bra.se/",
    "https://127.0.0.1?@bra.se/", "https://127.0.0.1\\@bra.se/", "https:\\\\127.0.0.1\\",
    "//127.0.0.1/", "//169.254.169.254/latest/meta-data/", "///127.0.0.1/", "/\\127.0.0.1/",
    "file:///etc/passwd", "file://localhost/etc/passwd", "ftp://127.0.0.1/", "ftp://bra.se/fil",
    "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/",
    "data:text/html,<h1>hej</h1>", "javascript:alert(1)", "jar:https://bra.se!/", "s3://hink/fil",
    "https://bra.se:22/", "https://bra.se:25/", "https://bra.se:6379/", "https://bra.se:8443/",
    "http://bra.se:443@169.254.169.254/", "https://bra.se:0/", "https://bra.se:99999/",
    "https://bra.se:-1/", "https://[bra.se]/", "https://[::1/", "https:///amnen", "http://",
    "https://bra.se\t.annan.example/", "https:// 127.0.0.1/", "https://bra.se%00.annan.example/",
    "https://bra.se%2eannan.example/", "https://bra.se%2f@127.0.0.1/", "HTTP://127.0.0.1/",
)  # fmt: skip


def forms(trap: int) -> list[str]:
    """Every attack as an address, always in the same order."""
    return list(dict.fromkeys([*_of_hosts(trap), *_WHOLE, *_ports(trap)]))


def _of_hosts(trap: int) -> Iterator[str]:
    for host in _LOOPBACK:
        yield f"http://{host}:{trap}/hemligt"
        yield f"https://{host}/hemligt"
    for host in _INSIDE:
        yield f"http://{host}/latest/meta-data/"
        yield f"https://{host}:{trap}/"
    yield from (f"https://{host}/sida" for host in _OUTSIDE)


def _ports(trap: int) -> Iterator[str]:
    """The source's own hosts at a port that is not the web's."""
    for host in ("bra.se", "www.bra.se", "127.0.0.2"):
        yield f"http://{host}:{trap}/hemligt"
        yield f"https://{host}:{trap}/hemligt"
