"""Commands that are killed at any moment: nothing is lost, and doing them again finishes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.context import Context
from indexer.jobs import worker_name
from indexer.tasks import run
from indexer.verify import Verdict, verify
from metodsok import cli
from search.settings import Settings

#: Longer than any command here takes; one that hangs is ended and fails.
PATIENCE = 60
#: Enough files that a command is long in their midst.
FILES = 12
#: So large is the write-ahead log with some of the documents in it, but not all.
SOME_BYTES = 200_000

Moment = Callable[["Case"], bool]


@dataclass(frozen=True)
class Case:
    """A home on which a command runs. ``out`` is where an export goes."""

    home: Path
    serving: str
    out: Path

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def wal(self) -> Path:
        return self.home / "library.sqlite-wal"


@dataclass(frozen=True)
class Scenario:
    """A command, the home it starts from and what it leads to when nobody disturbs it."""

    arguments: tuple[str, ...]
    base: Path
    result: object


def at_start(case: Case) -> bool:
    return True


def library_open(case: Case) -> bool:
    return case.wal.is_file() and case.wal.stat().st_size > 0


def some_stored(case: Case) -> bool:
    return case.wal.is_file() and case.wal.stat().st_size > SOME_BYTES


def building(case: Case) -> bool:
    return any(case.index.glob("building-*"))


def described(case: Case) -> bool:
    return any(case.index.glob("building-*/generation.json"))


def served(case: Case) -> bool:
    return serving(case.home) != case.serving


def rejected(case: Case) -> bool:
    return any(case.index.glob("generations/*/rejected"))


def partly_exported(case: Case) -> bool:
    return case.out.with_name(case.out.name + ".part").is_file()


def exported(case: Case) -> bool:
    return case.out.is_file()


KILLS: Mapping[str, tuple[Moment, ...]] = {
    "add": (library_open, some_stored, building),
    "change": (library_open, some_stored, building),
    "remove": (library_open, building, described),
    "full": (library_open, building, described),
    "rollback": (library_open, rejected, served),
    "export": (at_start, partly_exported, exported),
    "import": (library_open, building, served),
}


def write(folder: Path, numbers: range, word: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        text = "\n\n".join(f"Stycke {n} om {word} i kommun {number}." for n in range(10))
        (folder / f"{number:02}.txt").write_text(f"Rutin {number}\n\n{text}\n", encoding="utf-8")


def take(home: Path, folder: Path) -> None:
    """Add a folder in this process, as the front door would."""
    with Context(Settings(home=home)) as context:
        arguments = {"paths": [str(folder)], "source": "egna"}
        run(context, context.jobs.add("add", arguments, worker=worker_name()))


def serving(home: Path) -> str:
    path = home / "index" / "CURRENT"
    return path.read_text(encoding="ascii") if path.is_file() else ""


def worded(case: Case, arguments: tuple[str, ...]) -> list[str]:
    return [str(case.out) if word == "OUT" else word for word in arguments]


def start(case: Case, arguments: tuple[str, ...], root: Path) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("METODSOK_")}
    return subprocess.Popen(
        [sys.executable, "-m", "metodsok", *worded(case, arguments)],
        env={**env, "METODSOK_HOME": str(case.home)},
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def finish(case: Case, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run a command to its end, in this process: its exit code and what it complained of."""
    env = {"METODSOK_HOME": str(case.home)}
    done = CliRunner().invoke(cli, worded(case, arguments), env=env)
    return done.exit_code, str(done.exception or "")


def kill(case: Case, arguments: tuple[str, ...], root: Path, moment: Moment, wait: float) -> None:
    """Kill a command ``wait`` seconds after a moment has come; its parser must end with it."""
    with start(case, arguments, root) as process:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and not moment(case) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(wait)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
    while is_group_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_group_alive(process.pid)


def is_group_alive(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def look(case: Case) -> tuple[Verdict, object]:
    """The verdict on a home, and all of it that must not depend on a kill."""
    with Context(Settings(home=case.home)) as context:
        library, current = context.library, context.index.current()
        verdict = verify(library, context.index)
        state = library.state_at(library.revision())
        shown = (current.documents, current.files) if current else None
        return verdict, (state, shown, context.problems.all(), archive(case.out))


def archive(path: Path) -> object:
    """What an exported archive holds, the moment it was made left aside."""
    if not path.is_file():
        return None
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        return {i.filename: i.CRC for i in opened.infolist() if i.filename != "manifest.json"}


def fresh(base: Path, place: Path) -> Case:
    home = place / "home"
    if base.exists():
        shutil.copytree(base, home)
    return Case(home, serving(home), place / "out.zip")


def prepare(name: str, place: Path) -> tuple[tuple[str, ...], Path]:
    """The command's arguments and the home it starts from; the files are as it will find them."""
    base, folder = place / "base", place / "rutiner"
    write(folder, range(FILES), "medling")
    if name != "add":
        take(base, folder)
    if name == "change":
        write(folder, range(FILES // 2), "trygghet")
    if name == "remove":
        for path in list(folder.iterdir())[: FILES // 2]:
            path.unlink()
    if name == "rollback":
        write(folder, range(5), "fel")
        take(base, folder)
    if name == "import":
        from indexer.archive import export_library

        with Context(Settings(home=base)) as context:
            export_library(context.library, place / "in.zip")
        return ("import", str(place / "in.zip")), place / "nothing"
    commands: Mapping[str, tuple[str, ...]] = {
        "full": ("index", "--full"),
        "rollback": ("rollback",),
        "export": ("export", "OUT"),
    }
    return commands.get(name, ("add", str(folder))), base


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Scenario]:
    made: dict[str, Scenario] = {}

    def make(name: str) -> Scenario:
        if name not in made:
            place = tmp_path_factory.mktemp(name)
            arguments, base = prepare(name, place)
            case = fresh(base, place)
            assert finish(case, arguments) == (0, "")
            verdict, result = look(case)
            assert verdict.disagreements == ()
            made[name] = Scenario(arguments, base, result)
        return made[name]

    return make


@pytest.mark.parametrize(
    ("name", "moment"), [(name, moment) for name, moments in KILLS.items() for moment in moments]
)
def test_a_command_that_was_killed_harms_nothing_and_finishes_when_done_again(
    name: str,
    moment: Moment,
    scenario: Callable[[str], Scenario],
    tmp_path: Path,
    root: Path,
) -> None:
    undisturbed = scenario(name)
    case = fresh(undisturbed.base, tmp_path)
    wait = random.Random(f"{name} {moment.__name__}").uniform(0, 0.03)  # noqa: S311 - repeatable
    kill(case, undisturbed.arguments, root, moment, wait)
    verdict, _ = look(case)
    assert verdict.disagreements == ()

    code, complaint = finish(case, undisturbed.arguments)
    if code and name == "import":
        # The library had been filled whole, and says so; what is left is to publish it.
        assert "the library is not empty" in complaint
        code, complaint = finish(case, ("index",))
    if code and name == "rollback":
        # It had been done; going further back is another wish.
        assert "no earlier generation" in complaint
        code = 0
    assert code == 0, complaint
    verdict, result = look(case)
    assert verdict.disagreements == ()
    assert result == undisturbed.result
    assert not list(case.index.glob("building-*"))
    assert not list(tmp_path.glob("*.part"))
