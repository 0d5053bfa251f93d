from __future__ import annotations

from pathlib import Path

import pytest

from indexer.enrich.taxonomy import Taxonomy, load_taxonomy
from search.errors import SettingsError
from search.query import FACETS

HEAD = '[facet.topic]\nlabel = "Ämne"\nwhy = "w"\n'
VALUE = '[[facet.topic.value]]\nid = "gang"\nlabel = "Gäng"\nwhy = "w"\ncues = ["gäng*"]\n'


@pytest.fixture
def write(tmp_path: Path) -> Path:
    return tmp_path / "taxonomy.toml"


def load(path: Path, text: str) -> Taxonomy:
    path.write_text(text, encoding="utf-8")
    return load_taxonomy(path)


def test_the_bundled_taxonomy_has_every_facet_that_is_not_given(vocabulary: Path) -> None:
    taxonomy = load_taxonomy(vocabulary / "taxonomy.toml")
    assert {f.name for f in taxonomy.facets} == set(FACETS) - {"source", "year"}
    assert [f.name for f in taxonomy.facets if f.single] == ["type"]


def test_labels_name_facets_and_their_values(write: Path) -> None:
    labels = load(write, HEAD + VALUE).labels()
    assert labels == {"topic": {"gang": "Gäng"}, "facet": {"topic": "Ämne"}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEAD.replace("topic", "colour"), r"taxonomy.toml:1: \[facet\] colour: is not a facet"),
        (HEAD.replace('why = "w"\n', ""), r"taxonomy.toml:1: \[facet.topic\] why: is missing"),
        (HEAD + VALUE + VALUE, r"taxonomy.toml:10: .* id: 'gang' is there twice"),
        (HEAD + VALUE.replace('"gang"', '"Gäng"'), r"taxonomy.toml:5: .* id: 'Gäng'"),
        (HEAD + VALUE.replace("gäng*", "*gäng"), r"taxonomy.toml:8: .* cues: '\*gäng'"),
        (HEAD + 'fallback = "x"\n' + VALUE, r"taxonomy.toml:4: .* fallback: 'x' is not allowed"),
        (HEAD + VALUE + 'colour = "red"\n', r"taxonomy.toml:9: .* colour: is not known here"),
        (HEAD + VALUE + 'url = "("\n', r"taxonomy.toml:9: .* url: not a regular expression"),
    ],
)
def test_a_complaint_names_file_line_and_key(write: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        load(write, text)


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("gäng*", "Kriminella gängen", True),
        ("gäng*", "Ungdomsgäng", False),
        ("gäng", "gängen", False),
        ("unga vuxna", "unga\nvuxna", True),
        ("parallella samhälls*", "PARALLELLA SAMHÄLLSSTRUKTURER", True),
        ("sis", "analysis", False),
        ("6–11 år", "barn 6–11 år gamla", True),
    ],
)
def test_a_cue_is_whole_words_and_a_star_any_ending(
    write: Path, cue: str, text: str, found: bool
) -> None:
    cues = load(write, HEAD + VALUE.replace("gäng*", cue)).facets[0].values[0].cues
    assert cues is not None
    assert bool(cues.search(text)) is found
