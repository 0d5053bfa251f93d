from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.document import Document, Link
from search.results import Passage, StoredDocument
from webapp.public.reading import (
    LONGEST_CONTENTS,
    Chapter,
    Kind,
    chapters,
    contents,
    links_of,
    sources_of,
)

paths = st.lists(st.sampled_from(["A", "B", "C"]), max_size=7).map(tuple)


def read(*passages: tuple[str, str]) -> tuple[Chapter, ...]:
    """Chapters of passages given as heading path (``A/B``) and text."""
    made = tuple(
        Passage(number, text, tuple(path.split("/")) if path else ())
        for number, (path, text) in enumerate(passages, start=1)
    )
    return chapters(StoredDocument(Document(key="gr:1", source="gr", title="T"), made))


def outline(made: tuple[Chapter, ...]) -> list[tuple[int, str]]:
    return [(chapter.level, chapter.heading) for chapter in made]


def test_passages_under_one_heading_are_one_chapter() -> None:
    made = read(("A", "ett"), ("A", "två"), ("B", "tre"))
    assert outline(made) == [(2, "A"), (2, "B")]
    assert [part.passage.number for part in made[0].parts] == [1, 2]


def test_text_before_the_first_heading_has_no_heading() -> None:
    assert outline(read(("", "ett"), ("A", "två"))) == [(2, ""), (2, "A")]


def test_headings_without_text_of_their_own_are_still_shown() -> None:
    assert outline(read(("A/B", "ett"), ("C/D", "två"))) == [(2, "A"), (3, "B"), (2, "C"), (3, "D")]


def test_going_back_to_a_heading_says_it_again() -> None:
    assert outline(read(("A/B", "ett"), ("A", "två"))) == [(2, "A"), (3, "B"), (2, "A")]


@given(st.lists(paths, max_size=12))
def test_headings_stand_in_order_and_no_passage_is_lost(given: list[tuple[str, ...]]) -> None:
    passages = tuple(Passage(n, "text", path) for n, path in enumerate(given, start=1))
    made = chapters(StoredDocument(Document(key="gr:1", source="gr", title="T"), passages))
    assert [part.passage for chapter in made for part in chapter.parts] == list(passages)
    level = 1
    for chapter in made:
        if chapter.heading:
            assert chapter.level <= level + 1
            level = chapter.level
    assert len({chapter.anchor for chapter in made}) == len(made)


def test_blocks_are_told_apart() -> None:
    text = "\n\n".join(
        (
            "Ett stycke.",
            "ett\ntvå",
            "1. ett\n2. två",
            "Vem\tVad\nSkolan\tStöd",
            "– Vi börjar nu (en chef)",
        )
    )
    pieces = read(("", text))[0].parts[0].pieces
    assert [piece.kind for piece in pieces] == [
        Kind.PARAGRAPH,
        Kind.LIST,
        Kind.NUMBERED,
        Kind.TABLE,
        Kind.QUOTATION,
    ]
    assert pieces[1].lines == ("ett", "två")
    assert pieces[3].rows == (("Vem", "Vad"), ("Skolan", "Stöd"))
    assert (pieces[4].text, pieces[4].speaker) == ("Vi börjar nu", "en chef")


def test_a_page_is_named_where_it_begins() -> None:
    passages = tuple(Passage(n, "x", (), page) for n, page in enumerate((1, 1, 2, None), start=1))
    stored = StoredDocument(Document(key="gr:1", source="gr", title="T"), passages)
    parts = chapters(stored)[0].parts
    assert [part.begins_page for part in parts] == [True, False, True, False]


def test_a_table_of_contents_is_made_when_headings_are_many() -> None:
    assert contents(read(*((name, "x") for name in "ABCD"))) == ()
    assert [c.heading for c in contents(read(*((name, "x") for name in "ABCDE")))] == list("ABCDE")


