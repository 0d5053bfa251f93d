"""Engines of the benchmark do the same work, what they work on is the same everywhere, and a run
whose engines did not is no run.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bench.benchmark import product, registry
from bench.benchmark.analysis import snippet, stem, stop_words, terms, words_of
from bench.benchmark.corpus import Spool, grown, read_collection, spooled, with_facets
from bench.benchmark.engine import FACETS, TOP, BenchDocument, Opened, Page, Ranked
from bench.benchmark.equality import Comparison, compare
from bench.benchmark.indexes import Indexes
from bench.benchmark.measuring import by_turns
from bench.benchmark.questions import Question, questions
from bench.benchmark.report import Report
from bench.benchmark.tasks import ASKED, TASKS
from metodsok import cli
from search.errors import SettingsError
from search.evaluation import index_of

WORDS = (
    *("kommunen", "kommuner", "lagen", "lagar", "brott", "brottet", "trygghet", "trygg", "skolan"),
    *("skolor", "polisen", "barn", "barnen", "samverkan", "stöd", "stödet", "insats", "insatser"),
    *(
        "natten",
        "fältare",
        "familjen",
        "familjer",
        "butik",
        "butiker",
        "torget",
        "lekplats",
        "cykel",
    ),
    *("nämnden", "ansökan", "beslut", "beslutet", "hjälp", "hjälpen", "våld", "våldet", "skydd"),
    *("ungdomar", "ungdom", "föräldrar", "förälder", "gatan", "gator", "belysning", "rektor"),
)
#: Said all the time, and never asked for.
GRAMMAR = ("och", "i", "för", "den")
PEERS = ("tantivy", "whoosh", "fts5")


def text_of(rolled: random.Random, length: int) -> str:
    """Words of a few, again and again: texts have subjects."""
    some = (*rolled.sample(WORDS, 8), *GRAMMAR)
    return " ".join(rolled.choice(some) for _ in range(length)).capitalize() + "."


@pytest.fixture(scope="module")
def documents() -> tuple[BenchDocument, ...]:
    rolled = random.Random(3)
    return tuple(
        with_facets(n, f"d{n}", text_of(rolled, 4), text_of(rolled, rolled.randrange(5, 40)))
        for n in range(60)
    )


@pytest.fixture(scope="module")
def built(
    documents: tuple[BenchDocument, ...], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    folders = {name: tmp_path_factory.mktemp(name) for name in PEERS}
    for name, folder in folders.items():
        registry.load(name).build(folder, documents, 1)
    return folders


@pytest.fixture(params=PEERS)
def opened(request: pytest.FixtureRequest, built: Mapping[str, Path]) -> Iterator[Opened]:
    found = registry.load(request.param).open(built[request.param])
    yield found
    found.close()


@pytest.fixture(params=PEERS)
def changing(
    request: pytest.FixtureRequest, documents: tuple[BenchDocument, ...], tmp_path: Path
) -> Iterator[Opened]:
    engine = registry.load(request.param)
    engine.build(tmp_path, documents, 1)
    found = engine.open(tmp_path)
    yield found
    found.close()


# The truth, by sets.


def with_word(documents: Sequence[BenchDocument], word: str) -> set[int]:
    wanted = stem(word.lower())
    return {d.number for d in documents if wanted in terms(words_of(f"{d.title} {d.text}"))}


def with_any(documents: Sequence[BenchDocument], words: Sequence[str]) -> set[int]:
    asked = [word for word in words if word.lower() not in stop_words()]
    return set[int]().union(*(with_word(documents, word) for word in asked))


def side_by_side(text: str) -> set[tuple[str, str]]:
    stems = ["" if word in stop_words() else stem(word) for word in words_of(text.lower())]
    return set(pairwise(stems))


def asked_of(documents: Sequence[BenchDocument]) -> Iterator[tuple[str, ...]]:
    rolled = random.Random(5)
    for _ in range(30):
        yield tuple(rolled.sample((*WORDS, *GRAMMAR), rolled.randrange(1, 4)))
    yield ("saknas",)
    yield ("och",)
    yield ("BARNEN", "Och", "skola")


def agrees(found: Ranked, truth: set[int]) -> bool:
    first = set(found.numbers)
    return found.count == len(truth) and first <= truth and len(first) == min(TOP, len(truth))


def test_a_ranking_counts_every_document_with_any_of_the_words(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for words in asked_of(documents):
        assert agrees(opened.rank(words), with_any(documents, words)), words


def test_both_finds_the_documents_with_every_word(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for words in asked_of(documents):
        asked = [word for word in words if word.lower() not in stop_words()]
        sets = [with_word(documents, word) for word in asked]
        assert agrees(opened.both(words), set.intersection(*sets) if sets else set()), words


def test_a_phrase_stands_side_by_side_with_no_stop_word_between(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    rolled = random.Random(9)
    there = [question.phrase for question in questions((), documents, 30)]
    for first, second in (*there, *(rolled.sample(WORDS, 2) for _ in range(30))):
        pair = (stem(first), stem(second))
        truth = {
            d.number for d in documents if pair in side_by_side(d.title) | side_by_side(d.text)
        }
        assert agrees(opened.phrase([first, second]), truth), (first, second)
        assert truth or (first, second) not in there


def test_a_filter_leaves_one_kind_and_year(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for document in documents[:20]:
        words = words_of(document.text)[:3]
        truth = with_any([d for d in documents if d.kind == document.kind], words)
        truth &= {d.number for d in documents if d.year == document.year}
        assert agrees(opened.filtered(words, document.kind, document.year), truth)


def test_by_date_gives_the_newest_first(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for words in asked_of(documents):
        found, truth = opened.by_date(words), with_any(documents, words)
        assert agrees(found, truth)
        days = sorted((documents[n].day for n in truth), reverse=True)[:TOP]
        assert [documents[n].day for n in found.numbers] == days


def test_a_page_counts_facets_and_shows_its_hits(
    opened: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for words in asked_of(documents):
        page, truth = opened.page(words), with_any(documents, words)
        counted = {
            "source": Counter(documents[n].source for n in truth),
            "kind": Counter(documents[n].kind for n in truth),
            "topics": Counter(topic for n in truth for topic in documents[n].topics),
        }
        assert (page.count, page.facets) == (len(truth), counted)
        ranked = [f"d{number}" for number in opened.rank(words).numbers]
        assert [hit.id for hit in page.hits] == ranked
        for hit in page.hits:
            document = documents[int(hit.id[1:])]
            assert hit.title == document.title
            in_text = not set(terms(words)).isdisjoint(terms(words_of(document.text)))
            assert ("<b" in hit.snippet) == in_text


def test_a_changed_document_is_found_as_it_is_now(
    changing: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    changed = replace(documents[7], text="Grannsamverkan vid älven", topics=("t99",))
    changing.update(changed)
    now = (*documents[:7], changed, *documents[8:])
    for words in (("grannsamverkan",), ("älven", "lagen"), *asked_of(documents)):
        assert agrees(changing.rank(words), with_any(now, words)), words
    assert changing.page(["grannsamverkan"]).facets["topics"] == {"t99": 1}


@pytest.mark.parametrize("changing", ["whoosh", "fts5"], indirect=True)
def test_merging_changes_nothing_that_is_found(
    changing: Opened, documents: tuple[BenchDocument, ...]
) -> None:
    for document in documents[:3]:
        changing.update(replace(document, text=f"{document.text} grannsamverkan"))
    before = changing.rank(["grannsamverkan", "lagen"])
    changing.merge()
    assert changing.describe().get("segments", 1) == 1
    assert changing.rank(["grannsamverkan", "lagen"]).count == before.count
    assert changing.rank(["grannsamverkan"]).count == 3


def test_cleared_caches_change_no_answer(opened: Opened) -> None:
    before = opened.page(["lagen", "barn"]), opened.rank(["våld"])
    opened.clear_caches()
    after = opened.page(["lagen", "barn"]), opened.rank(["våld"])
    assert after[1] == before[1]
    assert (after[0].count, after[0].facets) == (before[0].count, before[0].facets)
    assert [hit.id for hit in after[0].hits] == [hit.id for hit in before[0].hits]


def test_tantivy_and_whoosh_rank_mostly_the_same(
    built: Mapping[str, Path], documents: tuple[BenchDocument, ...]
) -> None:
    put = questions((), documents, 100)
    opened = {name: registry.load(name).open(built[name]) for name in ("tantivy", "whoosh")}
    for task, operation in ASKED.items():
        answers = {name: [operation(each, q) for q in put] for name, each in opened.items()}
        found = compare(task, "whoosh", "tantivy", put, answers)
        assert found.differing == ()
        assert found.complaints == ()
    for each in opened.values():
        each.close()


def test_the_product_answers_with_the_same_facets(
    documents: tuple[BenchDocument, ...], tmp_path: Path
) -> None:
    index_of(product.as_documents(documents), tmp_path)
    page = product.ProductOpened(tmp_path).page(["fältare"])
    assert page.count >= len(with_any(documents, ["fältare"])) > 0
    assert sum(page.facets["kind"].values()) == page.count
    assert all("<b>" in hit.snippet or "ältare" in hit.title for hit in page.hits)


def test_what_an_engine_says_it_lacks_it_lacks(built: Mapping[str, Path]) -> None:
    for name in PEERS:
        assert registry.load(name).lacks <= set(TASKS)
        found = registry.load(name).open(built[name])
        has_merge = type(found).merge is not Opened.merge
        assert has_merge == ("merge" not in registry.load(name).lacks)
        found.close()


# Documents and questions.


def test_facets_come_from_the_id_alone() -> None:
    found = with_facets(0, "sfs-1998-204#3", "Lag", "Text")
    assert (found.source, found.kind, found.topics) == ("s00", "k02", ("t12",))
    assert with_facets(9, "sfs-1998-204#3", "", "") == replace(found, number=9, title="", text="")
    many = [with_facets(n, f"d{n}", "", "") for n in range(3000)]
    assert len({d.source for d in many}) == 40
    assert len({d.kind for d in many}) == 12
    assert len({topic for d in many for topic in d.topics}) == 24
    assert {len(d.topics) for d in many} == {1, 2, 3}
    assert {d.year for d in many} == set(range(1990, 2026))


def test_what_is_grown_is_the_same_and_of_real_words(
    documents: tuple[BenchDocument, ...],
) -> None:
    found = list(grown(documents, 200))
    assert found == list(grown(documents, 200))
    assert found != list(grown(documents, 200, seed=8))
    assert [d.number for d in found] == list(range(200))
    assert len({d.id for d in found}) == 200
    assert found[:60] == list(documents)
    words = {word for d in documents for word in d.text.split()}
    lengths = {len(d.text.split()) for d in documents}
    for document in found[60:]:
        assert set(document.text.split()) <= words
        assert len(document.text.split()) in lengths


def test_fewer_documents_are_chosen_evenly(documents: tuple[BenchDocument, ...]) -> None:
    assert [d.id for d in grown(documents, 3)] == ["d0", "d20", "d40"]
    assert [d.number for d in grown(documents, 3)] == [0, 1, 2]


def test_a_spool_gives_back_what_was_put_in(
    documents: tuple[BenchDocument, ...], tmp_path: Path
) -> None:
    spool = spooled(documents, 2500, tmp_path)
    assert list(spool) == list(spool.documents()) == list(grown(documents, 2500))
    assert spool.some(2) == (next(iter(spool)), list(spool)[1250])
    assert spooled(documents, 2500, tmp_path) == spool
    other = (replace(documents[0], text="Annat"), *documents[1:])
    assert len({spooled(d, n, tmp_path).digest for d in (documents, other) for n in (9, 10)}) == 4


def test_questions_are_distinct_and_peoples_own_come_first(
    documents: tuple[BenchDocument, ...],
) -> None:
    real = ["Hur många barn?", "BARNEN och hur", "Vad är det?", "Var är polisen i natt"]
    found = questions(real, documents, 80)
    assert [q.text for q in found if q.real] == ["Hur många barn?", real[1], real[3]]
    assert len({frozenset(terms(q.words)) for q in found}) == len(found) == 80
    assert found == questions(real, documents, 80)
    texts = [words_of(d.text.lower()) for d in documents]
    for question in found:
        assert any(question.phrase in pairwise(t) for t in texts)


def test_a_snippet_holds_what_matched_and_cuts_no_word() -> None:
    text = "Den som går ute sent ska mötas av fältare som kan stötta unga och deras föräldrar"
    found = snippet(text, ["fält"], 30)
    assert found == "ska mötas av <b>fältare</b> som kan" or "<b>fältare</b>" in found
    plain = found.replace("<b>", "").replace("</b>", "")
    assert f" {plain} " in f" {text} "
    assert snippet(text, ["saknas"], 10) == text[:10]


# Measuring.


def test_everyone_answers_in_every_order_in_turn() -> None:
    came: list[str] = []

    def contestant(name: str, question: int) -> str:
        came.append(f"{name}{question}")
        return name

    found = by_turns({name: partial(contestant, name) for name in "ab"}, [1, 2, 3])
    assert came == ["a1", "b1", "b2", "a2", "a3", "b3"]
    assert {name: len(each) for name, each in found.seconds.items()} == {"a": 3, "b": 3}
    assert found.answers == {"a": ["a"] * 3, "b": ["b"] * 3}


def question(number: int) -> Question:
    return Question(f"fråga {number}", ("fråga",), ("a", "b"), "k00", 2000)


def compared(theirs: Sequence[Ranked | Page], task: str = "rank") -> Comparison:
    ours = [Ranked(20, list(range(TOP)))] * len(theirs)
    put = [question(n) for n in range(len(theirs))]
    return compare(task, "ours", "peer", put, {"ours": ours, "peer": theirs})


def test_other_counts_on_more_than_one_in_a_hundred_is_unequal_work() -> None:
    same, other = Ranked(20, list(range(TOP))), Ranked(21, list(range(TOP)))
    assert compared([same] * 99 + [other]).complaints == ()
    (complaint,) = compared([same] * 98 + [other] * 2).complaints
    assert complaint == (
        "rank: ours and peer count differently on 2 of 100 questions: 'fråga 98', 'fråga 99'"
    )


def test_other_first_tens_are_unequal_work_only_where_points_decide() -> None:
    others = [Ranked(20, [*range(8), 90, 91])] * 10
    (complaint,) = compared(others).complaints
    assert "share only 0.80 of the first ten" in complaint
    assert compared(others, "by_date").complaints == ()
    assert replace(compared(others), same_formula=False).complaints == ()


def test_other_facets_are_unequal_work() -> None:
    pages = {
        name: [Page(1, {"kind": {kind: 1}}, ())] for name, kind in (("ours", "a"), ("peer", "b"))
    }
    assert compare("page", "ours", "peer", [question(0)], pages).complaints


def test_a_figure_is_the_median_of_runs_and_a_ratio_is_made_within_one() -> None:
    samples = {
        "rank": [{"ours": [0.1 * n], "tantivy": [0.2 * n]} for n in (1.0, 3.0, 2.0)],
        "search": [{"product": [6.0], "tantivy": [2.0]}],
        "index": [{"ours": [3.0], "tantivy": [2.0]}, {"tantivy": [4.0]}],
        "merge": [{"ours": [1.0]}],
    }
    found = Report("x", 1, 1, 0, "ours", ("tantivy",), {}, samples, ()).tasks
    assert found["rank"]["ours"]["p50"] == pytest.approx(0.2)
    assert found["rank"]["ratio"]["tantivy"] == pytest.approx({"p50": 0.5, "p95": 0.5})
    assert found["search"]["ratio"]["tantivy"]["p50"] == 3.0
    assert found["index"]["ratio"] == {"tantivy": {"p50": 1.5}}
    assert found["index"]["tantivy"] == {"p50": 3.0}
    assert found["merge"] == {"ours": {"p50": 1.0}, "ratio": {}}


# The command.


@pytest.fixture(scope="module")
def folder(documents: tuple[BenchDocument, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("collection")
    rows = [{"_id": d.id, "title": d.title, "text": d.text} for d in documents]
    (made / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (made / "queries.jsonl").write_text('{"_id": "1", "text": "Hur får barn stöd?"}\n', "utf-8")
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def command(home: Path, *arguments: str | Path) -> Result:
    typed = ["benchmark", *map(str, arguments), "--ours", "whoosh"]
    return CliRunner().invoke(cli, typed, env={"METODSOK_HOME": str(home)})


MEASURED = ("rank", "page", "phrase", "index", "disk", "open", "start", "memory", "update", "merge")


@pytest.fixture(scope="module")
def measured(folder: Path, home: Path) -> Mapping[str, Any]:
    told = command(
        home, folder, "--tasks", ",".join(MEASURED), "--runs", "1", "--questions", "20", "--json"
    )
    assert told.exit_code == 0, told.output
    found: Mapping[str, Any] = json.loads(told.stdout)
    return found


def test_the_figures_have_the_promised_shape(measured: Mapping[str, Any]) -> None:
    assert set(measured["tasks"]) == set(MEASURED)
    for task, found in measured["tasks"].items():
        shares = {"p50", "p95", "p99"} if task in (*ASKED, "open", "update") else {"p50"}
        engines = {"whoosh"} if task == "merge" else {"whoosh", "tantivy"}
        assert set(found) == {*engines, "ratio"}
        assert set(found["whoosh"]) == shares
        assert all(value > 0 for value in found["whoosh"].values())
        ratios = {} if task == "merge" else {"tantivy": shares - {"p99"}}
        assert {peer: set(each) for peer, each in found["ratio"].items()} == ratios


def test_a_ratio_is_ours_to_the_peers(measured: Mapping[str, Any]) -> None:
    disk = measured["tasks"]["disk"]
    ratio = disk["whoosh"]["p50"] / disk["tantivy"]["p50"]
    assert disk["ratio"]["tantivy"]["p50"] == pytest.approx(ratio)
    assert disk["tantivy"]["p50"] > 1000
    assert measured["tasks"]["memory"]["tantivy"]["p50"] > 1_000_000


def test_the_run_says_what_it_was_of(measured: Mapping[str, Any]) -> None:
    assert (measured["documents"], measured["ours"]) == (60, "whoosh")
    assert measured["questions"] == {"all": 20, "real": 1}
    assert measured["engines"]["tantivy"]["lacks"] == ["merge"]
    assert {each["task"] for each in measured["equal_work"]} == {"rank", "page", "phrase"}
    assert all(each["differing"] == 0 for each in measured["equal_work"])


def test_people_get_a_table_and_kept_indexes_are_not_built_again(
    measured: Mapping[str, Any], folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Indexes, "build")
    told = command(home, folder, "--tasks", "rank", "--runs", "1", "--questions", "20")
    assert told.exit_code == 0, told.output
    lines = [line.split() for line in told.stdout.splitlines()]
    assert [line[:2] for line in lines[2:]] == [["rank", "whoosh"], ["rank", "tantivy"]]
    assert told.stdout.startswith("60 documents, 20 questions, 1 of them people's own.")


def test_unequal_work_fails_the_run_and_names_questions(
    measured: Mapping[str, Any],
    folder: Path,
    home: Path,
    documents: tuple[BenchDocument, ...],
) -> None:
    spool = Spool(next(home.rglob("documents")), len(documents), "")
    engine = registry.load("tantivy")
    opened = engine.open(Indexes(spool).folder(engine))
    for document in documents[:30]:
        opened.update(replace(document, text="tomt"))
    opened.close()
    told = command(home, folder, "--tasks", "phrase", "--runs", "1", "--questions", "20", "--json")
    assert told.exit_code == 1
    assert "the work was not equal: rank: whoosh and tantivy count differently" in told.stderr
    assert "'Hur får barn stöd?'" in told.stderr
    assert json.loads(told.stdout)["complaints"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--peer", "xapian"), "there is no engine 'xapian'; there are"),
        (("--peer", "whoosh"), "whoosh is what peers are held against"),
        (("--peer", "product"), "product takes part in the task search by itself"),
        (("--tasks", "rank,speed"), "there is no task 'speed'; there are rank,"),
        (("--scale", "100001"), "whoosh takes part up to 100,000 documents, and here are 100,001"),
        (("--scale", "0"), "--scale"),
        (("--queries", "nowhere.jsonl"), "nowhere.jsonl"),
    ],
)
def test_what_cannot_be_measured_is_told_and_makes_nothing(
    arguments: tuple[str, ...], complaint: str, folder: Path, tmp_path: Path
) -> None:
    told = command(tmp_path, folder, *arguments)
    assert told.exit_code == 2
    assert complaint in " ".join(told.stderr.split())
    assert not any(tmp_path.iterdir())


def test_a_folder_without_documents_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = command(tmp_path / "home", tmp_path / "empty")
    assert told.exit_code == 2
    assert "there is no corpus.jsonl" in told.stderr


def test_broken_questions_are_told_by_line(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"text": "ja"}\n{"txt": "nej"}\n', "utf-8")
    told = command(tmp_path / "home", folder, "--queries", path)
    assert told.exit_code == 2
    assert "queries.jsonl:2: an object with a text is expected" in " ".join(told.stderr.split())


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    module, _ = registry.ENGINES["tantivy"]
    monkeypatch.setitem(registry.ENGINES, "tantivy", (module, "no_such_package"))
    with pytest.raises(SettingsError, match="needs the package no_such_package"):
        registry.load("tantivy")


def test_an_engine_that_is_not_built_yet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENGINES, "tomorrow", ("bench.benchmark.tomorrow", "json"))
    with pytest.raises(SettingsError, match=r"there is no bench\.benchmark\.tomorrow"):
        registry.load("tomorrow")


def test_a_collection_is_read_as_it_is(folder: Path, documents: tuple[BenchDocument, ...]) -> None:
    assert read_collection(folder) == documents
    assert [len(FACETS), len(PEERS)] == [3, 3]
