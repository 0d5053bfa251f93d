"""The plans of skr.se and goteborgsregionen.se: identity is a number, the slug is decoration."""

from __future__ import annotations

from collections.abc import Iterator

from tests.site.bra import dated, title, traits
from tests.site.days import HOT, TRYGGHET
from tests.site.plan import Address, Item
from tests.site.prose import ENGLISH_TOPICS, TOPICS, hexid, slug

SKR, GR = "skr.se", "goteborgsregionen.se"
_AREAS = (
    (TRYGGHET, "Trygghet och {t}"),
    ("/skr/skolakulturfritid/forskolagrundochgymnasieskola/valdspreventionunga", "Skolan och {t}"),
    ("/skr/integrationsocialomsorg/socialomsorg/barnochunga", "Socialtjänsten och {t}"),
    (HOT, "Kommunens skydd mot {t}"),
)
_NEWS = ("{T} på dagordningen", "Nätverk om {t} träffades", "Kommunerna enas om {t}")


def items() -> list[Item]:
    return [*_skr(), *_gr()]


def _skr() -> Iterator[Item]:
    yield _node_377()
    for number in range(36):
        yield _skr_page(number)
    for number in range(6):
        yield _debate(number)
    for number in range(10):
        yield _skr_file(number)
    yield _english("skr", SKR, "/skr/tjanster/otherlanguages/{}.63001.html", "skr:63001")


def _node_377() -> Item:
    """The page of the facts: one number under three paths and four hosts."""
    path = f"{HOT}/valfardsbrottslighet.377.html"
    third = (
        "/skr/demokratiledningstyrning/politiskstyrningfortroendevalda/"
        "valfardsbrottslighetkorruptionsbekampning.377.html"
    )
    return Item(
        "skr-377", "skr", "page", "Välfärdsbrottslighet", "välfärdsbrott",
        (
            Address(SKR, path),
            Address("webbutik.skr.se", path, "host"),
            Address("www.kvalitetsregister.se", path, "host"),
            Address("www.sfti.se", third, "host"),
            Address(SKR, path.removeprefix("/skr"), "old"),
        ),
        key="skr:377", date="2023-04-11", date_by="label", work="skr-377",
        traits=frozenset({"list", "term", "contact", "toc", "feedback"}),
    )  # fmt: skip


