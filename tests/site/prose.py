"""Swedish and English prose for the fixture site, made from bricks by rule.

The sentences were written for this project. They say nothing about the world: they are here to be
fetched, parsed and found. The same name and turn always give the same text, and two names give
two texts, since every brick has holes that are filled anew.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence

TOPICS: tuple[str, ...] = (
    "otillåten påverkan", "bostadsinbrott", "parallella samhällsstrukturer", "skadegörelse",
    "våld i kriminella miljöer", "hot mot förtroendevalda", "bilbränder", "butiksstölder",
    "narkotika bland unga", "bedrägerier mot äldre", "våld i nära relationer", "hedersförtryck",
    "rekrytering till gäng", "otrygga centrummiljöer", "skolfrånvaro", "välfärdsbrott",
    "våldsam nattmiljö", "cykelstölder", "hatbrott", "personrån bland unga",
    "klotter", "mopedkörning i parker", "näthot", "korruption i byggen",
)  # fmt: skip

ENGLISH_TOPICS: tuple[str, ...] = (
    "improper influence", "residential burglary", "parallel power structures", "vandalism",
    "violence in criminal settings", "threats to elected members", "car fires", "shoplifting",
    "drug use among the young", "fraud against older people", "domestic violence",
    "honour based oppression", "recruitment into gangs", "unsafe town centres", "truancy",
    "welfare crime", "violence at night", "bicycle theft", "hate crime", "robbery of young people",
    "graffiti", "mopeds in parks", "threats online", "corruption in building",
)  # fmt: skip

_HOLES: dict[str, tuple[str, ...]] = {
    "a": (
        "skolan", "socialtjänsten", "bostadsbolaget", "polisen", "fritidsförvaltningen",
        "elevhälsan", "räddningstjänsten", "samordnaren", "tekniska kontoret", "föreningslivet",
        "regionen", "kulturskolan", "överförmyndaren", "ungdomsmottagningen", "miljökontoret",
        "fastighetsägarna", "näringslivskontoret", "trafikbolaget", "biblioteket", "fältgruppen",
    ),
    "o": (
        "en kustkommun", "två grannkommuner", "en förortskommun", "en bruksort",
        "en stad med högskola", "en glesbygdskommun", "tre stadsdelar", "ett villaområde",
        "en pendlarkommun", "ett miljonprogramsområde", "en turistort", "fem mindre kommuner",
        "en kommun vid gränsen", "ett nybyggt område", "en residensstad", "en skärgårdskommun",
    ),
    "d": (
        "under våren", "under hösten", "i två års tid", "före sommaren", "efter årsskiftet",
        "under mandatperioden", "på tio veckor", "sedan förra mätningen", "över två läsår",
        "under fyra kvartal", "mellan två budgetar", "på kort tid", "i lugn takt", "varje måndag",
    ),
    "s": (
        "en gemensam lägesbild", "en fast mötesplats", "tydliga roller", "en kort handlingsplan",
        "mandat från ledningen", "en namngiven ansvarig", "en enkel rutin", "bättre belysning",
        "en delad kartbild", "tid för uppföljning", "ett skrivet avtal", "en prövad metod",
        "samtal med de boende", "en lista över platser", "en ärlig utvärdering", "ett årshjul",
    ),
    "v": (
        "tjänar på", "saknar ofta", "efterfrågar", "bygger sitt arbete på", "talar om",
        "börjar med", "återkommer till", "har nytta av", "prövar just nu", "prioriterar",
    ),
}  # fmt: skip

_BRICKS: tuple[str, ...] = (
    "I {o} har {a} tagit hand om {t} {d}, och det första steget var {s}.",
    "När det gäller {t} {v} {a} {s}, vilket märks tydligast i {o}.",
    "Det som {a} i {o} lärde sig om {t} är att {s} måste finnas innan något annat börjar.",
    "Arbetet med {t} kräver {s}, och {a} behöver {n} timmar i månaden för det.",
    "Av {n} insatser kring {t} gick {m} att följa upp, de flesta i {o}.",
    "{A} berättar att frågan om {t} kom upp {d} och att {s} då redan fanns.",
    "Utan {s} blir {t} lätt en fråga som {a} och {b} skjuter mellan sig.",
    "Den som vill förstå {t} i {o} bör tala med {a}, {b} och de som bor där.",
    "Planen för {t} skrevs {d} av {a} och prövades sedan i {o}.",
    "{S} är vad {m} av {n} tillfrågade nämner först när de beskriver {t}.",
    "Hur {t} ser ut skiljer sig åt: i {o} är det {a} som ser mest, på andra håll {b}.",
    "Ett råd från {o} är att {a} går runt bland husen {d} och skriver ned vad som syns.",
    "{A} och {b} delade kostnaden, och efter {n} veckor fanns {s}.",
    "Kartan över {t} visade {n} platser i {o}, men bara {m} av dem var kända av {a}.",
    "Det räcker sällan med {s}; {a} behöver också veta varför {t} uppstår.",
    "I intervjuerna om {t} återkommer en bild av att {a} arbetar ensam {d}.",
    "{A} i {o} mäter {t} med {n} frågor som ställs {d} och alltid på samma sätt.",
    "När {a} började räkna händelser kring {t} blev {n} till {m}, utan att något var värre.",
    "Föräldrar i {o} vill höra om {t} tidigt, helst från {a} och inte i ett brev.",
    "Skillnaden mellan avsikt och vardag syns i {t}: {s} beslutas, men {a} får aldrig veta det.",
    "Två av de {n} åtgärderna mot {t} kostade ingenting alls för {a}.",
    "Samordningen kring {t} vilar på {s} och på att {a} och {b} träffas {d}.",
    "Efteråt sade {a} att {s} var viktigare än pengarna för arbetet med {t}.",
    "Ett vanligt fel är att {a} väljer insats mot {t} innan orsakerna är utredda i {o}.",
    "För {t} finns ingen insats som passar överallt, men {s} hjälpte {a} i {o}.",
    "{B} fick ansvar för {t} {d}, sedan {a} hade lämnat över {n} ärenden.",
    "Den som bor i {o} märker {t} på andra sätt än {a} gör, och båda bilderna behövs.",
    "Resultatet efter {n} månader är blandat: {s} finns, men {t} har bara flyttat några kvarter.",
    "Till nästa år vill {a} att {t} står i budgeten och att {b} är med från början.",
    "Det tog {n} möten innan {a} och {b} menade samma sak när de talade om {t}.",
    "En tredjedel av orosanmälningarna i {o} rörde {t}, enligt {a} som gick igenom {n} av dem.",
    "Sekretessen hindrade aldrig {a} från att beskriva {t} i grova drag för {b}.",
    "Försöket med {s} pågick {d}, och {a} fann att {t} minskade på {m} av {n} platser.",
    "Vad {a} kallar {t} heter något annat hos {b}, och därför stämmer inte siffrorna.",
    "Ledningen i {o} frågar efter {t} {d}, vilket enligt {a} gör att {s} blir kvar.",
    "På kvällarna är det {a} som möter {t}, medan {b} läser om det dagen därpå.",
    "{S} togs fram i {o} för {t}, men används nu av {a} även för annat.",
    "Med {n} deltagare och {m} träffar blev utbildningen om {t} lagom stor för {a}.",
)  # fmt: skip

_ENGLISH_HOLES: dict[str, tuple[str, ...]] = {
    "a": ("schools", "social services", "the housing company", "the police", "the coordinator",
          "youth workers", "the rescue service", "local clubs", "landlords", "the library"),
    "o": ("a coastal municipality", "two neighbouring towns", "a suburb", "a mill town",
          "a rural municipality", "three city districts", "a new estate", "a tourist town"),
    "d": ("during spring", "over two years", "before the summer", "after the new year",
          "within ten weeks", "every Monday", "from one budget to the next", "at short notice"),
    "s": ("a shared picture of the problem", "clear roles", "a short action plan",
          "a named person in charge", "a simple routine", "better lighting", "time to follow up"),
}  # fmt: skip

_ENGLISH_BRICKS: tuple[str, ...] = (
    "In {o} the work on {t} began with {s}, and {a} took part {d}.",
    "When it comes to {t}, {a} often lack {s}, which is plain to see in {o}.",
    "Of {n} measures against {t}, {m} could be followed up, most of them in {o}.",
    "What {a} learnt about {t} is that {s} has to be there before anything else starts.",
    "The plan for {t} was written {d} by {a} and then tried in {o}.",
    "Without {s}, {t} becomes a matter that {a} hand over to someone else.",
    "After {n} weeks there was {s}, and {a} in {o} could see where {t} took place.",
    "It took {n} meetings before {a} meant the same thing when speaking of {t}.",
    "A common mistake is that {a} choose a measure against {t} before the causes are known.",
    "The map of {t} showed {n} places in {o}, of which {a} knew {m}.",
    "The result after {n} months is mixed: {t} has moved a few blocks, but {s} is in place.",
    "Next year {a} want {t} to be part of the budget in {o}.",
)

HEADINGS: tuple[str, ...] = (
    "Bakgrund", "Så gick det till", "Vad som hände sedan", "Vem gör vad", "Första stegen",
    "Att tänka på", "Hinder på vägen", "Det som fungerade", "Frågor att ställa", "Kostnader",
    "Uppföljning", "Nästa steg", "Erfarenheter från fältet", "Underlag och källor",
)  # fmt: skip


def seeded(*parts: object) -> random.Random:
    """Chance that is the same on every machine and in every run."""
    seed = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return random.Random(seed)  # noqa: S311 - texts, not secrets


def hexid(name: str, *, shortest: int = 19) -> str:
    """A node number as Sitevision makes them: hexadecimal, of no fixed length."""
    digest = hashlib.sha256(f"node {name}".encode()).hexdigest()
    return digest[: shortest + int(digest[-1], 16) % 6]


def slug(text: str, gap: str = "-") -> str:
    """An address out of a title; ``gap`` stands for what is neither letter nor figure."""
    plain = text.lower().translate(str.maketrans("åäöé", "aaoe"))
    return re.sub(r"[^a-z0-9]+", gap, plain).strip("-")


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentences(name: str, topic: str, count: int, language: str = "sv") -> list[str]:
    """So many sentences about a topic; no brick comes twice as long as there are others."""
    chance = seeded("sentences", name)
    bricks, holes = (_BRICKS, _HOLES) if language == "sv" else (_ENGLISH_BRICKS, _ENGLISH_HOLES)
    made: list[str] = []
    while len(made) < count:
        order = list(bricks)
        chance.shuffle(order)
        made += [_filled(brick, topic, holes, chance) for brick in order[: count - len(made)]]
    return made


def _filled(
    brick: str, topic: str, holes: dict[str, tuple[str, ...]], chance: random.Random
) -> str:
    first, second = chance.sample(holes["a"], 2)
    words = {hole: chance.choice(values) for hole, values in holes.items()}
    words |= {"t": topic, "a": first, "b": second}
    words |= {"A": upper_first(first), "B": upper_first(second), "S": upper_first(words["s"])}
    most = chance.randint(12, 97)
    return upper_first(brick.format(**words, n=most, m=chance.randint(3, most - 1)))


def paragraphs(
    name: str, topic: str, sizes: Sequence[int], language: str = "sv"
) -> list[list[str]]:
    """Sentences of ``sum(sizes)`` laid out in paragraphs of those sizes."""
    flow = iter(sentences(name, topic, sum(sizes), language))
    return [[next(flow) for _ in range(size)] for size in sizes]
