"""Addresses that are no documents and bite: loops, bombs, endless spaces, notices, ways out."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from itertools import repeat

from tests.site import attacks
from tests.site.prose import sentences
from tests.site.reply import Reply, Visit, moved, page
from tests.site.sitevision import item_page

#: What a bomb and the huge page come to, unpacked. The bomb is sent as a hundred kilobytes.
BOMB_BYTES = 96 * 2**20
HUGE_BYTES = 40 * 2**20

NEWS = "/nyheter/arkiv/2025-01-0"
WAYS_OUT = "/nyheter/arkiv/2025-01-09-vidare"

Act = Callable[[Visit, re.Match[str], int], Reply]


def answer(visit: Visit, trap_port: int) -> Reply | None:
    """The reply of the trap that an address is, or None."""
    for site, pattern, _, act in TRAPS:
        if site in (visit.site, "*") and (match := re.fullmatch(pattern, visit.path)):
            return act(visit, match, trap_port)
    return None


def _notice(title: str, *texts: str) -> Act:
    def act(visit: Visit, match: re.Match[str], port: int) -> Reply:
        main = "".join(f'<p class="normal">{text}</p>' for text in texts)
        return page(item_page(title, visit.site, main))

    return act


def _to(target: str, status: int = 301) -> Act:
    return lambda visit, match, port: moved(target, status)


def _growing_query(visit: Visit, match: re.Match[str], port: int) -> Reply:
    return moved(f"{visit.path}?{visit.query + '&' if visit.query else ''}steg=1", 302)


def _growing_path(visit: Visit, match: re.Match[str], port: int) -> Reply:
    """A relative link with the root's slash forgotten: each page leads one step deeper."""
    link = '<p><a href="vilse/amnen">Vidare</a> <a href="amnen/vilse">Mer</a></p>'
    return page(item_page("Vilse", visit.site, link))


def _calendar(visit: Visit, match: re.Match[str], port: int) -> Reply:
    """A month, with the months around it, for ever; and a day of it in the query."""
    year, month = int(match["year"] or 2026), int(match["month"] or 11)
    later, sooner = year * 12 + month, year * 12 + month - 2
    ways = "".join(f'<a href="/kalender/{m // 12}/{m % 12 + 1}">Månad</a>' for m in (later, sooner))
    days = "".join(
        f'<li><a href="/kalender/{year}/{month}?date={year}-{month:02}-{day:02}">{day}</a></li>'
        for day in range(1, 29)
    )
    main = f'<div class="sv-eventcalendar-portlet">{ways}<ul>{days}</ul></div>'
    return page(item_page("Kalender", visit.site, main))


def _event(visit: Visit, match: re.Match[str], port: int) -> Reply:
    said = " ".join(sentences(visit.path, "kursen", 4))
    return page(item_page("Kurs för samordnare", visit.site, f'<p class="normal">{said}</p>'))


def _ways_out(visit: Visit, match: re.Match[str], port: int) -> Reply:
    """One page with every attack as a link, and with the redirects that lead to each."""
    forms = attacks.forms(port)
    links = "".join(f'<li><a href="{escape(form)}">Ut</a></li>' for form in forms)
    links += "".join(f'<li><a href="{WAYS_OUT}-{n}">Vidare</a></li>' for n in range(len(forms)))
    return page(item_page("Länkar", visit.site, f"<ul>{links}</ul>"))


