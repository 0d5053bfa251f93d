"""What stands on a page, part by part and free of markup: from an item to a sheet.

A part knows whether it is clutter, so the labels are made from the sheet and not from HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.site.days import TRYGGHET
from tests.site.plan import MAIN_HOST, Item, Site
from tests.site.prose import HEADINGS, paragraphs, seeded, sentences, upper_first

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
          "oktober", "november", "december")  # fmt: skip

#: Parts that no body may hold. A table of contents repeats headings, so its lines are not here.
CLUTTER = frozenset({"cookies", "menu", "crumbs", "crisis", "stamp", "share", "template", "shop",
                     "sketch", "contact", "feedback", "footer", "widget", "empty"})  # fmt: skip

COOKIES = {
    "bra": ("Vi använder kakor", "Kakor hjälper oss att räkna besök på webbplatsen.",
            "Godkänn alla kakor", "Bara nödvändiga kakor"),
    "skr": ("Kakor på webbplatsen", "Läs om hur kakorna används innan du väljer.",
            "Jag godkänner kakor"),
    "gr": ("Den här sidan har kakor", "Välj vilka kakor som får sparas.", "Spara mina val"),
}  # fmt: skip
MENU: dict[str, tuple[tuple[str, str], ...]] = {
    "bra": (("Rapporter", "/rapporter/arkiv"), ("Ämnen", "/amnen"), ("Nyheter", "/nyheter/arkiv"),
            ("Kunskapsstöd", "/kunskapsstod/ekonomiskt-stod"), ("Other languages", "/english"),
            ("Metoder", "/forebygga-brott/forebyggande-metoder.html"), ("Kalender", "/kalender")),
    "skr": (("Trygghet och säkerhet", f"{TRYGGHET}.401.html"),
            ("Pressrum", "/skr/tjanster/pressrum.402.html"), ("Mina sidor", "/minasidor.403.html")),
    "gr": (("Nyheter och press", "/nyheterochpress"), ("Kunskapsbank", "/kunskapsbank"),
           ("Våra områden", "/vaaraomraden"), ("Kurser och konferenser", "/kalender")),
}  # fmt: skip
FOOTER = {
    "bra": ("Besöksadress finns på kontaktsidan", "Om webbplatsen och tillgänglighet",
            "Följ oss i sociala kanaler"),
    "skr": ("Kontaktformulär SKR", "Så behandlar vi personuppgifter", "Till sidans topp"),
    "gr": ("Kontakta växeln", "Tillgänglighetsredogörelse", "Prenumerera på nyhetsbrevet"),
}  # fmt: skip
FEEDBACK = ("Var informationen till nytta?", "Skriv inte personuppgifter här",
            "Tack för din medverkan!", "Någonting gick fel. Prova igen senare.")  # fmt: skip
SHARE = ("Dela sidan", "Skriv ut sidan", "Lyssna på sidan")
SHOP = ("Den här publikationen går att beställa", "Kundkorg", "Summa:", "Beställ/Ändra")
TEMPLATE = ("ISBN: $isbn", "Pris för tryckt rapport $price SEK inkl. moms")
SKETCH = ("Created with Sketch.", "Steg 5 Steg 4 Steg 3 Steg 2 Steg 1")
CRISIS = ("Driftstörning: våra e-tjänster stängs i kväll",)
#: What a card says of the page it leads to, with the capitals of the facts page.
KICKERS = {"guide": "metodSTÖD", "report": "RAPPORT", "pdf": "RAPPORT", "news": "NYHET"}
DISCLAIMER = "Rapporten har fått stöd av Brå, men den som sökte stödet svarar ensam för innehållet."


@dataclass(frozen=True)
class Part:
    """A piece of a page: one text, or lines with the addresses that they may link to."""

    kind: str
    text: str = ""
    lines: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def said(self) -> Iterator[str]:
        if self.text:
            yield self.text
        yield from self.lines


def swedish_date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def sheet_of(site: Site, item: Item, day: int) -> list[Part]:
    """The page of an item on a day, from top to bottom."""
    # A twin shows its original's text; so nothing but its address tells them apart.
    source = site.by_name[item.likeness] if item.likeness else item
    parts = [*_top(item), *_head(source, site.date(source, day))]
    if "thin" in item.traits:
        parts.append(Part("p", sentences(item.name, item.topic, 1)[0]))
    else:
        parts += _body(source, site.version(source, day))
    parts += _facts(item)
    if item.related:
        named = [site.by_name[name] for name in item.related]
        linked = [other for other in named if site.born(other) <= day]
        kind = "cards" if item.kind in ("topic", "area") else "related"
        parts.append(
            Part(
                kind,
                lines=tuple(other.title for other in linked),
                links=tuple(href(item, other, day) for other in linked),
                marks=tuple(KICKERS.get(other.kind, "LÄS MER") for other in linked),
            )
        )
    if "elsewhere" in item.traits:  # as a copied template does
        parts.append(Part("canonical", "https://spegel.example/kopia.html"))
    elif "canonical" in item.traits:
        parts.append(Part("canonical", item.at(day).url))
    return [*parts, *_tail(item)]


def href(page: Item, target: Item, day: int) -> str:
    """A link as an editor left it: from the root on one's own site, whole to another."""
    address = target.at(day)
    return address.path if address.host == MAIN_HOST[page.site] else address.url


