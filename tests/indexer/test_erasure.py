from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from indexer.archive import export_library, import_library
from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.frontier import Frontier
from indexer.crawl.receipt import read_receipt
from indexer.erasure import erase, purge
from indexer.history import Outcome
from indexer.intake import Arrival, Intake
from indexer.jobs import Jobs
from indexer.library import Library, fingerprint
from indexer.parse.raw import RawFile
from indexer.problems import Problems
from indexer.tables import documents, history, pages, versions
from indexer.tombstones import Tombstones
from search.document import Document
from search.errors import LibraryError

MakeDocument = Callable[..., Document]
TEXT = "Den enda mening som ingen annan har skrivit."
NOW = datetime.now(UTC)


@pytest.fixture
def put(library: Library, document: MakeDocument) -> Callable[..., Document]:
    """Store a document: ``put("gr:1", "Titel", "Text.", data=b"x", url="https://gr.se/1")``."""

    def store(
        key: str, *texts: str, data: bytes = b"data", origin: str = "", **fields: object
    ) -> Document:
        item = document(key, *texts, **fields)
        library.store(item, data, origin=origin or f"/{key}", parsed_by="p")
        return item

    return store


def dump(library: Library) -> str:
    """Every row of the library as text."""
    with library.engine.connect() as connection:
        return "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def test_every_version_is_erased_and_everything_else_stays(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", "Första", TEXT, data=b"first")
    put("gr:1", "Andra", TEXT, data=b"second")
    put("gr:2", "Tredje", "En annan text.", data=b"third")
    state = library.state_at(library.revision())
    erased = erase(library, "gr:1", "begärt av den det rör")
    assert (erased.versions, erased.bytes) == (2, len(b"firstsecond"))
    assert TEXT not in dump(library)
    assert [library.version("gr:1", revision) for revision in (1, 2, 3, 4)] == [None] * 4
    assert library.state_at(library.revision()) == {"gr:2": state["gr:2"]}
    assert library.version("gr:2").document.title == "Tredje"  # type: ignore[union-attr]


def test_revisions_go_on_rising(library: Library, put: Callable[..., Document]) -> None:
    put("gr:1", "Första", TEXT)
    before = library.revision()
    erase(library, "gr:1", "test")
    assert library.revision() == before + 1
    put("gr:2")
    assert library.revision() == before + 2
    erase(library, "gr:1", "test")
    assert library.revision() == before + 2


