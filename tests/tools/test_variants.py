"""The inventory of page variants and traits of the three sites, and that each is in the collection.

``TRAITS`` holds what the project's notes on the sites name, each found by looking at built pages as
a stranger would, never by what the builder knows. ``LEFT_OUT`` holds what is not wanted, and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, PageElement

from tools.build_corpus import CORPUS

#: One example of a shape may be chance; the collection promises two.
LEAST = 2

Find = Callable[[BeautifulSoup], list[PageElement]]


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that the notes name: ``where`` is their part, ``find`` its elements on a page."""

    where: str
    name: str
    find: Find


def words(element: PageElement) -> str:
    return " ".join(element.get_text(" ").split())


def css(selector: str, text: str = "") -> Find:
    """Elements by selector, and by all of their text where a pattern is given."""

    def find(page: BeautifulSoup) -> list[PageElement]:
        found = page.select(selector)
        return [tag for tag in found if not text or re.fullmatch(text, words(tag))]

    return find


def script(pattern: str) -> Find:
    """Scripts whose code has the pattern."""
    return lambda page: [tag for tag in page("script") if re.search(pattern, tag.get_text())]


def before(text: str, following: str) -> Find:
    """Paragraphs of a text whose next sibling's text, or the want of one, fits a pattern."""

    def find(page: BeautifulSoup) -> list[PageElement]:
        found = css("main p", text)(page)
        nexts = [tag.find_next_sibling(True) for tag in found]
        said = [words(tag) if tag else "" for tag in nexts]
        return [tag for tag, line in zip(found, said, strict=True) if re.fullmatch(following, line)]

    return find


def comment(page: BeautifulSoup) -> list[PageElement]:
    """Comments that repeat a paragraph of the page."""
    lines = {str(tag) for tag in page("p")}
    found = page.find_all(string=lambda text: isinstance(text, Comment))
    return [text for text in found if str(text).strip() in lines]


def twice(page: BeautifulSoup) -> list[PageElement]:
    """Captions that the next line says again."""
    found = []
    for caption in page.select(".sv-image-portlet:has(.sv-image-caption)"):
        following = caption.find_next_sibling(True)
        if following and words(following) == words(caption):
            found.append(caption)
    return list(found)


def lifted(page: BeautifulSoup) -> list[PageElement]:
    """Paragraphs that are a sentence of another one."""
    lines = page.select("main .sv-text-portlet-content > p")
    texts = [words(line) for line in lines]
    return [
        line
        for line, text in zip(lines, texts, strict=True)
        if text.endswith(".") and any(f" {text}" in other for other in texts)
    ]


def again(page: BeautifulSoup) -> list[PageElement]:
    """First paragraphs that say the lead once more in nearly the same words."""
    leads = page.select(":is(.ingress, .preamble)")
    first = page.select("#Brodtext + .sv-text-portlet-content > p:first-child")
    return [
        line
        for line in first
        for lead in leads
        if words(line) != words(lead)
        and SequenceMatcher(None, words(line), words(lead)).ratio() > 0.9
    ]


def without_card(page: BeautifulSoup) -> list[PageElement]:
    """Contact headings with nothing but the next empty label after them."""
    found = page.select(".sv-text-portlet:has(> #Kontakt) + .sv-text-portlet:has(> #Uppdaterad)")
    return [tag for tag in found if words(tag) == "Uppdaterad"]


BRA, SKR, GR = (f"html.sv-template-{site}" for site in ("bra", "skr", "gr"))
KICKER = ":is([class*=vinjett], [class*=etikett], .tag)"
DAY, LONG = r"\d{4}-\d\d-\d\d", r"\d{1,2} [a-zå]+ \d{4}"
FIRST = ".pagecontent > .sv-text-portlet:first-child p"
NODE = "[0-9a-f]{23}"
OLD_NEWS = "/om-bra/nytt-fran-bra/arkiv/nyheter/"
GUIDE = "/forebygga-brott/arbeta-brottsforebyggande/"


def label(text: str) -> Find:
    return css("main p", text)


