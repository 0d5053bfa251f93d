from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.enrich.taxonomy import Taxonomy
from indexer.history import Outcome
from indexer.intake import Arrival, Example, Intake, Parser, Receipt, reading_fingerprint
from indexer.library import Library
from indexer.parse.raw import RawFile
from indexer.problems import Problems
from indexer.sources import Source

PAGE = b"<html><head><title>Grannsamverkan</title></head><body><main><h1>Grannsamverkan</h1>"
PAGE += b"<p>Boende som ser efter varandras hem minskar inbrotten.</p></main></body></html>"


def take(
    intake: Intake,
    data: bytes = b"Medling\n\nOm medling vid brott.\n",
    name: str = "a.txt",
    source: str = "egna",
    url: str = "",
    origin: str = "",
) -> Receipt:
    raw = RawFile(data, name, source, f"{source}:mapp/{name}", url)
    return intake.take(Arrival(raw, origin or f"/mapp/{name}"))


def page(number: int) -> str:
    """An address that says which document it is."""
    return f"https://skr.se/skr/rapporter/rapport.{number}.html"


def test_a_new_file_becomes_a_document(intake: Intake, library: Library) -> None:
    assert take(intake) == Receipt("/mapp/a.txt", Outcome.ADDED, "egna:mapp/a.txt", "Medling")
    version = library.version("egna:mapp/a.txt")
    assert version is not None
    assert version.document.blocks[0].text == "Om medling vid brott."
    assert library.blob(version.digest) == b"Medling\n\nOm medling vid brott.\n"


def test_the_same_bytes_are_not_parsed_again(intake: Intake, read: list[str]) -> None:
    take(intake)
    assert take(intake).outcome is Outcome.UNCHANGED
    assert read == ["a.txt"]


def test_other_bytes_are(intake: Intake, read: list[str]) -> None:
    take(intake)
    assert take(intake, b"Medling\n\nNu annat.\n").outcome is Outcome.CHANGED
    assert read == ["a.txt", "a.txt"]


def test_another_way_of_reading_reads_again_and_may_change_nothing(
    intake: Intake, library: Library, read: list[str]
) -> None:
    take(intake)
    intake.parsed_by = "p2"
    assert take(intake).outcome is Outcome.UNCHANGED
    assert len(read) == 2
    assert library.revision() == 1
    assert take(intake).outcome is Outcome.UNCHANGED
    assert len(read) == 2


def test_a_bad_file_is_a_problem_and_what_was_read_before_stays(
    intake: Intake, library: Library
) -> None:
    take(intake)
    receipt = take(intake, b"")
    assert (receipt.outcome, receipt.detail) == (Outcome.FAILED, "Filen är tom.")
    (problem,) = Problems(library.engine).all()
    assert (problem.origin, problem.reason) == ("/mapp/a.txt", "empty")
    assert library.version("egna:mapp/a.txt") is not None
    assert library.revision() == 1


def test_a_bad_file_is_not_parsed_until_it_or_the_reading_changes(
    intake: Intake, read: list[str]
) -> None:
    assert take(intake, b"").outcome is Outcome.FAILED
    assert take(intake, b"").detail == "Filen är tom."
    assert read == ["a.txt"]
    intake.parsed_by = "p2"
    take(intake, b"")
    assert read == ["a.txt", "a.txt"]


@pytest.mark.parametrize("later", [b"Medling\n\nOm medling vid brott.\n", b"Annat\n\nNy text.\n"])
def test_a_problem_ends_when_the_file_can_be_read_again_also_as_it_was(
    intake: Intake, library: Library, later: bytes
) -> None:
    take(intake)
    take(intake, b"")
    assert take(intake, later).outcome is not Outcome.FAILED
    assert Problems(library.engine).all() == ()


def test_an_address_gives_the_key_and_the_key_before_is_removed(
    intake: Intake, library: Library
) -> None:
    assert take(intake, PAGE, "a.html", "skr").key == "skr:mapp/a.html"
    assert take(intake, PAGE, "a.html", "skr", url=page(17)).key == "skr:17"
    assert set(library.state_at(library.revision())) == {"skr:17"}


