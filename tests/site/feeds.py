"""What a site says of itself to machines: robots.txt, sitemaps, RSS."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from html import escape

from tests.site.plan import MAIN_HOST, Item, Site
from tests.site.prose import hexid
from tests.site.reply import Reply, Visit, moved

#: SKR's feed is the address of the facts page; the other two are made like it.
RSS_PATHS = {
    "bra": f"/4.{hexid('rss page')}/12.{hexid('rss')}.portlet",
    "skr": "/4.7a383bf01715da022e3fffa/12.1f376ad3177c89481f750329.portlet",
    "gr": f"/4.{hexid('rss page gr')}/12.{hexid('rss gr')}.portlet",
}
RSS_QUERY = "state=rss&sv.contenttype=text/xml;charset=UTF-8"
#: Items on the feed: the newest.
RSS_ITEMS = 15

_GENERAL = ("Disallow: /sitevision/", "Disallow: /internt/", "Disallow: /sok",
            "Disallow: /*/utkast/", "Allow: /sitevision/system-resource/")  # fmt: skip
#: What only lists, feeds and links lead to; the rest is in the sitemaps. GR has none.
_NOT_IN_SITEMAPS = ("news", "report", "guide", "debate")


def answer(visit: Visit, site: Site) -> Reply | None:
    if visit.path == "/robots.txt":
        return _robots(visit, site)
    if visit.path == RSS_PATHS[visit.site] and "state=rss" in visit.query:
        return Reply(200, _rss(visit, site).encode(), "text/xml;charset=UTF-8")
    made = {"bra": _bra_sitemaps, "skr": _skr_sitemaps, "gr": _gr_sitemaps}.get(visit.site)
    return made(visit, site) if made else None


def rules(host: str, name: str, site: Site, day: int) -> list[str]:
    """The lines of robots.txt for everyone, at a host on a day."""
    if host == "webbutik.skr.se":
        return ["Disallow: /"]
    if host in ("www.kvalitetsregister.se", "www.sfti.se"):
        return []
    added = [
        c.detail for c in site.changes if c.on(day) and c.what == "forbids" and c.which == name
    ]
    return [*_GENERAL, *added]


def forbidden(host: str, name: str, site: Site, day: int, address: str) -> bool:
    """Whether robots.txt forbids an address: the longest rule decides, as RFC 9309 has it."""
    best = (0, False)
    for line in rules(host, name, site, day):
        kind, _, pattern = line.partition(": ")
        if re.match(re.escape(pattern).replace(r"\*", ".*"), address):
            best = max(best, (len(pattern), kind == "Disallow"), key=lambda rule: rule[0])
    return best[1] and address != "/robots.txt"


def _robots(visit: Visit, site: Site) -> Reply:
    failing = [c for c in site.changes if c.on(visit.day) and c.what == "robots fails"]
    if any(change.which == visit.site for change in failing):
        return Reply(500, b"fel")
    if visit.host == "www.sfti.se":
        return moved("http://169.254.169.254/robots.txt")
    if visit.host == "www.kvalitetsregister.se":
        return Reply(404, b"")
    lines = ["User-agent: *", *rules(visit.host, visit.site, site, visit.day)]
    if visit.site == "bra":
        lines += ["", "Sitemap: https://bra.se/sitemapindex.xml",
                  "Sitemap: http://169.254.169.254/sitemap.xml",
                  "Sitemap: https://annan.example/sitemap.xml"]  # fmt: skip
    if visit.site == "skr":
        lines += ["", "Sitemap: https://skr.se/sitemap.xml"]
    return Reply(200, "\n".join(lines).encode(), "text/plain; charset=utf-8")


def _bra_sitemaps(visit: Visit, site: Site) -> Reply | None:
    """An index of three: a packed one, a plain one, and a bomb."""
    host = "https://bra.se"
    if visit.path == "/sitemapindex.xml":
        inner = "".join(
            f"<sitemap><loc>{host}/{name}</loc></sitemap>"
            for name in ("sitemap1.xml.gz", "sitemap2.xml", "sitemap-bomb.xml.gz")
        )
        body = f'<sitemapindex xmlns="{_NAMESPACE}">{inner}</sitemapindex>'
        return Reply(200, f"{_XML}{body}".encode(), "application/xml")
    items = _in_sitemap(visit, site)
    if visit.path == "/sitemap1.xml.gz":
        packed = _urlset(items[::2], visit, ["https://bra.se/kalender", f"{host}/amnen/nedlagd"])
        return Reply(200, gzip.compress(packed, mtime=0), "application/gzip")
    if visit.path == "/sitemap2.xml":
        odd = ["http://127.0.0.1/", "https://annan.example/sida", "/relativ", "skräp"]
        return Reply(200, _urlset(items[1::2], visit, odd), "application/xml")
    return None


def _skr_sitemaps(visit: Visit, site: Site) -> Reply | None:
    if visit.path != "/sitemap.xml":
        return None
    extra = ["https://skr.se/skr/arbetsgivarekollektivavtal/kollektivavtal/loner.7001.html"]
    return Reply(200, _urlset(_in_sitemap(visit, site), visit, extra), "text/xml")


def _gr_sitemaps(visit: Visit, site: Site) -> Reply | None:
    """GR has a sitemap only where a measurement asked for more articles."""
    more = site.of("gr", "more")
    if visit.path != "/sitemap.xml" or not more:
        return None
    return Reply(200, _urlset(more, visit, []), "text/xml")


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _in_sitemap(visit: Visit, site: Site) -> list[Item]:
    return [
        item
        for item in site.of(visit.site)
        if item.kind not in _NOT_IN_SITEMAPS and not item.is_file and site.there(item, visit.day)
    ]


def _urlset(items: Iterable[Item], visit: Visit, others: Iterable[str]) -> bytes:
    """Pages with a lastmod that means nothing: it is the day of the last build of the site."""
    rows = [
        f"<url><loc>{escape(item.at(visit.day).url)}</loc><lastmod>2026-10-05</lastmod></url>"
        for item in items
    ]
    rows += [f"<url><loc>{escape(other)}</loc></url>" for other in others]
    return f'{_XML}<urlset xmlns="{_NAMESPACE}">{"".join(rows)}</urlset>'.encode()


def _rss(visit: Visit, site: Site) -> str:
    """The newest first, with the debates of SKR, which no other list of ours leads to at once."""
    kinds = ("debate", "page") if visit.site == "skr" else ("news",)
    there = [i for i in site.of(visit.site, *kinds) if i.date and site.there(i, visit.day)]
    there.sort(key=lambda item: (item.kind != "debate", item.date), reverse=False)
    host = MAIN_HOST[visit.site]
    rows = "".join(
        f"<item><title>{escape(i.title)}</title><link>{escape(i.at(visit.day).url)}</link>"
        f'<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate><guid isPermaLink="false">'
        f"{i.key}</guid></item>"
        for i in there[:RSS_ITEMS]
    )
    return (
        f'{_XML}<rss version="2.0"><channel><title>{host}</title><link>https://{host}/</link>'
        f"<description>Nyheter</description>{rows}</channel></rss>"
    )
