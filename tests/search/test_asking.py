from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking import ALIKE_UP_TO, MOST_JOINED, WIDENED_UP_TO, Asking
from search.bm25 import rarity
from search.columns import Columns
from search.results import How
from search.swedish.analyzer import stem_of
from search.swedish.grams import grams
from search.thesaurus import Head
from search.weights import (
    ALIKE,
    JOINED,
    LEMMA,
    LEMMA_GRAMS,
    NEAR,
    PLAIN_READING_OF_CAPITALS,
    REPAIRED,
    SAME,
)

AskingOf = Callable[..., Asking]

PARTS = {
    "skolsäkerhet": ("skola", "säkerhet"),
    "trafiksäkerhet": ("trafik", "säkerhet"),
    "resebidrag": ("resa", "bidrag"),
    "bidragsresa": ("bidrag", "resa"),
}


@pytest.fixture(scope="session")
def asking(columns_of: Callable[..., Columns], asking_of: AskingOf) -> AskingOf:
    """Questions against documents of one text each; what is more goes to ``asking_of``."""

    def make(*texts: str, parts: Mapping[str, tuple[str, ...]] = PARTS, **more: object) -> Asking:
        return asking_of(columns_of([[{"body": text}] for text in texts], parts), **more)

    return make


def named(asking: Asking, weights: Mapping[int, float]) -> dict[str, float]:
    """Weights by the stem instead of its number."""
    return {asking.columns.stems[stem]: weight for stem, weight in weights.items()}


def stems(asking: Asking, question: str) -> list[dict[str, float]]:
    return [named(asking, word.stems) for word in asking.read(question).words]


def parts(asking: Asking, question: str) -> list[dict[str, float]]:
    return [named(asking, word.parts) for word in asking.read(question).words]


def phrases(asking: Asking, question: str) -> dict[str, float]:
    """The runs of stems that answer for any word of a question."""
    return {
        " ".join(asking.columns.stems[stem] for stem in run): weight
        for word in asking.read(question).words
        for run, weight in word.phrases.items()
    }


def telling(asking: Asking, question: str) -> list[str]:
    return [word.text for word in asking.read(question).words if word.telling]


# Words that say nothing.


def test_words_that_ask_are_left_out_and_words_of_grammar_tell_nothing(asking: AskingOf) -> None:
    pages = asking("hur är medling i skolan")
    read = pages.read("hur är medling i skolan").words
    assert [(w.text, w.place, w.telling) for w in read] == [
        ("är", 1, False),
        ("medling", 2, True),
        ("i", 3, False),
        ("skolan", 4, True),
    ]


def test_where_nothing_else_is_asked_every_word_tells(asking: AskingOf) -> None:
    assert telling(asking("hur är det"), "hur är") == ["hur", "är"]


@pytest.mark.parametrize("question", ["sig", "sig medling", "vad är sig", "hur sig medling"])
def test_a_word_of_grammar_first_or_alone_may_be_an_abbreviation(
    asking: AskingOf, question: str
) -> None:
    pages = asking("SIG är en grupp", "medling", "ta sig ut")
    (word,) = [word for word in pages.read(question).words if word.text == "sig"]
    assert word.telling
    assert named(pages, word.stems) == {"SIG": 1.0}


def test_a_word_of_grammar_among_others_is_the_pronoun(asking: AskingOf) -> None:
    pages = asking("SIG är en grupp", "ta sig ut", "medling")
    (word,) = [word for word in pages.read("medling sig").words if word.text == "sig"]
    assert not word.telling
    assert named(pages, word.stems) == {"sig": 1.0}


def test_a_word_of_grammar_in_capitals_is_always_the_abbreviation(asking: AskingOf) -> None:
    pages = asking("SIG är en grupp", "ta sig ut", "medling")
    (word,) = [word for word in pages.read("medling SIG").words if word.text == "SIG"]
    assert word.telling
    assert named(pages, word.stems) == {"SIG": 1.0}


def test_without_the_abbreviation_in_the_collection_the_pronoun_tells_nothing(
    asking: AskingOf,
) -> None:
    pages = asking("ta sig ut", "medling")
    assert telling(pages, "sig medling") == ["medling"]
    assert stems(pages, "sig") == [{"sig": 1.0}]


# Capitals.


def test_small_letters_stand_for_capitals(asking: AskingOf) -> None:
    pages = asking("SSPF i kommunen")
    assert stems(pages, "sspf") == stems(pages, "SSPF") == stems(pages, "Sspf") == [{"SSPF": 1.0}]