def _way_out(visit: Visit, match: re.Match[str], port: int) -> Reply:
    forms = attacks.forms(port)
    number = int(match["n"])
    if number >= len(forms):
        return Reply(404)
    # A header is one line of bytes; what cannot stand in it is sent as bytes that look like it.
    target = forms[number].replace("\t", "%09")
    return moved(target.encode().decode("latin-1"), (301, 302, 303, 307, 308)[number % 5])


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = b"<!DOCTYPE html><html lang='sv'><title>Bomb</title><body><p>"
    made = [pack.compress(start)]
    made += [pack.compress(bytes(2**20)) for _ in range(BOMB_BYTES // 2**20)]
    return b"".join([*made, pack.flush()])


def _packed_bomb(visit: Visit, match: re.Match[str], port: int) -> Reply:
    twice = "tva-ganger" in visit.path
    body = gzip.compress(_bomb(), mtime=0) if twice else _bomb()
    coding = "gzip, gzip" if twice else "gzip"
    return Reply(200, body, headers=(("Content-Encoding", coding),))


def _sitemap_bomb(visit: Visit, match: re.Match[str], port: int) -> Reply:
    return Reply(200, _bomb(), "application/gzip")


def _huge(visit: Visit, match: re.Match[str], port: int) -> Reply:
    piece = b"<p>" + b"En rad som aldrig tar slut. " * 2340 + b"</p>"
    return Reply(200, b"", chunks=repeat(piece, HUGE_BYTES // len(piece)))


def _never_whole(visit: Visit, match: re.Match[str], port: int) -> Reply:
    body = item_page("Aldrig hel", visit.site, "<p>Text.</p>" * 400).encode()
    return Reply(200, body, cut=len(body) // 3)


def _farm(visit: Visit, match: re.Match[str], port: int) -> Reply:
    """A page of links without end, all of them to pages that are not there."""
    links = "".join(f'<a href="/amnen/tom-{n}">{n}</a>' for n in range(300))
    return page(item_page("Alla länkar", visit.site, links))


def _looks(kind: str, body: bytes) -> Act:
    return lambda visit, match, port: Reply(200, body, kind)


_SOFT = _notice("Sidan finns inte", "Sidan du söker finns inte längre, eller har fått ny adress.")
_CONTACT = _notice("Kontakta oss", "Växel 08-465 004 00.", "Pressjour 08-465 004 01.")
_FORM = _notice("Sök", "Skriv ett ord.")

#: Site, pattern of the path, why it is no document, what it does.
TRAPS: tuple[tuple[str, str, str, Act], ...] = (
    ("bra", rf"{NEWS}1-slinga-a", "redirect loop", _to(f"{NEWS}1-slinga-b")),
    ("bra", rf"{NEWS}1-slinga-b", "redirect loop", _to(f"{NEWS}1-slinga-a")),
    ("bra", rf"{NEWS}2-rundgang", "redirect to itself", _to(f"{NEWS}2-rundgang", 302)),
    ("bra", rf"{NEWS}3-langre", "redirects with a growing query", _growing_query),
    ("bra", rf"{NEWS}4-bomb", "gzip bomb", _packed_bomb),
    ("bra", rf"{NEWS}4-bomb-tva-ganger", "gzip bomb, packed twice", _packed_bomb),
    ("bra", rf"{NEWS}5-jattesida", "too large", _huge),
    ("bra", rf"{NEWS}6-aldrig-hel", "never comes whole", _never_whole),
    ("bra", rf"{NEWS}7-borta", "soft 404", _SOFT),
    ("bra", rf"{NEWS}8-tom", "empty", _looks("text/html", b"")),
    ("bra", rf"{NEWS}8-bild", "not what it says it is",
     _looks("text/html; charset=utf-8", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)),
    ("bra", WAYS_OUT, "list of links", _ways_out),
    ("bra", rf"{WAYS_OUT}-(?P<n>\d+)", "redirect out of the site", _way_out),
    ("bra", r"/amnen/nedlagd", "soft 404", _SOFT),
    ("bra", r"/amnen/vilse(/vilse|/amnen)*", "path without end", _growing_path),
    ("bra", r"/amnen/alla-lankar", "list of links", _farm),
    ("bra", r"/sitemap-bomb\.xml\.gz", "gzip bomb", _sitemap_bomb),
    ("*", r"/kalender(?:/(?P<year>\d+)/(?P<month>\d+))?", "calendar", _calendar),
    ("*", r"/arkiv/evenemang/.+", "calendar", _event),
    ("*", r"/kurser/.+", "course page", _event),
    ("*", r"/sok.*", "forbidden by robots.txt", _FORM),
    ("*", r"/internt/.*", "forbidden by robots.txt", _FORM),
    ("*", r".*/utkast/.*", "forbidden by robots.txt", _FORM),
    ("*", r"/sitevision/proxy/.*", "never followed", _FORM),
    ("*", r"/kontakt.*|/om-bra/kontakt.*|/press/.*", "contact persons only", _CONTACT),
    ("bra", r"/statistik/.+", "statistics", _notice("Anmälda brott", "Tabeller.", "År 2025: 7.")),
    ("bra", r"/om-bra/om-webbplatsen/.+", "about the site itself",
     _notice("Om webbplatsen", "Så är den byggd.")),
    ("skr", r"/skr/arbetsgivarekollektivavtal/.+\.\d+\.html", "outside the areas about crime",
     _notice("Kollektivavtal", *sentences("avtal", "löner", 8))),
    ("skr", r"/minasidor\.403\.html", "a form", _FORM),
)  # fmt: skip


def links(site: str) -> Iterator[tuple[str, str]]:
    """Where the traps of a site are linked from its start page: address and words."""
    if site == "bra":
        for ending in ("1-slinga-a", "2-rundgang", "3-langre", "4-bomb", "4-bomb-tva-ganger",
                       "5-jattesida", "6-aldrig-hel", "7-borta", "8-tom", "8-bild"):  # fmt: skip
            yield f"{NEWS}{ending}", ending
        yield from ((path, path) for path in (WAYS_OUT, "/amnen/nedlagd", "/amnen/vilse",
                                              "/amnen/alla-lankar", "/om-bra/kontakt"))  # fmt: skip
        yield "/om-bra/om-webbplatsen/data-fran-bra", "Data från Brå"
        yield "/statistik/kriminalstatistik/anmalda-brott.html", "Anmälda brott"
        yield "/statistik/statistik-om-rattsvasendet/handlagda-brott", "Handlagda brott"
        yield "/nyheter/utkast/2025-05-01-ej-klar", "Utkast"
    if site == "skr":
        yield "/skr/arbetsgivarekollektivavtal/kollektivavtal/loner.7001.html", "Löner"
        yield "/kontakt.404.html", "Kontakt"
    if site == "gr":
        yield "/kurser/samordnare.5.0a1b2c3d4e5f60718293.html", "Kurs"
        yield "/kontakt.4.0a1b2c3d4e5f6071829a.html", "Kontakt"
        yield "/arkiv/evenemang/natverkstraff.5.0a1b2c3d4e5f6071829b.html", "Träff"
    yield from (
        ("/kalender", "Kalender"),
        ("/sok?query=brott", "Sök"),
        ("/internt/lista", "Internt"),
    )
    yield "/sitevision/proxy/hamta/svid12_0/-1/fil", "Proxy"