def _skr_page(number: int) -> Item:
    folder, form = _AREAS[number % 4]
    name, said = f"skr-page-{number:02}", title(form, number + number // 24)
    path = f"{folder}/{slug(said, '')}.{51000 + number}.html"
    addresses = [Address(SKR, path)]
    if number % 5 == 0:  # newer links leave the root out; both answer
        addresses.append(Address(SKR, path.removeprefix("/skr"), "old"))
    if number % 7 == 0:
        addresses.append(Address("webbutik.skr.se", path, "host"))
    return Item(
        name, "skr", "page", said, TOPICS[(number + number // 24) % len(TOPICS)],
        tuple(addresses), key=f"skr:{51000 + number}", work=name,
        date=dated("skr", number, 2021, 2026) if number % 9 else "",
        date_by="label" if number % 9 else "nothing",
        traits=traits(name, *(("term", "contact") if number % 3 == 0 else ())),
        related=(f"skr-page-{(number + 4) % 36:02}",)
        + ((f"skr-file-{number:02}",) if number < 10 else ()),
    )  # fmt: skip


def _debate(number: int) -> Item:
    name, said = f"skr-debate-{number}", title("Dags att tala om {t}", number + 9)
    path = f"/skr/tjanster/pressrum/skridebatten/{slug(said, '')}.{62000 + number}.html"
    return Item(
        name, "skr", "debate", said, TOPICS[number + 9], (Address(SKR, path),),
        key=f"skr:{62000 + number}", date=dated("debate", number, 2022, 2026), date_by="label",
        work=name, kicker="Krönika", traits=traits(name),
    )  # fmt: skip


def _skr_file(number: int) -> Item:
    """Shop files: opaque names, and found on an alias host as well. A work of their own page."""
    name = f"skr-file-{number:02}"
    page = _skr_page(number)
    path = (
        f"/download/18.{hexid(name)}/{1650000000000 + number * 7654321}/7585-{300 + number}-9.pdf"
    )
    alias = "extra.skr.se" if number % 2 else "webbutik.skr.se"
    return Item(
        name, "skr", "pdf", page.title, page.topic,
        (Address(SKR, path), Address(alias, path, "host")),
        key=f"file:18.{hexid(name)}", date=page.date, date_by="pdf" if page.date else "nothing",
        work=page.name, role="full",
    )  # fmt: skip


def _gr() -> Iterator[Item]:
    for number in range(44):
        yield _gr_news(number)
    for number in range(14):
        yield _gr_bank(number)
    for number in range(3):
        yield _gr_area(number)
    yield from _gr_files()
    yield from _twins()
    node = hexid("gr-english")
    yield _english("gr", GR, f"/other-languages/{{}}.4.{node}.html", f"gr:{node}")


def _english(site: str, host: str, form: str, key: str) -> Item:
    """What a site says of itself to those who read no Swedish."""
    said = f"Safer towns together, {site.upper()}"
    return Item(
        f"{site}-english", site, "page", said, ENGLISH_TOPICS[13],
        (Address(host, form.format(slug(said, ""))),), key=key, wanted=False,
        why="another language", language="en", work=f"{site}-english", role="english",
    )  # fmt: skip


def _gr_news(number: int) -> Item:
    name = f"gr-news-{number:02}"
    said = title(_NEWS[number % 3], number + number // 24)
    # The seed's own shape is common: label without value, ingress said twice, a season in the text.
    by = ("time", "meta", "label", "period", "clock", "json")[number % 6]
    undated = by == "period"
    return Item(
        name, "gr", "news", said, TOPICS[(number + number // 24) % len(TOPICS)],
        (Address(GR, f"/nyheterochpress/{slug(said, '')}.5.{hexid(name)}.html"),),
        key=f"gr:{hexid(name)}", date="" if undated else dated("gr", number, 2021, 2026),
        date_by=by, work=name, kicker="Nyhet",
        traits=traits(name, *(("empty", "repeat", "quote") if undated else ())),
        related=(f"gr-news-{(number + 1) % 44:02}", f"gr-news-{(number + 7) % 44:02}"),
    )  # fmt: skip


def _gr_bank(number: int) -> Item:
    name, said = f"gr-bank-{number:02}", title("Vad vi vet om {t}", number + 8)
    return Item(
        name, "gr", "bank", said, TOPICS[(number + 8) % len(TOPICS)],
        (Address(GR, f"/kunskapsbank/{slug(said, '')}.5.{hexid(name)}.html"),),
        key=f"gr:{hexid(name)}", date=dated("bank", number, 2018, 2026) if number % 2 else "",
        date_by="time" if number % 2 else "nothing", work=name,
        traits=traits(name, *(() if number % 2 else ("empty",))),
        related=(f"gr-file-{number - 6}",) if 6 <= number < 12 else (),
    )  # fmt: skip


def _gr_area(number: int) -> Item:
    """Ordinary pages, which carry `.4.` where articles carry `.5.`; the short form leads there."""
    name, said = f"gr-area-{number}", title("Vårt arbete med {t}", number + 2)
    path = f"/vaaraomraden/{slug(said, '')}.4.{hexid(name)}.html"
    short = Address(GR, f"/4.{hexid(name)}.html", "short", 1, 0, path)
    return Item(
        name, "gr", "area", said, TOPICS[number + 2], (Address(GR, path), short),
        key=f"gr:{hexid(name)}", work=name, traits=traits(name),
        related=(f"gr-bank-{2 * number + 1:02}", f"gr-bank-{2 * number + 7:02}"),
    )  # fmt: skip


def _gr_files() -> Iterator[Item]:
    for number in range(6):
        name, bank = f"gr-file-{number}", _gr_bank(number + 6)
        path = f"/download/18.{hexid(name)}/{1680000000000 + number * 1234567}/rapport-{number}.pdf"
        yield Item(
            name, "gr", "pdf", bank.title, bank.topic, (Address(GR, path),),
            key=f"file:18.{hexid(name)}", date=bank.date, date_by="pdf" if bank.date else "nothing",
            work=bank.name, role="full",
        )  # fmt: skip
    # Named in script data only; no link leads there and no page belongs to it.
    name = "gr-file-hidden"
    yield Item(
        name, "gr", "pdf", "Checklista som ingen länk leder till", TOPICS[5],
        (Address(GR, f"/download/18.{hexid(name)}/1690000000000/checklista.pdf"),),
        key=f"file:18.{hexid(name)}", work=name, role="full",
    )  # fmt: skip


def _twins() -> Iterator[Item]:
    """The same text published twice, and a page that only points at another's report."""
    for number in range(2):
        like = _gr_news(number + 30)
        name = f"gr-twin-{number}"
        path = f"/nyheterochpress/{slug(like.title, '')}.5.{hexid(name)}.html"
        yield Item(
            name, "gr", "news", like.title, like.topic, (Address(GR, path),),
            key=f"gr:{hexid(name)}", date=like.date, date_by=like.date_by, work=like.name,
            role="twin", kicker="Nyhet", likeness=like.name, traits=like.traits,
        )  # fmt: skip
        name = f"gr-reference-{number}"
        said = title("Läs Brås rapport om {t}", number)
        yield Item(
            name, "gr", "news", said, TOPICS[number],
            (Address(GR, f"/nyheterochpress/{slug(said, '')}.5.{hexid(name)}.html"),),
            key=f"gr:{hexid(name)}", wanted=None, work=name,
            why="only points at another's report: may be kept, but is no part of its work",
            kicker="Nyhet", traits=frozenset({"thin"}), related=(f"bra-report-{number:02}",),
        )  # fmt: skip
