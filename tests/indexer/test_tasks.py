from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.history import Outcome, time_text
from indexer.intake import Receipt
from indexer.jobs import State, worker_name
from indexer.publish import Published, Waiting
from indexer.tables import versions
from indexer.tasks import Done, examples, run
from indexer.verify import verify
from search.errors import LibraryError

Do = Callable[..., Done]


def test_adding_publishes_what_was_added(do: Do, context: Context, files: Path) -> None:
    done = do("add", paths=[files])
    assert [receipt.outcome for receipt in done.receipts] == [Outcome.ADDED, Outcome.ADDED]
    assert done.published is not None
    assert (done.published.generation, done.published.documents) == (1, 2)
    (job,) = context.jobs.latest()
    assert (job.state, job.message) == (State.DONE, "2 added, generation 1")
    assert verify(context.library, context.index).agrees


def test_adding_the_same_again_publishes_nothing(do: Do, files: Path) -> None:
    do("add", paths=[files])
    done = do("add", paths=[files])
    assert done.published is None
    assert done.message == "2 unchanged"


def test_a_bad_file_does_not_keep_the_others_from_readers(
    do: Do, context: Context, files: Path
) -> None:
    (files / "tom.txt").touch()
    done = do("add", paths=[files])
    assert done.message == "2 added, 1 failed, generation 1"
    assert not done.took_nothing


def test_a_scan_publishes_what_changed_and_what_somebody_left_unpublished(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").unlink()
    assert do("scan").message == "1 unchanged, 1 removed, generation 2"
    (files / "ny.txt").write_text("Ny\n\nEn ny rutin.\n", encoding="utf-8")
    list(context.folder_source.add([files], "egna"))
    left = do("scan").published
    assert left is not None
    assert left.put == 1


def test_a_rollback_holds_through_scans_until_a_file_changes(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").write_text("Medling\n\nFel text.\n", encoding="utf-8")
    do("scan")
    context.publisher.rollback()
    assert do("scan").published is None
    assert context.index.current_number() == 1
    (files / "medling.txt").write_text("Medling\n\nRätt text.\n", encoding="utf-8")
    assert do("scan").message == "1 changed, 1 unchanged, generation 3"


def test_a_scan_mends_a_lost_index_also_after_a_rollback(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").unlink()
    do("scan")
    context.publisher.rollback()
    shutil.rmtree(context.index.path)
    assert do("scan").published is not None
    assert verify(context.library, context.index).agrees


def test_publishing_in_full_writes_everything(do: Do, files: Path) -> None:
    do("add", paths=[files])
    done = do("publish", full=True)
    assert done.published is not None
    assert done.published.put == 2
    assert do("publish").message == "generation 2"


def test_a_cancelled_job_stops_and_what_it_took_stays(context: Context, files: Path) -> None:
    for number in range(25):
        (files / f"{number:02}.txt").write_text(f"Rutin\n\nRutin {number}.\n", encoding="utf-8")
    arguments = {"paths": [str(files)], "source": "egna"}
    job = context.jobs.add("add", arguments, worker=worker_name())

    def cancel(done: int, total: int, what: str) -> None:
        if done == 15:
            context.jobs.cancel(job.id)

    assert run(context, job, cancel) == Done()
    ended = context.jobs.get(job.id)
    assert ended.state is State.CANCELLED
    assert (ended.done, ended.total) == (20, 27)
    assert sum(context.library.counts().values()) == 20
    assert context.index.current() is None
    again = run(context, context.jobs.add("add", arguments, worker=worker_name()))
    assert again.published is not None
    assert again.published.documents == 27


def test_a_cancelled_publication_leaves_what_serves(do: Do, context: Context, files: Path) -> None:
    do("add", paths=[files])
    job = context.jobs.add("publish", {"full": True}, worker=worker_name())
    context.jobs.cancel(job.id)
    run(context, job)
    assert context.jobs.get(job.id).state is State.CANCELLED
    assert context.index.current_number() == 1
    assert verify(context.library, context.index).agrees


def test_a_job_that_fails_says_so_and_raises(do: Do, context: Context, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such file"):
        do("add", paths=[tmp_path / "finns inte"])
    (job,) = context.jobs.latest()
    assert job.state is State.FAILED
    assert job.message.startswith("LibraryError: ")
    assert "finns inte" in job.message


def test_progress_is_told_and_written_down(context: Context, files: Path) -> None:
    said: list[tuple[int, int, str]] = []
    arguments = {"paths": [str(files)], "source": "egna"}
    job = context.jobs.add("add", arguments, worker=worker_name())
    run(context, job, lambda *step: said.append(step))
    assert said == [
        (0, 2, "medling.txt"),
        (1, 2, "samverkan.txt"),
        (2, 2, ""),
        (0, 2, "Medling"),
        (1, 2, "Samverkan"),
        (2, 2, ""),
    ]
    ended = context.jobs.get(job.id)
    assert (ended.done, ended.total) == (2, 2)


def test_the_examples_are_a_folder_like_any_other(context: Context) -> None:
    (folder,) = examples(context)["paths"]
    assert (Path(folder) / "manifest.toml").is_file()


def receipt(outcome: Outcome) -> Receipt:
    return Receipt("/a", outcome)


def test_a_job_took_nothing_when_all_there_was_failed() -> None:
    failed, added = receipt(Outcome.FAILED), receipt(Outcome.ADDED)
    assert Done((failed, failed)).took_nothing
    assert not Done((failed, added)).took_nothing
    assert not Done(()).took_nothing


def test_a_message_counts_outcomes_and_names_the_generation() -> None:
    assert Done().message == "nothing to do"
    published = Published(7, 1, 0, 0, 0, 0.0)
    done = Done((receipt(Outcome.REMOVED), receipt(Outcome.REMOVED)), published)
    assert done.message == "2 removed, generation 7"


def age_what_is_gone(context: Context, days: int) -> None:
    """Let every removal have been made so many days ago."""
    moment = time_text(datetime.now(UTC) - timedelta(days=days))
    with context.library.engine.begin() as connection:
        connection.execute(versions.update().where(versions.c.removed).values(at=moment))


def test_a_purge_lets_go_of_the_bytes_of_what_is_long_gone_and_says_so(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    digest = hashlib.sha256((files / "medling.txt").read_bytes()).hexdigest()
    (files / "medling.txt").unlink()
    do("scan")
    age_what_is_gone(context, 89)
    assert do("purge").message == "nothing to do"
    assert context.library.blob(digest)
    age_what_is_gone(context, 91)
    done = do("purge")
    assert done.message == "1 purged (0.0 MB)"
    assert done.published is None
    with pytest.raises(LibraryError, match="no bytes"):
        context.library.blob(digest)
    assert verify(context.library, context.index).agrees
    assert context.publisher.waiting() == Waiting((), ())


def test_how_long_bytes_are_kept_is_a_setting(
    make_context: Callable[..., Context], files: Path
) -> None:
    context = make_context(purge_days=7)
    list(context.folder_source.add([files], "egna"))
    for file in files.iterdir():
        file.unlink()
    list(context.folder_source.scan())
    age_what_is_gone(context, 8)
    done = run(context, context.jobs.add("purge", worker=worker_name()))
    assert done.purged is not None
    assert done.purged.documents == 2


def test_an_index_that_still_shows_what_is_purged_is_brought_up_to_date(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").unlink()
    list(context.folder_source.scan())
    age_what_is_gone(context, 91)
    assert do("purge").message == "generation 2, 1 purged (0.0 MB)"
    assert verify(context.library, context.index).agrees