TRAITS = [
    Trait(where, name, find)
    for where, traits in {
        "1 Brå, variants": {
            "report": css(f"{BRA} main:has(.sv-exempel-shop) #h-Faktaompublikationen"),
            "method page": css(f"{BRA} .pagecontent > .sv-toc-portlet"),
            "topic page": css(f"{BRA} .sv-channel-portlet"),
            "step of the guide": css(f'{BRA} main nav a[href^="{GUIDE}"][href$=".html"]'),
            "experience bank": css(f"{BRA} main p", ".*erfarenhetsbanken.* svarar själv .*"),
            "news": css(f"{BRA} main {KICKER}:has(~ h1)", "Nyhet"),
            "project": css(f"{BRA} main li", "Initiativ: .+"),
            "news, address until 2024": css(f'a[href^="{OLD_NEWS}20"][href$=".html"]'),
            "news, address without a day": css(f'a[href^="{OLD_NEWS}E"]'),
            "news, address since 2024": css('a[href^="/nyheter/arkiv/20"]:not([href$=".html"])'),
        },
        "1 Brå, anatomy": {
            "subtitle as second line": css(f"{BRA} h1 + p.underrubrik"),
            "press release in the text": css("main h2", "Pressmeddelande"),
            "related material": css("main h2", "Relaterat material"),
            "author without a value": css("main p", "Författare:"),
            "year of publication": css("main p", r"Publikationsår: \d{4}"),
            "number that was not filled in": css("main p", r"Publikationsnummer: ISBN: \$isbn"),
            "urn": css("main p", "URN:NBN: .*"),
            "price that was not filled in": css("main p", r".* \$price SEK .*"),
            "shop: to order": css("main p", "Den här publikationen går att beställa"),
            "shop: download only": css("main p", "Denna publikation .* nedladdning"),
            "shop: basket": css("main h3", "Kundkorg"),
            "shop: sum": css("main p", "Summa:"),
            "shop: order": css("main p", "Beställ/Ändra"),
            "disclaimer of the experience bank": css(".sv-exempel-ansvar p"),
            "caption twice in a row": twice,
            "caption before the title": css(
                ".sv-image-portlet ~ h1, "
                ".sv-text-portlet:has(.sv-image-portlet) ~ .sv-text-portlet h1"
            ),
            "caption after the title": css("h1 ~ .sv-image-portlet"),
            "sentence lifted out": lifted,
            "fact box in the text": css("main .sv-decoration-content:has(h3):has(~ h2)"),
            "fact box Mer om": css(".sv-decoration-content h3", "Mer om .+"),
            "card metodSTÖD": css(".sv-channel-item .kicker", "metodSTÖD"),
            "card workshopmaterial": css(".sv-channel-item .kicker", "workshopmaterial"),
            "card RAPPORT": css(".sv-channel-item .kicker", "RAPPORT"),
            "card KORTANALYS": css(".sv-channel-item .kicker", "KORTANALYS"),
            "project: target group": css("main li", "Målgrupp: .+"),
            "project: partners without a value": css("main li", "Samarbetspartners:"),
            "project: start": css("main li", r"Startår:( \d{4})?"),
            "project: year or Löpande": css("main li", r"Redovisningsår: (\d{4}|Löpande)"),
            "project: reported below": css("main p", r".* redovisas nedan\."),
            "drawing program's name": css("svg desc", r"Created with Sketch\."),
            "steps counted backwards": css("main svg", r"(?s).*Steg 5 Steg 4 Steg 3 .*"),
            "no visible date": css(f"{BRA} main:not(:has(time))"),
            "listing: hit": css("li.sv-search-hit h3.bra-reports__content--title > a"),
            "listing: subtitle": css("h4.bra-reports__content--sub-title"),
            "listing: tag": css("li.bra-reports__tags--item"),
            "listing: date": css("li.sv-search-hit p", f"Publicerad {DAY}"),
            "listing: text again in a comment": comment,
        },
        "2 SKR": {
            "date as first line": css(f"{SKR} {FIRST}", f"Publicerad {LONG}"),
            "kicker": css(f"{SKR} main {KICKER}:has(~ h1)"),
            "lead": css(f"{SKR} main h1 ~ :is(.ingress, [class*=font-ingress])"),
            "numbered list": css(f"{SKR} main ol"),
            "definition line": css(f"{SKR} main p:has(> strong:first-child)", r"[\wåäö]+: .+"),
            "link list Läs vidare": css(f"{SKR} main h2:has(+ ul)", "Läs vidare"),
            "person, title on its own line": css(
                f'{SKR} h2:-soup-contains("Informationsansvarig") + ul > li:has(br)'
            ),
            "contact and form": css(f'{SKR} h2:-soup-contains("Kontakta oss") + p a'),
            "address with /skr and a node": css('a[href^="/skr/"][href$=".90401.html"]'),
            "same node, newer path": css('a[href^="/exempel/"][href$=".90401.html"]'),
            "feed": css('head link[type="application/rss+xml"][href*=".portlet?state=rss"]'),
        },
        "0, 3 GR": {
            "news": css(f"{GR} main {KICKER}:has(~ h1)", "Nyhet"),
            "knowledge bank": css(f"{GR} .pagecontent > .sv-toc-portlet"),
            "lead again, nearly word for word": again,
            "hard space after a paragraph": lambda page: [
                p for p in page("p") if p.get_text().endswith("\u00a0")
            ],
            "Kontakt as a label": css(f"{GR} #Kontakt + .sv-text-portlet-content", "Kontakt"),
            "Kontakt with nothing after it": without_card,
            "Uppdaterad with nothing after it": css(
                f"{GR} #Uppdaterad + .sv-text-portlet-content", "Uppdaterad"
            ),
            "hexadecimal id in the address": lambda page: [
                a
                for a in page.select('a[href^="/nyheterochpress/"]')
                if re.search(rf"\.5\.{NODE}\.html$", str(a["href"]))
            ],
        },
        "5 Sitevision": {
            "generator": css('meta[name=generator][content^="Sitevision"]'),
            "page contents": css(".sv-toc-portlet a[href^='#h-']"),
            "related pages": css(".sv-related-portlet a"),
            "news widget on the side": css(".sv-archive-portlet.sv-template-portlet"),
            "item with time and teaser": css(".sv-channel-item:has(h3):has(time) span.normal"),
            "empty anchor": css("main #Ingress:empty"),
            "id of a heading": css("main h2[id^='h-']"),
            "plain class names": css("h1.heading ~ p.normal, h2.subheading"),
            "munged class names": css("h1.sidrubrikxxh1x"),
            "font class names": css("h1[class*=sv-font-]"),
            "lead named preamble": css("p.preamble"),
            "box": css(".sv-decoration-content"),
            "columns": css(".sv-clearfix > [class*=sv-column-]"),
            "vendor's theme": css("[class*='sol-'], [class*='lp-']"),
            "folded text": css(".env-collapse h2:has(button) + div p"),
            "folded list": css(".env-collapse ul li"),
            "contact card, old": css(".sv-contact2-portlet:has(h3):has(.role)"),
            "contact card, new": css(".contact[data-cid] .contact-data:has(br)"),
            "link leaves the site, in words": css("main a .env-assistive-text", "Länk till .*"),
            "link leaves the site, icon": css("main a img.sv-linkicon"),
            "link to a file, for readers of screens": css(
                "a[href^='/download/18.'] .env-assistive-text", r"Pdf, \d\.\d MB\."
            ),
            "link to a file, in brackets": css("a[href^='/download/18.']", r".+ \(pdf, \d+ kB\)"),
            "feedback: useful?": css("legend", r"Var informationen till nytta\?"),
            "feedback: helped?": css("legend", r"Hjälpte informationen dig\?"),
            "feedback: no personal data": css("label", ".*Skriv inte personuppgifter här"),
            "feedback: thanks": css("form p", "Tack för din medverkan!"),
            "feedback: failure": css("form p", "Någonting gick fel. Prova igen senare."),
            "articles only in a script": script(
                r"AppRegistry\.registerInitialState\('12\.\w+',.*\"articles\""
            ),
            "files only in a script": script(
                r"AppRegistry\.registerInitialState\('12\.\w+',.*\"files\""
            ),
            "banner as first line": css("body > [class*=kris-banner]:first-child"),
            "og:title": css('meta[property="og:title"]'),
            "og:description": css('meta[property="og:description"]'),
            "og:image": css('meta[property="og:image"]'),
            "Dublin Core": css('meta[name="DC.title"]'),
            "article:published_time": css('meta[property="article:published_time"]'),
            "JSON-LD": script('"datePublished"'),
            "time with offset": css("main time[datetime*='T'][datetime*='+0']"),
            "time without offset, clock in words": css(
                "main time:not([datetime*='T'])", rf"{LONG} \d\d:\d\d"
            ),
        },
        "6 Dates": {
            "Publicerad, day in words": label(f"Publicerad {LONG}"),
            "Publicerad, ISO": label(f"Publicerad {DAY}"),
            "Publicerad with a colon, capitals": label(r"Publicerad: \d\d[A-Z]{3}\d{4}"),
            "Publicerad den, senast ändrad den": label(
                f"Publicerad den {LONG}, senast ändrad den {LONG}"
            ),
            "Publiceringsdatum without a value": before("Publiceringsdatum:", f"(?!{LONG}).*"),
            "Uppdaterad, short month": label(r"Uppdaterad \d{1,2} [a-z]{3}\. \d{4}"),
            "Senast uppdaterad, next line, comma": before(
                "Senast uppdaterad:", r"\d{1,2} [a-z]+, \d{4}"
            ),
            "Senast uppdaterad without a value": before("Senast uppdaterad:", r"\D*"),
            "Senast ändrad, with the hour": label(rf"Senast ändrad {LONG} kl\. \d\d\.\d\d"),
            "Senast granskad, no year": label("Senast granskad [0-9]{1,2} [a-z]+"),
            "Senast granskad, a period": label(r"Senast granskad hösten \d{4}"),
            "Granskad without a value": before("Granskad:", ""),
            "Denna sida publicerades, seconds": label(
                rf"Denna sida publicerades: {DAY} \d\d:\d\d:\d\d"
            ),
            "Sidan publicerad av": label("Sidan publicerad av: .+"),
        },
    }.items()
    for name, find in traits.items()
]