def test_a_long_table_of_contents_keeps_its_upper_levels() -> None:
    made = read(*((f"{chapter}/{n}", "x") for chapter in "ABCDEF" for n in range(8)))
    assert [entry.heading for entry in contents(made)] == list("ABCDEF")
    assert len(made) > LONGEST_CONTENTS


def test_items_have_the_bullets_of_the_page_and_no_dashes_of_their_own() -> None:
    made = read(("A", "– kväll\n– helg"), ("A", "1. först\n2. sedan"))
    pieces = [part.pieces[0] for chapter in made for part in chapter.parts]
    assert [piece.lines for piece in pieces] == [("kväll", "helg"), ("1. först", "2. sedan")]


def test_the_first_row_is_a_head_where_it_names_the_columns() -> None:
    for block, head in (
        ("Vem\tVad\nSkolan\tStöd", ("Vem", "Vad")),
        ("\tSIG\tSSPF\nVem?\tUnga", ("", "SIG", "SSPF")),
        ("När det står att …\t… kan du lita på att\nuppges\tnågon säger", None),
        ("Namn:\tTelefon\nSkola:\tKlass", ()),
        ("Hemma\tBråk, ingen frågar.\nI skolan\tStök", ()),
        ("Bara en rad\tutan svar", ()),
        ("Vem\t\tVad\nSkolan\tStöd\tnu", ()),
    ):
        (piece,) = read(("", block))[0].parts[0].pieces
        assert piece.head == (piece.rows[0] if head is None else head)


def test_a_table_that_was_cut_has_its_head_once() -> None:
    whole = "Vem\tVad\nSkolan\tStöd"
    made = read(("A", whole), ("A", "Hemmet\tRo\nFritid\tLek"), ("A", "Polis\tLag\nJa\tNej"))
    heads = [part.pieces[0].head for part in made[0].parts]
    assert heads == [("Vem", "Vad"), (), ()]
    repeated = read(("A", whole), ("A", whole), ("B", "Ålder\tStöd\n6 år\tLek"))
    heads = [part.pieces[0].head for chapter in repeated for part in chapter.parts]
    assert heads == [("Vem", "Vad"), ("Vem", "Vad"), ("Ålder", "Stöd")]


SCHOOL = Link("Skollag (2010:800)", "https://lagen.nu/2010:800")
PRINTED = Link("En tryckt skrift (sök på bra.se)", "")


def example(*links: Link) -> Document:
    """A document with two sources, one of them a page."""
    facts = ("Skollag (2010:800) <https://lagen.nu/2010:800>", "En tryckt skrift (sök på bra.se)")
    return Document(key="exempel:1", source="exempel", title="T", facts=facts, links=links)


def test_a_source_is_called_what_it_is_and_not_by_its_address() -> None:
    assert sources_of(example()) == (SCHOOL, PRINTED)
    bare = Document(key="exempel:1", source="exempel", title="T", facts=("https://bra.se/x",))
    assert sources_of(bare) == (Link("https://bra.se/x", "https://bra.se/x"),)


def test_a_link_that_is_a_source_is_no_link_beside_it() -> None:
    other = Link("Mallen", "https://bra.se/mall")
    school = Link("Läs skollagen", SCHOOL.url)
    assert links_of(example(school, other, other)) == (other,)


def test_sources_that_the_text_lists_are_shown_there_with_their_links() -> None:
    texts = (
        "Skollagen gäller.",
        "– Skollag (2010:800)",
        "En tryckt skrift\n(sök på bra.se) Skollag (2010:800)",
    )
    passages = tuple(Passage(n, text, ("Källor",), n) for n, text in enumerate(texts, start=1))
    parts = chapters(StoredDocument(example(), passages))[0].parts
    assert [part.sources for part in parts] == [(), (SCHOOL, PRINTED), ()]
    assert [len(part.pieces) for part in parts] == [1, 0, 0]
    assert [part.begins_page for part in parts] == [True, True, False]