def test_a_word_in_capitals_is_the_plain_word_too_but_less(asking: AskingOf) -> None:
    pages = asking("EST i kommunen", "mest och est")
    assert stems(pages, "EST") == [{"est": PLAIN_READING_OF_CAPITALS, "EST": 1.0}]
    assert stems(pages, "est") == [{"EST": 1.0, "est": 1.0}]


@pytest.mark.parametrize("question", ["SIG", "sig"])
def test_an_abbreviation_has_the_grams_of_its_capitals_and_none_of_the_pronoun(
    asking: AskingOf, question: str
) -> None:
    pages = asking("SIG är en grupp", "ta sig ut")
    (word,) = pages.read(question).words
    assert word.grams == {pages.columns.gram(gram): 1.0 for gram in grams("SIG")}


SHOUTABLE = ("sspf", "sig", "medling", "skolsäkerhet", "hur", "är", "medlng", "i", "est")


@given(question=st.lists(st.sampled_from(SHOUTABLE), min_size=2, max_size=5))
def test_a_question_in_capitals_is_read_as_one_in_small_letters(
    asking: AskingOf, question: Sequence[str]
) -> None:
    pages = asking("SSPF och SIG är medling i skolsäkerhet", "ta sig mest i EST, hur est")
    text = " ".join(question)
    assert pages.read(text.upper()).words == pages.read(text).words


def test_two_abbreviations_are_not_taken_for_misspelt_words(asking: AskingOf) -> None:
    pages = asking("MST och FFT i kommunen", "mot mest mät fritt")
    assert stems(pages, "MST FFT") == [{"MST": 1.0}, {"FFT": 1.0}]


# Compounds.


def test_a_compound_is_asked_for_by_its_parts_and_a_word_as_a_part_of_others(
    asking: AskingOf,
) -> None:
    pages = asking("skolsäkerhet", "säkerhet i skolan")
    assert parts(pages, "skolsäkerhet") == [{"skol": 1.0, "säker": 1.0}]
    assert parts(pages, "säkerhet skola") == [{"säker": 1.0}, {"skol": 1.0}]


@pytest.mark.parametrize("inflected", ["skolsäkerheten", "skolsäkerhetens", "skolsäkerheter"])
def test_an_inflected_compound_has_the_parts_of_the_one_there_is(
    asking: AskingOf, inflected: str
) -> None:
    pages = asking("skolsäkerhet", "skolan")
    assert parts(pages, inflected) == parts(pages, "skolsäkerhet")


def test_a_compound_that_no_document_has_is_cut_with_the_words_there_are(asking: AskingOf) -> None:
    words = "skola skolor skolgård skolväg barnsäkerhet barn gård väg trafik"
    pages = asking("säkerhet trafiksäkerhet " + words, "säkerhet i skolan")
    assert parts(pages, "skolsäkerhet") == [{"skol": 1.0, "säker": 1.0}]
    assert parts(asking("säkerhet i skolan"), "skolsäkerhet") == [{}]


@pytest.mark.parametrize("question", ["bidrag resa", "resa bidrag", "bidraget i resor"])
def test_neighbours_are_looked_for_as_one_compound_in_either_order(
    asking: AskingOf, question: str
) -> None:
    pages = asking("resebidrag", "bidragsresa", "bidrag till resa")
    assert phrases(pages, question) == {"resebidrag": JOINED, "bidragsres": JOINED}


def test_words_that_are_no_neighbours_are_not_joined(asking: AskingOf) -> None:
    assert phrases(asking("resebidrag", "bidrag medling resa"), "bidrag medling resa") == {}


def test_the_shortest_compounds_of_two_neighbours_are_tried(asking: AskingOf) -> None:
    compounds = {f"rese{'x' * n}bidrag": ("resa", "bidrag") for n in range(MOST_JOINED + 3)}
    pages = asking(" ".join(reversed(compounds)), parts=compounds)
    assert set(phrases(pages, "resa bidrag")) == set(list(compounds)[:MOST_JOINED])


def test_a_shouted_common_word_earns_no_more_than_the_small_letters_typed(
    asking: AskingOf,
) -> None:
    pages = asking("om VAROR här", *["varor"] * 9, "om SIG", *["sig"] * 9)
    (found,) = stems(pages, "varor")
    columns = pages.columns
    rare, common = (
        float(rarity(columns.documents, columns.postings.count(stem)))
        for term in ("VAROR", "var")
        if (stem := columns.stem(term)) is not None
    )
    assert found["VAROR"] * rare == pytest.approx(common)
    assert stems(pages, "sig") == [{"SIG": 1.0}]