#: What the notes name and the collection must not have or cannot show: what it is → why.
LEFT_OUT = {
    "Krönika and debate (SKR)": "an opinion is no guidance, and nobody's may be invented",
    "quotations with a speaker (Brå, GR, the seed)": "no words are put into anyone's mouth",
    "pull quotes with a name": "the same; a sentence lifted out has no name under it",
    "GR's other kickers": "seen on no page",
    "statistics, English twins, calendars, lists": "kept out of the index by their addresses",
    "law, funding and research lists (Brå)": "an address each and no anatomy of their own",
    "alias hosts, redirects, print views, AJAX, robots, sitemap": "traits of addresses, which "
    "a file does not have; tests/indexer/test_identity.py has them",
    "days such as 06 augusti": "the only true day is the one the collection was written",
    "a wrong but declared character set": "tests/pages has one; these files are UTF-8",
    "Länsstyrelserna, Polisen and others": "later sources; the banner is taken from them",
}

PAGES = {path: path.read_text("utf-8") for path in sorted((CORPUS / "documents").rglob("*.html"))}

each_trait = pytest.mark.parametrize("trait", TRAITS, ids=lambda t: f"{t.where}: {t.name}")


@pytest.fixture(scope="module")
def soups() -> dict[str, BeautifulSoup]:
    return {path.name: BeautifulSoup(text, "lxml") for path, text in PAGES.items()}


