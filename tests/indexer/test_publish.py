from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.library import Library
from indexer.publish import Publisher, Waiting
from indexer.sources import Source
from indexer.verify import verify
from search.document import Document
from search.errors import IndexUnavailableError
from search.index import Index
from search.query import read_query
from search.results import right_to
from search.searcher import Searcher

MakeDocument = Callable[..., Document]
Put = Callable[..., None]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


@pytest.fixture
def publisher(library: Library, index: Index, sources: Mapping[str, Source]) -> Publisher:
    return Publisher(library, index, sources, {}, keep=3, wait_seconds=5)


@pytest.fixture
def put(library: Library, document: MakeDocument) -> Put:
    """Store a document: ``put("egna:1", "Title")``."""

    def store(key: str, title: str = "Medling", data: bytes = b"data", **fields: object) -> None:
        item = document(key, title, f"En text om {title.lower()}.", **fields)
        library.store(item, data, origin=f"/{key}", parsed_by="p")

    return store


@pytest.fixture
def titles(index: Index, vocabulary: Path) -> Callable[[], set[str]]:
    """The titles that readers find."""

    def found() -> set[str]:
        results = Searcher(index.path, vocabulary).search(read_query("text", page_size=100))
        return {hit.document.title for hit in results.hits}

    return found


def test_only_differences_are_written(
    publisher: Publisher, library: Library, put: Put, titles: Callable[[], set[str]]
) -> None:
    for key in ("egna:1", "egna:2", "egna:3"):
        put(key, key)
    first = publisher.publish()
    assert (first.generation, first.put, first.removed, first.documents) == (1, 3, 0, 3)

    put("egna:2", "Ny titel")
    put("egna:4", "Fyra")
    library.remove("egna:1", "test")
    assert publisher.waiting() == Waiting(("egna:2", "egna:4"), ("egna:1",))
    written: list[str] = []
    second = publisher.publish(progress=lambda done, total, what: written.append(what))
    assert (second.generation, second.put, second.removed, second.documents) == (2, 2, 1, 3)
    assert written == ["Ny titel", "Fyra", ""]
    assert titles() == {"Ny titel", "egna:3", "Fyra"}
    assert not publisher.waiting()


def test_with_nothing_to_write_no_generation_is_made(publisher: Publisher, put: Put) -> None:
    put("egna:1")
    publisher.publish()
    again = publisher.publish()
    assert (again.generation, again.put, again.removed) == (1, 0, 0)


def test_an_empty_library_is_published_as_an_empty_index(
    publisher: Publisher, titles: Callable[[], set[str]]
) -> None:
    assert publisher.publish().generation == 1
    assert titles() == set()


def test_a_full_rebuild_writes_everything_beside_what_serves(
    publisher: Publisher, put: Put, library: Library, index: Index
) -> None:
    put("egna:1", "Ett")
    put("egna:2", "Två")
    publisher.publish()
    full = publisher.publish(full=True)
    assert (full.generation, full.put, full.documents) == (2, 2, 2)
    assert index.generation(1).documents == index.generation(2).documents
    assert verify(library, index).agrees


def test_a_source_switched_off_leaves_the_index_and_comes_back(
    publisher: Publisher, library: Library, put: Put, titles: Callable[[], set[str]]
) -> None:
    put("egna:1", "Ett")
    put("gr:1", "Två")
    publisher.publish()
    library.switch("gr", shown=False)
    publisher.publish()
    assert titles() == {"Ett"}
    library.switch("gr", shown=True)
    publisher.publish()
    assert titles() == {"Ett", "Två"}


def test_a_rollback_serves_the_generation_before(
    publisher: Publisher, put: Put, titles: Callable[[], set[str]]
) -> None:
    put("egna:1", "Bra")
    publisher.publish()
    put("egna:1", "Dålig")
    publisher.publish()
    assert publisher.rollback().number == 1
    assert titles() == {"Bra"}


def test_a_rollback_holds_until_something_changes(
    publisher: Publisher, library: Library, put: Put
) -> None:
    put("egna:1", "Bra")
    publisher.publish()
    assert not publisher.is_held()
    put("egna:1", "Dålig")
    publisher.publish()
    publisher.rollback()
    assert publisher.is_held()
    put("egna:1", "Dålig")
    assert publisher.is_held()
    library.switch("gr", shown=False)
    assert not publisher.is_held()


