"""The plan of bra.se: two generations of addresses, works of several parts, English twins."""

from __future__ import annotations

from collections.abc import Iterator

from tests.site.days import MOVE_DAY
from tests.site.plan import Address, Item
from tests.site.prose import ENGLISH_TOPICS, TOPICS, hexid, seeded, slug, upper_first

HOST = "bra.se"
OLD_REPORTS, NEW_REPORTS = "/publikationer/arkiv/publikationer", "/rapporter/arkiv"
OLD_NEWS, NEW_NEWS = "/om-bra/nytt-fran-bra/arkiv/nyheter", "/nyheter/arkiv"

_REPORTS = ("{T} i svenska kommuner", "Vad vet vi om {t}?", "Lokalt arbete med {t}",
            "{T} ur invånarnas perspektiv")  # fmt: skip
_ENGLISH_REPORTS = ("{T} in Swedish municipalities", "What do we know about {t}?",
                    "Local work on {t}", "{T} as residents see it")  # fmt: skip
_SUBTITLES = ("En studie av tolv kommuner", "Slutredovisning", "",
              "Resultat från en internationell metastudie")  # fmt: skip
_NEWS = ("Ny genomgång av {t}", "Fler kommuner arbetar med {t}", "Utbildning om {t} i vår")
_METHODS = ("Grannsamverkan", "GVI: sluta skjut", "Trygghetsvandring", "Situationell prevention",
            "Medling vid brott", "Föräldrastöd i grupp", "Avhopparstöd", "Sociala insatsgrupper",
            "Platssamverkan", "Närvaroteam")  # fmt: skip
_STEPS = ("Identifiera mönster", "Bilda en arbetsgrupp", "Välj rätt åtgärd", "Kartlägg läget",
          "Skriv planen", "Följ upp", "Berätta om resultatet", "Beskriv orsakerna")  # fmt: skip
TRAITS = ("toc", "box", "collapse", "image", "pull", "quote", "list", "repeat", "share",
          "feedback", "contact", "contact2", "sketch", "munged", "fonts", "canonical",
          "crisis")  # fmt: skip


def traits(name: str, *always: str) -> frozenset[str]:
    """What is odd about a page's markup: a third of everything, the same in every run."""
    chance = seeded("traits", name)
    return frozenset(always) | {trait for trait in TRAITS if chance.random() < 0.33}


def title(form: str, number: int, topics: tuple[str, ...] = TOPICS) -> str:
    topic = topics[number % len(topics)]
    return form.format(t=topic, T=upper_first(topic))


def dated(kind: str, number: int, first: int, last: int) -> str:
    chance = seeded("date", kind, number)
    return f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def generations(number: int, old: str, new: str) -> tuple[Address, ...]:
    """A page of either generation, of both, or moved long ago; on the day of the move all go."""
    new_only = (Address(HOST, new),)
    if number % 4 == 1:
        return new_only
    if number % 4 == 0:
        return Address(HOST, new, first=MOVE_DAY), Address(HOST, old, "old", 1, MOVE_DAY - 1, new)
    if number % 4 == 2:
        return Address(HOST, new), Address(HOST, old, "old", 1, MOVE_DAY - 1, new)
    return Address(HOST, new), Address(HOST, old, "redirect", 1, 0, new)


def download(name: str, file: str, stamp: int) -> tuple[Address, ...]:
    """A file's address, which the move stamps anew; old numbers then answer 404."""
    node = hexid(name)
    return (
        Address(HOST, f"/download/18.{node}/{stamp + 10**11}/{file}", first=MOVE_DAY),
        Address(HOST, f"/download/18.{node}/{stamp}/{file}", "stamp", 1, MOVE_DAY - 1, "404"),
    )


def items() -> list[Item]:
    made: list[Item] = []
    for number in range(36):
        made += _work(number)
    for number in range(30):
        made.append(_news(number))
    made += _topics()
    made += _undated("method", _METHODS, "/forebygga-brott/forebyggande-metoder")
    made += _undated("step", _STEPS, "/forebygga-brott/arbeta-brottsforebyggande/{}")
    made += _single()
    made += [_dated_page("experience", number) for number in range(12)]
    made += [_dated_page("project", number) for number in range(8)]
    return made


