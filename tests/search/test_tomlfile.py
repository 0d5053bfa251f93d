from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import SettingsError
from search.tomlfile import TomlTable, read_toml

TEXT = """\
# A comment.
name = "Medling"

[place]
why = "Because"
words = ["ett", "två"]

[place.inner]
on = true

[[rule]]
part = "title"

[[rule]]
# Another comment.
part = "lead"
pattern = "a+("

[[rule.more]]
odd = 1
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], TomlTable]:
    def from_text(text: str) -> TomlTable:
        path = tmp_path / "fil.toml"
        path.write_text(text, encoding="utf-8")
        return read_toml(path)

    return from_text


@pytest.fixture
def table(read: Callable[[str], TomlTable]) -> TomlTable:
    return read(TEXT)


def test_values_come_as_they_are_written(table: TomlTable) -> None:
    assert table.text("name") == "Medling"
    assert table.text("missing", "else") == "else"
    place = table.table("place")
    assert place.texts("words") == ("ett", "två")
    assert place.texts("missing", ()) == ()
    assert place.table("inner").flag("on", False) is True
    assert place.table("inner").flag("missing", False) is False
    assert [rule.choice("part", ("title", "lead")) for rule in table.tables("rule")] == [
        "title", "lead",
    ]  # fmt: skip
    assert table.tables("missing") == ()


def test_numbers_may_have_a_default(read: Callable[[str], TomlTable]) -> None:
    root = read("hours = 24\npace = 0.5\nnone = 0\nlong = true\nold = -1\nnever = inf\n")
    assert (root.number("hours", 7), root.number("missing", 7)) == (24, 7)
    assert (root.seconds("pace", 2), root.seconds("none", 2), root.seconds("missing", 2)) == (
        0.5, 0.0, 2.0,
    )  # fmt: skip
    for key in ("long", "old", "never"):
        with pytest.raises(SettingsError, match=f"{key}: a number of seconds is expected"):
            root.seconds(key, 2)
    with pytest.raises(SettingsError, match="none: a whole number from 1 is expected"):
        root.number("none", 7)


def test_what_stands_there_is_known_before_it_is_read(read: Callable[[str], TomlTable]) -> None:
    root = read("[crawl]\n")
    assert (root.has("crawl"), root.has("other")) == (True, False)
    with pytest.raises(SettingsError, match="crawl: is not known here"):
        root.done()


def test_patterns_do_not_mind_case(read: Callable[[str], TomlTable]) -> None:
    assert read("pattern = '^a+$'").pattern("pattern").search("AAA")


def test_tables_come_with_their_names(read: Callable[[str], TomlTable]) -> None:
    root = read('[a]\nx = "1"\n[b]\nx = "2"\n')
    assert [(name, table.text("x")) for name, table in root.named()] == [("a", "1"), ("b", "2")]
    root.done()


def test_an_inline_table_of_texts_is_a_mapping(read: Callable[[str], TomlTable]) -> None:
    root = read('same = { a = "b" }\nodd = { a = 1 }\n')
    assert root.mapping("same") == {"a": "b"}
    assert root.mapping("missing") == {}
    with pytest.raises(SettingsError, match=r":2: odd: a table of texts"):
        root.mapping("odd")


def ask_for_the_name_only(table: TomlTable) -> None:
    table.text("name")
    table.done()


COMPLAINTS: list[tuple[Callable[[TomlTable], object], int, str]] = [
    (lambda t: t.flag("name", True), 2, "name: true or false"),
    (lambda t: t.texts("name"), 2, "name: a list of texts"),
    (lambda t: t.table("name"), 2, "name: a table is expected: [name]"),
    (lambda t: t.tables("place"), 4, "place: tables are expected: [[place]]"),
    (lambda t: t.text("place"), 4, "place: a text is expected"),
    (lambda t: t.table("place").text("name"), 4, "[place] name: is missing"),
    (lambda t: t.table("place").text("words"), 6, "[place] words: a text"),
    (lambda t: t.table("place").text("inner"), 8, "[place] inner: a text"),
    (lambda t: t.table("place").table("inner").text("on"), 9, "[place.inner] on: a text"),
    (lambda t: t.tables("rule")[1].choice("part", ("x", "y")), 16, "[rule] part: 'lead' is not"),
    (lambda t: t.tables("rule")[1].pattern("pattern"), 17, "pattern: not a regular expression"),
    (lambda t: t.tables("rule")[1].tables("more")[0].text("odd"), 20, "[rule.more] odd: a text"),
    (lambda t: t.tables("rule")[0].text("why"), 11, "[rule] why: is missing"),
    (lambda t: t.done(), 2, "name: is not known here"),
    (ask_for_the_name_only, 4, "place: is not known here; known are: name"),
]


@pytest.mark.parametrize(("ask", "line", "words"), COMPLAINTS)
def test_every_complaint_names_file_line_table_and_key(
    table: TomlTable, tmp_path: Path, ask: Callable[[TomlTable], object], line: int, words: str
) -> None:
    with pytest.raises(SettingsError) as error:
        ask(table)
    assert str(error.value).startswith(f"{tmp_path / 'fil.toml'}:{line}: ")
    assert words in str(error.value)


@pytest.mark.parametrize("value", ["0", "-1", "1.0", "true", '"1"'])
def test_a_number_is_whole_and_from_one(read: Callable[[str], TomlTable], value: str) -> None:
    assert read("key = 42").number("key") == 42
    with pytest.raises(SettingsError, match=r":1: key: a whole number from 1 is expected"):
        read(f"key = {value}").number("key")


@pytest.mark.parametrize("value", ['""', '"  "', "7", "[]"])
def test_a_text_says_something(read: Callable[[str], TomlTable], value: str) -> None:
    with pytest.raises(SettingsError, match="a text is expected"):
        read(f"key = {value}").text("key")


def test_an_empty_text_is_allowed_where_it_is_the_default(
    read: Callable[[str], TomlTable],
) -> None:
    assert read('key = ""').text("key", "") == ""


@pytest.mark.parametrize("data", [b"name = ", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fil.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match=r"fil\.toml: cannot be read"):
        read_toml(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ingen\.toml: cannot be read"):
        read_toml(tmp_path / "ingen.toml")


NAMES = st.text("abc", min_size=1, max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tables=st.dictionaries(NAMES, st.dictionaries(NAMES, st.integers(), min_size=1)))
def test_every_wrong_value_is_found_at_its_own_line(
    tmp_path: Path, tables: dict[str, dict[str, int]]
) -> None:
    lines = [
        line
        for name, keys in tables.items()
        for line in ("", f"[{name}]", *(f"{key} = {value}" for key, value in keys.items()))
    ]
    path = tmp_path / "fil.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == tables
    root = read_toml(path)
    for name, keys in tables.items():
        for key, value in keys.items():
            with pytest.raises(SettingsError) as error:
                root.table(name).text(key)
            line = int(str(error.value).removeprefix(f"{path}:").partition(":")[0])
            assert lines[line - 1] == f"{key} = {value}"
            assert lines.index(f"[{name}]") < line
