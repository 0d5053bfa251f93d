from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from indexer.judging import judge
from search.errors import SettingsError
from search.settings import Settings

TEXTS = {"a": "Om medling vid brott.", "b": "Om vittnen.", "c": "Om annat."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a question and no documents."""
    folder = tmp_path / "questions"
    (folder / "qrels").mkdir(parents=True)
    query = {"_id": "1", "text": "medling", "metadata": {"kind": "plain"}}
    (folder / "queries.jsonl").write_text(json.dumps(query), "utf-8")
    (folder / "qrels" / "test.tsv").write_text("1\ta\t1\n", "utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with packed documents and no questions."""
    folder = tmp_path / "documents"
    folder.mkdir()
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        for key, text in TEXTS.items():
            file.write(json.dumps({"_id": key, "title": "", "text": text}) + "\n")
    return folder


def test_questions_are_asked_of_the_documents_of_a_named_folder(
    folder: Path, corpus: Path, settings: Settings
) -> None:
    report = judge(settings, folder, corpus=corpus)
    assert [answer.ranked for answer in report.found.answers] == [("a",)]
    assert report.baseline is None


def test_a_named_folder_goes_before_the_documents_of_the_folder_itself(
    folder: Path, corpus: Path, settings: Settings
) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "a", "text": "Om annat."}', "utf-8")
    assert judge(settings, folder).found.answers[0].ranked == ()
    assert judge(settings, folder, corpus=corpus).found.answers[0].ranked == ("a",)


def test_the_baseline_is_asked_the_same_of_the_same(
    folder: Path, corpus: Path, settings: Settings
) -> None:
    report = judge(settings, folder, corpus=corpus, baseline="snowball")
    assert report.baseline
    assert [answer.ranked for answer in report.baseline.answers] == [("a",)]
    assert report.baseline_name == "snowball"


def test_a_named_folder_without_documents_is_named(folder: Path, settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"questions: there is no corpus\.jsonl"):
        judge(settings, folder, corpus=folder)


def test_figures_about_other_documents_than_were_judged_are_refused(
    folder: Path, corpus: Path, settings: Settings
) -> None:
    (folder / "qrels" / "test.tsv").write_text("1\telsewhere\t1\n", "utf-8")
    with pytest.raises(SettingsError, match=r"no graded document is there; .* --corpus"):
        judge(settings, folder, corpus=corpus)


def test_the_home_of_the_operator_is_left_alone(
    folder: Path, corpus: Path, settings: Settings
) -> None:
    judge(settings, folder, corpus=corpus)
    assert not settings.home.exists() or not any(settings.home.iterdir())


def test_each_step_is_told(folder: Path, corpus: Path, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    judge(
        settings,
        folder,
        corpus=corpus,
        progress=lambda done, total, what: told.append((done, total)),
    )
    assert told == [(0, 3), (1, 3), (2, 3), (0, 1)]