# Misspelt words.


def test_an_unknown_word_is_repaired(asking: AskingOf) -> None:
    pages = asking("medling vid brott")
    assert stems(pages, "medlng") == [{"medling": REPAIRED}]
    assert stems(pages, "medlig") == [{"medling": REPAIRED}]


def test_a_repaired_word_has_the_parts_and_grams_of_what_was_meant(asking: AskingOf) -> None:
    pages = asking("skolsäkerhet")
    (word,) = pages.read("skolsekerhet").words
    assert named(pages, word.parts) == {"skol": REPAIRED, "säker": REPAIRED}
    assert {pages.columns.gram(gram) for gram in grams("skolsäkerhet")} <= word.grams.keys()


@pytest.mark.parametrize("word", ["fredag", "Fredag", "fredagen"])
def test_a_word_that_the_collection_has_in_any_form_is_not_repaired(
    asking: AskingOf, word: str
) -> None:
    (found,) = stems(asking("fredag", "fredlig freda fredan"), word)
    assert found.pop("fredag") == 1.0
    assert all(weight <= ALIKE for weight in found.values())


def test_a_word_that_the_dictionary_knows_is_not_repaired(asking: AskingOf) -> None:
    assert stems(asking("medling"), "meling") == [{"medling": REPAIRED}]
    assert stems(asking("medling", known=["meling"]), "meling") == [{}]


def test_a_known_word_is_repaired_by_one_sound_only(asking: AskingOf) -> None:
    pages = asking("tjej", known=["kjej", "tjoj"])
    assert stems(pages, "kjej") == [{"tjej": REPAIRED}]
    assert stems(pages, "tjoj") == [{}]


@pytest.mark.parametrize("name", ["FREDA", "SARA", "Patriark"])
def test_a_name_in_the_collection_is_not_repaired(asking: AskingOf, name: str) -> None:
    pages = asking(f"Bedömning med {name}.", "vara bara fredag patrik patriarkat")
    for typed in (name, name.casefold()):
        (found,) = stems(pages, typed)
        assert max(found, key=lambda stem: found[stem]).casefold() == name.casefold()
        assert all(weight <= ALIKE for stem, weight in found.items() if found[stem] < 1.0)


@pytest.mark.parametrize("typed", ["MEDLN", "SSPE", "2023:19", "12345", "me", "10 §", "medlng1"])
def test_abbreviations_numbers_and_the_shortest_words_are_not_repaired(
    asking: AskingOf, typed: str
) -> None:
    assert stems(asking("medling 2023:196 123456 med SSPF"), typed) == [{}]


def test_a_word_of_grammar_is_not_repaired(asking: AskingOf) -> None:
    assert stems(asking("medling ica"), "medling i")[1] == {}


# Words that look alike.


def test_a_rare_word_looks_for_words_that_look_like_it(asking: AskingOf) -> None:
    pages = asking("avhopparverksamheter", "avhoppare", "avhopparprogram", "annat")
    (found,) = stems(pages, "avhoppare")
    assert found["avhopp"] == 1.0
    assert 0 < found["avhopparprogram"] <= ALIKE
    assert "annat" not in found


def test_a_common_word_needs_no_look_alikes(asking: AskingOf) -> None:
    pages = asking("avhopparprogram", *["avhoppare"] * (ALIKE_UP_TO + 1))
    assert stems(pages, "avhoppare") == [{"avhopp": 1.0}]


@pytest.mark.parametrize("typed", ["2023:196", "1234567", "12345678", "hopp", "abc12345"])
def test_only_words_of_letters_long_enough_look_like_others(asking: AskingOf, typed: str) -> None:
    pages = asking("2023:197 12345678 123456789 hoppare abc1234567")
    assert all(weight == 1.0 for word in stems(pages, typed) for weight in word.values())


# Forms that only a dictionary knows.

LEMMAS = {
    **dict.fromkeys(("nyckel", "nycklar", "nycklarna", "nyckelns"), "nyckel"),
    **dict.fromkeys(("pappa", "pappor"), "pappa"),
    **dict.fromkeys(("papper", "pappret"), "papper"),
    **dict.fromkeys(("är", "varor", "varit", "vore"), "är"),
    "fötterna": "fot",
    "fot": "fota",
}


def inflected(asking: Asking, question: str) -> set[str]:
    """The words of the collection that are noted as forms of a word asked for."""
    (word,) = asking.read(question).words
    words = asking.columns.words.words
    numbers = [n for r in word.readings if r.how is How.INFLECTED for n in r.words]
    return {words[number] for number in numbers} - {question}


