"""What a text claims, and which of its claims no row of facts carries.

Owns which words of a Swedish text are claims: figures, dates, paragraphs, numbers of laws and
reports, names of organisations. It cannot judge whether a sentence is true: only that each of its
claims stands in some row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tools.corpus.dates import MONTHS
from tools.corpus.facts import Fact

_UNITS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
_TEENS = ("tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton")
_TENS = ("tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")
_WORDS = {word: n for n, word in enumerate((*_UNITS, *_TEENS))}
for _i, _ten in enumerate(_TENS, start=2):
    _WORDS |= {_ten: 10 * _i} | {_ten + _UNITS[n]: 10 * _i + n for n in range(1, 10)}
_WORDS |= {"ett": 1, "nitton": 19, "hundra": 100, "tusen": 1000}
_WORDS |= {f"{ten}ett": 10 * n + 1 for n, ten in enumerate(_TENS, start=2)}

#: "Två delar" is how Swedish is written; from four the writer has counted something.
LEAST_WORD = 4

#: What a text counts of its own when it says "fem frågor".
_OWN = "frågor|steg|kapitel|saker|punkter|råd|exempel|rader|avsnitt|sidor"

_PARTS = {"hälften": 2, "halva": 2, "tredje": 3, "fjärde": 4, "femte": 5, "sjätte": 6, "tionde": 10}
_PARTS |= {f"{part}del": n for part, n in _PARTS.items() if n > 2} | {"tiondel": 10}

#: Words in capitals that name no organisation or method.
_CAPITALS = {"PDF", "OBS", "SMS", "AB", "USA", "EU", "SFS", "SOU", "SOSFS", "ISBN", "URN"}

#: What begins a sentence where a name could stand: "Varje kommun", "Nämnden".
_NO_NAME = re.compile(
    r"(?:en|varje|din|er|vår|den|denna|ingen|någon|hela|samma|annan|vilken) \w+"
    r"|(?:myndighet|styrels|nämnd|inspektion)ens?|(?:nät|regel|hant|red)?verkets?",
    re.IGNORECASE,
)

_D = r"(?:\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
_W = "(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_N = rf"(?:{_D}|\b{_W}\b)"
_FREE = r"(?<![\w/:.,-])"
_P = r"\d+(?: ?[a-z](?![a-zåäö]))?"
_LINKED = r"\s*(?:–|-|\boch\b|\beller\b|\btill\b)\s*"
_LISTED = r"\s*(?:,|–|-|\boch\b|\beller\b|\btill\b|\bsamt\b)\s*"
_MONTH = "|".join(MONTHS)

#: Numbers that count the text itself: lists, headings, "se kapitel 2", and hours of the day.
_SKIPPED = re.compile(
    r"https?://[^\s)]+|^\s*\d{1,2}[.)]\s|^#{1,6}\s+\d+(?:\.\d+)*\.?(?=\s)"
    r"|\b(?:kapitel|avsnitt|sidan|sidorna|sida|tabell|figur|bilaga|steg|punkt|fråga)"
    r"\s+\d+(?:\s*(?:,|–|-|och)\s*\d+)*"
    r"|\b(?:kl\.|klockan)\s*\d{1,2}(?:[.:]\d\d)?(?:\s*[–-]\s*\d{1,2}(?:[.:]\d\d)?)?",
    re.MULTILINE | re.IGNORECASE,
)

#: In order: what one rule has read, the next does not see.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("urn", r"\burn:[a-z0-9:-]*[a-z0-9]"),
        ("isbn", r"\bisbn[\s:]*(?P<w>[\d-]{9,17}[\dx])"),
        ("date", r"(?<![\d-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?![\d-])"),
        ("document", r"(?:\b(?P<p>sou|dir|sosfs|ds)\.?\s*)?(?<![\d/:])(?P<w>\d{4}:\d{1,4})\b"),
        ("document", r"(?<![\d/:])(?P<w>\d{4}/\d\d:\d+|\d{1,2}:\d{4})\b"),
        ("document", r"(?<![\d-])(?P<w>\d{4}-\d{1,3}-\d{2,5})\b"),
        ("date", rf"(?<!\d)(?P<d>\d{{1,2}})\s(?P<n>{_MONTH})(?:\s(?P<y>\d{{4}}))?\b"),
        ("date", rf"\b(?P<n>{_MONTH})\s(?P<y>\d{{4}})\b"),
        ("paragraph", rf"(?:(?P<c>\d+)\skap\.\s*)?{_FREE}(?P<l>{_P}(?:{_LISTED}{_P})*)\s?§§?"),
        ("paragraph", r"(?:§+|\bparagraf(?:en)?\b)\s?(?P<l>\d+)"),
        ("chapter", rf"{_FREE}(?P<l>\d+(?:{_LISTED}\d+)*)\skap\."),
        ("percentage points", rf"{_FREE}(?P<l>{_N})\s?procentenhet"),
        ("percent", rf"{_FREE}(?P<b>mellan\s)?(?P<l>{_N}(?:{_LINKED}{_N})*)\s?(?:%|procent)"),
        ("grades", r"\bF\s?[–-]\s?(?P<w>\d)\b"),
        ("range", rf"{_FREE}(?P<l>{_D}\s?[–-]\s?{_D})(?![\w%])"),
        ("range", rf"\b(?P<b>mellan)\s(?P<l>{_N}\soch\s{_N})\b"),
        ("share", rf"\b(?:(?P<t>{_N})\s)?(?P<w>(?:tredje|fjärde|femte|sjätte|tion)del)\w{{0,4}}\b"),
        ("share", r"\b(?:vart?\s(?P<w>tredje|fjärde|femte|sjätte|tionde)|(?P<h>hälften|halva))\b"),
        ("share", r"(?<![\d/])(?P<x>\d/\d)(?![\d/:])"),
        ("multiple", r"\b(?:för)?(?P<w>dubb)(?:elt|el|la|lade?s?|lats?)\b"),
        ("number", r"\b(?P<o>ett och ett halvt|en och en halv)\b"),
        ("year", rf"{_FREE}(?P<w>(?:19|20)\d\d)(?![\w%])"),
        ("number", rf"{_FREE}(?P<l>{_D})(?!\w)"),
        ("word", rf"\b(?P<l>{_W})\b(?!(?:\s\w+)?\s(?:{_OWN})(?:na|en|orna)?\b)"),
    )
)

_NAMES = (
    r"(?:Myndigheten|Rådet|Cent(?:rum|er)|[Nn]ationellt centrum) (?:för|mot) \w+(?: och \w+| \w+)?",
    r"Statens \w*(?:verk|styrelse|inspektion|myndighet|institut|nämnd|råd|beredning)\b",
    r"Länsstyrelsen (?:i )?[A-ZÅÄÖ]\w+",
    r"[A-ZÅÄÖ][\w-]*(?:myndighet|verk|styrels|nämnd|inspektion|institut|delegation)ens?\b",
    r"[A-ZÅÄÖ][\w-]*(?:verket|institutet)s?\b",
    r"(?:[A-ZÅÄÖ]\w+ )+(?:universitet|högskola)\b",
    r"[A-ZÅÄÖ]\w+ (?:kommun|stad|län|region)\b",
    r"\b[A-ZÅÄÖ]{2,6}\b",
)
_NAME = re.compile(rf"\b(?:{'|'.join(_NAMES)})")


@dataclass(frozen=True, slots=True)
class Claim:
    """A word or figure of a text that must stand in a fact: ``(12, "percent", "16", "16 %")``."""

    line: int
    kind: str
    value: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text} ({self.kind} {self.value})"


def claims(text: str, least_word: int = LEAST_WORD) -> list[Claim]:
    """Every claim of a text in Markdown, in order. Number words count from ``least_word``."""
    seen = _SKIPPED.sub(_blank, text)
    found: list[tuple[int, Claim]] = []

    def add(match: re.Match[str], kind: str, value: str) -> None:
        line = text.count("\n", 0, match.start()) + 1
        found.append((match.start(), Claim(line, kind, value, " ".join(match[0].split()))))

    for match in _NAME.finditer(seen):
        if match[0] not in _CAPITALS and not _NO_NAME.fullmatch(match[0]):
            add(match, "name", match[0])
    for rule, pattern in _RULES:
        for match in pattern.finditer(seen):
            for kind, value in _values(rule, match):
                if rule != "word" or int(value) >= least_word:
                    add(match, kind, value)
        seen = pattern.sub(_blank, seen)
    return [claim for _, claim in sorted(found, key=lambda f: f[0])]


def unsupported(text: str, facts: Sequence[Fact]) -> list[Claim]:
    """The claims of a text (title, lead and body, as Markdown) that stand in none of the rows.

    A paragraph is held to the rows about the laws that the text names, when it names any; which
    of two named laws is meant is not understood. A figure is held to every row given: give the
    rows of the page's subject (``facts_about``) rather than all.
    """
    known = frozenset[tuple[str, str]]().union(*map(_ground, facts))
    laws = _laws_in(text, facts)
    ours = [fact for fact in facts if laws & fact.laws] if laws else facts
    sections = frozenset[tuple[str, str]]().union(*map(_ground, ours))
    names = {name.casefold() for fact in facts for name in fact.organisations}
    words = {word for fact in facts for word in _words(fact)}

    def stands(claim: Claim) -> bool:
        if claim.kind == "name":
            return _is_known(claim.value, names, words)
        grounds = sections if claim.kind in ("paragraph", "chapter") else known
        return (claim.kind, claim.value) in grounds

    return [claim for claim in claims(text) if not stands(claim)]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _values(rule: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """What one match claims: the kind and the value in one spelling."""
    part = match.groupdict()
    if rule == "date":
        month = part.get("m") or f"{MONTHS.index(part['n'].lower()) + 1:02d}"
        day = f"-{int(part['d']):02d}" if part.get("d") else ""
        yield rule, f"{part['y'] or '-'}-{month}{day}"
    elif rule in ("paragraph", "chapter"):
        chapter = f"{part['c']}:" if part.get("c") else ""
        yield from ((rule, chapter + section) for section in _sections(part["l"]))
    elif rule == "document":
        yield rule, f"{part.get('p') or ''} {part['w']}".strip().lower()
    elif rule == "share":
        top = _number(part.get("t") or "en")
        yield rule, part.get("x") or f"{top}/{_PARTS[(part.get('w') or part['h']).lower()]}"
    elif rule in ("range", "percent"):
        numbers = [_number(n) for n in re.findall(_N, part["l"], re.IGNORECASE)]
        if all(re.fullmatch(r"(?:19|20)\d\d", n) for n in numbers):
            yield from (("year", n) for n in numbers)
        elif len(numbers) == 2 and (part.get("b") or not re.search(r"och|eller", part["l"])):
            yield rule, "–".join(numbers)
        else:
            yield from ((rule, n) for n in numbers)
    elif rule in ("number", "word"):
        yield "number", "1,5" if part.get("o") else _number(part["l"])
    elif rule == "isbn":
        yield rule, part["w"].replace("-", "")
    else:
        yield rule, (part.get("w") or part.get("l") or match[0]).lower()


def _number(written: str) -> str:
    word = written.lower()
    return str(_WORDS[word]) if word in _WORDS else written.replace(" ", "")


def _sections(listed: str) -> Iterator[str]:
    """``4–6`` and ``18 a–18 c`` become ``4``, ``5``, ``6`` and ``18a``, ``18b``, ``18c``."""
    for item in re.split(r",|och|eller|samt", listed.lower()):
        ends = [end.replace(" ", "") for end in re.split(r"[–-]|till", item)]
        yield from (end for end in ends if end)
        if len(ends) == 2 and all(ends):
            (first, from_letter), (last, to_letter) = map(_number_and_letter, ends)
            if first < last:
                # "2–4 a §§" holds 4 § as well.
                yield from map(str, range(first + 1, last + bool(to_letter)))
            elif first == last:
                between = range(ord(from_letter or "`") + 1, ord(to_letter or "`"))
                yield from (f"{last}{chr(letter)}" for letter in between)


def _number_and_letter(section: str) -> tuple[int, str]:
    """``18a`` in its two parts."""
    digits = section.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits), section[len(digits) :]


@cache
def _ground(fact: Fact) -> frozenset[tuple[str, str]]:
    """Everything that a row lets a text claim: 1 July 2023 also lets it say 2023."""
    found: set[tuple[str, str]] = set()
    for claim in claims(f"{fact.text}\n{fact.cited}", least_word=0):
        kind, value = claim.kind, claim.value
        found.add((kind, value))
        if kind == "date" and not value.startswith("-"):
            found |= {("year", value[:4]), (kind, value[:7]), (kind, f"--{value[5:]}")}
        elif kind == "document":
            found.add((kind, value.split()[-1]))
        elif kind == "paragraph" and ":" in value:
            chapter, section = value.split(":")
            found |= {(kind, section), ("chapter", chapter)}
        elif kind == "range":
            found |= {("number", end) for end in value.split("–")}
    return frozenset(found)


@cache
def _words(fact: Fact) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", " ".join((fact.text, fact.cited, *fact.organisations))))


def _laws_in(text: str, facts: Sequence[Fact]) -> set[str]:
    named = {law for fact in facts for law in fact.laws if re.search(rf"\b{law}\b", text)}
    for fact in facts:
        for name in fact.law_names:
            if re.search(rf"\b{re.escape(name)}s?\b", text, 0 if name.isupper() else re.I):
                named |= fact.laws
    return named


def _is_known(name: str, names: Collection[str], words: Collection[str]) -> bool:
    """Whether a name is in the rows, alone, as a genitive or with words after it."""
    said = name.casefold()
    if said in names or said.removesuffix("s") in names:
        return True
    if " " in said and any(known.startswith(said + " ") for known in names):
        return True
    if " för " in said or " mot " in said:
        return any(said.startswith(known + " ") for known in names if " " in known)
    first = name.split()[0]
    if name.isupper() or name.endswith((" kommun", " stad", " län", " region")):
        return first in words or first.removesuffix("s") in words
    return False
