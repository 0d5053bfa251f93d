from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from indexer.context import Context
from indexer.crawl.addresses import Seen
from indexer.crawl.fetched import Fetched
from indexer.crawl.frontier import Frontier
from indexer.crawl.reader import Reader as PageReader
from indexer.crawl.reader import Reading
from indexer.crawl.removal import Removal
from indexer.crawl.runs import Became, Crawls
from indexer.erasure import erase
from indexer.history import Outcome
from indexer.identity import key_for
from indexer.intake import Arrival
from indexer.parse.raw import RawFile
from indexer.tables import documents, pages, versions
from indexer.tasks import Done, examples
from indexer.verify import verify
from search.document import Document
from search.errors import ParseError
from tests.indexer.conftest import Reader

Do = Callable[..., Done]
Fetch = Callable[..., dict[str, int]]
PAGE = "https://goteborgsregionen.se/nyheterochpress/2026/medling.5.1a2b3c4d5e6f7a8b9c0d1e2f.html"
PROSE = "Så här arbetar kommunerna med medling för unga, tillsammans med skola och polis. " * 9


def html(title: str, charset: str = "utf-8", meta: bool = True) -> bytes:
    said = f'<meta charset="{charset}">' if meta else ""
    page = f"""<!doctype html><html lang="sv"><head>{said}<title>{title}</title></head>
    <body><main><h1>{title}</h1><p>{PROSE}</p></main></body></html>"""
    return page.encode(charset)


