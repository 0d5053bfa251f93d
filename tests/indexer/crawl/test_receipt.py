from __future__ import annotations

import csv
import io
import json

import pytest

from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.frontier import Frontier
from indexer.crawl.receipt import CrawlReceipt, read_receipt
from indexer.crawl.removal import Removal
from indexer.crawl.runs import Became, Crawls, Totals
from indexer.library import Library
from search.errors import LibraryError


@pytest.fixture
def frontier(library: Library) -> Frontier:
    """A run in which everything happens once."""
    frontier = Frontier.begin(library.engine, "gr")
    urls = ["/new", "/list", "/print", "/tag", "/tåg", "/slow", "/gone"]
    frontier.see(Seen(url) for url in urls)
    read = Answer(200, digest="d", text_digest="t", key="gr:1", words=7, bytes=900)
    frontier.fetched("/new", read)
    frontier.fetched("/list", Answer(200, bytes=90, milliseconds=1500), Became.FOLLOWED)
    frontier.skipped("/print", "print view")
    frontier.skipped("/tag", "query variant of https://gr.se/a")
    frontier.skipped("/tåg", "query variant of https://gr.se/b")
    frontier.failed("/slow", "timeout", Answer(milliseconds=30_000))
    Removal(frontier).gone("/gone", Answer(404, bytes=10))
    return frontier


@pytest.fixture
def receipt(library: Library, frontier: Frontier) -> CrawlReceipt:
    return read_receipt(library.engine, frontier.crawl.id)


def test_the_totals_are_those_of_the_visits(receipt: CrawlReceipt) -> None:
    assert receipt.totals == Totals(
        new=1, followed=1, skipped=3, failed=1, gone=1, bytes=1000, seconds=31.5
    )
    assert receipt.skipped() == {"query variant of …": 2, "print view": 1}
    assert receipt.failed() == {"timeout": 1}


def test_what_a_run_came_to_is_stored_when_it_ends(library: Library, frontier: Frontier) -> None:
    runs = Crawls(library.engine)
    assert runs.get(frontier.crawl.id).totals == Totals()
    Removal(frontier).finish()
    assert runs.get(frontier.crawl.id).totals == runs.totals(frontier.crawl.id)
    assert runs.get(frontier.crawl.id).totals.new == 1


def test_an_unchanged_page_keeps_its_words_in_the_receipt(
    library: Library, frontier: Frontier
) -> None:
    frontier.unchanged("/new", Answer(304))
    visit = next(
        v for v in read_receipt(library.engine, frontier.crawl.id).visits if v.url == "/new"
    )
    assert (visit.outcome, visit.words, visit.digest, visit.key) == ("unchanged", 7, "d", "gr:1")


def test_the_lines_say_every_total(receipt: CrawlReceipt) -> None:
    text = "\n".join(receipt.lines())
    for said in (
        "the whole source",
        "3 skipped",
        "2 query variant of …",
        "1 failed",
        "1 timeout",
        "1 new",
        "1 gone",
        "0 removed",
        "1,000 bytes in 31.5 s",
        "has not ended",
    ):
        assert said in text


def test_csv_and_json_have_every_address(receipt: CrawlReceipt) -> None:
    rows = list(csv.DictReader(io.StringIO(receipt.to_csv())))
    values = json.loads(receipt.to_json())
    assert {row["url"] for row in rows} == {visit.url for visit in receipt.visits}
    assert [row["url"] for row in rows] == [visit["url"] for visit in values["visits"]]
    assert "/tåg" in receipt.to_csv().encode().decode("utf-8")
    assert values["totals"]["bytes"] == 1000
    assert values["skipped"] == {"query variant of …": 2, "print view": 1}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝"])
def test_no_cell_of_the_csv_is_a_formula(library: Library, sign: str) -> None:
    frontier = Frontier.begin(library.engine, "gr")
    evil = f'{sign}HYPERLINK("https://evil.example","klicka")'
    frontier.see([Seen(evil)])
    frontier.failed(evil, evil, Answer(200, key=evil))
    text = read_receipt(library.engine, frontier.crawl.id).to_csv()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["url"] == row["key"] == row["reason"] == f"'{evil}"
    assert row["http_status"] == "200"


def test_there_is_no_receipt_of_a_run_that_was_not_made(library: Library) -> None:
    with pytest.raises(LibraryError, match="no crawl 7"):
        read_receipt(library.engine, 7)
