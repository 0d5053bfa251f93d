from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.folder import FolderSource, path_key, summary
from indexer.history import Outcome
from indexer.intake import Receipt
from indexer.library import Library
from indexer.problems import Problems
from search.errors import LibraryError, SettingsError

Outcomes = dict[str, Outcome]

PAGE = "<html><body><main><h1>Medling</h1><p>Om medling vid brott.</p></main></body></html>"
ADDRESS = "https://skr.se/skr/rapport.17.html"


@pytest.fixture
def look(folder_source: FolderSource) -> Callable[..., Outcomes]:
    """Add paths, and say what became of each file by its name."""

    def take(*paths: Path, source: str = "egna", url: str = "") -> Outcomes:
        receipts = list(folder_source.add(paths, source, url=url))
        return {Path(receipt.origin).name: receipt.outcome for receipt in receipts}

    return take


@pytest.fixture
def keys(library: Library) -> Callable[[], set[str]]:
    return lambda: set(library.state_at(library.revision()))


@pytest.fixture
def problems(library: Library) -> Problems:
    return Problems(library.engine)


def odt() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        container.writestr("content.xml", "<office:document-content/>")
    return data.getvalue()


def pdf(password: str = "") -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    data = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(data, encrypt=encryption)
    for number in range(3):
        canvas.drawString(72, 700, f"Medling vid brott, sida {number}")
        canvas.showPage()
    canvas.save()
    return data.getvalue()


#: Name, bytes, the reason and a word of what the editor is told.
BAD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "truncated": ("rapport.pdf", lambda: pdf()[:200], "damaged", "avklippt"),
    "encrypted": ("rapport.pdf", lambda: pdf("hemligt"), "encrypted", "lösenord"),
    "binary": ("sida.html", lambda: bytes(range(256)) * 20, "not_html", "inte text"),
    "empty": ("tom.txt", lambda: b"", "empty", "tom"),
    "unsupported": ("plan.odt", odt, "unsupported_type", "OpenDocument"),
    "huge": ("stor.txt", lambda: b"x" * 1_000_001, "too_large", "1 MB"),
}


def test_new_changed_and_vanished_files_are_noticed_by_what_is_in_them(
    files: Path, look: Callable[..., Outcomes], read: list[str]
) -> None:
    assert set(look(files).values()) == {Outcome.ADDED}
    os.utime(files / "medling.txt", (1, 1))
    assert set(look(files).values()) == {Outcome.UNCHANGED}
    assert read == ["medling.txt", "samverkan.txt"]

    before = (files / "medling.txt").stat()
    (files / "medling.txt").write_text("Medling\n\nNågot annat står här nu.\n", encoding="utf-8")
    os.utime(files / "medling.txt", (before.st_atime, before.st_mtime))
    (files / "samverkan.txt").unlink()
    (files / "trygghet.txt").write_text("Trygghet\n\nOm trygghet.\n", encoding="utf-8")
    assert look(files) == {
        "medling.txt": Outcome.CHANGED,
        "trygghet.txt": Outcome.ADDED,
        "samverkan.txt": Outcome.REMOVED,
    }
    assert set(look(files).values()) == {Outcome.UNCHANGED}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_becomes_a_problem_and_stops_nothing(
    kind: str,
    files: Path,
    look: Callable[..., Outcomes],
    problems: Problems,
    keys: Callable[[], set[str]],
) -> None:
    name, made, reason, word = BAD[kind]
    (files / name).write_bytes(made())
    assert look(files) == {
        name: Outcome.FAILED,
        "medling.txt": Outcome.ADDED,
        "samverkan.txt": Outcome.ADDED,
    }
    (problem,) = problems.all()
    assert (problem.origin, problem.reason) == (str(files / name), reason)
    assert word in problem.message
    assert problem.message.endswith(".")
    assert keys() == {"egna:rutiner/medling.txt", "egna:rutiner/samverkan.txt"}


@pytest.mark.parametrize("kind", sorted(BAD.keys() - {"unsupported"}))
def test_what_was_read_of_a_file_that_went_bad_stays(
    kind: str, files: Path, look: Callable[..., Outcomes], library: Library, problems: Problems
) -> None:
    name, made, _, _ = BAD[kind]
    good = {".pdf": pdf(), ".html": PAGE.encode(), ".txt": b"Plan\n\nVi arbetar med plan.\n"}
    (files / name).write_bytes(good[Path(name).suffix])
    look(files)
    before = library.version(f"egna:rutiner/{name}")
    (files / name).write_bytes(made())
    assert look(files)[name] is Outcome.FAILED
    assert before is not None
    assert library.version(f"egna:rutiner/{name}") == before
    assert len(problems.all()) == 1


def test_a_problem_ends_when_its_file_vanishes(
    files: Path, look: Callable[..., Outcomes], problems: Problems
) -> None:
    (files / "tom.txt").touch()
    look(files)
    assert len(problems.all()) == 1
    (files / "tom.txt").unlink()
    look(files)
    assert problems.all() == ()


