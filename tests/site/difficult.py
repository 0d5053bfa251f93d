"""Wanted items that are hard to fetch, and what the server does when they are asked for."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.site.plan import Address, Item
from tests.site.prose import TOPICS, hexid, seeded, slug
from tests.site.reply import Reply, Visit

#: Seconds. Long enough to be seen in a log, short enough for a test.
SLOW = 1.2

#: Behaviour → the end of the page's title.
WANTED: dict[str, str] = {
    "slow": "som dröjer",
    "drips": "som kommer droppvis",
    "cut": "som bröts den första dagen",
    "cut-chunks": "som aldrig tog slut den första dagen",
    "busy-429": "som bad om betänketid",
    "busy-503": "som var upptagen",
    "says-latin1": "med fel teckenkod i svaret",
    "says-utf8": "med fel teckenkod i sidan",
    "latin1-in-meta": "med gammal teckenkod",
    "etag-lies": "med ny märkning varje gång",
    "deflated": "som kommer packad",
    "spaces": "med blanksteg i adressen",
    "session": "med sessionsnummer i sökvägen",
    "elsewhere": "som påstår sig bo någon annanstans",
}


def items() -> Iterator[Item]:
    for number, (behaviour, ending) in enumerate(WANTED.items()):
        topic = TOPICS[(number + 2) % len(TOPICS)]
        said = f"En nyhet om {topic} {ending}"
        date = f"2025-04-{number + 1:02}"
        path = f"/nyheter/arkiv/{date}-{slug(said)}"
        addresses = [Address("bra.se", path)]
        if behaviour == "session":
            marks = ("A1B2C3D4E5F60718", "99887766554433EE")
            addresses += [
                Address("bra.se", f"{path};jsessionid={mark}", "session") for mark in marks
            ]
        yield Item(
            f"bra-difficult-{behaviour}", "bra", "news", said, topic, tuple(addresses),
            key=f"bra:{date}-{slug(said)}", date=date, date_by="slug",
            work=f"bra-difficult-{behaviour}", behaviour=behaviour,
            traits=frozenset({"elsewhere"} if behaviour == "elsewhere" else {"list"}),
        )  # fmt: skip
    name = "bra-difficult-endless-pdf"
    yield Item(
        name, "bra", "pdf", "Evig", TOPICS[0],
        (Address("bra.se", f"/download/18.{hexid(name)}/1700000000000/evig.pdf"),),
        key=f"file:18.{hexid(name)}", wanted=False, why="hangs a parser", work=name, role="full",
        behaviour="hangs",
    )  # fmt: skip


def treated(item: Item, visit: Visit, reply: Reply) -> Reply:
    """The reply as this item's behaviour makes it."""
    act = _ACTS.get(item.behaviour)
    return act(visit, reply) if act and reply.status == 200 else reply


def _cut(visit: Visit, reply: Reply) -> Reply:
    return replace(reply, cut=len(reply.body) // 2) if visit.day == 1 else reply


def _cut_chunks(visit: Visit, reply: Reply) -> Reply:
    if visit.day > 1:
        return reply
    half = len(reply.body) // 2
    return replace(reply, chunks=(reply.body[:half],), cut=half)


def _busy(status: int) -> Callable[[Visit, Reply], Reply]:
    """Twice a day the address is too busy; who waits as asked is served the third time."""

    def act(visit: Visit, reply: Reply) -> Reply:
        if visit.times > 2:
            return reply
        return Reply(status, "Försök igen om en stund.".encode(), headers=(("Retry-After", "1"),))

    return act


def _as_latin1(reply: Reply, kind: str) -> Reply:
    text = reply.body.decode().replace("–", "-").replace('<meta charset="utf-8">', "")
    return replace(reply, body=text.encode("cp1252"), kind=kind)


def _meta_latin1(visit: Visit, reply: Reply) -> Reply:
    text = reply.body.decode().replace("–", "-").replace('"utf-8"', '"iso-8859-1"')
    return replace(reply, body=text.encode("cp1252"), kind="text/html")


def _deflated(visit: Visit, reply: Reply) -> Reply:
    """Compressed for whoever can read it, as a front of a site does."""
    if "gzip" not in visit.headers.get("Accept-Encoding", ""):
        return reply
    packed = gzip.compress(reply.body, mtime=0)
    return replace(reply, body=packed, headers=(*reply.headers, ("Content-Encoding", "gzip")))


def _lying_etag(visit: Visit, reply: Reply) -> Reply:
    rest = tuple(h for h in reply.headers if h[0] not in ("ETag", "Last-Modified"))
    return replace(reply, headers=(*rest, ("ETag", f'"besok-{visit.serial}"')))


_ACTS: dict[str, Callable[[Visit, Reply], Reply]] = {
    "slow": lambda visit, reply: replace(reply, wait=SLOW),
    "drips": lambda visit, reply: replace(reply, drip=SLOW),
    "cut": _cut,
    "cut-chunks": _cut_chunks,
    "busy-429": _busy(429),
    "busy-503": _busy(503),
    "says-latin1": lambda visit, reply: replace(reply, kind="text/html; charset=iso-8859-1"),
    "says-utf8": lambda visit, reply: _as_latin1(reply, "text/html; charset=utf-8"),
    "latin1-in-meta": _meta_latin1,
    "etag-lies": _lying_etag,
    "deflated": _deflated,
}


def validators(item: Item, changed: int) -> tuple[tuple[str, str], ...]:
    """ETag and Last-Modified: most have both, some one of them, a few neither.

    ``changed`` is the day on which the page last changed; day 1 is the fifth of October.
    """
    tag = f'"{hexid(f"{item.name} of day {changed}")}"'
    weekday = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")[changed % 7]
    modified = f"{weekday}, {changed + 4:02} Oct 2026 08:00:00 GMT"
    kind = "b" if item.kind == "more" else seeded("validators", item.name).choice("bbbbbbbbwem-")
    both = (("ETag", tag), ("Last-Modified", modified))
    return {
        "b": both,
        "w": (("ETag", f"W/{tag}"), both[1]),
        "e": both[:1],
        "m": both[1:],
        "-": (),
    }[kind]


def not_modified(visit: Visit, headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether what the visitor has is what we would send, by RFC 9110: an ETag goes first."""
    ours = dict(headers)
    asked = visit.headers.get("If-None-Match")
    if asked is not None:
        mine = ours.get("ETag", "").removeprefix("W/")
        theirs = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        return bool(mine) and (mine in theirs or "*" in theirs)
    since = visit.headers.get("If-Modified-Since")
    return since is not None and since == ours.get("Last-Modified")
