"""Reading a page with rules: selectors for its parts in, a Reading out.

Owns how a rule is followed and when an answer fits; the selectors themselves are data in
``corpus/sources.toml``. Cuts in the tree it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.clutter import Clutter
from indexer.identity import canonical_url, source_of
from indexer.parse.blocks import Heading
from indexer.parse.dates import read_date, read_label
from indexer.parse.markup import pieces_of, text_of
from indexer.parse.metadata import (
    Dates,
    declared_dates,
    labelled_dates,
    language_of_page,
    meta,
    take_times,
    title_of,
)
from indexer.parse.reading import Reading
from indexer.parse.repeats import repeats_lead
from indexer.parse.tidy import after_title, read_stamps
from indexer.sources import Source
from search.document import DateGround, Link

#: Selectors for a part of a page, the ones to try first first.
Selectors = Callable[[str], Sequence[str]]
#: Finds the elements that hold the text.
FindContent = Callable[[BeautifulSoup], list[Tag]]

#: A kicker is a word or two: "Nyhet", "Metodstöd till lokala aktörer" is none.
_LONGEST_KICKER, _MOST_KICKER_WORDS = 40, 4
#: A subtitle has no full stop, and is shorter than a lead.
_MOST_SUBTITLE_WORDS = 20
#: A lead marked as such may be long, but not a page.
_LEAD_WORDS = range(3, 150)
_MOST_LINKS = 50
_FILE = re.compile(r"/download/18\.|\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|csv)$", re.IGNORECASE)
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def read_page(
    soup: BeautifulSoup,
    selectors: Selectors,
    source: Source,
    url: str,
    *,
    site: bool,
    find_content: FindContent | None = None,
) -> Reading:
    """Everything the rules find on a page."""
    title_tag = first(soup, selectors("title"))
    title = (text_of(title_tag) if title_tag else "") or title_of(soup)
    links = _links(select(soup, selectors("links")), source, url)
    drop(soup, selectors("drop"))
    roots = find_content(soup) if find_content else _outermost(select(soup, selectors("content")))
    links += _links_in_text(roots, source, url)
    areas = _outermost(select(soup, selectors("dates"))) or roots
    dates = _dates(soup, areas, source)
    kicker = _taken(kicker_tag(soup, selectors("kicker"), source.clutter))
    lead_tags = _lead(soup, selectors("lead"))
    subtitle_tag = first(soup, selectors("subtitle"), _is_subtitle)
    lead = " ".join(_taken(tag) for tag in lead_tags)
    if site:
        _drop_bare_labels(roots, lead, source.clutter)
    subtitle = "" if subtitle_tag in lead_tags else _taken(subtitle_tag)
    pieces = after_title([p for root in roots for p in pieces_of(root)], title, keep=not site)
    if not title and pieces and isinstance(pieces[0], Heading):
        title, pieces = pieces[0].text, pieces[1:]
    return Reading(
        title=title,
        kicker=kicker,
        subtitle=subtitle,
        lead=lead,
        pieces=tuple(pieces),
        links=tuple({link.url: link for link in links}.values())[:_MOST_LINKS],
        dates=dates,
        language=language_of_page(soup),
        description=meta(soup, ("description", "og:description")),
        site=site,
    )


def first(
    soup: BeautifulSoup, selectors: Sequence[str], fits: Callable[[str], bool] = bool
) -> Tag | None:
    """The first element whose text fits, by the first selector that has one."""
    for selector in selectors:
        for tag in soup.select(selector):
            if fits(text_of(tag)):
                return tag
    return None


def select(soup: BeautifulSoup, selectors: Sequence[str]) -> list[Tag]:
    """All elements of the first selector that finds text."""
    for selector in selectors:
        found = [tag for tag in soup.select(selector) if text_of(tag)]
        if found:
            return found
    return []


def drop(soup: BeautifulSoup, selectors: Sequence[str]) -> None:
    """Cut away every element of every selector."""
    for tag in soup.select(", ".join([*selectors, ".env-assistive-text"])):
        if not tag.decomposed:
            tag.decompose()


def kicker_tag(soup: BeautifulSoup, selectors: Sequence[str], clutter: Clutter) -> Tag | None:
    """The line over a title that says what kind of text it is."""
    return first(soup, selectors, lambda text: _is_kicker(text) and not clutter.is_line(text))


def _is_kicker(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_KICKER
        and len(text.split()) <= _MOST_KICKER_WORDS
        and not text.endswith((".", ":", "!", "?"))
        and not (read_date(text) or read_label(text))
    )


def _is_subtitle(text: str) -> bool:
    ends = text.endswith((".", ":", "!", "…"))
    words = len(text.split())
    return 0 < words <= _MOST_SUBTITLE_WORDS and not (ends or read_label(text) or read_date(text))


def _dates(soup: BeautifulSoup, areas: Sequence[Tag], source: Source) -> Dates:
    """The dates of a page in the order of trust; cuts the lines of ``<time>`` away."""
    dates = declared_dates(soup).or_else(take_times(areas, source.published_means))
    stamps = read_stamps([piece for area in areas for piece in pieces_of(area)])
    found = (stamp.found for stamp in stamps)
    return dates.or_else(labelled_dates(found, DateGround.LABEL, source.published_means))


def _lead(soup: BeautifulSoup, selectors: Sequence[str]) -> list[Tag]:
    """The element with the lead, and those right after it that are marked the same way."""
    for selector in selectors:
        found = [tag for tag in soup.select(selector) if text_of(tag)]
        if not found or len(text_of(found[0]).split()) not in _LEAD_WORDS:
            continue
        group = found[:1]
        for tag in found[1:]:
            if tag.find_previous_sibling(True) is not group[-1]:
                break
            group.append(tag)
        together = sum(len(text_of(tag).split()) for tag in group)
        return group if together in _LEAD_WORDS else group[:1]
    return []


def _drop_bare_labels(roots: Sequence[Tag], lead: str, clutter: Clutter) -> None:
    """Cut away headings that only name a kind of text, where their module says nothing new."""
    for root in roots:
        said = text_of(root)
        for heading in root.find_all(_HEADINGS):
            name = text_of(heading)
            # A heading over contacts is needed until they are gone.
            if clutter.is_label(name) and not clutter.is_dropped_section(name):
                under = [text_of(tag) for tag in heading.find_next_siblings(True)]
                if all(repeats_lead(text, lead) or said.count(text) > 1 for text in under):
                    heading.decompose()


def _taken(tag: Tag | None) -> str:
    """The text of an element, which is then no longer in the page."""
    if tag is None:
        return ""
    text = text_of(tag)
    tag.extract()
    return text


def _outermost(tags: Sequence[Tag]) -> list[Tag]:
    chosen = {id(tag) for tag in tags}
    return [tag for tag in tags if not any(id(parent) in chosen for parent in tag.parents)]


def _links_in_text(roots: Iterable[Tag], source: Source, url: str) -> list[Link]:
    """Links to files anywhere, and all links under a heading such as ``Läs vidare``."""
    found: list[Link] = []
    for root in roots:
        in_list = False
        for tag in root.find_all([*_HEADINGS, "a"]):
            if tag.name != "a":
                in_list = source.clutter.is_link_list(text_of(tag))
            elif (link := _link(tag, source, url)) and (in_list or _is_file(link)):
                found.append(link)
    return found


def _is_file(link: Link) -> bool:
    return _FILE.search(urlsplit(link.url).path) is not None


def _links(areas: Iterable[Tag], source: Source, url: str) -> list[Link]:
    found = (_link(tag, source, url) for area in areas for tag in area.find_all("a"))
    return [link for link in found if link]


def _link(tag: Tag, source: Source, url: str) -> Link | None:
    """The link with a whole address and a text for people, or None."""
    href = str(tag.get("href", "")).strip()
    base = url or (f"https://{source.hosts[0]}/" if source.hosts else "")
    try:
        address = urljoin(base, href)
        path = urlsplit(address).path
    except ValueError:
        return None
    if not href or href.startswith("#") or not address.startswith(("https://", "http://")):
        return None
    if source_of(address, {source.name: source}):
        address = canonical_url(address, source)
    text = source.clutter.link_text(text_of(tag)) or unquote(path.rpartition("/")[2])
    return Link(text, address) if text else None
