"""Every command of ``metodsok``: what it prints, and how it fails.

Commands run as typed, through ``main``; those that serve or wait have a process of their own.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from indexer.context import Context
from metodsok import cli, main
from search.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 90


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        assert "\\u00" not in self.out, "Swedish letters stand as themselves"
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line that an error of ours is."""
        assert self.code == 1
        (line,) = self.err.splitlines()
        return line.removeprefix("Error: ")


Run = Callable[..., Said]


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """This process's environment without the developer's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("METODSOK_")}
    return {**kept, "METODSOK_HOME": str(home), **more}


def run_in(home: Path, *arguments: str, **environment: str) -> Said:
    """Run a command as typed in the checkout: here, or in a process if it takes signals."""
    env = environment_of(home, **environment)
    if arguments[0] in ("run", "serve", "work"):
        done = subprocess.run(
            [sys.executable, "-m", "metodsok", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in os.environ.keys() - env.keys():
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", ["metodsok", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
            sys.exit(0)
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Said(int(ended.value.code or 0), *texts)


@pytest.fixture
def metodsok(tmp_path: Path) -> Run:
    """The command with an empty home."""
    return lambda *arguments, **environment: run_in(tmp_path / "var", *arguments, **environment)


@pytest.fixture
def reading(bundled: Settings) -> Run:
    """The command with the bundled collection, for commands that only read."""
    return lambda *arguments: run_in(bundled.home, *arguments)


@pytest.fixture
def changing(own_copy: Settings) -> Run:
    """The command with a copy of the bundled collection."""
    return lambda *arguments: run_in(own_copy.home, *arguments)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "anteckningar"
    folder.mkdir()
    (folder / "ett.md").write_text("# Fältare på torget\n\nVi går ut på fredagar.", "utf-8")
    return folder


def queue_addition(settings: Settings, folder: Path) -> None:
    with Context(settings) as context:
        context.jobs.add("add", {"paths": [str(folder)], "source": "egna"})


@pytest.fixture(scope="session", params=sorted(cli.commands))
def command(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def test_each_command_explains_itself(command: str, tmp_path: Path) -> None:
    said = run_in(tmp_path, command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: metodsok {command} ")
    assert "--child" not in said.out
    assert not any(tmp_path.iterdir()), "asking for help must make nothing"


def test_run_fills_and_serves_and_a_second_run_changes_nothing(
    tmp_path: Path, free_port: int
) -> None:
    home, port = tmp_path / "var", str(free_port)
    first = run_in(home, "run", "--smoke", METODSOK_PORT=port)
    assert first.code == 0, first.err
    assert "found an answer" in first.out
    before = run_in(home, "status", "--json").json
    assert run_in(home, "run", "--smoke", METODSOK_PORT=port).code == 0
    after = run_in(home, "status", "--json").json
    assert (after["generation"], after["revision"]) == (before["generation"], before["revision"])
    assert after["waiting"] == 0


def test_a_worker_does_what_waits_and_ends(changing: Run, own_copy: Settings, notes: Path) -> None:
    queue_addition(own_copy, notes)
    assert changing("work", "--until-idle").code == 0
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 1


def test_add_says_what_each_file_became(metodsok: Run, notes: Path) -> None:
    said = metodsok("add", str(notes), "--json").json
    (receipt,) = said["receipts"]
    assert (receipt["outcome"], receipt["title"]) == ("added", "Fältare på torget")
    assert said["published"]["documents"] == 1
    again = metodsok("add", str(notes))
    assert again.code == 0
    assert "unchanged" in again.out


def test_of_what_others_publish_programs_get_a_part_and_an_editor_all(
    metodsok: Run, tmp_path: Path
) -> None:
    said = [
        f"Om {word} och medling. " + " ".join(f"{word}{n}" for n in range(199)) + "."
        for word in ("alfa", "beta", "gamma", "delta")
    ]
    file = tmp_path / "rapport.txt"
    file.write_text("Rapporten\n\n" + "\n\n".join(said), "utf-8")
    metodsok("add", str(file), "--source", "bra", "--url", "https://bra.se/rapport.txt")
    (hit,) = metodsok("search", "medling", "--json").json["hits"]
    assert len(hit["passages"]) == 3
    assert max(len(passage["excerpt"].split()) for passage in hit["passages"]) < 50
    assert hit["url"] == "https://bra.se/rapport.txt"
    assert hit["url"] in metodsok("search", "medling").out
    part = metodsok("show", hit["key"], "--json").json
    assert part["left_out"] is True
    assert part["body"].count("medling") == 3
    assert "Om delta och" not in metodsok("show", hit["key"]).out
    assert "Read the rest at https://bra.se/rapport.txt" in metodsok("show", hit["key"]).out
    whole = metodsok("show", hit["key"], "--all", "--json").json
    assert whole["body"].count("medling") == 4
    assert "left_out" not in whole


def test_a_reparse_says_what_each_document_became(metodsok: Run, notes: Path) -> None:
    metodsok("add", str(notes))
    assert "nothing to do" in metodsok("reparse").out
    said = metodsok("reparse", "egna", "--all", "--json").json
    assert [receipt["outcome"] for receipt in said["receipts"]] == ["unchanged"]
    assert said["published"] is None
    assert "'okänd' is not a source" in metodsok("reparse", "okänd").complaint


def test_add_of_nothing_readable_fails(metodsok: Run, tmp_path: Path) -> None:
    (tmp_path / "tom.pdf").write_bytes(b"")
    said = metodsok("add", str(tmp_path / "tom.pdf"))
    assert said.code == 1
    assert "failed" in said.out
    assert metodsok("status", "--json").json["problems"][0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["add", "finns-inte"], "does not exist"),
        (["parse", "finns-inte"], "does not exist"),
        (["import", "finns-inte"], "does not exist"),
        (["search", "medling", "--limit", "0"], "not in the range"),
        (["sources", "bort", "exempel"], "not one of 'on', 'off'"),
        (["export", "finns-inte/kopia.zip"], "cannot be written: No such file or directory"),
        (["add", "README.md", "--source", "okänd"], "'okänd' is not a source; allowed are"),
        (["add", "docs", "README.md", "--url", "https://bra.se/x"], "exactly one file"),
        (["search", "medling"], "nothing is published yet"),
        (["show", "exempel:1"], "there is no document 'exempel:1'"),
        (["rollback"], "no earlier generation"),
        (["sources", "off", "okänd"], "'okänd' is not a source"),
        (["import", "README.md"], "cannot be read as an archive"),
        (["evaluate", "docs"], "cannot be read"),
        (["parse", "docs/images/results.png"], "Filtypen"),
    ],
)
def test_a_command_that_cannot_says_why_in_one_line(
    metodsok: Run, arguments: list[str], complaint: str
) -> None:
    said = metodsok(*arguments)
    assert said.out == ""
    if said.code == 1:
        assert complaint in said.complaint
    else:  # typed wrong: how it is typed stands first
        assert said.code == 2
        assert said.err.startswith("Usage: metodsok ")
        assert complaint in said.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("METODSOK_PORT", "abc", "METODSOK_PORT = 'abc': a whole number from 1 to 65535"),
        ("METODSOK_COLOUR", "red", "METODSOK_COLOUR is not a setting; allowed are: home"),
        ("METODSOK_CONFIG", "/finns/inte.toml", "no such file"),
        ("METODSOK_CORPUS", "/finns/inte", "/finns/inte/sources.toml: cannot be read"),
        ("METODSOK_HOME", "/dev/null", "METODSOK_HOME = '/dev/null': is a file"),
        ("METODSOK_HOME", "/dev/null/var", "/dev/null/var cannot be made: Not a directory"),
    ],
)
def test_a_bad_setting_stops_with_name_value_and_what_is_allowed(
    metodsok: Run, name: str, value: str, complaint: str
) -> None:
    assert complaint in metodsok("status", **{name: value}).complaint


@pytest.mark.parametrize("command", ["run", "serve", "work"])
def test_what_serves_does_not_start_with_a_bad_setting(metodsok: Run, command: str) -> None:
    said = metodsok(command, METODSOK_PORT="0")
    assert said.complaint.startswith("METODSOK_PORT = '0': a whole number from 1 to 65535")


def test_search_prints_hits_for_people_and_for_programs(reading: Run) -> None:
    assert "Medling vid brott" in reading("search", "medling vid brott").out
    said = reading("search", "medling vid brott", "--limit", "1", "--explain", "--json")
    assert "å" in said.out or "ä" in said.out or "ö" in said.out
    (hit,) = said.json["hits"]
    assert hit["title"] == "Medling vid brott"
    assert sum(part["points"] for part in hit["explain"]) == pytest.approx(hit["score"])


def test_search_narrows_by_facets_and_refuses_values_that_cannot_be(reading: Run) -> None:
    every = reading("search", "brott", "--limit", "100", "--json").json
    law = reading("search", "brott", "--type", "lagstod", "--limit", "100", "--json").json
    assert 0 < law["total"] < every["total"]
    refused = reading("search", "brott", "--type", "saga")
    assert refused.code == 1
    assert "'saga' is not known; allowed are" in refused.err


def test_a_question_without_hits_is_an_answer(reading: Run) -> None:
    assert reading("search", "xyzzy").code == 0
    assert reading("search", "xyzzy", "--json").json["total"] == 0


def test_show_prints_a_document(reading: Run) -> None:
    assert "Medling vid brott" in reading("show", "exempel:8").out
    assert reading("show", "exempel:8", "--json").json["title"] == "Medling vid brott"


def test_parse_stores_nothing(metodsok: Run, notes: Path) -> None:
    said = metodsok("parse", str(notes / "ett.md"), "--json").json
    assert said["title"] == "Fältare på torget"
    assert metodsok("status", "--json").json["documents"] == 0


def test_status_and_verify_agree_on_the_bundled_collection(reading: Run) -> None:
    status = reading("status", "--json").json
    assert status["problems"] == []
    assert status["documents"] == status["published"] > 0
    verdict = reading("verify", "--json").json
    assert verdict["disagreements"] == []
    assert "agree" in reading("verify").out


def test_verify_fails_where_library_and_index_differ(changing: Run, own_copy: Settings) -> None:
    (own_copy.index_path / "CURRENT").unlink()
    said = changing("verify")
    assert said.code == 1
    assert "the index is gone" in said.out + said.err
    assert changing("index", "--full").code == 0
    assert changing("verify").code == 0


def test_a_rollback_serves_what_was_before(changing: Run, notes: Path) -> None:
    assert changing("add", str(notes)).code == 0
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 1
    assert changing("rollback").code == 0
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 0
    assert changing("verify").code == 0
    assert changing("index").code == 0
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 1


def test_what_is_forgotten_is_gone_and_kept_out(changing: Run, notes: Path) -> None:
    assert changing("add", str(notes)).code == 0
    (hit,) = changing("search", "fältare torget", "--source", "egna", "--json").json["hits"]
    said = changing("forget", hit["key"], "--why", "Innehöll personuppgifter.")
    assert said.out.strip() == f"{hit['key']} is erased in 1 version, and is kept out from now on."
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 0
    assert changing("verify").code == 0
    again = changing("add", str(notes))
    assert "Innehöll personuppgifter." in again.out
    assert changing("search", "fältare torget", "--source", "egna", "--json").json["total"] == 0
    assert "There was no document egna:x" in changing("forget", "egna:x", "--why", "Fel.").out


def test_a_source_switched_off_is_kept_and_not_shown(changing: Run, notes: Path) -> None:
    assert changing("add", str(notes)).code == 0
    hint = changing("status").out
    assert "metodsok sources off exempel" in hint
    assert changing("sources", "off", "exempel").code == 0
    assert changing("search", "medling", "--json").json["total"] == 0
    (examples,) = [s for s in changing("sources", "--json").json if s["name"] == "exempel"]
    assert examples["documents"] > 0
    assert not examples["shown"]
    assert changing("sources", "on", "exempel").code == 0
    assert changing("search", "medling", "--json").json["total"] > 0


def test_a_library_moves_as_one_file(reading: Run, metodsok: Run, tmp_path: Path) -> None:
    archive = str(tmp_path / "kopia.zip")
    assert reading("export", archive).code == 0
    assert metodsok("import", archive).code == 0
    assert metodsok("verify").code == 0
    question = ("search", "orosanmälan", "--json")
    keys = [[hit["key"] for hit in run(*question).json["hits"]] for run in (reading, metodsok)]
    assert keys[0] == keys[1] != []
    refused = metodsok("import", archive)
    assert refused.code == 1
    assert "not empty" in refused.err


def test_an_evaluation_prints_measures_in_total_and_by_what_queries_say(
    reading: Run, tmp_path: Path
) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "1", "text": "medling", "metadata": {"persona": "S"}}\n', "utf-8"
    )
    (tmp_path / "qrels" / "test.tsv").write_text("1\texempel:8\t2\n", "utf-8")
    said = reading("evaluate", str(tmp_path), "--json").json
    perfect = {"RR@10": 1.0, "nDCG@10": 1.0, "R@10": 1.0, "P@1": 1.0}
    assert said == {"queries": 1, "measures": perfect, "by_persona": {"S": perfect}}
    assert "persona S" in reading("evaluate", str(tmp_path)).out
    for form in ((), ("--json",)):
        assert reading("evaluate", str(tmp_path), "--by", "kind", *form).code == 1


def test_an_evaluation_stands_beside_a_baseline_on_documents_from_another_folder(
    metodsok: Run, tmp_path: Path
) -> None:
    questions, documents = tmp_path / "questions", tmp_path / "documents"
    (questions / "qrels").mkdir(parents=True)
    documents.mkdir()
    (questions / "queries.jsonl").write_text('{"_id": "1", "text": "medling"}\n', "utf-8")
    (questions / "qrels" / "test.tsv").write_text("1\ta\t1\n", "utf-8")
    (documents / "corpus.jsonl").write_text('{"_id": "a", "text": "Medling."}\n', "utf-8")
    typed = ("evaluate", str(questions), "--corpus", str(documents), "--baseline", "snowball")
    said = metodsok(*typed, "--json").json
    perfect = {"RR@10": 1.0, "nDCG@10": 1.0, "R@10": 1.0, "P@1": 1.0}
    none = {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert said == {
        "queries": 1,
        "measures": perfect,
        "baseline": {"name": "snowball", "measures": perfect},
        "difference": dict.fromkeys(perfect, none),
    }
    shown = metodsok(*typed).out
    assert [line.split()[0] for line in shown.splitlines()[1:]] == [
        "all", "snowball", "difference", "95%", "95%",
    ]  # fmt: skip
    assert metodsok("evaluate", str(questions), "--baseline", "other").code == 2


@pytest.mark.skipif(
    not find_spec("search.swedish.compounds"), reason="the splitter is not written yet"
)
def test_a_splitter_is_judged_by_boundaries_and_by_words_left_whole(
    metodsok: Run, tmp_path: Path
) -> None:
    (tmp_path / "compounds.txt").write_text("brottsoffer\tbrott+offer\n", "utf-8")
    (tmp_path / "nosplit.txt").write_text("Göteborg\n", "utf-8")
    said = metodsok("evaluate-compounds", str(tmp_path), "--json").json
    assert said == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "wrongly_split": 0.0}
    assert metodsok("evaluate-compounds", str(tmp_path)).out == (
        "Precision 1.000, recall 1.000, F1 1.000\nWrongly split 0.0%\n"
    )


def test_help_comes_before_anything_slow_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys, metodsok\n"
        "sys.argv = ['metodsok', 'run', '--help']\n"
        "try: metodsok.main()\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'sqlalchemy', 'whoosh', 'flask', 'lxml'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=LONGEST
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["search", "orosanmälan"], "query total seconds generation facets hits"),
        (["show", "exempel:22"], "key source title lead sections date year headings body"),
        (["parse", "tests/pages/gr-text.txt"], "key source title lead sections quotations body"),
        (["status"], "home revision documents generation published waiting held sources hints"),
        (["verify"], "agrees disagreements generation documents passages waiting"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_programs_get_json_with_these_keys(reading: Run, arguments: list[str], keys: str) -> None:
    assert set(keys.split()) <= set(reading(*arguments, "--json").json)


def test_an_explanation_says_how_each_word_of_the_question_stands_in_a_hit(reading: Run) -> None:
    said = reading("search", "natt vandring xyzzyx", "--limit", "1", "--explain").out
    assert "natt vandring → joined → nattvandring, title" in said
    assert "xyzzyx → missing" in said


def test_a_misspelt_question_says_what_was_meant_and_can_be_taken_exactly(reading: Run) -> None:
    said = reading("search", "sosialtjänst", "--limit", "1").out
    assert "Did you mean: socialtjänst (searched for too)" in said
    exactly = reading("search", "sosialtjänst", "--exact").out
    assert exactly.startswith("0 documents")
    assert "Did you mean: socialtjänst (not searched for, as asked)" in exactly


def test_a_hit_tells_programs_where_it_answers(reading: Run) -> None:
    question = "så arbetar kommunen kunskapsbaserat mot brott"
    hits = reading("search", question, "--json").json["hits"]
    (report,) = [hit for hit in hits if hit["key"] == "exempel:30"]
    told = {"key", "title", "score", "source", "url", "year", "lead", "passages"}
    told |= {"work", "variants"}
    assert set(report) == {*told, "reasons", "missing"}
    assert {reason["how"] for reason in report["reasons"]} == {"exact"}
    assert report["missing"] == []
    passage = report["passages"][0]
    names = {"number", "heading_path", "page", "page_label", "excerpt", "score"}
    assert set(passage) == names
    assert passage["page_label"] != str(passage["page"])


@pytest.mark.parametrize(
    "facet", ["source", "type", "topic", "audience", "arena", "level", "actor"]
)
def test_every_facet_narrows(reading: Run, facet: str) -> None:
    every = reading("search", "brott", "--json").json
    value = every["facets"][facet][-1]
    some = reading("search", "brott", f"--{facet}", value["value"], "--json").json
    assert some["total"] == value["count"]


def test_a_year_that_is_none_is_refused(reading: Run) -> None:
    said = reading("search", "brott", "--year", "i fjol")
    assert said.complaint == "--year 'i fjol' is not known; allowed are: a year such as 2024"


def test_one_bad_file_does_not_spoil_the_rest(metodsok: Run, notes: Path) -> None:
    (notes / "tom.pdf").write_bytes(b"")
    said = metodsok("add", str(notes), "--json").json
    assert sorted(receipt["outcome"] for receipt in said["receipts"]) == ["added", "failed"]
    assert "1 could not be read" in metodsok("status").out


def test_programs_get_receipts_of_what_failed_too(metodsok: Run, tmp_path: Path) -> None:
    (tmp_path / "tom.pdf").write_bytes(b"")
    said = metodsok("add", str(tmp_path / "tom.pdf"), "--json")
    assert said.code == 1
    (receipt,) = json.loads(said.out)["receipts"]
    assert set(receipt) == {"origin", "outcome", "key", "title", "detail", "reason"}
    assert (receipt["outcome"], bool(receipt["detail"])) == ("failed", True)


def test_an_empty_folder_is_no_failure(metodsok: Run, tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    assert metodsok("add", str(tmp_path / "tom"), "--json").json == {
        "receipts": [],
        "published": None,
    }


def test_an_address_says_whose_a_file_is(metodsok: Run) -> None:
    url = "https://skr.se/demokrati/valfardsbrottforeningar.90417.html"
    said = metodsok("add", "tests/pages/skr-nod.html", "--url", url, "--json").json
    assert said["receipts"][0]["key"] == "skr:90417"


def test_what_changes_the_index_tells_programs_which_generation_serves(changing: Run) -> None:
    built = changing("index", "--full", "--json").json
    assert set(built) == {"generation", "revision", "put", "removed", "documents", "seconds"}
    assert built["put"] == built["documents"] > 0
    assert changing("index", "--json").json["put"] == 0
    back = changing("rollback", "--json").json
    assert set(back) == {"generation", "revision", "documents"}
    assert back["generation"] < built["generation"]


def test_a_rollback_that_fails_changes_nothing(reading: Run) -> None:
    before = reading("status", "--json").json
    assert reading("rollback").complaint == "there is no earlier generation to go back to"
    assert reading("status", "--json").json == before


def test_nothing_is_kept_of_an_archive_that_is_broken(
    reading: Run, metodsok: Run, tmp_path: Path
) -> None:
    whole, cut, foreign = (tmp_path / name for name in ("hel.zip", "halv.zip", "annan.zip"))
    written = reading("export", str(whole), "--json").json
    assert set(written) == {"documents", "versions", "blobs", "bytes"}
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("brev.txt", "hej")
    assert "cannot be read as an archive" in metodsok("import", str(cut)).complaint
    assert "does not belong: 'brev.txt'" in metodsok("import", str(foreign)).complaint
    assert metodsok("status", "--json").json["revision"] == 0
    assert metodsok("import", str(whole), "--json").json == written


def test_a_file_that_is_no_library_is_named(metodsok: Run, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "library.sqlite").write_text("a shopping list, and quite a long one")
    assert "library.sqlite cannot be opened as a library" in metodsok("status").complaint


def test_a_terminal_that_lacks_letters_stops_nothing_and_json_is_utf_8(bundled: Settings) -> None:
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "metodsok", "show", "exempel:30", *options],
            env=environment_of(bundled.home, PYTHONIOENCODING="ascii"),
            capture_output=True,
            timeout=LONGEST,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    title = json.loads(done.stdout.decode("utf-8"))["title"]
    assert title == "Så arbetar kommunen kunskapsbaserat mot brott"


@contextmanager
def started(home: Path, port: int, command: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs for as long as the block lasts, and is asked to end after it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "metodsok", command],
        env=environment_of(home, METODSOK_PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def health(port: int, process: subprocess.Popen[str]) -> tuple[int, Any]:
    """What the site says of itself, as soon as it says anything."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the site does not answer; exit code {process.poll()}")


