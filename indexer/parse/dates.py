"""Swedish dates, read by a closed grammar: what is not exactly a date is no date.

General date parsers guess ("§ 14" and "20 mars" become full dates), and a wrong date is worse
than none. Pure functions; which date to believe is the caller's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: Years that a document or the law it cites may have; others are numbers of something else.
FIRST_YEAR, LAST_YEAR = 1900, 2099

PUBLISHED, CHANGED = "published", "changed"

_MONTHS = {
    "januari": 1, "jan": 1, "februari": 2, "feb": 2, "mars": 3, "mar": 3, "april": 4, "apr": 4,
    "maj": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "augusti": 8, "aug": 8, "september": 9,
    "sept": 9, "sep": 9, "oktober": 10, "okt": 10, "november": 11, "nov": 11, "december": 12,
    "dec": 12,
}  # fmt: skip
#: What a line says before a date, and what the date then is.
_LABELS = {
    "publicerad": PUBLISHED,
    "publiceringsdatum": PUBLISHED,
    "publicerades": PUBLISHED,
    "denna sida publicerades": PUBLISHED,
    "sidan publicerad": PUBLISHED,
    "skriven": PUBLISHED,
    "utgiven": PUBLISHED,
    "uppdaterad": CHANGED,
    "senast uppdaterad": CHANGED,
    "ändrad": CHANGED,
    "senast ändrad": CHANGED,
    "granskad": CHANGED,
    "senast granskad": CHANGED,
}

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"(?:,?\s+(?:kl\.?\s*)?(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9](?:[.:][0-5][0-9])?)?"
_WORDS = rf"(?:den\s+)?(?P<d1>[0-9]{{1,2}})\s+(?P<m1>{_MONTH})\.?,?\s+(?P<y1>[0-9]{{4}})"
_DIGITS = r"(?P<y2>[0-9]{4})-(?P<m2>[0-9]{2})-(?P<d2>[0-9]{2})"
_JOINED = rf"(?P<d3>[0-9]{{2}})(?P<m3>{_MONTH})(?P<y3>[0-9]{{4}})"
_DATE = rf"(?:{_WORDS}|{_DIGITS}|{_JOINED})(?![0-9-]){_CLOCK}"
_WHOLE = re.compile(rf"\s*{_DATE}\s*\.?\s*", re.IGNORECASE)
_DAY_PART = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME_PART = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
_OFFSET = r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
_ISO = re.compile(rf"{_DAY_PART}(?:{_TIME_PART}{_OFFSET})?", re.IGNORECASE)
_LABEL = "|".join(sorted(_LABELS, key=len, reverse=True))
_LABELLED = re.compile(
    rf"(?P<label>{_LABEL})(?!\w)\s*:?\s*(?P<date>{_DATE})?\s*(?:[,.;|–—-]\s*|och\s+|(?=av\s)|(?={_LABEL})|$)",
    re.IGNORECASE,
)
#: A label and a time that is no day: a month, a season, a day of no year.
_VAGUE = re.compile(
    rf"(?:{_LABEL})\s*:?\s*(?:i\s+|under\s+|den\s+)?(?:(?:[0-9]{{1,2}}\s+)?(?:{_MONTH})\.?|"
    r"(?:vår|sommar|höst|vinter)(?:en|n)?)?,?\s*(?:[0-9]{4})?\s*\.?",
    re.IGNORECASE,
)
_SLUG = re.compile(r"/([0-9]{4}-[0-9]{2}-[0-9]{2})-[^/?#]*/?(?:[?#].*)?$")
_PERIOD = re.compile(
    r"\b(?:(?:vår|sommar|höst|vinter)(?:en|n)?s?|(?:första|andra|tredje|fjärde) kvartalet"
    r"|Q[1-4]|kvartal [1-4])\s+(?P<year>[0-9]{4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelledDate:
    """A label and what stands after it. ``kind`` is ``published`` or ``changed``."""

    kind: str
    day: date | None


def read_date(text: str) -> date | None:
    """The day when the whole text is one date in words, digits or both, else None.

    >>> read_date("den 5 januari 2023"), read_date("20 mars"), read_date("§ 14")
    (datetime.date(2023, 1, 5), None, None)
    """
    match = _WHOLE.fullmatch(text)
    return _day(match) or read_iso(text)


def read_iso(text: str) -> date | None:
    """The Swedish day of an ISO 8601 date or time, as machines write them, else None.

    >>> read_iso("2026-08-06T23:30:00Z")
    datetime.date(2026, 8, 7)
    """
    text = text.strip()
    match = _ISO.fullmatch(text)
    day = _checked(match["day"]) if match else None
    if match is None or day is None or not _is_universal(match["offset"]):
        return day
    try:
        return _within(_in_sweden(datetime.fromisoformat(text.upper().replace(",", "."))).date())
    except ValueError:
        return day


def read_label(line: str) -> tuple[LabelledDate, ...]:
    """Every label with its date, when the line begins with one and holds nothing else first.

    A label without a date gives a LabelledDate without a day, and never a guess.

    >>> [found.kind for found in read_label("Publicerad 5 juli 2022, senast ändrad 7 juli 2022")]
    ['published', 'changed']
    """
    found: list[LabelledDate] = []
    rest = line.strip()
    while match := _LABELLED.match(rest):
        date_part = _WHOLE.fullmatch(match["date"]) if match["date"] else None
        found.append(LabelledDate(_LABELS[match["label"].lower()], _day(date_part)))
        rest = rest[match.end() :]
    by_somebody = rest.startswith("av ") and found and found[-1].day
    return tuple(found) if not rest or by_somebody else ()


def is_vague_label(line: str) -> bool:
    """Whether a line is a label with nothing after it but a time that is no exact day.

    >>> is_vague_label("Senast granskad hösten 2026"), is_vague_label("Publicerad av oss")
    (True, False)
    """
    return _VAGUE.fullmatch(line.strip()) is not None


def slug_date(url: str) -> date | None:
    """The day that begins the last part of an address: ``…/2021-03-16-title.html``."""
    match = _SLUG.search(url)
    return _checked(match[1]) if match else None


def period_year(text: str) -> int | None:
    """The year of the first season or quarter named in a text; a period is never a date.

    >>> period_year("Under hösten 2022 hölls två möten")
    2022
    """
    match = _PERIOD.search(text)
    year = int(match["year"]) if match else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _is_universal(offset: str | None) -> bool:
    return offset is not None and not offset.strip("+-0:zZ")


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    groups = match.groupdict()
    n = next(n for n in "123" if groups[f"d{n}"])
    month = groups[f"m{n}"].lower()
    return _date(int(groups[f"y{n}"]), _MONTHS.get(month) or int(month), int(groups[f"d{n}"]))


def _checked(text: str) -> date | None:
    return _date(*(int(part) for part in text.split("-")))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return _within(date(year, month, day))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _in_sweden(moment: datetime) -> datetime:
    """Universal time as Swedish clocks show it, under the rule of 1996 for summer time."""
    moment = moment.replace(tzinfo=UTC)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return moment + timedelta(hours=2 if summer else 1)


def _last_sunday(year: int, month: int) -> datetime:
    """One o'clock in universal time on the last Sunday of a month with 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