@pytest.fixture
def tomorrow(
    context: Context, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Let there be other parsers: they add to each title, or cannot read these names."""

    def change(added: str = "", bad: str = "") -> None:
        was = type(reader).parse

        def parse(self: Reader, raw: RawFile, *others: Any) -> Document:
            document = was(self, raw, *others)
            if raw.name == bad:
                raise ParseError("damaged", "Filen är trasig.")
            return Document.from_json({**document.to_json(), "title": document.title + added})

        monkeypatch.setattr(type(reader), "parse", parse)
        monkeypatch.setattr(context.intake, "parsed_by", context.intake.parsed_by + "+")

    return change


@pytest.fixture
def fetch(context: Context) -> Fetch:
    """Crawl pages of GR: ``fetch({address: body}, content_type="text/html")``; what they became."""

    def crawl(bodies: dict[str, bytes], content_type: str = "text/html") -> dict[str, int]:
        source = context.source("gr")
        frontier = Frontier.begin(context.library.engine, "gr")
        frontier.see([Seen(url) for url in bodies])
        reading = Reading(source, frontier, Removal(frontier), context.intake)
        for page in frontier.claim(9):
            got = Fetched(page.url, 200, {"content-type": content_type}, bodies[page.url])
            PageReader(reading).read(page, got)
        frontier.end()
        totals = Crawls(frontier.engine).totals(frontier.crawl.id)
        return {became: n for became in Became if (n := getattr(totals, became))}

    return crawl


def outcomes(done: Done) -> list[str]:
    return [str(receipt.outcome) for receipt in done.receipts]


def titles(context: Context) -> dict[str, str]:
    found = (context.library.version(known.key) for known in context.library.of_sources())
    return {version.key: version.document.title for version in found if version}


def rows(context: Context, table: Any, *names: str) -> list[dict[str, Any]]:
    with context.library.engine.connect() as connection:
        query = select(*(table.c[name] for name in names)).order_by(table.c[names[0]])
        return [row._asdict() for row in connection.execute(query)]


def test_what_these_parsers_have_read_is_passed_over_unless_all_is_asked_for(
    do: Do, context: Context, files: Path, read: list[str]
) -> None:
    do("add", paths=[files])
    assert do("reparse").message == "nothing to do"
    assert len(read) == 2
    done = do("reparse", all=True)
    assert (done.message, done.published) == ("2 unchanged", None)
    assert len(read) == 4


def test_other_parsers_read_the_bytes_again_and_it_is_published(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files])
    tomorrow(" (läst på nytt)")
    assert do("reparse").message == "2 changed, generation 2"
    assert all(title.endswith("på nytt)") for title in titles(context).values())
    assert verify(context.library, context.index).agrees
    assert do("reparse").message == "nothing to do"


def test_what_reads_as_before_is_no_news_and_is_not_read_again(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None], read: list[str]
) -> None:
    do("add", paths=[files])
    revision = context.library.revision()
    tomorrow()
    assert do("reparse").message == "2 unchanged"
    assert context.library.revision() == revision
    # Not by the next look through the folder either: what it says of the parsers is kept.
    before = len(read)
    assert do("scan").message == "2 unchanged"
    assert len(read) == before


def test_only_the_sources_named_are_read_again(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files / "medling.txt"])
    do("add", paths=[files / "samverkan.txt"], source="bra")
    tomorrow()
    assert [r.key.partition(":")[0] for r in do("reparse", sources=["bra"]).receipts] == ["bra"]
    assert [r.key.partition(":")[0] for r in do("reparse").receipts] == ["egna"]


def test_the_bytes_are_the_librarys_and_not_what_lies_in_the_folder_now(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").write_text("Annat\n\nHelt annan text.\n", encoding="utf-8")
    (files / "samverkan.txt").unlink()
    tomorrow(" II")
    do("reparse")
    assert sorted(titles(context).values()) == ["Medling II", "Samverkan II"]
    assert do("scan").message == "1 changed, 1 removed, generation 3"


def test_nothing_else_of_a_document_is_lost(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files / "medling.txt"], source="bra", url="https://bra.se/rapporter/medling")
    do("add", paths=[files])
    names = ("key", "source", "origin", "folder", "digest", "removed", "first_seen")
    before = rows(context, documents, *names)
    was = {key: context.library.version(key) for key in titles(context)}
    tomorrow("!")
    assert set(outcomes(do("reparse"))) == {"changed"}
    assert rows(context, documents, *names) == before
    for key, version in was.items():
        now = context.library.version(key)
        assert version is not None and now is not None
        want = {**version.document.to_json(), "title": version.document.title + "!"}
        assert now.document.to_json() == want


def test_bundled_examples_stay_examples_with_their_shape_and_facts(
    do: Do, context: Context, tmp_path: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", **examples_of_three(context, tmp_path))
    names = ("shape", "facts", "notices", "url", "key", "source")
    was = {key: facts_of(context, key, names) for key in titles(context)}
    assert any(facts["shape"] for facts in was.values())
    tomorrow("!")
    assert outcomes(do("reparse")) == ["changed"] * 3
    assert {key: facts_of(context, key, names) for key in was} == was
    assert do("add", **examples_of_three(context, tmp_path)).message == "3 unchanged"


def facts_of(context: Context, key: str, names: tuple[str, ...]) -> dict[str, Any]:
    version = context.library.version(key)
    assert version is not None
    return {name: getattr(version.document, name) for name in names}


def examples_of_three(context: Context, tmp_path: Path) -> dict[str, Any]:
    """The job that takes in the first three bundled documents, from a folder of their own."""
    bundled, few = Path(examples(context)["paths"][0]), tmp_path / "documents"
    few.mkdir(exist_ok=True)
    head, *entries = (bundled / "manifest.toml").read_text(encoding="utf-8").split("[[document]]")
    chosen = [entry for entry in entries if ".html" in entry][:3]
    (few / "manifest.toml").write_text("[[document]]".join([head, *chosen]), encoding="utf-8")
    for file in bundled.rglob("*.html"):
        there = few / file.relative_to(bundled)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(file.read_bytes())
    return {"paths": [few], "source": "exempel"}


def test_a_page_is_read_again_without_being_fetched_and_the_next_crawl_sees_no_change(
    do: Do, context: Context, fetch: Fetch, tomorrow: Callable[..., None]
) -> None:
    assert fetch({PAGE: html("Medling")}) == {"new": 1}
    before = rows(context, documents, "key", "origin", "digest")
    (page,) = rows(context, pages, "url", "key", "digest", "text_digest", "words")
    tomorrow(" II")
    assert outcomes(do("reparse")) == ["changed"]
    assert rows(context, documents, "key", "origin", "digest") == before
    (after,) = rows(context, pages, "url", "key", "digest", "text_digest", "words")
    assert after["text_digest"] != page["text_digest"]
    assert {**after, "text_digest": ""} == {**page, "text_digest": ""}
    assert fetch({PAGE: html("Medling")}) == {"unchanged": 1}
    # Its clock has moved on: it is read, and reads as it did by the same parsers.
    assert fetch({PAGE: html("Medling") + b"<!-- 8:15 -->"}) == {"unchanged": 1}
    assert fetch({PAGE: html("Medlare")}) == {"changed": 1}


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8"])
def test_a_page_whose_server_alone_said_its_charset_reads_as_it_did(
    do: Do, context: Context, fetch: Fetch, charset: str, tomorrow: Callable[..., None]
) -> None:
    fetch({PAGE: html("Förebyggande", charset, meta=False)}, f"text/html; charset={charset}")
    tomorrow()
    assert outcomes(do("reparse")) == ["unchanged"]
    assert list(titles(context).values()) == ["Förebyggande"]


def test_a_page_whose_rule_of_identity_was_mended_goes_to_its_new_key_with_its_addresses(
    do: Do,
    context: Context,
    fetch: Fetch,
    tomorrow: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fetch({PAGE: html("Medling")})
    (old,) = titles(context)
    new = "gr:ny-regel"

    def mended(source: Any, url: str) -> str | None:
        return new if url == PAGE else key_for(source, url)

    monkeypatch.setattr("indexer.intake.key_for", mended)
    monkeypatch.setattr("indexer.crawl.reader.key_for", mended)
    tomorrow()
    assert outcomes(do("reparse")) == ["added"]
    assert set(titles(context)) == {new}
    (page,) = rows(context, pages, "url", "key")
    assert page["key"] == new
    known = context.library.known_by_key(old)
    assert known is not None and known.removed
    assert fetch({PAGE: html("Medling")}) == {"unchanged": 1}
    assert verify(context.library, context.index).agrees


def test_what_can_no_longer_be_read_is_a_problem_and_stays_as_it_was(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None], read: list[str]
) -> None:
    do("add", paths=[files])
    tomorrow("!", bad="medling.txt")
    done = do("reparse")
    assert sorted(outcomes(done)) == ["changed", "failed"]
    assert not done.took_nothing
    assert [problem.reason for problem in context.problems.all()] == ["damaged"]
    assert sorted(titles(context).values()) == ["Medling", "Samverkan!"]
    # The same parsers would fail again: it is not tried until others come, or all is asked for.
    before = len(read)
    assert outcomes(do("reparse")) == ["failed"]
    assert len(read) == before
    do("reparse", all=True)
    assert len(read) == before + 2


def test_a_problem_of_newer_bytes_stays_when_older_ones_are_read(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").write_bytes(b"")
    do("scan")
    (problem,) = context.problems.all()
    tomorrow("!")
    assert outcomes(do("reparse")) == ["changed", "changed"]
    (still,) = context.problems.all()
    assert (still.reason, still.digest, still.origin) == ("empty", problem.digest, problem.origin)


def test_what_is_gone_or_forgotten_is_not_read_again(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files])
    gone, forgotten = sorted(titles(context))
    context.library.remove(gone, "test")
    erase(context.library, forgotten, "Glömt på begäran.")
    tomorrow("!")
    assert do("reparse").receipts == ()
    assert titles(context) == {}


def test_a_document_without_bytes_stays_and_says_so(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files / "medling.txt"])
    with context.library.engine.begin() as connection:
        connection.execute(versions.update().values(digest=None))
    tomorrow("!")
    (receipt,) = do("reparse").receipts
    assert (receipt.outcome, receipt.reason) == (Outcome.UNCHANGED, "purged")
    assert list(titles(context).values()) == ["Medling"]


def test_works_and_variants_stay(
    do: Do, context: Context, files: Path, tomorrow: Callable[..., None]
) -> None:
    do("add", paths=[files / "medling.txt"])
    (key,) = titles(context)
    version = context.library.version(key)
    assert version is not None
    placed = Document.from_json({**version.document.to_json(), "work": "egna:verk"})
    known = context.library.known_by_key(key)
    assert known is not None
    context.library.store(
        placed,
        context.library.blob(version.digest),
        origin=known.origin,
        parsed_by=known.parsed_by,
        folder=known.folder,
    )
    tomorrow()
    assert outcomes(do("reparse")) == ["unchanged"]
    after = context.library.version(key)
    assert after is not None
    assert after.document.work == "egna:verk"


def test_an_arrival_of_a_page_and_a_reparse_of_it_are_one_road(context: Context) -> None:
    raw = RawFile(html("Medling"), "m.html", "gr", "gr:m", PAGE, "text/html")
    assert context.intake.take(Arrival(raw, PAGE)).outcome is Outcome.ADDED
    assert context.intake.take(Arrival(raw, PAGE, anew=True)).outcome is Outcome.UNCHANGED
