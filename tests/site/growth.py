"""As many news items more as a measurement asks for. They bite no one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.site.plan import Address, Item
from tests.site.prose import TOPICS, hexid, slug


def more_items(count: int) -> Iterator[Item]:
    """Articles of GR, each with a text of its own; GR's sitemap is there only with these."""
    for number in range(count):
        name = f"gr-more-{number:05}"
        said = f"Lokal notis {number} om {TOPICS[number % len(TOPICS)]}"
        yield Item(
            name, "gr", "more", said, TOPICS[number % len(TOPICS)],
            (Address("goteborgsregionen.se",
                     f"/nyheterochpress/{slug(said, '')}.5.{hexid(name)}.html"),),
            key=f"gr:{hexid(name)}", date=f"2020-{number % 12 + 1:02}-{number % 28 + 1:02}",
            date_by="time", work=name,
        )  # fmt: skip
