"""What the growth bench counts is what is written, and its peer is Whoosh as it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from whoosh.index import FileIndex, open_dir

import bench.growth
from bench.growth import (
    MOST,
    Cost,
    Growth,
    build_ours,
    build_plain,
    columns_of,
    forget,
    generation_of,
    growth,
    main,
    positions_in,
    sizes,
    tokens_of,
)
from search.document import Document, Identifier
from search.index import Index
from search.schema import TEXT_FIELDS, rows
from search.swedish import analyzer, lexicon

#: How often the long text says one compound.
TIMES = 120
COST = Cost({"positions": 100}, {"postings and rows": 1000}, {"documents": 1.0})


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


def walked(index: FileIndex) -> Mapping[tuple[str, bytes], list[tuple[int, list[int]]]]:
    """Every posting: field and term → rows, and the positions in each."""
    found: dict[tuple[str, bytes], list[tuple[int, list[int]]]] = {}
    with index.reader() as reader:
        for field, term in reader.all_terms():
            if field in TEXT_FIELDS:
                matcher = reader.postings(field, term)
                found[field, term] = list(matcher.items_as("positions"))
    return found


def test_snowball_alone_has_every_row(folder: Path, documents: Sequence[Document]) -> None:
    made = [row["stored"] for document in documents for row in rows(document, "", "")]
    with open_dir(str(folder / "plain")).reader() as reader:
        assert [stored["stored"] for stored in reader.all_stored_fields()] == made
    assert ("body", b"trygghetsvandring") in walked(open_dir(str(folder / "plain")))


def test_every_position_on_disk_is_counted(folder: Path) -> None:
    lists = walked(open_dir(str(folder / "plain"))).values()
    there = sum(len(places) for postings in lists for _, places in postings)
    assert positions_in(folder / "plain")["positions"] == there > 4 * TIMES


def test_both_are_one_segment(folder: Path) -> None:
    assert len(list((folder / "plain").glob("*.seg"))) == 1
    assert len(list(generation_of(Index(folder / "ours")).glob("*.columns"))) == 1


def test_words_and_parts_are_counted_as_they_are_written(folder: Path) -> None:
    index = Index(folder / "ours")
    text = index.open(1).parts[0].segment
    lines = (generation_of(index) / "words.tsv").read_text(encoding="utf-8").splitlines()
    found = tokens_of(columns_of(index))
    fields = [text.lengths(name) for name in TEXT_FIELDS]
    assert found["words in order"] == sum(int(field.sum()) for field in fields if field is not None)
    assert found["parts of compounds"] == sum(len(line.split("\t")[1].split()) for line in lines)
    assert set(found) == {"words in order", "parts of compounds"}


def test_a_part_is_counted_once_a_word_and_its_places_beside(
    documents: Sequence[Document],
) -> None:
    found = growth(documents, ("trygghetsvandring", "skola"), runs=1)
    assert found.parts_in_place >= 2 * TIMES > found.ours.tokens["parts of compounds"] > 0
    assert (found.documents, set(found.plain.tokens)) == (3, {"positions"})
    assert found.searches and found.searches.questions == 2
    assert 0 < found.searches.p50 <= found.searches.p95


def test_the_bytes_are_those_of_the_whole_folder(folder: Path) -> None:
    for made in (generation_of(Index(folder / "ours")), folder / "plain"):
        whole = sum(path.stat().st_size for path in made.iterdir())
        assert sum(sizes(made).values()) == whole > 0


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