def _work(number: int) -> Iterator[Item]:
    """A report or guide with its file, and for some a summary and an English version."""
    guide = number % 6 == 5
    form = _REPORTS[number // 9]
    name = f"bra-report-{number:02}"
    said, topic = title(form, number), TOPICS[number % len(TOPICS)]
    date = dated("report", number, 2016, 2026)
    ending = f"{date}-{slug(said)}"
    parts = [f"{name}-full"] + [f"{name}-summary"] * (number % 3 == 0)
    parts += [f"{name}-english"] * (number % 4 == 0)
    yield Item(
        name, "bra", "guide" if guide else "report", said, topic,
        generations(number, f"{OLD_REPORTS}/{ending}.html", f"{NEW_REPORTS}/{ending}"),
        key=f"bra:{ending}", date=date,
        date_by=("slug", "slug", "time", "meta", "json")[number % 5], work=name,
        subtitle="Metodstöd till lokala aktörer" if guide else _SUBTITLES[number % 4],
        traits=traits(name, *("isbn", "shop")[: number % 3]),
        related=(*parts, *([f"bra-en-report-{number:02}"] if number % 4 == 0 else []),
                 *([f"bra-sheet-{number:02}"] if number % 9 == 1 else [])),
    )  # fmt: skip
    if number % 9 == 1:
        yield _sheet(number, said, topic)
    yield from _files(number, said, topic, date, name)
    if number % 4 == 0:
        yield _english_landing(number, date, name)


def _sheet(number: int, said: str, topic: str) -> Item:
    """Tables beside a report, in the formats that they come in."""
    name = f"bra-sheet-{number:02}"
    ending = ("xls", "xlsx", "csv", "xls")[number // 9]
    return Item(
        name, "bra", "sheet", f"{said} – tabeller", topic,
        download(name, f"{number + 1}_tabeller.{ending}", 1_610_000_000_000 + number),
        key=f"file:18.{hexid(name)}", wanted=False, why="statistics file", work=name, role="full",
    )  # fmt: skip


def _files(number: int, said: str, topic: str, date: str, work: str) -> Iterator[Item]:
    stamp = 1_600_000_000_000 + number * 1_234_567_891
    year, english = date[:4], title(_ENGLISH_REPORTS[number // 9], number, ENGLISH_TOPICS)
    files = [("full", said, "sv", f"{year}_{number + 1}_{slug(said, '_')}.pdf")]
    if number % 3 == 0:
        file = f"{year}_{number + 1}%20Sammanfattning%20p%C3%A5%20svenska.pdf"
        files.append(("summary", f"{said} – sammanfattning", "sv", file))
    if number % 4 == 0:
        file = f"{year}_{number + 1}_{slug(english, '_')}.pdf"
        files.append(("english", english, "en", file))
    for role, words, language, file in files:
        name = f"{work}-{role}"
        yield Item(
            name, "bra", "pdf", words, topic if language == "sv" else
            ENGLISH_TOPICS[number % len(TOPICS)], download(name, file, stamp + len(role)),
            key=f"file:18.{hexid(name)}", wanted=language == "sv",
            why="" if language == "sv" else "another language", date=date, date_by="pdf",
            language=language, work=work, role=role,
        )  # fmt: skip


def _english_landing(number: int, date: str, work: str) -> Item:
    name = f"bra-en-report-{number:02}"
    said = title(_ENGLISH_REPORTS[number // 9], number, ENGLISH_TOPICS)
    ending = f"{date}-{slug(said)}"
    return Item(
        name, "bra", "report", said, ENGLISH_TOPICS[number % len(TOPICS)],
        (Address(HOST, f"/english/publications/archive/{ending}"),), key=f"bra:{ending}",
        wanted=False, why="another language", date=date, date_by="slug", language="en", work=work,
        role="english", traits=traits(name), related=(f"{work}-english", work),
    )  # fmt: skip


def _news(number: int) -> Item:
    name = f"bra-news-{number:02}"
    said = title(_NEWS[number % 3], number + 5 * (number // 24))
    date = dated("news", number, 2022, 2026)
    ending = f"{date}-{slug(said)}"
    if number == 8:  # one of the few without a date and with capitals
        ending, date = upper_first(slug(said)), ""
    return Item(
        name, "bra", "news", said, TOPICS[(number + 5 * (number // 24)) % len(TOPICS)],
        generations(number, f"{OLD_NEWS}/{ending}.html", f"{NEW_NEWS}/{ending}"),
        key=f"bra:{ending}", date=date,
        date_by=("slug", "time", "slug", "clock", "label")[number % 5] if date else "nothing",
        work=name, traits=traits(name, *(("quote", "pull") if number % 2 else ())),
        related=(f"bra-report-{number:02}",),
    )  # fmt: skip


def _topics() -> Iterator[Item]:
    for number, topic in enumerate(TOPICS[:10]):
        name, ending = f"bra-topic-{number:02}", slug(topic)
        # The older address of this one is misspelt, and has been for years.
        old = ending.replace("samhallsstrukturer", "samhallstrukturer")
        path = f"/forebygga-brott/forebyggande-utifran-amne/{old}.html"
        turn = 3 if old != ending else number
        yield Item(
            name, "bra", "topic", upper_first(topic), topic,
            generations(turn, path, f"/amnen/{ending}"), key=f"bra:{ending}", work=name,
            date_by=("nothing", "empty", "period")[number % 3],
            traits=traits(name, *(("empty",) if number % 3 == 1 else ())),
            related=tuple(f"bra-report-{n:02}" for n in (number, number + 10, number + 20)),
        )  # fmt: skip


def _undated(kind: str, titles: tuple[str, ...], folder: str) -> Iterator[Item]:
    """Pages whose later address no one knows: they stay where they are on the day of the move."""
    for number, said in enumerate(titles):
        name, ending = f"bra-{kind}-{number:02}", slug(said)
        path = folder.format("egna-forberedelser" if number % 2 else "genomforande")
        yield Item(
            name, "bra", kind, said, TOPICS[(number + 7) % len(TOPICS)],
            (Address(HOST, f"{path}/{ending}.html"),), key=f"bra:{ending}", work=name,
            date_by=("empty", "period", "nothing")[number % 3],
            traits=traits(name, *(("empty",) if number % 3 == 0 else ())),
            related=(f"bra-report-{number + 3:02}",),
        )  # fmt: skip


def _single() -> Iterator[Item]:
    """The law page for municipalities, and the money that can be applied for."""
    yield Item(
        "bra-law", "bra", "law", "Kommuner mot brott", "ansvaret i kommunen",
        (Address(HOST, "/forebygga-brott/kommuner-mot-brott.html"),),
        key="bra:kommuner-mot-brott", work="bra-law", traits=traits("bra-law", "toc", "box"),
    )  # fmt: skip
    new = "/kunskapsstod/ekonomiskt-stod"
    for number, kind in enumerate(("kommuner", "forskning", "ideella-foreningar")):
        name, ending = f"bra-funding-{number}", f"ekonomiskt-stod-till-{kind}"
        old = f"/forebygga-brott/sok-ekonomiskt-stod/{ending}.html"
        yield Item(
            name, "bra", "funding", upper_first(ending.replace("-", " ")), "stöd till åtgärder",
            generations(number, old, f"{new}/{ending}"), key=f"bra:{ending}", work=name,
            date_by="deadline", traits=traits(name, "contact"),
        )  # fmt: skip


def _dated_page(kind: str, number: int) -> Item:
    """The experience bank and the projects, in the older generation's folders."""
    folder, form = {
        "experience": ("/forebygga-brott/erfarenhetsbank/erfarenhetsbank", "Försök med {t}"),
        "project": ("/om-bra/projekt-och-uppdrag/projekt", "Uppdrag om {t}"),
    }[kind]
    name, said = f"bra-{kind}-{number:02}", title(form, number + 3)
    date = dated(kind, number, 2014, 2023)
    ending = f"{date}-{slug(said)}"
    return Item(
        name, "bra", kind, said, TOPICS[(number + 3) % len(TOPICS)],
        (Address(HOST, f"{folder}/{ending}.html"),), key=f"bra:{ending}", date=date,
        date_by="slug", work=name, traits=traits(name),
    )  # fmt: skip
