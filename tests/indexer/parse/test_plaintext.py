"""Plain texts and Markdown: what the text warrants is read, and ordinary notes stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.parse.plaintext import parse
from indexer.parse.raw import RawFile
from indexer.sources import load_sources
from search.document import BlockKind, DatedBy, DateGround, Document
from search.errors import ParseError

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT.parent / "shared" / "seed" / "gr-nyhet.txt"
SOURCES = load_sources(ROOT / "corpus" / "sources.toml")


def read(text: str | bytes, name: str = "text.txt", source: str = "egna") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return parse(RawFile(data, name, source, f"{source}:x"), SOURCES[source])


@pytest.mark.skipif(not SEED.is_file(), reason="the shared text of a real page is not here")
@pytest.mark.parametrize("source", ["gr", "egna"])
def test_the_text_of_a_real_page_is_read_as_a_reader_would(source: str) -> None:
    found = read(SEED.read_bytes(), SEED.name, source)
    assert found.title == "Kommunernas viktiga roll i det brottsförebyggande arbetet"
    assert found.kicker == "Nyhet"
    assert found.lead.endswith("kommunens roll i det brottsförebyggande arbetet.")
    assert "belyser trygghetsfrågor" not in found.body
    assert len(found.headings) == 4
    (quotation,) = found.quotations
    assert quotation.speaker.endswith("på GR")
    assert not quotation.text.startswith("–")
    assert (found.published, found.changed) == (DatedBy(), DatedBy())
    assert found.year_hint == 2022
    assert found.identifiers == ()
    assert "Kontakt" not in found.body
    assert "Uppdaterad" not in found.body


def test_short_lines_in_a_row_are_no_headings() -> None:
    found = read(
        "Dagordning för mötet\n\nÖppning\n\nVal av ordförande\n\nÖvrigt\n\nMötet slutar fem."
    )
    assert found.headings == ()
    assert "Öppning\n\nVal av ordförande\n\nÖvrigt" in found.body


def test_a_first_paragraph_is_no_lead_unless_the_text_says_so() -> None:
    found = read("Rutin för låsning\n\nSista person låser grinden.\n\nNyckeln hänger i skåpet.")
    assert found.title == "Rutin för låsning"
    assert found.lead == ""
    assert found.body == "Sista person låser grinden.\n\nNyckeln hänger i skåpet."


def test_a_text_without_a_title_takes_it_from_its_file() -> None:
    long = "Det här stycket är text redan från början och slutar med punkt."
    assert read(f"{long}\n\n{long} Och mer.", "min_rutin-2.txt").title == "min rutin 2"


def test_lines_broken_by_the_margin_are_one_paragraph() -> None:
    text = (
        "Titel\n\n"
        + "Det här är en rad som har brutits av en marginal någonstans\nmitt i en mening."
    )
    assert read(text).body.count("\n") == 0


def test_lines_wider_than_any_margin_are_paragraphs() -> None:
    long = "som är så lång att ingen marginal någonsin har brutit den, och lite till. " * 2
    found = read(f"En mening {long}\nEn annan rad {long}\nTredje raden {long}")
    assert len(found.blocks) == 3


def test_a_date_under_its_label_is_read_and_left_out() -> None:
    found = read("Titel\n\nText som står här.\n\nUppdaterad\n\n5 juli 2022")
    assert found.changed == DatedBy(found.changed.day, DateGround.LABEL)
    assert str(found.changed.day) == "2022-07-05"
    assert found.body == "Text som står här."


def test_a_saved_page_of_skr_says_when_it_was_changed() -> None:
    found = read("Publicerad 5 juli 2022\n\nTitel på sidan\n\nText som står här.", source="skr")
    assert (str(found.changed.day), found.published) == ("2022-07-05", DatedBy())
    assert found.title == "Titel på sidan"


def test_contacts_go_on_a_site_and_stay_in_a_note() -> None:
    text = "Titel\n\nText som står här.\n\nKontakt\n\nRing vaktmästaren på vardagar."
    assert "vaktmästaren" not in read(text, source="gr").body
    assert "vaktmästaren" in read(text, source="egna").body


def test_names_of_staff_on_a_saved_page_are_left_out() -> None:
    text = (
        "Titel på sidan\n\nText som står här.\n\nInformationsansvarig\n\nEn handläggare\n\nJurist"
    )
    assert read(text, source="skr").body == "Text som står här."
    assert "Jurist" in read(text).body


def test_a_sentence_said_in_two_chapters_stays_in_both() -> None:
    rule = "Rutinen följs upp en gång om året av rektor."
    text = f"# Plan\n\n## Före\n\nText före.\n\n{rule}\n\n## Efter\n\nText efter.\n\n{rule}"
    assert read(text, "plan.md").body.count(rule) == 2


def test_nothing_in_fenced_code_is_markup() -> None:
    found = read("# Plan\n\n```\n# inte rubrik\n- inte lista\n```\n\nText.", "plan.md")
    assert found.headings == ()
    assert [block.kind for block in found.blocks] == [BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_words_with_marks_inside_keep_them() -> None:
    assert read("# T\n\nfil_namn_två och 2*3*4.", "t.md").body == "fil_namn_två och 2*3*4."
    assert read("Titel\n\nEtt *ord* i vanlig text.").body == "Ett *ord* i vanlig text."


def test_markdown_with_inner_headings_keeps_their_path() -> None:
    found = read("# A\n\n## B\n\n### C\n\ntext c\n\n## D\n\ntext d", "a.md")
    assert [section.heading_path for section in found.sections] == [("B",), ("B", "C"), ("D",)]
    assert found.content_type == "text/markdown"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"%PDF-1.7\n", "not_text"), (b"# Bara en titel", "no_text")],
)
def test_a_file_without_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ParseError) as error:
        read(data, "a.md")
    assert error.value.reason == reason


words = st.text(st.sampled_from("abc åäö –-*#|>`.:1\n\t_[]()"), max_size=200)


@settings(deadline=None)
@given(words, st.sampled_from(["a.md", "a.txt"]), st.sampled_from(["egna", "gr"]))
def test_any_text_is_a_document_or_refused(text: str, name: str, source: str) -> None:
    try:
        found = read(text, name, source)
    except ParseError as error:
        assert error.reason in ("empty", "no_text")
        return
    assert found.title
    for block in found.blocks:
        assert block.text == block.text.strip("\n ")
        assert "  " not in block.text


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["Ett stycke som slutar.", "Kort rad", "Nej", "- punkt", "– citat?"]))
)
def test_no_words_of_a_note_are_lost(lines: list[str]) -> None:
    text = "\n\n".join(["Anteckning", *lines, "Sist står en mening."])
    found = read(text)
    kept = " ".join([found.title, found.lead, *found.headings, found.body]).split()
    lost = {word for line in lines for word in line.strip("-– ").split()} - set(kept)
    assert not lost


def test_a_table_of_nothing_but_bars_is_no_text() -> None:
    assert read("# Rubrik\n\n||\n|\n\nText.", "a.md").body == "Text."
