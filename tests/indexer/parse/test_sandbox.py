"""The process that parses: what it survives, what it costs, and how it ends."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.parse.raw import Limits, RawFile
from indexer.parse.sandbox import ParserProcess
from indexer.sources import Source, load_sources
from search.document import Document
from search.errors import MetodsokError, ParseError

ROOT = Path(__file__).resolve().parents[3]
SOURCES_PATH = ROOT / "corpus" / "sources.toml"
SOURCE: Source = load_sources(SOURCES_PATH)["egna"]
TEXT = "Trygg park\n\nKommunen lyser upp parken, för att fler ska vilja gå där om kvällen."

#: Parsers that misbehave in the ways that C libraries do.
BAD_PARSERS = """
import os, sys, time
from search.document import Document
from search.errors import ParseError

def parse(raw, source, limits):
    what = raw.data.decode("ascii", "replace")
    if what == "hang":
        time.sleep(600)
    if what == "loop":
        while True:
            pass
    if what == "exit":
        os._exit(3)
    if what == "abort":
        os.abort()
    if what == "memory":
        return bytearray(50_000_000_000)
    if what == "bug":
        raise KeyError("nyckel")
    if what == "deep":
        return parse(raw, source, limits)
    if what == "refuse":
        raise ParseError("damaged", "Filen är skadad.")
    if what == "print":
        print("skräp" * 1000, flush=True)
        os.write(1, b"mer")
        sys.stderr.write("skräp")
    if what == "read":
        assert sys.stdin.read() == ""
    if what == "nonsense":
        return Nonsense()
    if what == "half":
        return Document(key=raw.key, source=raw.source, title="halv \\ud800 bokstav")
    if what == "first":
        first.append(what)
        os._exit(3) if len(first) > 1 else None
    return Document(key=raw.key, source=source.name, title=f"{os.getpid()}", url=raw.url)

first = []

class Nonsense:
    def to_json(self):
        return {"key": 1}
"""

Parse = Callable[[str | bytes], Document]


def raw(data: str | bytes, name: str = "fil.txt", content_type: str = "") -> RawFile:
    content = data.encode() if isinstance(data, str) else data
    return RawFile(content, name, "egna", "egna:fil", content_type=content_type)


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ParserProcess]:
    """A process with parsers that misbehave as the file says."""
    (tmp_path / "bad_parsers.py").write_text(BAD_PARSERS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    limits = Limits(seconds=2, memory_mb=1000)
    with ParserProcess(limits, SOURCES_PATH, parser="bad_parsers:parse") as process:
        yield process


def reason(process: ParserProcess, data: str) -> str:
    with pytest.raises(ParseError) as caught:
        process.parse(raw(data), SOURCE)
    assert str(caught.value)
    return caught.value.reason


def child_of(process: ParserProcess) -> int:
    return int(process.parse(raw("fine"), SOURCE).title)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def has_ended(pid: int) -> bool:
    """As the kernel sees it: somebody else's zombie has ended too."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return not is_alive(pid)


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def soon(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.02)
    return fact()


def test_a_file_comes_back_as_the_document_it_is() -> None:
    with ParserProcess(Limits(), SOURCES_PATH) as process:
        document = process.parse(raw(TEXT), SOURCE)
    assert (document.key, document.source, document.title) == ("egna:fil", "egna", "Trygg park")
    assert document.body.startswith("Kommunen lyser upp")


def test_the_rules_of_the_imitated_shape_are_used() -> None:
    page = (
        "<html><head><meta name=generator content='Sitevision 10'></head><body><main>"
        "<p>Publicerad 5 juli 2022</p><h1>Titel</h1><p>Text nog för att vara ett stycke.</p>"
        "</main></body></html>"
    )
    example = load_sources(SOURCES_PATH)["exempel"]
    given = RawFile(page.encode(), "exempel.html", "exempel", "exempel:1")
    with ParserProcess(Limits(), SOURCES_PATH) as process:
        as_skr = process.parse(given, example, "skr")
        as_bra = process.parse(given, example, "bra")
    assert as_skr.changed.day and not as_skr.published.day
    assert as_bra.published.day and not as_bra.changed.day


def test_files_share_one_child(bad: ParserProcess) -> None:
    assert child_of(bad) == child_of(bad)


def test_a_file_that_hangs_is_stopped_in_time(bad: ParserProcess) -> None:
    pid = child_of(bad)
    started = time.monotonic()
    assert reason(bad, "hang") == "timeout"
    assert time.monotonic() - started < 4
    assert soon(lambda: not is_alive(pid))


def test_a_file_that_never_yields_is_stopped_too(bad: ParserProcess) -> None:
    assert reason(bad, "loop") == "timeout"


def test_after_a_hanging_file_the_next_one_is_read_by_a_new_child(bad: ParserProcess) -> None:
    pid = child_of(bad)
    assert reason(bad, "hang") == "timeout"
    assert child_of(bad) != pid


@pytest.mark.parametrize("death", ["exit", "abort"])
def test_a_child_that_dies_is_reported_and_replaced(bad: ParserProcess, death: str) -> None:
    assert reason(bad, death) == "crashed"
    assert child_of(bad)


