"""The drift alarm: whether a site was rebuilt, so that its rules no longer fit its pages.

Pages are read by the site's rules and by the general extraction, and the two compared: the first
ones of a run and then some. Owns what counts as drift, how many pages of it are too many, and where
that is remembered, so that a run that was killed goes on with what it knew.
"""

from __future__ import annotations

from math import sqrt

from sqlalchemy import Connection, Engine, exists, func, select

from indexer.crawl.addresses import PageState
from indexer.database import writing
from indexer.parse.readings import Readings
from indexer.tables import pages, visits

#: How the reason of a run that is held for it begins.
ALARM = "the site's rules no longer fit"
#: What is noted of a page that the rules fit.
FITS = "fits"
#: Rules that find less than this share of the words of the general extraction have missed some.
LEAST_SHARE = 0.6
#: On a page of a few words, a line more or less is no sign of anything.
FEWEST_WORDS = 50
#: More of the compared pages than this, in percent, and an editor is asked.
MOST_PERCENT = 10
#: Fewer pages say nothing of a share.
FEWEST_PAGES = 10
#: The first pages of a run are all compared, then one in so many: comparing doubles the reading.
_FIRST, _EACH = 20, 10
#: How sure the first pages of a run must be: 99 %, in standard deviations.
_SURE = 2.33


def is_sampled(number: int) -> bool:
    """Whether the page that is read as the ``number``-th of a run, from 0, is compared."""
    return number < _FIRST or number % _EACH == 0


def drift_of(readings: Readings) -> str:
    """Why a page does not fit its site's rules, FITS, or ``""`` where it is too short to tell."""
    if readings.general_words < FEWEST_WORDS:
        return ""
    if not readings.has_title:
        return "the site's rules find no title"
    share = readings.site_words / readings.general_words
    if share < LEAST_SHARE:
        return f"the site's rules find {share:.0%} of the words"
    return FITS


def is_drift(bad: int, compared: int, *, goes_on: bool) -> bool:
    """Whether so many pages that do not fit are too many.

    At its end a run's share decides. While it goes on it is looked at again and again: of a site
    where 5 % do not fit, every third run would pass the limit at some page. So then all that the
    share may well be must be over the limit: the lower end of Wilson's interval (E. B. Wilson,
    1927, doi:10.1080/01621459.1927.10502953).

    >>> is_drift(2, 10, goes_on=False), is_drift(2, 10, goes_on=True), is_drift(5, 10, goes_on=True)
    (True, False, True)
    """
    if compared < FEWEST_PAGES or bad * 100 <= compared * MOST_PERCENT:
        return False
    return not goes_on or _at_least(bad, compared) * 100 > MOST_PERCENT


def _at_least(bad: int, compared: int) -> float:
    share, variance = bad / compared, _SURE * _SURE / compared
    spread = _SURE * sqrt(share * (1 - share) / compared + variance / 4 / compared)
    return (share + variance / 2 - spread) / (1 + variance)


class Drift:
    """What is known of one run's pages."""

    def __init__(self, engine: Engine, crawl: int) -> None:
        self._engine = engine
        self._crawl = crawl
        self._said = ""

    def note(self, url: str, drift: str) -> None:
        """Remember what a comparison gave, after the address was settled."""
        theirs = (visits.c.crawl == self._crawl, visits.c.url == url)
        with writing(self._engine) as connection:
            connection.execute(visits.update().where(*theirs).values(drift=drift))

    def alarm(self) -> str:
        """Why an editor is to be asked, in a line of English; ``""`` where all is well.

        Once said it stays: the pages in hand when a run is stopped for it do not take it back.
        """
        if not self._said:
            with self._engine.connect() as connection:
                bad, compared = self._counts(connection)
                if is_drift(bad, compared, goes_on=self._goes_on(connection)):
                    of = f"{bad} of {compared} compared pages"
                    self._said = f"{ALARM} {of}"
        return self._said

    def _counts(self, connection: Connection) -> tuple[int, int]:
        query = (
            select(visits.c.drift == FITS, func.count())
            .where(visits.c.crawl == self._crawl, visits.c.drift != "")
            .group_by(visits.c.drift == FITS)
        )
        counts = {bool(fits): number for fits, number in connection.execute(query)}
        return counts.get(False, 0), sum(counts.values())

    def _goes_on(self, connection: Connection) -> bool:
        """Whether the run wants more; one that was stopped has seen a part of its pages too."""
        waits = exists().where(pages.c.crawl == self._crawl, pages.c.state == PageState.WAITING)
        return bool(connection.scalar(select(waits)))
