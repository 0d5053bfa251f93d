"""The table of days: what is renamed, gone, back, changed or busy, and when.

Each day is one crawl later. Day 2 is day 1 again, but for counters and tokens in the markup; so is
day 10 of day 9. What ends here comes back the day after.
"""

from __future__ import annotations

from tests.site.plan import EVER, Change

#: From this day every address of Brå's older generation sends on to the newer one, and every file
#: under /download/ has another number in the middle.
MOVE_DAY = 9

TRYGGHET = "/skr/samhallsplaneringinfrastruktur/trygghetsakerhet"
HOT = "/skr/demokratiledningstyrning/hotmotdemokratiochsamhallssystem"

CHANGES: tuple[Change, ...] = (
    # Day 3: renames, a new text, a new upload, and the first things to vanish.
    Change(3, EVER, "renamed", "skr-377", f"{HOT}/motvalfardsbrott.377.html 301"),
    Change(3, EVER, "renamed", "skr-page-04", f"{TRYGGHET}/nyttnamnsammanod.51004.html 404"),
    Change(3, EVER, "renamed", "gr-news-05", "/nyheterochpress/omdoptnyhet.5.{node}.html 301"),
    Change(3, EVER, "renamed", "gr-news-06", "/nyheterochpress/annatnamn.5.{node}.html 404"),
    Change(3, EVER, "reworded", "skr-377"),
    Change(3, EVER, "reworded", "bra-news-03"),
    Change(3, EVER, "reworded", "gr-bank-02"),
    Change(3, EVER, "restamped", "bra-report-02-full", "1767225600123"),
    Change(3, EVER, "new", "bra-news-2[6-9]"),
    Change(3, EVER, "new", "gr-news-4[0-3]"),
    Change(3, EVER, "gone", "bra-news-10"),
    Change(3, EVER, "removed", "gr-news-10"),
    # Gone on one day only: nothing may be removed.
    Change(3, 3, "gone", "skr-page-07"),
    # Gone on two days, and back: removed on day 4, a document again on day 5.
    Change(3, 4, "gone", "bra-method-04"),
    Change(3, 4, "removed", "skr-page-08"),
    # Fails on three days: never removed.
    Change(3, 5, "fails", "bra-topic-02"),
    Change(4, 4, "fails", "gr-bank-0[0-4]"),
    # Day 5: Brå's robots.txt forbids its news, and SKR answers 503 to everything.
    Change(5, 5, "forbids", "bra", "Disallow: /nyheter/"),
    Change(5, 5, "busy", "skr", "1"),
    # Day 6: Brå's robots.txt itself fails; GR's forbids everything.
    Change(6, 6, "robots fails", "bra"),
    Change(6, 6, "forbids", "gr", "Disallow: /"),
    # Days 7 and 8: more than a fifth of GR is gone at once, by an accident at their end.
    Change(7, 8, "gone", "gr-news-[12]?"),
    # Day 9: the move, which the addresses of Brå's items know of (MOVE_DAY).
    Change(MOVE_DAY, EVER, "moved", "bra-*"),
)
