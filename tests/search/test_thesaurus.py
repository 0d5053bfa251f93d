from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from search.errors import SettingsError
from search.swedish.analyzer import terms
from search.swedish.stopwords import load_stopwords
from search.thesaurus import Head, load_thesaurus

SSPF = """\
[[head]]
term = "SSPF"
id = 1
why = "w"
equivalent = ["SSPF-grupp"]
"""
SIG = """\
[[head]]
term = "SIG"
id = 2
why = "w"
"""


def load(folder: Path, text: str) -> Mapping[str, Head]:
    (folder / "words.toml").write_text(text, encoding="utf-8")
    return load_thesaurus(folder)


@pytest.fixture(scope="module")
def bundled(vocabulary: Path) -> Mapping[str, Head]:
    return load_thesaurus(vocabulary / "thesaurus")


def test_a_head_has_its_forms_in_the_order_of_the_file(tmp_path: Path) -> None:
    more = (
        'related = ["SSPF"]\nnarrower = ["b", "a"]\ndoubtful = ["SIG"]\nonly = "capitals"\n'
        'needs = ["grupp"]\nnote = "Pronomen"\n'
    )
    heads = load(tmp_path, SIG + more + SSPF)
    assert list(heads) == ["SIG", "SSPF"]
    assert heads["SIG"] == Head(
        "SIG", 2, "w", narrower=("b", "a"), related=("SSPF",), doubtful=("SIG",), only="capitals",
        needs=("grupp",), note="Pronomen",
    )  # fmt: skip


def test_a_word_may_be_near_several_heads(tmp_path: Path) -> None:
    heads = load(tmp_path, SSPF + 'near = ["samverkan"]\n' + SIG + 'near = ["samverkan"]\n')
    assert [head.near for head in heads.values()] == [("samverkan",)] * 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SSPF + SSPF.replace("SSPF", "sspf"), r":7: \[head\] term: 'sspf' is there twice"),
        (SSPF + SIG.replace("2", "1"), r":8: \[head\] id: 1 is there twice"),
        (SSPF.replace('id = 1\nwhy = "w"', "id = 1"), r":1: \[head\] why: is missing"),
        (SSPF.replace("1", '"1"'), r":3: \[head\] id: a whole number from 1"),
        (SSPF + 'colour = "red"\n', r":6: \[head\] colour: is not known here"),
        (SSPF + "[more]\n", r":6: more: is not known here"),
        (SSPF + 'near = ["a", "A"]\n', r":6: \[head\] near: 'A' is in 'SSPF' twice"),
        (SSPF + 'older = ["sspf"]\n', r":6: \[head\] older: 'sspf' is in 'SSPF' twice"),
        (SSPF + 'near = ["sspf-grupp"]\n', r":6: \[head\] near: 'sspf-grupp' is in 'SSPF' twice"),
        (
            SSPF + SIG + 'equivalent = ["sspf-GRUPP"]\n',
            r":10: \[head\] equivalent: 'sspf-GRUPP' belongs to 'SSPF' already",
        ),
        (SIG + 'misspelt = ["sspf"]\n' + SSPF, r":5: \[head\] misspelt: 'sspf' belongs to 'SSPF'"),
        (SSPF + 'related = ["SIP"]\n', r":6: \[head\] related: 'SIP' is not a head"),
        (SSPF + 'related = ["sig"]\n' + SIG, r":6: \[head\] related: 'sig' is not a head"),
        (SSPF + 'suggest = ["sig"]\n' + SIG, r":6: \[head\] suggest: 'sig' is a head"),
        (SSPF + 'doubtful = ["ssp"]\n', r":6: \[head\] doubtful: 'ssp' is not a form of 'SSPF'"),
        (SSPF + 'needs = ["x"]\n', r":6: \[head\] needs: says nothing where no form is doubtful"),
        (SSPF + 'only = "small"\n', r":6: \[head\] only: 'small' is not allowed"),
        ("head = 1\n", r":1: head: tables are expected"),
    ],
)
def test_a_complaint_names_file_line_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=r"words\.toml" + complaint):
        load(tmp_path, text)


def test_all_files_of_the_folder_are_one_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SIG + 'related = ["SSPF"]\n', encoding="utf-8")
    (tmp_path / "README.md").write_text("no words", encoding="utf-8")
    assert list(load(tmp_path, SSPF)) == ["SIG", "SSPF"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SSPF.replace("1", "2"), r"words\.toml:2: \[head\] term: 'SSPF' is there twice"),
        (SIG.replace("2", "1"), r"words\.toml:3: \[head\] id: 1 is there twice"),
        (
            SIG + 'older = ["SSPF-grupp"]\n',
            r"words\.toml:5: \[head\] older: 'SSPF-grupp' belongs to 'SSPF' already",
        ),
    ],
)
def test_no_file_may_contradict_another(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.toml").write_text(SSPF, encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load(tmp_path, text)


def test_a_folder_without_files_is_no_vocabulary(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(SettingsError, match=r"is not a folder with \.toml files"):
            load_thesaurus(path)


def test_the_bundled_heads_say_why_and_have_something_to_say(bundled: Mapping[str, Head]) -> None:
    # The field's heads are numbered without a gap; general language has numbers from 3000.
    field = {head.id for head in bundled.values() if head.id < 3000}
    assert field == set(range(1, len(field) + 2)) - {96}
    assert [head.term for head in bundled.values() if len(head.why) < 15] == []


def test_what_must_not_be_taken_for_each_other_is_apart(bundled: Mapping[str, Head]) -> None:
    talk, report = bundled["orossamtal"], bundled["orosanmälan"]
    assert talk.related == ("orosanmälan",)
    assert not {talk.term, *talk.equivalent} & {report.term, *report.equivalent, *report.near}


@pytest.mark.parametrize("term", ["SIG", "EST", "ART", "MI", "GR"])
def test_abbreviations_that_are_words_count_in_capitals_only(
    bundled: Mapping[str, Head], term: str
) -> None:
    assert (bundled[term].doubtful, bundled[term].only) == ((term,), "capitals")


def test_every_section_has_its_words(bundled: Mapping[str, Head]) -> None:
    assert len(bundled) >= 600
    assert [
        head.term
        for head in bundled.values()
        if not (head.equivalent or head.near or head.narrower or head.broader)
    ] == []


def test_no_head_says_a_form_twice_in_inflections_that_the_stemmer_unites(
    bundled: Mapping[str, Head],
) -> None:
    for head in bundled.values():
        forms = (head.term, *head.equivalent, *head.older, *head.near, *head.narrower)
        stems = [terms(form) for form in forms]
        assert [f for f, s in zip(forms, stems, strict=True) if stems.count(s) > 1] == []


def test_no_single_form_is_a_word_that_questions_leave_out(
    bundled: Mapping[str, Head], vocabulary: Path
) -> None:
    stopwords = load_stopwords(vocabulary)
    left_out = {term for word in stopwords.function | stopwords.question for term in terms(word)}
    for head in bundled.values():
        forms = (*head.equivalent, *head.older, *head.near, *head.narrower)
        plain = {form for form in forms if form not in head.doubtful}
        assert [f for f in plain if len(terms(f)) == 1 and set(terms(f)) <= left_out] == []


def test_a_kind_is_not_called_broader_by_its_head(bundled: Mapping[str, Head]) -> None:
    for head in bundled.values():
        for kind in filter(None, map(bundled.get, head.narrower)):
            assert kind.term not in head.broader
            assert head.term not in kind.narrower