@pytest.mark.parametrize(
    ("question", "found"),
    [("nyckel", {"nycklar"}), ("nycklar", {"nyckel"}), ("nycklarna", {"nyckel", "nycklar"})],
)
def test_a_form_with_another_stem_answers_for_less_than_the_word(
    asking: AskingOf, question: str, found: set[str]
) -> None:
    pages = asking("nyckel", "nycklar", "nyckfull", "nycklista", lemmas=LEMMAS)
    (weights,) = stems(pages, question)
    assert LEMMA < 1
    assert {weights[stem_of(word)] for word in found if stem_of(word) != stem_of(question)} == {
        LEMMA
    }
    assert inflected(pages, question) == found
    assert not pages.read(question).repairs


def test_of_a_stem_only_the_very_forms_are_noted(asking: AskingOf) -> None:
    pages = asking("nycklar", "nycklat", lemmas=LEMMAS)
    assert stem_of("nycklar") == stem_of("nycklat")
    assert inflected(pages, "nyckel") == {"nycklar"}


def test_the_letters_of_such_a_form_count_less_than_its_own(asking: AskingOf) -> None:
    pages = asking("nyckel", "nycklar", lemmas=LEMMAS)
    (word,) = pages.read("nycklar").words
    mine, other = (
        {pages.columns.gram(gram): 0 for gram in grams(form)} for form in ("nycklar", "nyckel")
    )
    assert {word.grams[number or 0] for number in mine} == {1.0}
    assert {word.grams[number or 0] for number in other.keys() - mine} == {LEMMA_GRAMS}


def test_a_base_form_is_found_whatever_base_form_it_has_itself(asking: AskingOf) -> None:
    assert inflected(asking("fot", lemmas=LEMMAS), "fötterna") == {"fot"}
    assert inflected(asking("fötterna", lemmas=LEMMAS), "fot") == {"fötterna"}


@pytest.mark.parametrize("question", ["varor", "varit", "NYCKLAR", "NYCK", "2023:196"])
def test_words_of_grammar_and_abbreviations_are_forms_of_nothing(
    asking: AskingOf, question: str
) -> None:
    pages = asking("är vore nyckel", lemmas=LEMMAS)
    read = pages.read(question).words
    assert "är" not in {name for word in read for name in named(pages, word.stems)}
    if question == "NYCK":
        assert not inflected(pages, question)


def test_minus_means_the_forms_too_and_a_quoted_word_does_not(asking: AskingOf) -> None:
    pages = asking("nyckel nycklar nyckfull", lemmas=LEMMAS)
    words = pages.columns.words.words

    def forms(exact: bool) -> set[str]:
        return {words[number] for number in pages.forms("nycklar", exact)[0]}

    assert forms(exact=False) == {"nyckel", "nycklar"}
    assert forms(exact=True) == {"nycklar"}


def test_a_form_of_the_thesaurus_that_only_looks_inflected_says_nothing(asking: AskingOf) -> None:
    head = Head("pappa", 1, "w", equivalent=("far",))
    for known in (["pappa"], ["pappa", "papper"]):
        pages = asking("far papper pappa", heads=[head], known=known, lemmas=LEMMAS)
        assert "far" in stems(pages, "pappor")[0]
        assert "far" not in stems(pages, "papper")[0]


def test_a_known_word_is_no_form_of_a_name_that_no_dictionary_has(asking: AskingOf) -> None:
    head = Head("vape", 1, "w", equivalent=("pod",))
    lemmas = {"vapen": "vapen"}
    pages = asking("pod vapen vape", heads=[head], known=["vapen"], lemmas=lemmas)
    assert "pod" in stems(pages, "vape")[0]
    assert "pod" not in stems(pages, "vapen")[0]


# The thesaurus.

HEAD = Head("orosanmälan", 1, "w", equivalent=("anmälan till soc",), near=("larmsamtal",))


def test_the_thesaurus_adds_what_says_the_same(asking: AskingOf) -> None:
    pages = asking("orosanmälan", "anmälan till soc", "larmsamtal", heads=[HEAD])
    (word,) = pages.read("orosanmälan").words
    assert named(pages, word.stems)["larmsamtal"] == NEAR
    assert phrases(pages, "orosanmälan") == {"anmälan till soc": SAME}


