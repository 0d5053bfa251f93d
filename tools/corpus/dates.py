"""Days and months in Swedish words."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def swedish_date(day: date) -> str:
    """The day as Swedish pages print it.

    >>> swedish_date(date(2026, 11, 24))
    '24 november 2026'
    """
    return f"{day.day} {swedish_month(day)}"


def swedish_month(day: date) -> str:
    """The month with its year.

    >>> swedish_month(date(2025, 6, 1))
    'juni 2025'
    """
    return f"{MONTHS[day.month - 1]} {day.year}"
