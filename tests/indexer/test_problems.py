from __future__ import annotations

import pytest
from sqlalchemy import select

from indexer.history import Outcome
from indexer.library import Library
from indexer.problems import Problems
from indexer.tables import history


@pytest.fixture
def problems(library: Library) -> Problems:
    return Problems(library.engine)


def record(problems: Problems, origin: str = "/a.pdf", reason: str = "damaged") -> None:
    message = "Filen är skadad."
    problems.record("egna", origin, digest="d", parsed_by="p", reason=reason, message=message)


def test_a_problem_says_which_file_and_why(problems: Problems) -> None:
    record(problems)
    problem = problems.get("egna", "/a.pdf")
    assert problem is not None
    assert (problem.source, problem.origin, problem.digest) == ("egna", "/a.pdf", "d")
    assert (problem.reason, problem.message) == ("damaged", "Filen är skadad.")
    assert problems.all() == (problem,)


def test_a_file_has_one_problem_the_latest(problems: Problems) -> None:
    record(problems)
    record(problems, reason="encrypted")
    assert [problem.reason for problem in problems.all()] == ["encrypted"]


def test_the_same_file_may_fail_for_two_sources(problems: Problems) -> None:
    record(problems)
    problems.record("gr", "/a.pdf", digest="", parsed_by="p", reason="empty", message="Tom.")
    problems.clear("gr", "/a.pdf")
    assert [problem.source for problem in problems.all()] == ["egna"]


def test_the_latest_come_first(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, origin in enumerate(["/a", "/b", "/c"]):
        monkeypatch.setattr("indexer.problems.now_text", lambda hour=hour: f"2026-01-01T0{hour}")
        record(problems, origin)
    assert [problem.origin for problem in problems.all()] == ["/c", "/b", "/a"]


def test_a_cleared_problem_is_gone_and_stays_in_the_diary(
    problems: Problems, library: Library
) -> None:
    record(problems)
    problems.clear("egna", "/a.pdf")
    assert problems.get("egna", "/a.pdf") is None
    assert problems.all() == ()
    with library.engine.connect() as connection:
        (line,) = connection.execute(select(history)).all()
    assert (line.outcome, line.detail) == (Outcome.FAILED, "damaged: Filen är skadad.")
