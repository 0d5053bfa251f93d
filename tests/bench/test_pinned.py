"""The pinned ratios are checked as the module says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bench.benchmark.pinned
from bench.benchmark.pinned import BASELINE, TASKS, Ratios, main, worse

PINNED = {"rank": {"p50": 0.6, "p95": 0.5}, "disk": {"p50": 1.0}}
SLOW = {"rank": {"p50": 0.76, "p95": 0.5}, "disk": {"p50": 1.0}}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Ratios]:
    """What the next runs will come to, in order."""
    coming: list[Ratios] = []
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"ratios": PINNED}))
    monkeypatch.setattr(bench.benchmark.pinned, "BASELINE", baseline)
    monkeypatch.setattr(bench.benchmark.pinned, "measured", lambda runs: coming.pop(0))
    return coming


def test_a_quarter_worse_is_still_noise_and_more_is_not() -> None:
    assert not dict(worse({"rank": {"p50": 0.75, "p95": 0.1}, "disk": {"p50": 1.25}}, PINNED))
    assert set(dict(worse(SLOW, PINNED))) == {"rank p50"}


def test_what_is_not_measured_any_more_does_not_hold() -> None:
    assert set(dict(worse({"disk": {"p50": 1.0}}, PINNED))) == {"rank p50", "rank p95"}


def test_once_worse_is_measured_again_and_may_hold(runs: list[Ratios]) -> None:
    runs += [SLOW, PINNED]
    assert main([]) == 0
    assert not runs


def test_twice_worse_in_a_row_fails(runs: list[Ratios], capsys: pytest.CaptureFixture[str]) -> None:
    runs += [SLOW, SLOW]
    assert main([]) == 1
    assert "rank p50: 0.76, pinned at 0.60" in capsys.readouterr().err


def test_another_ratio_each_time_is_noise(runs: list[Ratios]) -> None:
    runs += [SLOW, {"rank": {"p50": 0.6, "p95": 0.9}, "disk": {"p50": 1.0}}]
    assert main([]) == 0


def test_pinning_writes_what_was_measured(runs: list[Ratios]) -> None:
    runs += [SLOW]
    assert main(["--pin"]) == 0
    assert json.loads(bench.benchmark.pinned.BASELINE.read_text())["ratios"] == SLOW


def test_every_task_is_pinned() -> None:
    assert set(json.loads(BASELINE.read_text())["ratios"]) == set(TASKS)
