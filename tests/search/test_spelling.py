from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.columns import Columns
from search.row_texts import RowTexts
from search.spelling import MOST_MEANT, Speller
from search.swedish.analyzer import stem
from search.swedish.grams import grams
from search.swedish.misspelling import distance
from search.words import Words

MakeColumns = Callable[..., Columns]

#: Each word as often as it is in so many documents.
TEXTS = [
    "våldsbrott skjutning tjänst föräldrar",
    "våldsbrott skjutning sjukhus återfall",
    "våldsbrott orosanmälan tillfälle brottsförebyggande",
    "narkotika diskussion rättsväsende hot",
    "SIG 2023:196 ö våldsam samverkan gäng",
    "gång tunnel",
]


@pytest.fixture(scope="module")
def speller(columns_of: MakeColumns) -> Speller:
    return Speller(columns_of([[{"body": text}] for text in TEXTS]))


@pytest.fixture(scope="module")
def words(columns_of: MakeColumns) -> Sequence[str]:
    """The words by their numbers, as the speller has them."""
    return columns_of([[{"body": text}] for text in TEXTS]).words.words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("valdsbrott", "våldsbrott"),
        ("aterfall", "återfall"),
        ("orosanmalan", "orosanmälan"),
        ("foraldrar", "föräldrar"),
        ("brottsforebyggande", "brottsförebyggande"),
        ("tilfälle", "tillfälle"),
        ("tillfälle", ""),
        ("narkotikka", "narkotika"),
        ("shutning", "skjutning"),
        ("sjutning", "skjutning"),
        ("skjukhus", "sjukhus"),
        ("schukhus", "sjukhus"),
        ("kjänst", "tjänst"),
        ("tjenst", "tjänst"),
        ("diskution", "diskussion"),
        ("rätsväsende", "rättsväsende"),
        ("samvrekan", "samverkan"),
    ],
)
def test_swedish_errors_are_repaired(
    speller: Speller, words: list[str], typed: str, meant: str
) -> None:
    found = [words[item.word] for item in speller.meant(typed)]
    assert found[:1] == ([meant] if meant else [])


@pytest.mark.parametrize("strict", [False, True])
def test_a_word_that_is_there_is_never_its_own_repair(
    speller: Speller, words: list[str], strict: bool
) -> None:
    for number, word in enumerate(words):
        assert number not in [item.word for item in speller.meant(word, strict)]


def test_what_is_unlike_every_word_is_not_repaired(speller: Speller) -> None:
    assert list(speller.meant("zzzzz")) == []
    assert list(speller.meant("ekonomi")) == []


def test_a_strict_repair_is_of_a_sound_or_a_doubled_letter_only(
    speller: Speller, words: list[str]
) -> None:
    assert [words[item.word] for item in speller.meant("sjutning", strict=True)] == ["skjutning"]
    assert [words[item.word] for item in speller.meant("tunel", strict=True)] == ["tunnel"]
    assert [words[item.word] for item in speller.meant("funnel")] == ["tunnel"]
    assert list(speller.meant("funnel", strict=True)) == []


def test_of_equally_near_words_the_commoner_is_likelier(columns_of: MakeColumns) -> None:
    columns = columns_of([[{"body": text}] for text in ("runda", "runda", "randa")])
    first, second = Speller(columns).meant("rinda")
    assert [columns.words.words[item.word] for item in (first, second)] == ["runda", "randa"]
    assert first.likely == 1 > second.likely > 0


def test_abbreviations_numbers_and_single_letters_are_nobodys_repair(speller: Speller) -> None:
    for typed in ("sigg", "2023:169", "öö", "å"):
        assert list(speller.meant(typed)) == []


def test_a_word_that_only_stood_in_what_was_removed_is_no_repair() -> None:
    words = Words()
    words.numbers_of("återfall")
    texts = RowTexts.of_lists([(0, [words.numbers_of("skolan")])], 1)
    columns = Columns(words, texts, documents=1)
    assert list(Speller(columns).meant("aterfall")) == []


@pytest.mark.parametrize("collection", [[], [[]], [[{}]]], ids=["none", "no rows", "no words"])
def test_a_collection_without_words_repairs_nothing(
    columns_of: MakeColumns, collection: list[list[dict[str, str]]]
) -> None:
    assert list(Speller(columns_of(collection)).meant("återfall")) == []


@given(typed=st.text(max_size=130) | st.integers(1, 130).map(lambda n: "brott" * n))
def test_whatever_is_typed_has_few_repairs_likeliest_first(speller: Speller, typed: str) -> None:
    found = speller.meant(typed)
    assert len(found) <= MOST_MEANT
    likely = [item.likely for item in found]
    assert likely == sorted(likely, reverse=True)
    assert all(0 < item.likely <= 1 and item.cost > 0 for item in found)
    assert likely[:1] in ([], [1])


@pytest.fixture(scope="module")
def many(columns_of: MakeColumns) -> Columns:
    """Some hundred words of few letters, each in one document: more than are ever measured."""
    made = ["".join(letters) for length in (3, 4) for letters in product("atkå", repeat=length)]
    return columns_of([[{"body": " ".join(made)}]])


@settings(max_examples=30)
@given(typed=st.text("atkåe", min_size=3, max_size=7))
def test_of_the_80_words_with_most_pairs_of_letters_in_common_the_nearest_are_meant(
    many: Columns, typed: str
) -> None:
    own = grams(typed, 2)

    def likeness(word: str) -> float:
        return 2 * len(own & grams(word, 2)) / (len(own) + len(grams(word, 2)))

    def cost(word: str) -> float:
        whole, apart = distance(typed, word), distance(stem(typed), stem(word))
        is_form = apart <= 0.25 * min(len(stem(typed)), len(stem(word)))
        is_form &= whole <= 0.6 * min(len(typed), len(word))
        return min(whole, apart + 0.3) if is_form else whole

    measured = sorted(many.words.words, key=likeness, reverse=True)[:80]
    limit = 1.0 if len(typed) <= 4 else 1.5
    nearest = sorted((cost(word), word) for word in measured if 0 < cost(word) <= limit)
    found = [many.words.words[item.word] for item in Speller(many).meant(typed)]
    assert found == [word for _, word in nearest[:MOST_MEANT]]