def _top(item: Item) -> Iterator[Part]:
    yield Part("cookies", lines=COOKIES[item.site])
    words, paths = zip(*MENU[item.site], strict=True)
    yield Part("menu", lines=words, links=paths)
    if "crisis" in item.traits:
        yield Part("crisis", lines=CRISIS)
    yield Part("crumbs", lines=("Du är här:", "Startsidan"))


def _head(item: Item, date: str) -> Iterator[Part]:
    if item.date_by == "label" and item.site == "skr":
        yield Part("stamp", f"Publicerad {swedish_date(date)}")
    if "share" in item.traits:
        yield Part("share", lines=SHARE)
    if "image" in item.traits:
        caption = f"Bilden visar {seeded('caption', item.name).choice(_MOTIFS)}. Foto: arkivet"
        yield Part("caption", caption)
    if item.kicker:
        yield Part("kicker", item.kicker)
    yield Part("h1", item.title)
    if item.subtitle:
        yield Part("subtitle", item.subtitle)
    if item.date_by in ("time", "clock"):
        yield Part(item.date_by, item.date)


_MOTIFS = ("en tom lekplats i kvällsljus", "ett trapphus med nymålade väggar",
           "en busshållplats",
           "två samordnare vid en karta", "ett torg en vardag",
           "en skolgård på hösten")  # fmt: skip


def _body(item: Item, version: int) -> Iterator[Part]:
    chance = seeded("body", item.name)
    headings = chance.sample(HEADINGS, 4)
    drawn = paragraphs(item.name, item.topic, (2, 3, 2, 3, 2, 3, 2, 2), item.language)
    ingress, *texts = [" ".join(sentence) for sentence in drawn]
    yield Part("ingress", ingress)
    if "repeat" in item.traits:  # as the seed does: the first paragraph is the ingress once more
        yield Part("p", ingress)
    if "toc" in item.traits:
        yield Part("toc", lines=tuple(headings[:3]))
    for number, heading in enumerate(headings[:3]):
        yield Part("h2", heading)
        yield Part("p", texts[2 * number])
        yield from _extra(item, number)
        yield Part("p", texts[2 * number + 1])
    for turn in range(version):
        added = sentences(f"{item.name} turn {turn}", item.topic, 3, item.language)
        yield Part("h2", headings[3])
        yield Part("p", " ".join(added))
    yield Part("p", texts[6])


