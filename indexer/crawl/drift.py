"""The drift alarm: whether a site was rebuilt, so that its rules no longer fit its pages.

Pages are read by the site's rules and by the general extraction, and the two compared: the first
ones of a run and then some. Owns what counts as drift, how many pages of it are too many, and where
that is remembered, so that a run that was killed goes on with what it knew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from indexer.database import writing
from indexer.parse.readings import Readings
from indexer.tables import visits

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


@dataclass(frozen=True, slots=True)
class Drift:
    """What is known of one run's pages."""

    engine: Engine = field(repr=False)
    crawl: int

    def note(self, url: str, drift: str) -> None:
        """Remember what a comparison gave, after the address was settled."""
        theirs = (visits.c.crawl == self.crawl, visits.c.url == url)
        with writing(self.engine) as connection:
            connection.execute(visits.update().where(*theirs).values(drift=drift))

    def alarm(self) -> str:
        """Why an editor is to be asked, in a line of English; ``""`` where all is well."""
        query = (
            select(visits.c.drift == FITS, func.count())
            .where(visits.c.crawl == self.crawl, visits.c.drift != "")
            .group_by(visits.c.drift == FITS)
        )
        with self.engine.connect() as connection:
            counts = {bool(fits): number for fits, number in connection.execute(query)}
        bad, compared = counts.get(False, 0), sum(counts.values())
        if compared < FEWEST_PAGES or bad * 100 <= compared * MOST_PERCENT:
            return ""
        return f"the site's rules no longer fit {bad} of {compared} compared pages"
