"""What the growth bench counts is what is written, and its peer is Whoosh as it comes."""

from __future__ import annotations

import doctest
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import Stemmer
from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

import bench.growth
from bench.growth import (
    ENGINE,
    MOST,
    Cost,
    Growth,
    build_ours,
    build_plain,
    columns_of,
    forget,
    growth,
    main,
    sizes,
    tokens_of,
)
from search import schema
from search.document import Document, Identifier
from search.index import Index, rows_of
from search.schema import TEXT_FIELDS, rows, stored_words
from search.swedish import analyzer, lexicon

#: How often the long text says one compound.
TIMES = 120
COST = Cost({"positions": 100}, {"postings and rows": 1000}, {"documents": 1.0})


def stem(word: str) -> str:
    """Found by name, as Whoosh pickles the schema."""
    return str(Stemmer.Stemmer("swedish").stemWord(word))


@pytest.fixture(scope="module")
def documents(document: Callable[..., Document]) -> Sequence[Document]:
    long = " ".join(f"Mening {n} om kommunens trygghetsvandringar." for n in range(TIMES))
    return (
        document("gr:1", "Trygghetsvandring", "Enligt 18 a § OSL, se www.exempel.se.", long),
        document("bra:2", "SSPF", "Orosanmälan 2023:196", lead="Skola och polis"),
        replace(document("bra:3", "Titel"), identifiers=(Identifier("sfs", "2001:453"),)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, documents: Sequence[Document]) -> Path:
    """Both indexes, ``ours`` and ``plain``."""
    folder = tmp_path_factory.mktemp("growth")
    build_ours(documents, folder / "ours")
    build_plain(documents, folder / "plain")
    return folder


def generation(folder: Path) -> Path:
    (found,) = (folder / "generations").iterdir()
    return found


def walked(index: FileIndex) -> Mapping[tuple[str, bytes], list[tuple[int, list[int]]]]:
    """Every posting: field and term → rows, and the positions in each."""
    found: dict[tuple[str, bytes], list[tuple[int, list[int]]]] = {}
    with index.reader() as reader:
        for field, term in reader.all_terms():
            if field in TEXT_FIELDS:
                matcher = reader.postings(field, term)
                found[field, term] = list(matcher.items_as("positions"))
    return found


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(bench.growth).failed == 0


def test_snowball_alone_is_what_whoosh_writes_out_of_the_box(
    tmp_path: Path, folder: Path, documents: Sequence[Document]
) -> None:
    usual = RegexTokenizer() | LowercaseFilter() | StemFilter(stemfn=stem)
    text = {name: TEXT(analyzer=usual, phrase=True) for name in TEXT_FIELDS}
    whole = Schema(key=ID(), number=STORED(), stored=STORED(), **text)
    stock = FileIndex.create(FileStorage(str(tmp_path)), whole, "MAIN")
    writer = stock.writer()
    for document in documents:
        for row in rows(document, "", ""):
            writer.add_document(**row)
    writer.commit()
    plain = Index(folder / "plain").open(1)
    assert walked(plain) == walked(stock)
    assert list(rows_of(plain)) == list(rows_of(stock))
    (theirs,), (ours,) = tmp_path.glob("*.seg"), generation(folder / "plain").glob("*.seg")
    # Whoosh's own pickles differ by a byte from run to run.
    assert ours.stat().st_size == pytest.approx(theirs.stat().st_size, rel=0.001)


@pytest.mark.parametrize("name", ["ours", "plain"])
def test_every_position_on_disk_is_counted(folder: Path, name: str) -> None:
    index = Index(folder / name)
    lists = walked(index.open(1)).values()
    there = sum(len(places) for postings in lists for _, places in postings)
    assert tokens_of(index)["positions"] == there > 4 * TIMES


@pytest.mark.parametrize("name", ["ours", "plain"])
def test_both_are_one_segment(folder: Path, name: str) -> None:
    assert len(list(generation(folder / name).glob("*.seg"))) == 1


def test_numbers_and_parts_are_counted_as_they_are_written(folder: Path) -> None:
    index = Index(folder / "ours")
    stored = (stored_words(row) for row in rows_of(index.open(1)))
    lines = (generation(folder / "ours") / "words.tsv").read_text(encoding="utf-8").splitlines()
    found = tokens_of(index, columns_of(index))
    assert found["numbers of words"] == sum(len(field) for row in stored for field in row)
    assert found["parts of compounds"] == sum(len(line.split("\t")[1].split()) for line in lines)
    assert set(found) == {"positions", "numbers of words", "parts of compounds"}


def test_a_part_is_counted_once_a_word_and_its_places_beside(
    documents: Sequence[Document],
) -> None:
    found = growth(documents, ("trygghetsvandring", "skola"), runs=1)
    assert found.parts_in_place >= 2 * TIMES > found.ours.tokens["parts of compounds"] > 0
    assert (found.documents, set(found.plain.tokens)) == (3, {"positions"})
    assert found.searches and found.searches.questions == 2
    assert 0 < found.searches.p50 <= found.searches.p95


def test_the_bytes_are_those_of_the_whole_generation(folder: Path) -> None:
    whole = sum(path.stat().st_size for path in generation(folder / "ours").iterdir())
    assert sum(sizes(Index(folder / "ours")).values()) == whole
    assert set(sizes(Index(folder / "plain"), ENGINE)) == {"postings and rows"}


def test_nothing_of_ours_lies_beside_snowball_alone(folder: Path) -> None:
    """A file that comes new in a generation is seen here, before it hides in both."""
    found = sizes(Index(folder / "plain"))
    beside = {"words.tsv", "known.bin", "lemmas.tsv"}
    assert set(found) == {"postings and rows", "generation.json", *beside}
    assert {found[name] for name in beside} == {0}
    assert not any("words" in row for row in rows_of(Index(folder / "plain").open(1)))


def test_the_products_analysis_is_back_even_when_a_plain_build_fails(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        build_plain([None], tmp_path)  # type: ignore[list-item]
    assert schema.tokens is analyzer.tokens  # type: ignore[attr-defined]


def test_nothing_learnt_in_one_build_is_known_in_the_next(folder: Path) -> None:
    analyzer.stem("vandringar")
    forget()
    remembered = (analyzer.stem, lexicon._load, lexicon._known)
    assert [each.cache_info().currsize for each in remembered] == [0, 0, 0]


@pytest.mark.parametrize(("times", "status"), [(MOST, 0), (MOST + 0.1, 1)])
@pytest.mark.parametrize("measure", ["tokens", "bytes", "seconds"])
def test_a_ratio_over_the_bound_ends_in_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    measure: str,
    times: float,
    status: int,
) -> None:
    usual = {name: value * 100 for name, value in getattr(COST, measure).items()}
    grown = {name: value * times for name, value in usual.items()}
    ours = replace(COST, **{measure: grown})
    plain = replace(COST, **{measure: usual})
    monkeypatch.setattr(bench.growth, "_documents", lambda corpus: ())
    monkeypatch.setattr(bench.growth, "_questions", lambda corpus: ())
    monkeypatch.setattr(
        bench.growth, "growth", lambda *asked: Growth(1, 2, ours, plain, parts_in_place=3)
    )
    monkeypatch.setattr("sys.argv", ["growth"])
    assert main() == status
    assert (f"over {MOST}: {measure}\n" in capsys.readouterr().out) == bool(status)
    monkeypatch.setattr("sys.argv", ["growth", "--json"])
    assert main() == status
    told = json.loads(capsys.readouterr().out)["ratios"]
    assert told[measure] == pytest.approx(times)
