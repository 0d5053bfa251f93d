from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from search.derived import FILE_NAME as DERIVED
from search.document import Document
from search.errors import IndexUnavailableError
from search.index import KNOWN, Index
from search.query import read_query
from search.searcher import Searcher
from search.snapshot import Snapshot
from search.swedish.lemmas import FILE_NAME as LEMMAS
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords, Lexicon
from search.words import FILE_NAME as WORDS

Publish = Callable[..., Index]
MakeDocument = Callable[..., Document]


class SmallLexicon(Lexicon):
    """Knows two words, and one compound by heart."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"))

    def parts(self, word: str) -> tuple[str, ...]:
        return ("natt", "vandring") if word == "nattvandring" else ()

    def known(self) -> KnownWords:
        return KnownWords.of(["natt", "vandring"])

    def lemmas(
        self, before: Lemmas, added: Iterable[str], is_held: Callable[[str], bool]
    ) -> Lemmas:
        return before.joined({f"{word}na": word for word in added if is_held(word)})


def beside(index: Index, generation: int, name: str) -> Path:
    """A file beside the engine's own."""
    return index.path / "generations" / f"{generation:06d}" / name


def test_a_batch_that_fails_leaves_the_generation_that_serves(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Medling")])
    with (
        pytest.raises(RuntimeError),
        index.locked(5),
        index.batch(revision=2, labels={}, keep=3) as batch,
    ):
        batch.put(document("gr:2"), fingerprint="x", source_label="")
        raise RuntimeError
    assert index.current_number() == 1
    assert not list(index.path.glob("building-*"))


def test_what_a_dead_publisher_left_is_swept_by_the_next(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1")])
    (index.path / "building-dead").mkdir()
    (index.path / "building-dead" / "half").write_bytes(b"x")
    publish([document("gr:2")])
    assert not list(index.path.glob("building-*"))


def test_a_published_generation_never_changes(publish: Publish, document: MakeDocument) -> None:
    index = publish([document("gr:1", "Ett")])
    folder = index.path / "generations" / "000001"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if "LOCK" not in path.name}
    publish([document("gr:1", "Två"), document("gr:2")])
    publish([document(f"gr:{n}") for n in range(3, 30)], full=True)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if "LOCK" not in path.name}
    assert after == before


def test_only_the_newest_generations_are_kept(publish: Publish, document: MakeDocument) -> None:
    for number in range(5):
        index = publish([document(f"gr:{number}")])
    assert index.numbers() == (3, 4, 5)


def test_a_rollback_never_returns_to_what_was_rolled_back_from(
    publish: Publish, document: MakeDocument
) -> None:
    publish([document("gr:1", "Bra")])
    index = publish([document("gr:1", "Dålig")])
    with index.locked(5):
        assert index.rollback().number == 1
    publish([document("gr:1", "Bättre")])
    assert index.current_number() == 3
    with index.locked(5):
        assert index.rollback().number == 1
        with pytest.raises(IndexUnavailableError, match="no earlier"):
            index.rollback()


def test_originals_are_published_and_leave_with_their_generations(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([])
    digest = "a" * 64
    with index.locked(5), index.batch(revision=9, labels={}, keep=2) as batch:
        batch.put(
            document("gr:1"), fingerprint="x", source_label="", original=b"%PDF", digest=digest
        )
    path = index.file(digest)
    assert path is not None
    assert path.read_bytes() == b"%PDF"
    publish([], removed=["gr:1"])
    assert index.file(digest) is not None
    for _ in range(3):
        publish([])
    assert index.file(digest) is None


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "." * 64])
def test_only_a_hash_names_an_original(publish: Publish, digest: str) -> None:
    assert publish([]).file(digest) is None


def test_a_second_publisher_waits_and_then_says_so(publish: Publish) -> None:
    index = publish([])
    second = Index(index.path)
    message = "another process"
    with index.locked(5), pytest.raises(IndexUnavailableError, match=message), second.locked(0.1):
        pass


# Whoosh forgets to close a file that it cannot understand; better found here than in a later test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_a_clear_error(
    publish: Publish, document: MakeDocument, vocabulary: Path
) -> None:
    index = publish([document("gr:1", "Medling")])
    for path in (index.path / "generations" / "000001").glob("*.toc"):
        path.write_bytes(b"damaged")
    with pytest.raises(IndexUnavailableError, match="cannot be opened"):
        Searcher(index.path, vocabulary).search(read_query("medling"))
    gc.collect()
    (index.path / "CURRENT").write_text("x")
    with pytest.raises(IndexUnavailableError, match="damaged"):
        index.current()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_damaged_postings_are_a_clear_error(
    publish: Publish, document: MakeDocument, vocabulary: Path
) -> None:
    index = publish([document("gr:1", "Medling")])
    (path,) = (index.path / "generations" / "000001").glob("*.columns")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(IndexUnavailableError, match=r"cut off or damaged.*index --full"):
        Searcher(index.path, vocabulary).search(read_query("medling"))
    gc.collect()


@pytest.mark.parametrize("name", [WORDS, KNOWN, LEMMAS])
@pytest.mark.parametrize("damage", [b"", b"skolan\t\n", b"\xff\x00", None], ids=str)
def test_damaged_words_are_a_clear_error(
    publish: Publish, document: MakeDocument, vocabulary: Path, name: str, damage: bytes | None
) -> None:
    path = publish([]).path
    index = Index(path, SmallLexicon())
    with index.locked(5), index.batch(revision=2, labels={}, keep=3, full=True) as batch:
        batch.put(document("gr:1", "Nattvandring"), fingerprint="x", source_label="")
    assert Searcher(path, vocabulary).search(read_query("nattvandring")).hits
    if damage is None:
        beside(index, 2, name).unlink()
    else:
        beside(index, 2, name).write_bytes(damage)
    with pytest.raises(IndexUnavailableError, match=rf"{name} of generation 2 is .*index --full"):
        Searcher(path, vocabulary).search(read_query("nattvandring"))


