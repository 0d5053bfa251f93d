"""The closed grammar of dates: what is a date reads back, and nothing else is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.dates import (
    CHANGED,
    PUBLISHED,
    LabelledDate,
    period_year,
    read_date,
    read_iso,
    read_label,
    slug_date,
)

LONG = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
    "oktober", "november", "december",
)  # fmt: skip
SHORT = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
clocks = st.times()


def rendered(day: date, moment: datetime) -> list[str]:
    """Every form that the sites print, of one day."""
    long, short = LONG[day.month - 1], SHORT[day.month - 1]
    clock = f"{moment:%H.%M}"
    return [
        f"{day.day} {long} {day.year}",
        f"den {day.day} {long} {day.year}",
        f"{day.day:02d} {long} {day.year}",
        f"{day.day} {long}, {day.year}",
        f"{day.day} {short} {day.year}",
        f"{day.day} {short}. {day.year}",
        f"{day.day} {long.upper()} {day.year}",
        f"{day.day} {long} {day.year} kl. {clock}",
        f"{day.day} {long} {day.year} {moment:%H:%M}",
        f"{day.day:02d}{short.upper()}{day.year}",
        day.isoformat(),
        f"{day.isoformat()} {moment:%H:%M:%S}",
        f"{day.isoformat()}T{moment:%H:%M:%S}+02:00",
        f"{day.isoformat()}T{moment:%H:%M:%S}.123+0100",
        f" {day.day}\u00a0{long} {day.year}. ",
    ]


@given(days, clocks)
def test_every_rendered_form_of_every_date_reads_back(day: date, clock: object) -> None:
    moment = datetime.combine(day, clock)  # type: ignore[arg-type]
    assert {text: read_date(text) for text in rendered(day, moment)} == dict.fromkeys(
        rendered(day, moment), day
    )


@given(days)
def test_a_label_carries_its_date(day: date) -> None:
    words = f"{day.day} {LONG[day.month - 1]} {day.year}"
    assert read_label(f"Publicerad {words}") == (LabelledDate(PUBLISHED, day),)
    assert read_label(f"Senast uppdaterad: {day.isoformat()}") == (LabelledDate(CHANGED, day),)


@pytest.mark.parametrize(
    "text",
    [
        "§ 14",
        "20 mars",
        "mars 2023",
        "våren 2023",
        "hösten 2022",
        "Q2 2024",
        "2022/23:43",
        "2016:13",
        "31 februari 2023",
        "2023-02-30",
        "2023-13-01",
        "0 maj 2023",
        "5 juli 22",
        "5/7 2022",
        "20230610",
        "2023",
        "12-14 maj 2023",
        "12 maj 2023-13",
        "vecka 12 2023",
        "i dag",
        "",
        "14 § 2 mars 1998:204",
        "Publicerad 5 juli 2022",
        "99 maj 2023",
        "1 maj 1899",
        "٣ maj 2023",
        "5 juli 2022 och 7 juli 2022",
    ],
)
def test_what_is_not_exactly_a_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(st.text(max_size=40))
def test_reading_never_raises_and_stays_within_its_years(text: str) -> None:
    day = read_date(text)
    assert day is None or 1900 <= day.year <= 2099
    read_label(text)
    period_year(text)
    slug_date(text)


@given(st.datetimes(datetime(1996, 1, 1), datetime(2099, 1, 1)))
def test_universal_time_is_the_day_on_swedish_clocks(moment: datetime) -> None:
    day = read_iso(f"{moment:%Y-%m-%dT%H:%M:%S}Z")
    hours = {(moment.replace(tzinfo=UTC) + timedelta(hours=h)).date() for h in (1, 2)}
    assert day in hours
    assert (
        read_iso(moment.replace(tzinfo=timezone(timedelta(hours=2))).isoformat()) == moment.date()
    )


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2023-03-25T23:30:00Z", date(2023, 3, 26)),
        ("2023-07-01T22:00:00Z", date(2023, 7, 2)),
        ("2023-12-01T22:59:00+00:00", date(2023, 12, 1)),
        ("2023-10-28T22:00:00Z", date(2023, 10, 29)),
        ("2023-10-29T22:59:00Z", date(2023, 10, 29)),
    ],
)
def test_summer_time_begins_and_ends_on_the_last_sundays(stamp: str, day: date) -> None:
    assert read_iso(stamp) == day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Publicerad", [(PUBLISHED, None)]),
        ("Skriven 5 juli 2022.", [(PUBLISHED, "2022-07-05")]),
        ("Skriven för den som samordnar", []),
        ("Uppdaterad:", [(CHANGED, None)]),
        (
            "Publiceringsdatum: Senast uppdaterad: 2023-01-02",
            [(PUBLISHED, None), (CHANGED, "2023-01-02")],
        ),
        (
            "Publicerad den 5 januari 2023, senast ändrad den 7 januari 2023",
            [(PUBLISHED, "2023-01-05"), (CHANGED, "2023-01-07")],
        ),
        ("Granskad: 6 mars 2026 kl. 09.00 av redaktionen", [(CHANGED, "2026-03-06")]),
        ("Denna sida publicerades: 2020-01-01", [(PUBLISHED, "2020-01-01")]),
        ("Sidan publicerad av: Redaktionen", []),
        ("Publicerad 2019 och läst av många", []),
        ("Publicerad 20 mars", []),
        ("Uppdaterade riktlinjer", []),
        ("Publicerad av oss 5 juli 2022", []),
        ("Publicerad 5 juli 2022 var rapporten redan gammal", []),
    ],
)
def test_a_label_without_a_value_is_never_a_guess(
    line: str, expected: list[tuple[str, str | None]]
) -> None:
    found = [(label.kind, label.day and label.day.isoformat()) for label in read_label(line)]
    assert found == expected


def test_a_slug_is_a_date_only_where_it_begins_the_last_part() -> None:
    assert slug_date("https://bra.se/rapporter/arkiv/2021-03-16-tystnad.html") == date(2021, 3, 16)
    assert slug_date("https://bra.se/2021-03-16-tystnad/sida.html") is None
    assert slug_date("https://bra.se/rapporter/arkiv/2021-13-16-tystnad") is None
    assert slug_date("https://bra.se/download/18.a/1729515966490/2021_9.pdf") is None


def test_periods_give_a_year_and_never_a_day() -> None:
    assert period_year("Under hösten 2022 hölls två möten") == 2022
    assert period_year("Q2 2024") == 2024
    assert period_year("i 2022 års budget") is None