def test_run_serves_and_works_until_it_is_asked_to_stop(
    own_copy: Settings, notes: Path, free_port: int
) -> None:
    with started(own_copy.home, free_port, "run") as process:
        assert health(free_port, process) == (200, {"status": "ok", "generation": 1})
        queue_addition(own_copy, notes)
        deadline = time.monotonic() + LONGEST
        while health(free_port, process)[1]["generation"] == 1:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LONGEST)
    # Waitress counts a request as queued when it comes before its threads are at rest.
    complaints = [line for line in err.splitlines() if "Task queue depth" not in line]
    assert (process.returncode, complaints) == (0, [])
    assert out == f"Metodsök answers at http://127.0.0.1:{free_port}\n"


def test_run_says_why_the_site_did_not_start(own_copy: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(own_copy.home, port, "run") as process:
            _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 1
    why, which = err.splitlines()
    assert why.startswith(f"Error: port {port} on 127.0.0.1 is taken by another program; ")
    assert which == "Error: 'metodsok serve' ended with exit code 1"


def test_serve_waits_for_the_first_generation(tmp_path: Path, notes: Path, free_port: int) -> None:
    with started(tmp_path / "var", free_port, "serve") as process:
        assert health(free_port, process) == (503, None)
        assert run_in(tmp_path / "var", "add", str(notes)).code == 0
        assert health(free_port, process) == (200, {"status": "ok", "generation": 1})
    assert process.returncode == 0
