"""Words that the page broke are put together again, and no letter is lost on the way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.pdf_text import SOFT_HYPHEN, Words

KNOWN = Words(
    [
        "Otillåten påverkan finns, och figurer visar utveckling i SBU-rapport om brott.",
        "Det sammanställdes i en konflikt om effektiv samordning, på ett ungdoms-råd.",
    ]
)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäöÅÄÖABC", min_size=1, max_size=9)
ENDINGS = st.sampled_from(["", "-", SOFT_HYPHEN, ".", " -", "\u2010"])
LINE = st.tuples(st.lists(LETTERS, min_size=1, max_size=5), ENDINGS).map(
    lambda made: " ".join(made[0]) + made[1]
)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["brotts\u00ad", "förebyggande arbete"], "brottsförebyggande arbete"),
        (["i sam\u00ad", "Arbete"], "i samArbete"),
        (["brotts-", "förebyggande"], "brottsförebyggande"),
        (["samman-", "ställning."], "sammanställning."),
        (["Otill-", "Åten"], "OtillÅten"),
        (["social- och", "kulturarbete"], "social- och kulturarbete"),
        (["barn-", "och ungdomsvård"], "barn- och ungdomsvård"),
        (["för-", "eller efterarbete"], "för- eller efterarbete"),
        (["en SBU-", "rapport"], "en SBU-rapport"),
        (["en LVU-", "placering"], "en LVU-placering"),
        (["på ungdoms-", "råd"], "på ungdoms-råd"),
        (["skicka e-", "post"], "skicka e-post"),
        (["avråds, konsekvensprogram-", "men."], "avråds, konsekvensprogrammen."),
        (["åren 2010-", "2012"], "åren 2010-2012"),
        (["på 2010-", "talet"], "på 2010-talet"),
        (["Göteborg-", "Borås"], "Göteborg-Borås"),
        (["se www.exempel.se/om-", "oss"], "se www.exempel.se/om-oss"),
        (["på https://exempel.se/om", "-oss"], "på https://exempel.se/om-oss"),
        (
            ["se www.exempel.se/krimi", "nalitet-bland-unga/"],
            "se www.exempel.se/kriminalitet-bland-unga/",
        ),
        (["se https://exempel.se/plan", "och läs mer"], "se https://exempel.se/plan och läs mer"),
        (["se https://exempel.se.", "-tecknet"], "se https://exempel.se. -tecknet"),
        (["se https://exempel.se", "– det är bra"], "se https://exempel.se – det är bra"),
        (["ett tankstreck -", "och mer"], "ett tankstreck - och mer"),
        (["utan", "bindestreck"], "utan bindestreck"),
        (["", "rad"], "rad"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_or_stays_as_swedish_spelling_has_it(
    lines: list[str], text: str
) -> None:
    assert KNOWN.joined(lines) == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("det \ufb01nns kon\ufb02ikt", "det finns konflikt"),
        ("det fi nns en konfl ikt", "det finns en konflikt"),
        ("fgurer", "figurer"),
        ("en utveck- ling", "en utveckling"),
        ("p\u02daa", "på"),
        ("fi nland och fi skar", "fi nland och fi skar"),
        ("fjäder och wifi nät", "fjäder och wifi nät"),
        ("in- och utflyttning", "in- och utflyttning"),
    ],
)
def test_ligatures_and_stray_hyphens_are_mended_when_the_whole_word_stands_elsewhere(
    text: str, mended: str
) -> None:
    assert KNOWN.joined([text]) == mended


def test_halves_at_the_ends_of_lines_are_no_words() -> None:
    words = Words(["ett kon-", "stigt fall"])
    assert "kon" not in words and "stigt" not in words
    assert "fall" in words


@pytest.mark.parametrize(
    ("spaced", "text"),
    [
        ("OT ILL ÅT EN PÅV ER KAN", "OTILLÅTEN PÅVERKAN"),
        ("OT ILL ÅT EN VE RK AN", "OT ILL ÅT EN VE RK AN"),
        ("Ett Tu Tre Fyr", "Ett Tu Tre Fyr"),
        ("SKR OCH GR", "SKR OCH GR"),
    ],
)
def test_letters_set_apart_are_moved_together_only_to_known_words(spaced: str, text: str) -> None:
    assert KNOWN.respelled(spaced) == text


@given(st.lists(LINE, min_size=1, max_size=6))
def test_joining_never_loses_or_moves_a_letter(lines: list[str]) -> None:
    words = Words([*lines, "finns konflikt figurer"])
    joined = words.joined(lines)
    # A lost i of a ligature may come back; nothing else may come or go.
    letters, before = re.sub(r"[\W_]", "", joined), re.sub(r"[\W_]", "", "".join(lines))
    assert letters == before or letters.replace("fi", "f") == before.replace("fi", "f")


@given(st.lists(LINE, min_size=1, max_size=6))
def test_a_line_without_a_hyphen_is_parted_from_the_next_by_one_space(lines: list[str]) -> None:
    plain = [line.rstrip("-\u2010" + SOFT_HYPHEN + " ") or "x" for line in lines]
    assert Words([]).joined(plain) == " ".join(plain)
