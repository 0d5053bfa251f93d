"""Pages that list others: anchors, faceted hits with paging, script data, AJAX. No documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import parse_qs

from tests.site import traps
from tests.site.content import MENU, swedish_date
from tests.site.plan import Item, Site
from tests.site.prose import hexid, sentences
from tests.site.reply import Reply, Visit, page
from tests.site.sitevision import item_page, registered

PER_PAGE = 10
SCRIPT_PAGE = 12

#: Faceted searches of Brå: the page that shows one → kinds, language, heading.
FACETED = {
    "/rapporter/arkiv": (("report", "guide"), "sv", "Rapporter"),
    "/english/publications/archive": (("report",), "en", "Publications"),
}
#: Lists of plain anchors: path → site, kinds, heading.
ANCHORED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "/publikationer/arkiv.html": ("bra", ("report", "guide"), "Publikationer"),
    "/amnen": ("bra", ("topic",), "Ämnen"),
    "/forebygga-brott/forebyggande-metoder.html": ("bra", ("method", "law"), "Metoder"),
    "/forebygga-brott/arbeta-brottsforebyggande.html": ("bra", ("step",), "Steg för steg"),
    "/forebygga-brott/erfarenhetsbank/erfarenhetsbank.html":
        ("bra", ("experience",), "Erfarenhetsbank"),
    "/om-bra/projekt-och-uppdrag/projekt.html": ("bra", ("project",), "Projekt"),
    "/kunskapsstod/ekonomiskt-stod": ("bra", ("funding",), "Ekonomiskt stöd"),
    "/skr/samhallsplaneringinfrastruktur/trygghetsakerhet.401.html": ("skr", ("page",), "Trygghet"),
    "/skr/tjanster/pressrum.402.html": ("skr", ("debate",), "Pressrum"),
    "/vaaraomraden": ("gr", ("area",), "Våra områden"),
}  # fmt: skip
#: Lists of GR that exist only as script data: path → kinds, the name of the list, heading.
SCRIPTED = {
    "/nyheterochpress": (("news",), "articles", "Nyheter och press"),
    "/kunskapsbank": (("bank",), "news", "Kunskapsbank"),
}
FACETED_PATH = "/4.{}/12.{}.htm"


def answer(visit: Visit, site: Site, variant: str) -> Reply | None:
    """The list that an address is, or None."""
    if visit.path == "/":
        return page(_start(visit, site))
    if visit.site == "bra":
        if visit.path in FACETED:
            return page(_faceted(visit, site, visit.path, 0))
        for path in FACETED:
            if visit.path == faceted_path(path):
                start = _number(visit, "startAtHit", 0)
                return page(_hits(visit, site, path, start))
        if visit.path == "/nyheter/arkiv":
            return page(_news(visit, site))
        if visit.path == "/english":
            return page(_anchored(visit, site.of("bra", "report"), site, "In English", "en"))
    if visit.site == "gr" and visit.path in SCRIPTED:
        return _scripted(visit, site, variant)
    where, kinds, heading = ANCHORED.get(visit.path, ("", (), ""))
    if where == visit.site:
        return page(_anchored(visit, site.of(where, *kinds), site, heading))
    return None


def paths() -> Iterator[tuple[str, str]]:
    """Every list, as site and path."""
    yield from (("bra", "/"), ("skr", "/"), ("gr", "/"), ("bra", "/nyheter/arkiv"))
    yield ("bra", "/english")
    yield from (("bra", path) for path in FACETED)
    yield from ((site, path) for path, (site, _, _) in ANCHORED.items())
    yield from (("gr", path) for path in SCRIPTED)


def faceted_path(path: str) -> str:
    return FACETED_PATH.format(hexid(f"page {path}"), hexid(f"search {path}"))


def _number(visit: Visit, name: str, default: int) -> int:
    asked = parse_qs(visit.query).get(name, [""])[0]
    return int(asked) if asked.isdecimal() else default


def _listed(items: Sequence[Item], site: Site, day: int) -> list[Item]:
    """What a list shows on a day, newest first."""
    there = [item for item in items if site.there(item, day)]
    return sorted(there, key=lambda item: (item.date, item.name), reverse=True)


def _channel(item: Item, day: int) -> str:
    """An item of a list with a teaser that is no text of its own: the article says it too."""
    date = item.date and f'<time datetime="{item.date}">{swedish_date(item.date)}</time>'
    teaser = sentences(item.name, item.topic, 1, item.language)[0]
    return (
        f'<li class="sv-channel-item"><h3><a href="{escape(item.at(day).path)}">'
        f'{escape(item.title)}</a></h3>{date}<span class="normal">{escape(teaser)}</span></li>'
    )


def _anchored(
    visit: Visit, items: Sequence[Item], site: Site, heading: str, language: str = "sv"
) -> str:
    listed = [i for i in _listed(items, site, visit.day) if i.language == language]
    rows = "".join(_channel(item, visit.day) for item in listed)
    return item_page(heading, visit.site, f"<ul>{rows}</ul>", language=language)


def _start(visit: Visit, site: Site) -> str:
    menu = "".join(f'<li><a href="{path}">{text}</a></li>' for text, path in MENU[visit.site])
    lists = "".join(
        f'<li><a href="{path}">{path}</a></li>' for name, path in paths() if name == visit.site
    )
    odd = "".join(
        f'<li><a href="{escape(to)}">{escape(text)}</a></li>'
        for to, text in traps.links(visit.site)
    )
    seen = "".join(f'<li><a href="{escape(to)}">Mer</a></li>' for to in spellings(visit, site))
    main = f"<ul>{menu}</ul><ul>{lists}</ul><ul>{odd}</ul><ul>{seen}</ul>"
    return item_page("Startsidan", visit.site, main)


def spellings_of_one(visit: Visit, site: Site) -> Iterator[str]:
    """The same page as others write it: queries, print view, host, scheme, fragment."""
    news = {"bra": "bra-news-01", "skr": "skr-page-01", "gr": "gr-news-01"}[visit.site]
    address = site.by_name[news].at(visit.day)
    path = address.path
    for query in ("utm_source=brev", "fbclid=abc", "sv.target=12.0a&sv.12.0a.route=%2F",
                  "state=visa", "printerfriendly=true", "sort=asc", "logout=1"):  # fmt: skip
        yield f"{path}?{query}"
    yield f"{path}.printable"
    yield f"http://{address.host}{path}#h-Bakgrund"
    yield f"HTTPS://WWW.{address.host.upper()}{path}"
    yield f"  {path}\n"
    yield f"/./{path.removeprefix('/')}"


def spellings(visit: Visit, site: Site) -> Iterator[str]:
    """One page in every spelling, each alias of the site, and what is no page at all."""
    yield from spellings_of_one(visit, site)
    yield from ("https://www.docplayer.example/brott", "mailto:stod@example.org", "tel:084650040")
    yield from (i.main.path for i in site.of(visit.site, "page") if i.language == "en")
    yield from (i.main.path for i in site.of(visit.site, "pdf") if i.behaviour)
    for item in site.items:
        yield from (
            a.url for a in item.addresses
            if item.site == visit.site and a.role in ("host", "session", "short", "old", "redirect")
        )  # fmt: skip


def _faceted(visit: Visit, site: Site, path: str, start: int) -> str:
    _, language, heading = FACETED[path]
    form = f'<form action="{faceted_path(path)}"><input name="query"></form>'
    inner = f'<div class="sv-faceted-search">{form}{_hits(visit, site, path, start)}</div>'
    return item_page(heading, "bra", inner, language=language)


def _hits(visit: Visit, site: Site, path: str, start: int) -> str:
    """Ten hits from ``start`` on and the way to the next ten; the text block comes twice."""
    kinds, language, _ = FACETED[path]
    found = [i for i in _listed(site.of("bra", *kinds), site, visit.day) if i.language == language]
    rows = "".join(_hit(item, visit.day) for item in found[start : start + PER_PAGE])
    following = start + PER_PAGE
    query = "state=executePaging&isRenderingAjaxPagingResult=true&query="
    way = f"{faceted_path(path)}?{query}&startAtHit={following}"
    more = f'<a class="sv-search-more" href="{escape(way)}">Visa fler</a>'
    block = f"<p>Träffar {start + 1} och framåt av {len(found)}</p>"
    more = more if following < len(found) else ""
    return f"<!-- {block} -->{block}<ol class='sv-search-result'>{rows}</ol>{more}"


def _hit(item: Item, day: int) -> str:
    abstract = sentences(item.name, item.topic, 1, item.language)[0]
    subtitle = f'<h4 class="bra-reports__content--sub-title">{escape(item.subtitle)}</h4>'
    return (
        '<li class="sv-search-hit"><h3 class="bra-reports__content--title">'
        f'<a href="{escape(item.at(day).path)}">{escape(item.title)}</a></h3>{subtitle}'
        f'<p class="normal">{escape(abstract)}</p><p>Publicerad {item.date}</p>'
        f'<ul><li class="bra-reports__tags--item">{escape(item.topic)}</li></ul></li>'
    )


def _news(visit: Visit, site: Site) -> str:
    """News by ``?page=n``: pages past the last one are empty, and there is no link to them."""
    found = [i for i in _listed(site.of("bra", "news"), site, visit.day) if i.language == "sv"]
    number = _number(visit, "page", 1)
    rows = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    listed = "".join(_channel(item, visit.day) for item in rows)
    last = -(-len(found) // PER_PAGE)
    more = f'<a rel="next" href="?page={number + 1}">Nästa</a>' if number < last else ""
    return item_page("Nyheter", "bra", f"<ul>{listed}</ul>{more}")


def _scripted(visit: Visit, site: Site, variant: str) -> Reply:
    """GR's lists: one page of them in the script, the rest by AJAX and only with its header."""
    kinds, name, heading = SCRIPTED[visit.path]
    portlet = hexid(f"list {visit.path}")
    found = _listed(site.of("gr", *kinds), site, visit.day)
    asked = parse_qs(visit.query)
    ajax = visit.headers.get("X-Requested-With") == "XMLHttpRequest"
    if ajax and asked.get("sv.target") == [f"12.{portlet}"]:
        number = _number(visit, "page", 1)
        return Reply(
            200, json.dumps(_state(found, number, name, visit.day)).encode(), "application/json"
        )
    if variant == "plain":  # another maker's site has anchors
        return page(_anchored(visit, found, site, heading))
    state: dict[str, object] = {**_state(found, 1, name, visit.day), "portletId": f"12.{portlet}"}
    if name == "news":
        hidden = site.by_name["gr-file-hidden"]
        state["files"] = [{"title": hidden.title, "uri": hidden.at(visit.day).path}]
    route = f"{visit.path}?sv.target=12.{portlet}&sv.12.{portlet}.route=%2Fsearch&page="
    state["route"] = route
    holder = f'<div id="svid12_{portlet}" class="sv-custom-module sv-gr-list"></div>'
    return page(item_page(heading, "gr", holder, script=registered(portlet, state)))


def _state(found: Sequence[Item], number: int, name: str, day: int) -> dict[str, object]:
    rows = found[(number - 1) * SCRIPT_PAGE : number * SCRIPT_PAGE]
    listed = [
        {
            "title": item.title,
            "uri": item.at(day).path,
            "date": item.date,
            "id": f"5.{hexid(item.name)}",
        }
        for item in rows
    ]
    pages = -(-len(found) // SCRIPT_PAGE)
    return {name: listed, "page": number, "pages": pages, "hits": len(found)}