def test_a_rollback_ends_when_somebody_publishes(
    publisher: Publisher, put: Put, titles: Callable[[], set[str]]
) -> None:
    put("egna:1", "Bra")
    publisher.publish()
    put("egna:1", "Dålig")
    publisher.publish()
    publisher.rollback()
    assert publisher.publish().generation == 3
    assert not publisher.is_held()
    assert titles() == {"Dålig"}


def test_a_rejected_generation_is_never_returned_to(
    publisher: Publisher, put: Put, titles: Callable[[], set[str]]
) -> None:
    for title in ("Bra", "Dålig", "Bättre"):
        put("egna:1", title)
        publisher.publish()
        if title == "Dålig":
            publisher.rollback()
    assert publisher.rollback().number == 1
    assert titles() == {"Bra"}
    with pytest.raises(IndexUnavailableError, match="no earlier generation"):
        publisher.rollback()


def test_a_rollback_that_fails_holds_nothing(publisher: Publisher, put: Put) -> None:
    put("egna:1")
    publisher.publish()
    with pytest.raises(IndexUnavailableError, match="no earlier generation"):
        publisher.rollback()
    assert not publisher.is_held()


def test_nothing_holds_an_index_that_is_gone(publisher: Publisher, put: Put, index: Index) -> None:
    put("egna:1", "Bra")
    publisher.publish()
    put("egna:1", "Dålig")
    publisher.publish()
    publisher.rollback()
    shutil.rmtree(index.path)
    assert not publisher.is_held()
    assert publisher.waiting().put == ("egna:1",)


def test_a_damaged_generation_is_passed_over_by_a_rollback(
    publisher: Publisher, put: Put, index: Index
) -> None:
    for title in ("Ett", "Två", "Tre"):
        put("egna:1", title)
        publisher.publish()
    (index.path / "generations" / "000002" / "generation.json").unlink()
    assert publisher.rollback().number == 1


def test_a_damaged_old_generation_disturbs_no_publication(
    publisher: Publisher, put: Put, index: Index
) -> None:
    for title in ("Ett", "Två"):
        put("egna:1", title)
        publisher.publish()
    (index.path / "generations" / "000001" / "generation.json").write_text("{")
    put("egna:1", "Tre")
    assert publisher.publish().generation == 3


def without_current(index: Index) -> None:
    (index.path / "CURRENT").unlink()


def with_a_bad_current(index: Index) -> None:
    (index.path / "CURRENT").write_text("sju")


def without_the_generation(index: Index) -> None:
    shutil.rmtree(index.path / "generations" / "000001")


def with_bad_meta(index: Index) -> None:
    (index.path / "generations" / "000001" / "generation.json").write_text("{")


def without_postings(index: Index) -> None:
    for path in (index.path / "generations" / "000001").glob("*.columns"):
        path.unlink()


def with_a_damaged_original(index: Index) -> None:
    (path,) = index.path.glob("files/*/*")
    path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))


def without_originals(index: Index) -> None:
    shutil.rmtree(index.path / "files")


@pytest.mark.parametrize(
    "damage",
    [
        with_a_damaged_original,
        without_originals,
        without_current,
        with_a_bad_current,
        without_the_generation,
        with_bad_meta,
        without_postings,
    ],
)
def test_a_full_rebuild_mends_whatever_happened_to_the_index(
    damage: Callable[[Index], None],
    publisher: Publisher,
    put: Put,
    library: Library,
    index: Index,
    titles: Callable[[], set[str]],
) -> None:
    put("egna:1", "Ett", content_type="text/plain")
    publisher.publish()
    damage(index)
    assert not verify(library, index).agrees
    publisher.publish(full=True)
    assert verify(library, index).disagreements == ()
    assert titles() == {"Ett"}


def test_other_labels_or_another_schema_rebuild_everything(
    publisher: Publisher,
    put: Put,
    library: Library,
    index: Index,
    sources: Mapping[str, Source],
) -> None:
    put("egna:1", "Ett")
    put("egna:2", "Två")
    publisher.publish()
    assert not publisher.is_stale()
    renamed = {name: replace(source, label=f"{name}!") for name, source in sources.items()}
    other = Publisher(library, index, renamed, {}, keep=3, wait_seconds=5)
    assert other.is_stale()
    assert other.publish().put == 2
    assert not other.is_stale()

    path = index.path / "generations" / "000002" / "generation.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**meta, "schema": "another"}), encoding="utf-8")
    assert other.is_stale()
    assert other.publish().put == 2


