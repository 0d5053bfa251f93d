"""Figures of the ranking are pinned, and one that falls is told."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest

import bench.relevance
from bench.relevance import MAY_FALL, Pinned, fallen, main, read_pinned
from search.judged import measures


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(bench.relevance).failed == 0


def test_every_set_is_pinned_with_every_measure() -> None:
    names = set(measures(("a",), {"a": 1}))
    for pinned in read_pinned():
        assert set(pinned.measures or {}) == names, pinned.name


def test_both_halves_of_the_bundled_queries_are_pinned_and_here() -> None:
    bundled = [pinned for pinned in read_pinned() if pinned.folder == "corpus/judged"]
    assert {pinned.split for pinned in bundled} == {"dev", "test"}
    assert all(pinned.is_here for pinned in bundled)


def test_a_figure_may_fall_a_little_and_rise_as_it_will() -> None:
    assert fallen({"RR@10": 0.8}, {"RR@10": 0.8 - MAY_FALL}) == {}
    assert fallen({"RR@10": 0.8}, {"RR@10": 0.95}) == {}
    assert set(fallen({"RR@10": 0.8}, {"RR@10": 0.78})) == {"RR@10"}


@pytest.mark.parametrize(("now", "status"), [(0.9, 0), (0.8, 1)])
def test_a_fall_ends_in_an_error_that_names_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    now: float,
    status: int,
) -> None:
    path = tmp_path / "relevance.json"
    rows = [
        {"folder": "corpus/judged", "split": "dev", "measures": {"RR@10": 0.9}},
        {"folder": "no/such/folder", "measures": {"RR@10": 0.9}},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr(bench.relevance, "read_pinned", lambda: read_pinned(path))
    monkeypatch.setattr(bench.relevance, "measured", lambda pinned: {"RR@10": now})
    monkeypatch.setattr("sys.argv", ["relevance"])
    assert main() == status
    said = capsys.readouterr().out
    assert "no/such/folder: skipped" in said
    assert ("RR@10 fell by 0.100" in said) == bool(status)


def test_a_set_without_its_documents_is_not_here() -> None:
    assert not Pinned("corpus/judged", corpus="no/such/folder").is_here