def test_a_moved_document_is_known_by_its_new_key_and_address(
    intake: Intake, library: Library, read: list[str]
) -> None:
    take(intake, PAGE, "a.html", "skr")
    take(intake, PAGE, "a.html", "skr", url=page(17))
    assert take(intake, PAGE, "a.html", "skr") == Receipt(
        "/mapp/a.html", Outcome.UNCHANGED, "skr:17"
    )
    assert len(read) == 2
    changed = take(intake, PAGE.replace(b"hem", b"hus"), "a.html", "skr")
    assert (changed.outcome, changed.key) == (Outcome.CHANGED, "skr:17")
    assert set(library.state_at(library.revision())) == {"skr:17"}


def test_a_key_moves_in_one_stroke(
    intake: Intake, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(intake, PAGE, "a.html", "skr")

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.library._store_blob", killed)
    with pytest.raises(KeyboardInterrupt):
        take(intake, PAGE, "a.html", "skr", url=page(17))
    assert set(library.state_at(library.revision())) == {"skr:mapp/a.html"}


def test_the_second_of_two_files_that_claim_a_key_is_refused_until_the_first_is_gone(
    intake: Intake, library: Library, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    for path in (first, second):
        path.write_bytes(PAGE)
    one = take(intake, PAGE, "a.html", "skr", page(17), str(first))
    two = take(intake, PAGE, "b.html", "skr", page(17), str(second))
    assert (one.outcome, two.outcome) == (Outcome.ADDED, Outcome.FAILED)
    assert str(first) in two.detail
    assert [p.reason for p in Problems(library.engine).all()] == ["same_key"]
    known = library.known_by_key("skr:17")
    assert known is not None
    assert known.origin == str(first)

    first.unlink()
    taken = take(intake, PAGE, "b.html", "skr", page(17), str(second))
    assert (taken.outcome, taken.key) == (Outcome.UNCHANGED, "skr:17")
    assert Problems(library.engine).all() == ()
    assert library.known("skr", str(second)) is not None


def test_an_example_carries_what_the_manifest_says(intake: Intake, library: Library) -> None:
    raw = RawFile(PAGE, "04.html", "exempel", "exempel:4", "https://gr.se/x.html")
    example = Example("gr", "exempel", ("https://bra.se/fakta",))
    receipt = intake.take(Arrival(raw, "/04.html", example=example))
    version = library.version(receipt.key)
    assert version is not None
    document = version.document
    assert (document.key, document.shape, document.url) == ("exempel:4", "gr", "")
    assert document.facts == ("https://bra.se/fakta",)
    assert "example" in document.notices


def test_an_example_is_read_again_when_the_manifest_says_something_else(
    intake: Intake, library: Library
) -> None:
    raw = RawFile(PAGE, "04.html", "exempel", "exempel:4")

    def taken(*facts: str) -> tuple[Outcome, tuple[str, ...]]:
        example = Example("gr", "exempel", facts)
        receipt = intake.take(Arrival(raw, "/04.html", example=example))
        version = library.version("exempel:4")
        assert version is not None
        return receipt.outcome, version.document.facts

    assert taken("Skollag") == (Outcome.ADDED, ("Skollag",))
    assert taken("Skollag") == (Outcome.UNCHANGED, ("Skollag",))
    named = "Skollag <https://lagen.nu/2010:800>"
    assert taken(named) == (Outcome.CHANGED, (named,))


class Broken:
    """A parser that fails for no fault of the file."""

    def parse(self, raw: RawFile, source: Source, shape: str = "") -> None:
        raise OSError("no process")


def test_a_fault_that_is_not_the_files_is_not_written_on_it(
    library: Library, sources: Mapping[str, Source], taxonomy: Taxonomy
) -> None:
    broken: Parser = Broken()  # type: ignore[assignment]
    with pytest.raises(OSError, match="no process"):
        take(Intake(library, broken, sources, taxonomy, "p1"))
    assert Problems(library.engine).all() == ()


def test_the_reading_fingerprint_changes_with_the_rules(root: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(root / "corpus" / "vocabulary", corpus / "vocabulary")
    shutil.copy(root / "corpus" / "sources.toml", corpus)
    before = reading_fingerprint(corpus)
    assert before == reading_fingerprint(root / "corpus")
    with (corpus / "sources.toml").open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    assert reading_fingerprint(corpus) != before