def _extra(item: Item, number: int) -> Iterator[Part]:
    extra = sentences(f"{item.name} extra {number}", item.topic, 4, item.language)
    if number == 0 and "list" in item.traits:
        yield Part("numbered" if item.site == "skr" else "list", lines=tuple(extra[:3]))
    if number == 1 and "quote" in item.traits:
        yield Part("quote", f"– {extra[0][:-1]}, säger samordnaren.")
    if number == 1 and "pull" in item.traits:
        yield Part("pull", extra[3])
    if number == 1 and "box" in item.traits:
        yield Part("box", f"Mer om {item.topic}", lines=(extra[1],))
    if number == 2 and "collapse" in item.traits:
        yield Part("collapse", "Visa mer om underlaget", lines=(extra[2],))
    if number == 2 and item.date_by == "period":
        year = 2015 + len(item.name) % 9
        yield Part("p", f"Arbetet började hösten {year} och följdes upp våren {year + 1}.")
    if number == 2 and item.date_by == "deadline":
        yield Part("p", "Sista dag att söka är den 31 mars 2026, och besked ges i juni samma år.")


def _facts(item: Item) -> Iterator[Part]:
    """What a report says of itself, a project of its plan, a term of its meaning."""
    if item.kind in ("report", "guide"):
        number = 1000 + seeded("urn", item.name).randint(1, 899)
        yield Part(
            "facts",
            "Fakta om publikationen",
            (
                "Författare: Enheten för lokalt stöd",
                f"Publikationsår: {item.date[:4]}",
                f"URN:NBN: urn:nbn:se:bra-{number}",
            ),
        )
    if item.kind == "project":
        lines = ("Initiativ: Regeringen", "Målgrupp: Kommuner", "Samarbetspartners: Länsstyrelser")
        yield Part("facts", "", (*lines, "Startår: Löpande", f"Redovisningsår: {item.date[:4]}"))
    if item.kind == "experience":
        yield Part("p", DISCLAIMER)
    if "term" in item.traits:
        yield Part("p", f"{upper_first(item.topic)}: När någon utnyttjar det som är gemensamt.")
    if "isbn" in item.traits:
        yield Part("template", lines=TEMPLATE)
    if "shop" in item.traits:
        yield Part("shop", lines=SHOP)


def _tail(item: Item) -> Iterator[Part]:
    if item.date_by == "label" and item.site != "skr":
        yield Part("stamp", f"Publicerad den {swedish_date(item.date)}")
    if "sketch" in item.traits:
        yield Part("sketch", lines=SKETCH)
    chance = seeded("contact", item.name)
    if item.traits & {"contact", "contact2"}:
        kind = "contact" if "contact" in item.traits else "contact2"
        phone = f"08-465 004 {chance.randint(10, 99)}"  # numbers that are set aside for fiction
        lines = ("Funktionsbrevlådan", "Samordnare för lokalt stöd", phone, "stod@example.org")
        yield Part("contact", "Kontakt" if item.site != "skr" else "Informationsansvarig", lines,
                   (kind,))  # fmt: skip
    if "empty" in item.traits:
        yield Part("empty", lines=("Kontakt", "Uppdaterad"))
    if "feedback" in item.traits:
        yield Part("feedback", lines=FEEDBACK)
    # In the layout of every page: news of others, whose dates are not the page's own.
    _, path = MENU[item.site][0]
    yield Part("widget", "Senaste nytt", (f"Alla nyheter från {MAIN_HOST[item.site]}",), (path,))
    yield Part("footer", lines=FOOTER[item.site])


def clutter_of(parts: list[Part]) -> list[str]:
    """The lines of a page that must not be in its body."""
    return [line for part in parts if part.kind in CLUTTER for line in part.said()]


def body_of(parts: list[Part]) -> list[str]:
    """Lines of a page that its body must hold: the ingress, paragraphs, lists and boxes."""
    kinds = {"ingress", "p", "list", "numbered", "box", "collapse"}
    said = [line for part in parts if part.kind in kinds for line in (part.lines or (part.text,))]
    return list(dict.fromkeys(said))