def test_bytes_that_another_document_has_stay(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", "Första", TEXT, data=b"shared")
    put("gr:2", data=b"shared")
    assert erase(library, "gr:1", "test").bytes == 0
    assert library.blob(library.version("gr:2").digest) == b"shared"  # type: ignore[union-attr]


def test_a_key_that_the_document_had_before_goes_with_it(
    library: Library, document: MakeDocument
) -> None:
    old, new = document("gr:old", "Titel", TEXT), document("gr:new", "Titel", TEXT)
    library.store(old, b"a", origin="/a", parsed_by="p")
    library.store(new, b"b", origin="/a", parsed_by="p", instead_of="gr:old")
    assert erase(library, "gr:new", "test").keys == ("gr:new", "gr:old")
    assert TEXT not in dump(library)


def test_diary_problems_jobs_and_pages_say_nothing_of_it(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", TEXT, origin="/a", url="https://gr.se/1")
    problem = {"digest": "d", "parsed_by": "p", "reason": "damaged", "message": TEXT}
    Problems(library.engine).record("gr", "/a", **problem)
    queue = Jobs(library.engine)
    queue.progress(queue.add("publish").id, 1, 2, TEXT)
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see([Seen("https://gr.se/1"), Seen("https://gr.se/2")])
    frontier.fetched("https://gr.se/1", Answer(200, key="gr:1", digest="abc", text_digest="def"))
    frontier.failed("https://gr.se/2", "timeout")
    erase(library, "gr:1", "test")
    text = dump(library)
    assert TEXT not in text
    assert "'abc'" not in text
    assert "'def'" not in text
    with library.engine.connect() as connection:
        rows = connection.execute(select(history.c.origin, history.c.detail)).all()
    assert [tuple(row) for row in rows] == [("", "forgotten")]
    kept = {visit.url: visit.reason for visit in read_receipt(library.engine, 1).visits}
    assert kept == {"https://gr.se/1": "forgotten", "https://gr.se/2": "timeout"}


def test_a_forgotten_page_is_never_fetched_again(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", TEXT, origin="https://gr.se/1")
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see([Seen("https://gr.se/1"), Seen("https://gr.se/2")])
    frontier.fetched("https://gr.se/1", Answer(200, key="gr:1"))
    frontier.end()
    erase(library, "gr:1", "test")
    for asked in ("whole", "named"):
        frontier = Frontier.begin(library.engine, "gr")
        if asked == "named":
            frontier.see([Seen("https://gr.se/1")])
        assert [page.url for page in frontier.claim(9)] == ["https://gr.se/2"]
        frontier.end()


def test_what_is_forgotten_while_it_is_in_hand_is_not_written_down_again(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", TEXT, origin="https://gr.se/1")
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see([Seen("https://gr.se/1")])
    (page,) = frontier.claim()
    erase(library, "gr:1", "test")
    frontier.fetched(page.url, Answer(200, key="gr:1", digest="abc", text_digest="def", etag="e"))
    with library.engine.connect() as connection:
        row = connection.execute(select(pages)).one()
    assert (row.state, row.digest, row.text_digest, row.etag) == ("forgotten", "", "", "")
    (visit,) = read_receipt(library.engine, frontier.crawl.id).visits
    assert (visit.outcome, visit.digest, visit.reason) == ("skipped", "", "forgotten")


def test_an_address_that_is_another_documents_now_is_left_to_it(
    library: Library, put: Callable[..., Document], document: MakeDocument
) -> None:
    put("gr:1", "Första", TEXT, origin="https://gr.se/a", url="https://gr.se/a")
    put("gr:1", "Första", TEXT, origin="https://gr.se/b", url="https://gr.se/b")
    put("gr:2", "Andra", "Text.", origin="https://gr.se/a", url="https://gr.se/a")
    assert erase(library, "gr:1", "test").addresses == ("https://gr.se/b",)
    put("gr:2", "Andra", "Ny text.", origin="https://gr.se/a", url="https://gr.se/a")
    assert library.counts() == {"gr": 1}


# The door

PAGE = (
    "<html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p></main></body></html>"
)


def arrive(url: str, text: str = TEXT, source: str = "gr") -> Arrival:
    data = PAGE.format("Titel", text).encode()
    return Arrival(RawFile(data, "page.html", source, f"{source}:{url[-6]}", url), url)


def test_neither_the_key_nor_an_address_of_it_is_taken_in_again(
    library: Library, intake: Intake, read: list[str]
) -> None:
    taken = intake.take(arrive("https://goteborgsregionen.se/a.html"))
    assert taken.outcome is Outcome.ADDED
    erase(library, taken.key, "begärt av den det rör")
    before, rows = len(read), dump(library)
    refused = intake.take(arrive("https://www.goteborgsregionen.se/a.html#top", "Ny text."))
    assert refused.outcome is Outcome.FAILED
    assert "har glömts" in refused.detail
    assert "begärt av den det rör" in refused.detail
    assert len(read) == before
    file = Arrival(RawFile(b"Titel\n\nText.\n", "a.txt", "gr", taken.key, ""), "/elsewhere/a.txt")
    assert "har glömts" in intake.take(file).detail
    assert dump(library) == rows
    assert Problems(library.engine).all() == ()
    other = intake.take(arrive("https://goteborgsregionen.se/b.html", "En annan sida."))
    assert other.outcome is Outcome.ADDED


def test_a_key_the_library_does_not_know_can_be_kept_out(
    library: Library, put: Callable[..., Document]
) -> None:
    assert erase(library, "gr:1", "test").versions == 0
    assert library.is_empty()
    assert [grave.key for grave in Tombstones(library.engine).all()] == ["gr:1"]
    with pytest.raises(Exception, match="har glömts"):
        put("gr:1")


# Archives


def test_an_archive_made_before_does_not_bring_it_back(
    library: Library, put: Callable[..., Document], tmp_path: Path
) -> None:
    put("gr:1", "Första", TEXT, data=TEXT.encode(), origin="/a")
    put("gr:2", "Andra", "Text.")
    export_library(library, tmp_path / "old.zip")
    with Library(tmp_path / "new" / "library.sqlite") as other:
        erase(other, "gr:1", "test")
        import_library(other, tmp_path / "old.zip")
        assert set(other.state_at(other.revision())) == {"gr:2"}
        assert other.revision() == library.revision()
        assert TEXT not in dump(other)
        assert [grave.why for grave in Tombstones(other.engine).all()] == ["test"]
        held = b"".join(path.read_bytes() for path in (tmp_path / "new").iterdir())
    assert TEXT.encode() not in held


def test_tombstones_and_crawls_travel_with_the_library(
    library: Library, put: Callable[..., Document], tmp_path: Path
) -> None:
    put("gr:1", "Första", TEXT, origin="/a")
    put("gr:2", "Andra", "Text.")
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see([Seen("https://gr.se/2")])
    frontier.fetched("https://gr.se/2", Answer(200, key="gr:2", etag='"x"'))
    erase(library, "gr:1", "test")
    export_library(library, tmp_path / "library.zip")
    with Library(tmp_path / "new" / "library.sqlite") as other:
        import_library(other, tmp_path / "library.zip")
        assert Tombstones(other.engine).all() == Tombstones(library.engine).all()
        assert read_receipt(other.engine, 1) == read_receipt(library.engine, 1)
        again = Frontier.begin(other.engine, "gr")
        assert again.headers("https://gr.se/2") == {"If-None-Match": '"x"'}
        assert other.state_at(other.revision()) == library.state_at(library.revision())


# Purging


def age(library: Library, key: str, days: int) -> None:
    """Let a document's latest change have been made so many days ago."""
    moment = (NOW - timedelta(days=days)).isoformat(timespec="milliseconds")
    latest = select(documents.c.revision).where(documents.c.key == key).scalar_subquery()
    with library.engine.begin() as connection:
        connection.execute(versions.update().where(versions.c.revision == latest).values(at=moment))


def test_bytes_of_what_is_gone_are_purged_after_a_while_and_its_text_stays(
    library: Library, put: Callable[..., Document], tmp_path: Path
) -> None:
    for key in ("gr:old", "gr:recent", "gr:here"):
        put(key, "Titel", "Text.", data=key.encode())
    digests = {key: library.version(key).digest for key in library.state_at(3)}  # type: ignore[union-attr]
    for key, days in {"gr:old": 91, "gr:recent": 89}.items():
        library.remove(key, "test")
        age(library, key, days)
    age(library, "gr:here", 400)
    purged = purge(library, NOW)
    assert (purged.documents, purged.bytes) == (1, len("gr:old"))
    with pytest.raises(LibraryError, match="no bytes"):
        library.blob(digests["gr:old"])
    assert library.blob(digests["gr:recent"]) == b"gr:recent"
    assert library.blob(digests["gr:here"]) == b"gr:here"
    before = library.version("gr:old", 1)
    assert before is not None
    assert before.digest == ""
    assert before.fingerprint == fingerprint(before.document, "")
    assert purge(library, NOW).documents == 0
    export_library(library, tmp_path / "library.zip")
    with Library(tmp_path / "new" / "library.sqlite") as other:
        import_library(other, tmp_path / "library.zip")
        assert other.version("gr:old", 1) == before


def test_a_document_that_comes_back_has_its_bytes_again(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", data=b"bytes")
    library.remove("gr:1", "test")
    age(library, "gr:1", 91)
    purge(library, NOW)
    put("gr:1", data=b"bytes")
    assert library.blob(library.version("gr:1").digest) == b"bytes"  # type: ignore[union-attr]
    assert purge(library, NOW + timedelta(days=400)).documents == 0


def test_purged_bytes_that_another_document_has_stay(
    library: Library, put: Callable[..., Document]
) -> None:
    put("gr:1", data=b"shared")
    put("gr:2", data=b"shared")
    library.remove("gr:1", "test")
    age(library, "gr:1", 91)
    assert purge(library, NOW).bytes == 0
    assert library.blob(library.version("gr:2").digest) == b"shared"  # type: ignore[union-attr]