def test_what_was_not_derived_from_a_generation_opens_none(
    publish: Publish, document: MakeDocument
) -> None:
    publish([document("gr:1", "Medling")])
    index = publish([document("gr:2", "Medling")])
    path = beside(index, 2, DERIVED)
    for data in (b"", path.read_bytes()[:-1], beside(index, 1, DERIVED).read_bytes(), None):
        path.unlink()
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(IndexUnavailableError, match=f"^{DERIVED} of gen.* 2 is .*index --full"):
            Snapshot(index, index.generation(2))


def test_a_generation_is_opened_without_reading_a_document(
    publish: Publish, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = publish([document("gr:1", "Medling"), document("bra:2", source="bra")])
    read: list[str] = []
    monkeypatch.setattr("search.snapshot.stored_front", read.append)
    snapshot = Snapshot(index, index.generation(1))
    assert (len(snapshot.documents), snapshot.number_of["bra:2"], snapshot.passages) == (2, 1, 0)
    assert dict(snapshot.sources) == {"gr": 1, "bra": 1}
    assert read == []


def test_what_is_derived_is_that_of_the_rows_that_are_left(
    publish: Publish, document: MakeDocument
) -> None:
    publish([document("gr:1", "Medling"), document("gr:2", "Nattvandring")])
    publish([document("gr:3", "Trygghet")], removed=["gr:1"])
    index = publish([document("gr:2", "Stöd")])
    snapshot = Snapshot(index, index.generation(3))
    assert set(snapshot.number_of) == {"gr:2", "gr:3"}
    assert (snapshot.lost(), snapshot.not_derived()) == (frozenset(), ())
    titles = {snapshot.words(snapshot.rows(number)[0])[0] for number in range(2)}
    assert titles == {("trygghet",), ("stöd",)}


def test_nothing_is_published_upon_damaged_words_but_a_whole_new_index_is(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Medling")])
    beside(index, 1, WORDS).write_bytes(b"skolan\t\n")
    with pytest.raises(IndexUnavailableError, match=f"{WORDS} of generation 1 is damaged"):
        publish([document("gr:2", "Nattvandring")])
    assert index.current_number() == 1
    publish([document("gr:2", "Nattvandring")], full=True)
    assert index.current_number() == 2


def test_words_of_an_older_generation_stay_as_they_were(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Medling i skolan")])
    before = beside(index, 1, WORDS).read_bytes()
    publish([document("gr:2", "Nattvandring i skolan")])
    assert beside(index, 1, WORDS).read_bytes() == before
    assert not beside(index, 1, WORDS).samefile(beside(index, 2, WORDS))
    older, newer = (index.words(index.generation(number)).words for number in (1, 2))
    assert "nattvandring" not in older
    assert newer[: len(older)] == older
    assert "nattvandring" in newer[len(older) :]


def test_what_the_dictionary_knows_goes_with_every_generation(
    publish: Publish, document: MakeDocument
) -> None:
    index = Index(publish([]).path, SmallLexicon())
    for revision, full in ((2, True), (3, False)):
        with (
            index.locked(5),
            index.batch(revision=revision, labels={}, keep=3, full=full) as batch,
        ):
            batch.put(document(f"gr:{revision}", "Nattvandring"), fingerprint="x", source_label="")
        generation = index.generation(revision)
        known = KnownWords(index.known_words(generation))
        assert ["natt" in known, "vandring" in known, "nattvandring" in known] == [
            True,
            True,
            False,
        ]
        words = index.words(generation)
        assert words.parts[words.words.index("nattvandring")] == ("natt", "vandring")


def test_lemmas_grow_with_the_words_and_those_of_an_older_generation_stay(
    publish: Publish, document: MakeDocument
) -> None:
    index = Index(publish([]).path, SmallLexicon())
    for revision, full in ((2, True), (3, False), (4, False)):
        text = "Medling" if revision == 2 else "Nattvandring"
        with (
            index.locked(5),
            index.batch(revision=revision, labels={}, keep=3, full=full) as batch,
        ):
            batch.put(document(f"gr:{revision}", text), fingerprint="x", source_label="")
    older, newer, same = (index.lemmas(index.generation(number)) for number in (2, 3, 4))
    assert [lemmas.of("medlingna") for lemmas in (older, newer)] == ["medling", "medling"]
    assert [lemmas.of("nattvandringna") for lemmas in (older, newer)] == [None, "nattvandring"]
    assert len(same) == len(newer)


def test_an_index_made_before_there_were_such_lemmas_is_one_of_another_version(
    publish: Publish, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = publish([document("gr:1")])
    generation = index.generation(1)
    assert generation.is_readable
    monkeypatch.setattr("search.schema.LEMMAS_VERSION", 0)
    assert not generation.is_readable


def test_without_a_dictionary_words_are_whole_and_none_is_known(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Nattvandring")])
    generation = index.generation(1)
    assert index.known_words(generation) == b""
    assert len(index.lemmas(generation)) == 0
    assert set(index.words(generation).parts) == {()}