def test_a_moved_folder_keeps_its_keys_and_takes_its_problems_along(
    files: Path,
    look: Callable[..., Outcomes],
    library: Library,
    keys: Callable[[], set[str]],
    problems: Problems,
    tmp_path: Path,
) -> None:
    (files / "tom.txt").touch()
    look(files)
    before, revision = keys(), library.revision()
    (tmp_path / "flyttat").mkdir()
    moved = files.rename(tmp_path / "flyttat" / "rutiner")
    assert look(moved) == {
        "medling.txt": Outcome.UNCHANGED,
        "samverkan.txt": Outcome.UNCHANGED,
        "tom.txt": Outcome.FAILED,
    }
    assert (keys(), library.revision()) == (before, revision)
    known = library.known_by_key("egna:rutiner/medling.txt")
    assert known is not None
    assert known.origin == str(moved / "medling.txt")
    assert [problem.origin for problem in problems.all()] == [str(moved / "tom.txt")]


def test_another_folder_of_the_same_name_gets_keys_of_its_own(
    files: Path, look: Callable[..., Outcomes], keys: Callable[[], set[str]], tmp_path: Path
) -> None:
    other = tmp_path / "annan" / "rutiner"
    shutil.copytree(files, other)
    look(files, other)
    assert keys() == {
        f"egna:{folder}/{name}.txt"
        for folder in ("rutiner", "rutiner-2")
        for name in ("medling", "samverkan")
    }


def test_a_folder_within_a_folder_keeps_its_own_names(
    files: Path, look: Callable[..., Outcomes], keys: Callable[[], set[str]]
) -> None:
    inner = files / "skola"
    inner.mkdir()
    (inner / "rast.txt").write_text("Rast\n\nVuxna ute på rasterna.\n", encoding="utf-8")
    look(inner)
    look(files)
    (inner / "rast.txt").write_text("Rast\n\nFler vuxna ute på rasterna.\n", encoding="utf-8")
    assert look(files)["rast.txt"] is Outcome.CHANGED
    (inner / "rast.txt").write_text("Rast\n\nVuxna överallt.\n", encoding="utf-8")
    assert look(inner) == {"rast.txt": Outcome.CHANGED}
    assert keys() == {
        "egna:skola/rast.txt",
        "egna:rutiner/medling.txt",
        "egna:rutiner/samverkan.txt",
    }


def test_a_single_file_stays_when_its_folder_is_added_later(
    files: Path, look: Callable[..., Outcomes], keys: Callable[[], set[str]]
) -> None:
    assert look(files / "medling.txt") == {"medling.txt": Outcome.ADDED}
    assert look(files) == {"medling.txt": Outcome.UNCHANGED, "samverkan.txt": Outcome.ADDED}
    assert "egna:rutiner/medling.txt" in keys()


def test_a_single_file_does_not_make_its_neighbours_vanish(
    files: Path, look: Callable[..., Outcomes], keys: Callable[[], set[str]]
) -> None:
    look(files)
    (files / "samverkan.txt").unlink()
    look(files / "medling.txt")
    assert "egna:rutiner/samverkan.txt" in keys()


def test_an_address_belongs_to_one_file(files: Path, look: Callable[..., Outcomes]) -> None:
    with pytest.raises(LibraryError, match="exactly one file"):
        look(files, source="skr", url=ADDRESS)


def test_an_address_stays_with_its_file(
    files: Path, look: Callable[..., Outcomes], keys: Callable[[], set[str]]
) -> None:
    (files / "a.html").write_text(PAGE, encoding="utf-8")
    look(files / "a.html", source="skr", url=ADDRESS)
    (files / "a.html").write_text(PAGE.replace("brott", "skada"), encoding="utf-8")
    look(files / "a.html", source="skr")
    assert keys() == {"skr:17"}


def test_a_missing_path_is_said_before_anything_is_taken(
    files: Path, look: Callable[..., Outcomes], library: Library
) -> None:
    with pytest.raises(LibraryError, match="no such file"):
        look(files, files / "nowhere")
    assert library.is_empty()


def test_what_programs_leave_behind_and_links_are_passed_over(
    files: Path, look: Callable[..., Outcomes], tmp_path: Path
) -> None:
    for name in (".gömd.txt", "~$plan.docx", "Thumbs.db", "desktop.ini"):
        (files / name).write_text("x")
    (files / "__MACOSX").mkdir()
    (files / "__MACOSX" / "inne.txt").write_text("x")
    outside = tmp_path / "utanför"
    outside.mkdir()
    (outside / "hemlig.txt").write_text("x")
    (files / "länk.txt").symlink_to(outside / "hemlig.txt")
    (files / "mapp").symlink_to(outside)
    assert set(look(files)) == {"medling.txt", "samverkan.txt"}