def test_a_phrase_of_which_the_collection_lacks_a_word_answers_nothing(asking: AskingOf) -> None:
    pages = asking("orosanmälan", "anmälan till annan", heads=[HEAD])
    assert phrases(pages, "orosanmälan") == {}


def test_what_stands_for_a_phrase_is_given_to_its_first_telling_word(asking: AskingOf) -> None:
    head = Head("rån", 2, "w", equivalent=("i skydd och våld",))
    pages = asking("rån", "i skydd och våld", heads=[head])
    read = {word.text: named(pages, word.stems) for word in pages.read("i skydd och våld").words}
    assert [text for text, found in read.items() if "rån" in found] == ["skydd"]


def test_a_common_word_is_not_widened_and_a_phrase_always_is(asking: AskingOf) -> None:
    many = ["orosanmälan och anmälan till soc"] * (WIDENED_UP_TO + 1)
    pages = asking("larmsamtal", *many, heads=[HEAD])
    assert "larmsamtal" not in stems(pages, "orosanmälan")[0]
    assert stems(pages, "anmälan till soc")[0]["orosanmälan"] > 0


def test_another_name_of_a_phrase_answers_for_each_telling_word_of_it(asking: AskingOf) -> None:
    head = Head("hvb", 2, "w", equivalent=("hem och vård",))
    pages = asking("hvb", "hem och vård", heads=[head])
    assert stems(pages, "hem och vård")[0]["hvb"] == pytest.approx(2 * SAME)


def test_a_word_is_widened_by_its_own_rarity_and_not_by_that_of_its_repair(
    asking: AskingOf,
) -> None:
    head = Head("studievägledare", 2, "w", equivalent=("syv",))
    pages = asking("studievägledare", *["syn"] * (WIDENED_UP_TO + 1), heads=[head])
    assert stems(pages, "syv") == [{"studievägled": SAME}]


# Laws.

TEXTS = ("SIG är medling i skolsäkerhet", "ta sig ut, resebidrag 2023:196 10 § OSL", "orosanmälan")
TYPED = st.text(max_size=60) | st.lists(
    st.sampled_from([*" ".join(TEXTS).split(), "medlng", "hur", "bidrag", "resa", "-", '"', "ÅÄÖ"]),
    max_size=8,
).map(" ".join)


@given(TYPED)
def test_whatever_is_typed_is_read_in_order_with_weights_up_to_one(
    asking: AskingOf, text: str
) -> None:
    pages = asking(*TEXTS, heads=[HEAD])
    read = pages.read(text).words
    places = [word.place for word in read]
    assert places == sorted(set(places))
    assert not read or any(word.telling for word in read)
    for word in read:
        weights = (word.stems, word.phrases, word.parts, word.grams)
        assert all(0 < weight <= 1 for found in weights for weight in found.values())
        assert word.text in text or text.isupper()


@given(st.lists(st.sampled_from(["medling", "skolsäkerhet", "medlng", "orosanmälan"]), min_size=1))
def test_asking_in_a_sentence_finds_what_the_words_alone_find(
    asking: AskingOf, words: list[str]
) -> None:
    pages = asking(*TEXTS, heads=[HEAD])
    alone, sentence = (
        pages.read(" ".join(words)).words,
        pages.read("hur är " + " ".join(words)).words,
    )
    assert [w.stems for w in alone] == [w.stems for w in sentence if w.telling]
    assert [w.parts for w in alone] == [w.parts for w in sentence if w.telling]


def test_a_word_asked_twice_answers_once(asking: AskingOf) -> None:
    first, second = asking("medling").read("medling medling").words
    assert first.stems
    assert not (second.stems or second.parts or second.grams)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("medlng", ["melng", "medln", "medlong", "medlung", "medlang", "medleng"]),
        ("resa bidrag", ["resebidrag", "bidragresa", "bidraresan", "bidragsres", "resabidrag"]),
        ("avhoppare", [f"avhopparen{letter}" for letter in "abcdefghijklmnopqrstuvwxyzåäö"]
         + [f"{letter}avhopparen" for letter in "bcdfghjklmnpqrst"]),
    ],
)  # fmt: skip
def test_of_many_words_as_good_the_same_are_tried_whatever_came_first(
    asking: AskingOf, question: str, words: list[str]
) -> None:
    joint = dict.fromkeys(words, ("resa", "bidrag")) if " " in question else {}

    def answers(order: Sequence[str]) -> tuple[list[dict[str, float]], dict[str, float]]:
        pages = asking(*order, parts=joint)
        return stems(pages, question), phrases(pages, question)

    assert answers(words) == answers(words[::-1])