def test_how_much_a_source_shows_is_published_and_another_word_makes_the_index_stale(
    publisher: Publisher,
    put: Put,
    library: Library,
    index: Index,
    sources: Mapping[str, Source],
    vocabulary: Path,
) -> None:
    put("egna:pdf", data=b"own", content_type="application/pdf")
    publisher.publish()
    searcher = Searcher(index.path, vocabulary)
    assert right_to(searcher.labels, "egna") == "full"
    assert right_to(searcher.labels, "bra") == "passages"
    less = {**sources, "egna": replace(sources["egna"], show="snippet")}
    other = Publisher(library, index, less, {}, keep=3, wait_seconds=5)
    assert other.is_stale()
    other.publish()
    assert not other.is_stale()
    assert right_to(searcher.labels, "egna") == "snippet"
    stored = searcher.document("egna:pdf")
    assert stored is not None
    assert stored.file == ""  # nor is its original handed out any more


def test_originals_are_handed_out_where_rights_and_kind_allow(
    publisher: Publisher, put: Put, index: Index
) -> None:
    pdf = {"content_type": "application/pdf"}
    put("egna:pdf", data=b"own", **pdf)
    put("egna:url", data=b"addressed", url="https://example.org/a.pdf", **pdf)
    put("egna:html", data=b"page")
    put("bra:pdf", data=b"theirs", **pdf)
    publisher.publish()
    current = index.current()
    assert current is not None
    assert set(current.files) == {"egna:pdf"}
    path = index.file(current.files["egna:pdf"])
    assert path is not None
    assert path.read_bytes() == b"own"


def test_a_publisher_that_dies_half_way_is_no_harm(
    publisher: Publisher, put: Put, library: Library, index: Index
) -> None:
    put("egna:1", "Ett")
    publisher.publish()
    put("egna:2", "Två")

    def die(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publisher.publish(progress=die)
    assert index.current_number() == 1
    assert publisher.publish().documents == 2
    assert verify(library, index).agrees


KEYS = st.sampled_from(["egna:1", "egna:2", "gr:1", "bra:1"])
STEPS = st.one_of(
    st.tuples(st.just("put"), KEYS, st.sampled_from(["Medling", "Trygghet"])),
    st.tuples(st.just("remove"), KEYS, st.none()),
    st.tuples(st.just("switch"), st.sampled_from(["egna", "gr", "bra"]), st.booleans()),
    st.tuples(st.sampled_from(["publish", "full", "rollback"]), st.none(), st.none()),
)


class Model:
    """What readers should see, as plain dictionaries."""

    def __init__(self) -> None:
        self.library: dict[str, str] = {}
        self.hidden: set[str] = set()
        #: Generations that may serve, the serving one last.
        self.generations: list[dict[str, str]] = []

    @property
    def wanted(self) -> dict[str, str]:
        return {k: t for k, t in self.library.items() if k.partition(":")[0] not in self.hidden}

    @property
    def seen(self) -> dict[str, str]:
        return self.generations[-1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_is_done_index_and_library_agree_and_readers_see_the_model(
    steps: list[tuple[str, str, object]],
    document: MakeDocument,
    sources: Mapping[str, Source],
    vocabulary: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home")
    index, model = Index(home / "index"), Model()
    with Library(home / "library.sqlite") as library:
        # All generations are kept, so that the model need not count them.
        publisher = Publisher(library, index, sources, {}, keep=50, wait_seconds=5)
        for action, name, value in steps:
            if action == "put":
                item = document(name, str(value), f"En text om {value}.")
                library.store(item, b"x", origin=f"/{name}", parsed_by="p")
                model.library[name] = str(value)
            elif action == "remove":
                library.remove(name, "test")
                model.library.pop(name, None)
            elif action == "switch":
                library.switch(name, shown=bool(value))
                (model.hidden.discard if value else model.hidden.add)(name)
            elif action == "rollback":
                if len(model.generations) > 1:
                    publisher.rollback()
                    model.generations.pop()
                else:
                    with pytest.raises(IndexUnavailableError):
                        publisher.rollback()
            else:
                before = index.current_number()
                published = publisher.publish(full=action == "full")
                if published.generation != before:
                    model.generations.append(model.wanted)
                assert model.seen == model.wanted
            verdict = verify(library, index)
            assert verdict.disagreements == ()
            if model.generations:
                searcher = Searcher(index.path, vocabulary)
                hits = searcher.search(read_query("text", page_size=100)).hits
                assert {hit.document.key: hit.document.title for hit in hits} == model.seen
                assert verdict.waiting == len(
                    {k for k, _ in model.seen.items() ^ model.wanted.items()}
                )