@each_trait
def test_every_variant_and_trait_is_on_at_least_two_pages(
    soups: dict[str, BeautifulSoup], trait: Trait
) -> None:
    wearing = [name for name, page in soups.items() if trait.find(page)]
    assert len(wearing) >= LEAST, wearing


@each_trait
def test_a_trait_that_is_taken_out_of_its_pages_is_missed(
    soups: dict[str, BeautifulSoup], trait: Trait
) -> None:
    name = next(name for name, page in soups.items() if trait.find(page))
    text = next(text for path, text in PAGES.items() if path.name == name)
    page = BeautifulSoup(text, "lxml")
    # What is taken out may have stood between two others that are then alike.
    while found := trait.find(page):
        for element in found:
            element.extract()
    assert not trait.find(page)
    assert trait.find(BeautifulSoup(text, "lxml"))


def test_names_of_traits_are_told_once() -> None:
    names = [(trait.where, trait.name) for trait in TRAITS]
    assert len(set(names)) == len(names)


def test_nobody_is_quoted_and_no_opinion_is_given(soups: dict[str, BeautifulSoup]) -> None:
    assert LEFT_OUT
    for name, page in soups.items():
        assert not css("main p", r"[–-] .*")(page), name
        assert not css(f"main {KICKER}", "Krönika|Debatt|Blogg")(page), name
        assert not re.search(r", (säger|menar|berättar) [A-ZÅÄÖ]\w+ [A-ZÅÄÖ]", page.get_text()), (
            name
        )