def test_a_file_is_not_blamed_for_what_an_earlier_one_broke(bad: ParserProcess) -> None:
    bad.parse(raw("first"), SOURCE)
    assert bad.parse(raw("first"), SOURCE).title


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS sets no limit on address space")
def test_memory_beyond_the_limit_is_refused(bad: ParserProcess) -> None:
    pid = child_of(bad)
    assert reason(bad, "memory") == "memory"
    assert child_of(bad) != pid


@pytest.mark.parametrize(
    ("data", "expected"), [("refuse", "damaged"), ("bug", "failed"), ("deep", "too_deep")]
)
def test_errors_keep_their_reason_and_the_child_lives_on(
    bad: ParserProcess, data: str, expected: str
) -> None:
    pid = child_of(bad)
    assert reason(bad, data) == expected
    assert child_of(bad) == pid


def test_what_a_library_prints_or_reads_disturbs_nothing(bad: ParserProcess) -> None:
    assert bad.parse(raw("print"), SOURCE).title
    assert bad.parse(raw("read"), SOURCE).title


def test_an_answer_that_is_no_document_is_refused(bad: ParserProcess) -> None:
    assert reason(bad, "nonsense") == "crashed"


def test_half_a_character_does_not_stop_a_document(bad: ParserProcess) -> None:
    assert bad.parse(raw("half"), SOURCE).title == "halv ? bokstav"


def test_large_files_go_through_the_pipe(bad: ParserProcess) -> None:
    assert bad.parse(raw(b"x" * 8_000_000), SOURCE).title


@pytest.mark.parametrize(
    ("given", "limits", "expected"),
    [
        (raw(b"x" * 2_000_001), Limits(file_mb=2), "too_large"),
        (raw(b"<html>" + b"x" * 1_000_000, "sida.html"), Limits(html_mb=1), "too_large"),
        (raw(b"<html>" + b"x" * 1_000_000, "sida"), Limits(html_mb=1), "too_large"),
        (raw(b""), Limits(), "empty"),
    ],
)
def test_files_beyond_the_limits_are_never_sent(
    given: RawFile, limits: Limits, expected: str
) -> None:
    with ParserProcess(limits, SOURCES_PATH, parser="no_such_module:parse") as process:
        with pytest.raises(ParseError) as caught:
            process.parse(given, SOURCE)
        assert process._child is None
    assert caught.value.reason == expected


def test_a_text_may_be_larger_than_a_page() -> None:
    with ParserProcess(Limits(html_mb=1), SOURCES_PATH) as process:
        assert process.parse(raw(f"Titel\n\n{'ord ' * 300_000}"), SOURCE).title == "Titel"


def test_no_child_at_all_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with ParserProcess(Limits(), SOURCES_PATH) as process, pytest.raises(MetodsokError) as caught:
        process.parse(raw(TEXT), SOURCE)
    assert not isinstance(caught.value, ParseError)


def test_the_child_ends_with_the_block_and_leaves_nothing_open(bad: ParserProcess) -> None:
    before = open_files()
    pid = child_of(bad)
    assert open_files() > before
    bad.close()
    gc.collect()
    assert open_files() == before
    assert soon(lambda: not is_alive(pid))


def test_the_child_does_not_hear_ctrl_c(bad: ParserProcess) -> None:
    pid = child_of(bad)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    assert child_of(bad) == pid


def test_threads_wait_in_line(bad: ParserProcess) -> None:
    titles: list[str] = []

    def read() -> None:
        titles.append(bad.parse(raw("fine"), SOURCE).title)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(titles) == 8 and len(set(titles)) == 1


#: A parent that starts a child, says its number, and then waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from indexer.parse.raw import Limits, RawFile
from indexer.parse.sandbox import ParserProcess
from indexer.sources import load_sources
sources = Path(sys.argv[1])
process = ParserProcess(Limits(seconds=60), sources, parser="bad_parsers:parse")
source = load_sources(sources)["egna"]
print(process.parse(RawFile(b"fine", "a.txt", "egna", "egna:a"), source).title, flush=True)
process.parse(RawFile(sys.argv[2].encode(), "a.txt", "egna", "egna:a"), source)
time.sleep(60)
"""


@pytest.mark.parametrize("busy_with", ["fine", "hang"])
def test_the_child_of_a_killed_parent_ends_by_itself(tmp_path: Path, busy_with: str) -> None:
    (tmp_path / "bad_parsers.py").write_text(BAD_PARSERS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(SOURCES_PATH), busy_with],
        stdout=subprocess.PIPE,
        env=environment,
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        time.sleep(0.2)
        assert is_alive(child)
        parent.kill()
    assert soon(lambda: has_ended(child))


def test_it_works_from_a_module_run_with_m_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "run_it.py").write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from indexer.parse.raw import Limits, RawFile\n"
        "from indexer.parse.sandbox import ParserProcess\n"
        "from indexer.sources import load_sources\n"
        "sources = Path(sys.argv[1])\n"
        "with ParserProcess(Limits(), sources) as process:\n"
        "    given = RawFile(b'Titel\\n\\nText under titeln.', 'a.txt', 'egna', 'egna:a')\n"
        "    print(process.parse(given, load_sources(sources)['egna']).title)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "run_it", str(SOURCES_PATH)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("Titel", "")
