"""The table of weights says what the code says, and names queries that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from search.judged import read_queries
from tools.ranking_table import PAGE, UNKNOWN, WEIGHTS, moves_in, read_weights, table, with_table

SOURCE = '''"""Weights."""
from x import y

#: Word for word,
#: or | so.
WORD = 1.0

#: By field.
FIELDS: dict[str, float] = {
    "title": 0.7,
    "body": 0.0,
}
'''


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_has_every_weight_as_the_code_has_it() -> None:
    weights = read_weights(WEIGHTS.read_text(encoding="utf-8"))
    hint = "run 'make ranking'"
    assert with_table(page(), table(weights, moves_in(page()))) == page(), hint


def test_every_weight_was_measured() -> None:
    assert [name for name, moves in moves_in(page()).items() if moves == UNKNOWN] == []


def test_a_query_that_moves_is_one_of_the_tuning_half() -> None:
    queries = {q.id: q.text for q in read_queries(PAGE.parent.parent / "corpus" / "judged", "dev")}
    named = re.findall(r"\| `(\w+)` \*(.+?)\* [+−.\d]+ at ", page())
    assert len(named) > 10
    assert [(name, text) for name, text in named if queries.get(name) != text] == []


def test_names_values_and_reasons_are_read_from_the_source() -> None:
    word, title, body = read_weights(SOURCE)
    assert (word.name, word.value, word.reason) == ("WORD", "1.0", "Word for word, or \\| so.")
    assert (title.name, title.value, title.reason) == ("FIELDS['title']", "0.7", "By field.")
    assert (body.name, body.value, body.reason) == ("FIELDS['body']", "0.0", "as above")


def test_a_weight_without_a_reason_is_named() -> None:
    with pytest.raises(ValueError, match="BARE"):
        read_weights("# no reason\nBARE = 1\n")


def test_what_is_in_the_table_comes_out_of_it_again() -> None:
    moves = {"WORD": ("−.1 at 0", "none of them"), "FIELDS['title']": ("0 at 0", "`g1` *a | b*")}
    made = table(read_weights(SOURCE), moves)
    text = with_table("a\n<!-- weights: make ranking --><!-- /weights -->\nb\n", made)
    assert text.startswith("a\n")
    assert text.endswith("\nb\n")
    assert "| `FIELDS['body']` | 0.0 | as above | not measured | not measured |" in text
    assert moves_in(text)["WORD"] == moves["WORD"]
    assert with_table(text, made) == text


def test_a_page_without_a_place_for_the_table_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no place"):
        with_table("a page\n", "")