def test_a_name_that_is_not_utf8_is_a_problem_until_the_file_is_renamed(
    files: Path, look: Callable[..., Outcomes], problems: Problems
) -> None:
    bad = os.fsencode(files) + b"/r\xe5d.txt"
    try:
        Path(os.fsdecode(bad)).write_text("Råd\n\nEtt råd om trygghet.\n", encoding="utf-8")
    except OSError:  # pragma: no cover
        pytest.skip("the file system takes no such names")
    assert sorted(look(files).values()) == [Outcome.ADDED, Outcome.ADDED, Outcome.FAILED]
    assert look(files)["r\N{REPLACEMENT CHARACTER}d.txt"] is Outcome.FAILED
    (problem,) = problems.all()
    assert problem.reason == "bad_name"
    with pytest.raises(LibraryError, match="not in UTF-8"):
        look(Path(os.fsdecode(bad)))
    Path(os.fsdecode(bad)).rename(files / "råd.txt")
    assert look(files)["råd.txt"] is Outcome.ADDED
    assert problems.all() == ()


def test_a_scan_looks_through_whole_folders_and_leaves_missing_ones_alone(
    files: Path, look: Callable[..., Outcomes], folder_source: FolderSource, tmp_path: Path
) -> None:
    other = tmp_path / "annat"
    shutil.copytree(files, other)
    single = tmp_path / "enstaka"
    shutil.copytree(files, single)
    look(files, other)
    look(single / "medling.txt")
    shutil.rmtree(other)
    for folder in (files, single):
        (folder / "ny.txt").write_text("Ny\n\nEn ny rutin.\n", encoding="utf-8")
    receipts = list(folder_source.scan())
    assert {receipt.origin: receipt.outcome for receipt in receipts} == {
        str(files / "medling.txt"): Outcome.UNCHANGED,
        str(files / "ny.txt"): Outcome.ADDED,
        str(files / "samverkan.txt"): Outcome.UNCHANGED,
    }


def test_progress_counts_every_file(files: Path, folder_source: FolderSource) -> None:
    said: list[tuple[int, int, str]] = []
    list(folder_source.add([files], "egna", progress=lambda *step: said.append(step)))
    assert said == [(0, 2, "medling.txt"), (1, 2, "samverkan.txt"), (2, 2, "")]


def test_the_bundled_collection_is_what_its_manifest_lists(
    folder_source: FolderSource, tmp_path: Path, library: Library
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("listad.html", "olistad.html"):
        (folder / name).write_text(PAGE, encoding="utf-8")
    manifest = folder / "manifest.toml"
    entry = '[[document]]\nn = 4\nfile = "listad.html"\nshape = "gr"\nnotice = "x"\nfacts = []\n'
    manifest.write_text(entry, encoding="utf-8")
    assert [r.key for r in folder_source.add([folder], "exempel")] == ["exempel:4"]

    revision = library.revision()
    for lie in ('file = "finns-inte.html"', 'file = "../utanför.html"', "fil = 1"):
        manifest.write_text(entry.replace('file = "listad.html"', lie), encoding="utf-8")
        with pytest.raises(SettingsError, match=r"manifest\.toml"):
            list(folder_source.add([folder], "exempel"))
    assert library.revision() == revision


def test_a_key_by_path_is_the_one_the_file_would_get(
    files: Path, folder_source: FolderSource
) -> None:
    (receipt,) = folder_source.add([files / "medling.txt"], "egna")
    assert receipt.key == path_key("egna", files / "medling.txt")


@given(outcomes=st.lists(st.sampled_from(Outcome), max_size=20))
def test_a_summary_counts_every_receipt_once(outcomes: list[Outcome]) -> None:
    counts = summary([Receipt("/a", outcome) for outcome in outcomes])
    assert sum(counts.values()) == len(outcomes)
    assert all(counts[outcome] == outcomes.count(outcome) for outcome in Outcome)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    states=st.lists(
        st.dictionaries(
            st.sampled_from(["a.txt", "b.txt", "under/c.txt"]),
            st.sampled_from(["Ett", "Två", "", "\x00\x01\x02"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_library_follows_a_folder_whatever_happens_in_it(
    states: list[dict[str, str]],
    folder_source: FolderSource,
    library: Library,
    problems: Problems,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Readable files are there as they are; of unreadable ones the last readable state is."""
    folder = tmp_path_factory.mktemp("följd")
    model: dict[str, str] = {}
    for state in states:
        shutil.rmtree(folder)
        folder.mkdir()
        for name, title in state.items():
            (folder / name).parent.mkdir(exist_ok=True)
            body = f"{title}\n\nEn text om trygghet i kommunen.\n" if title.isalpha() else title
            (folder / name).write_text(body, encoding="utf-8")
        list(folder_source.add([folder], "egna"))
        good = {name: title for name, title in state.items() if title.isalpha()}
        model = {name: title for name, title in (model | good).items() if name in state}
        folder_id = folder_source._folders.add("egna", folder, whole=True).id
        found = {}
        for known in library.known_in(folder_id):
            version = library.version(known.key)
            assert version is not None
            found[Path(known.origin).relative_to(folder).as_posix()] = version.document.title
        assert found == model
        bad = {p.origin for p in problems.all() if Path(p.origin).is_relative_to(folder)}
        assert bad == {str(folder / name) for name in state if name not in good}
