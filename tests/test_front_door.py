"""Every command of ``metodsok``: what it prints, and how it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from metodsok import cli
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
        return json.loads(self.out)


Run = Callable[..., Said]


def run_in(home: Path, *arguments: str, **environment: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "metodsok", *arguments],
        cwd=ROOT,
        env={**os.environ, "METODSOK_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


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


@pytest.fixture(scope="session", params=sorted(cli.commands))
def command(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def test_each_command_explains_itself(command: str, tmp_path: Path) -> None:
    said = run_in(tmp_path, command, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: ")
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


def test_a_worker_does_what_waits_and_ends(changing: Run) -> None:
    assert changing("work", "--until-idle").code == 0


def test_add_says_what_each_file_became(metodsok: Run, notes: Path) -> None:
    said = metodsok("add", str(notes), "--json").json
    (receipt,) = said["receipts"]
    assert (receipt["outcome"], receipt["title"]) == ("added", "Fältare på torget")
    assert said["published"]["documents"] == 1
    again = metodsok("add", str(notes))
    assert again.code == 0
    assert "unchanged" in again.out


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
    assert said.code != 0
    assert complaint in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("METODSOK_PORT", "abc", "METODSOK_PORT = 'abc': a whole number from 1 to 65535"),
        ("METODSOK_COLOUR", "red", "METODSOK_COLOUR is not a setting; allowed are: home"),
        ("METODSOK_CONFIG", "/finns/inte.toml", "no such file"),
    ],
)
def test_a_bad_setting_stops_with_name_value_and_what_is_allowed(
    metodsok: Run, name: str, value: str, complaint: str
) -> None:
    said = metodsok("status", **{name: value})
    assert said.code == 1
    assert complaint in said.err


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
    assert reading("evaluate", str(tmp_path), "--by", "kind").code == 1
