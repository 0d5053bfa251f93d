from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.swedish.analyzer import terms, tokens
from search.synonyms import Synonym, Synonyms
from search.thesaurus import Head
from search.weights import KIND, NEAR, SAME

HEAD = Head(
    "orosanmälan",
    1,
    "w",
    equivalent=("anmälan till socialtjänsten",),
    older=("barnavårdsanmälan",),
    misspelt=("orosanmälning",),
    near=("larma soc", "tipsa socialen"),
    narrower=("anonym anmälan",),
    broader=("anmälan",),
    related=("orossamtal",),
    suggest=("förhandsbedömning",),
)
NAMES = {"orosanmälan", "anmälan till socialtjänsten", "barnavårdsanmälan"}


def synonyms(question: str, *heads: Head) -> list[Synonym]:
    found = list(tokens(question))
    typed = [question[token.start : token.end] for token in found]
    return list(Synonyms({head.term: head for head in heads}).of(found, typed))


def test_a_form_is_not_heard_where_one_of_its_words_is_another_word_than_asked_for() -> None:
    head = Head("pappa", 1, "w", equivalent=("far",), near=("pappa ringer",))
    found = Synonyms({head.term: head})

    def are_two(asked: str, form: str) -> bool:
        return (asked, form) == ("papper", "pappa")

    for question, heard in {
        "papper": set(),
        "pappor": {"far", "pappa ringer"},
        "papper ringer": set(),
        "pappor ringer": {"far", "pappa"},
    }.items():
        asked = list(tokens(question))
        forms = found.of(asked, [token.surface for token in asked], are_two)
        assert {synonym.form for synonym in forms} >= heard
        assert bool(list(found.of(asked, question.split(), are_two))) is bool(heard), question
    assert offered("papper", head) == {"far": SAME, "pappa ringer": NEAR}


def offered(question: str, *heads: Head) -> Mapping[str, float]:
    """The forms that may answer for any part of a question, and what they count."""
    return {synonym.form: synonym.weight for synonym in synonyms(question, *heads)}


# Directions.


def test_a_head_leads_to_its_names_its_near_words_and_its_kinds() -> None:
    assert offered("orosanmälan", HEAD) == {
        "anmälan till socialtjänsten": SAME,
        "barnavårdsanmälan": SAME,
        "larma soc": NEAR,
        "tipsa socialen": NEAR,
        "anonym anmälan": KIND,
    }


@pytest.mark.parametrize("name", ["anmälan till socialtjänsten", "barnavårdsanmälan"])
def test_another_name_leads_to_the_head_and_the_other_names_only(name: str) -> None:
    assert offered(name, HEAD) == dict.fromkeys(NAMES - {name}, SAME)


def test_a_near_word_leads_to_the_head_and_its_names_and_to_no_other_near_word() -> None:
    assert offered("larma soc", HEAD) == dict.fromkeys(NAMES, NEAR)


def test_a_misspelt_form_leads_to_the_head_and_its_names_and_nothing_leads_back() -> None:
    assert offered("orosanmälning", HEAD) == dict.fromkeys(NAMES, SAME)
    for form in (HEAD.term, *HEAD.equivalent, *HEAD.older, *HEAD.near):
        assert "orosanmälning" not in offered(form, HEAD)


@pytest.mark.parametrize("form", ["anonym anmälan", "anmälan", "orossamtal", "förhandsbedömning"])
def test_a_kind_a_wider_and_a_related_word_lead_nowhere(form: str) -> None:
    assert offered(form, HEAD) == {}


def test_a_wider_a_related_and_a_suggested_word_are_never_offered() -> None:
    for form in (HEAD.term, *HEAD.equivalent, *HEAD.older, *HEAD.misspelt, *HEAD.near):
        assert not offered(form, HEAD).keys() & {*HEAD.broader, *HEAD.related, *HEAD.suggest}


def test_a_near_word_of_two_heads_leads_to_both() -> None:
    heads = [
        Head(term, n, "w", near=("slagsmål",)) for n, term in enumerate(("misshandel", "bråk"))
    ]
    assert offered("slagsmål", *heads) == {"misshandel": NEAR, "bråk": NEAR}


#: Words whose stems differ, so that no form is another's inflection.
WORDS = ("hund", "katt", "häst", "gris", "får", "get", "anka", "gås", "ko", "tupp", "kalv", "lamm")
LISTS = ("equivalent", "older", "misspelt", "near", "narrower", "broader", "related", "suggest")


@st.composite
def heads(draw: st.DrawFn) -> Head:
    """A head whose forms are any of the words but the first, each in one list."""
    places = draw(st.lists(st.sampled_from(LISTS), max_size=len(WORDS) - 1))
    lists: dict[str, tuple[str, ...]] = dict.fromkeys(LISTS, ())
    for word, name in zip(WORDS[1:], places, strict=False):
        lists[name] += (word,)
    return replace(Head(WORDS[0], 1, "w"), **lists)  # type: ignore[arg-type]


def test_the_words_of_these_laws_have_stems_of_their_own() -> None:
    assert len({terms(word) for word in WORDS}) == len(WORDS)


@given(heads(), st.sampled_from(WORDS))
def test_who_leads_to_whom_is_what_the_thesaurus_says(head: Head, asked: str) -> None:
    names = {head.term, *head.equivalent, *head.older}
    if asked == head.term:
        expected = {**dict.fromkeys(names, SAME), **dict.fromkeys(head.near, NEAR)}
        expected |= dict.fromkeys(head.narrower, KIND)
    elif asked in (*head.equivalent, *head.older, *head.misspelt):
        expected = dict.fromkeys(names, SAME)
    elif asked in head.near:
        expected = dict.fromkeys(names, NEAR)
    else:
        expected = {}
    expected.pop(asked, None)
    assert offered(asked, head) == expected


@given(heads(), st.lists(st.sampled_from(WORDS), max_size=6))
def test_each_word_of_a_question_is_widened_as_if_it_stood_alone(
    head: Head, question: list[str]
) -> None:
    found = synonyms(" ".join(question), head)
    for place, word in enumerate(question):
        here = {s.form: s.weight for s in found if (s.first, s.last) == (place, place)}
        assert here == offered(word, head)


# Phrases.


@pytest.mark.parametrize(
    "question",
    ["larmar soc", "larmade socen", "Larma SOC", "vem larmar socen först", "vi larmar soc i dag"],
)
def test_a_phrase_is_found_in_any_inflection(question: str) -> None:
    assert "orosanmälan" in offered(question, HEAD)


@pytest.mark.parametrize("question", ["soc larma", "larma alla soc", "larma", "soc"])
def test_a_phrase_must_stand_side_by_side_and_in_order(question: str) -> None:
    assert offered(question, HEAD) == {}


def test_a_synonym_says_which_words_it_stands_for() -> None:
    found = [s for s in synonyms("vem kan larma soc nu", HEAD) if s.form == HEAD.term]
    assert [(s.first, s.last, s.asked) for s in found] == [(2, 3, "larma soc")]
    assert found[0].stems == terms("orosanmälan")


PHRASE = Head("skolsocialt team", 2, "w", equivalent=("socialt stöd i skolan",))
SINGLE = Head("stöd", 3, "w", equivalent=("hjälp",))


def test_a_longer_phrase_hides_the_single_words_in_it() -> None:
    assert offered("socialt stöd i skolan", PHRASE, SINGLE) == {"skolsocialt team": SAME}
    assert offered("socialt stöd", PHRASE, SINGLE) == {"hjälp": SAME}
    beside = offered("stöd och socialt stöd i skolan", PHRASE, SINGLE)
    assert beside == {"skolsocialt team": SAME, "hjälp": SAME}


def test_of_two_phrases_that_share_a_word_the_longer_counts() -> None:
    shorter = Head("elevhälsa", 4, "w", equivalent=("skolan hjälper",))
    assert "elevhälsa" in offered("skolan hjälper", PHRASE, shorter)
    assert offered("socialt stöd i skolan hjälper", PHRASE, shorter) == {"skolsocialt team": SAME}


# Doubtful forms.

SIG = Head("SIG", 5, "w", equivalent=("social insatsgrupp",), doubtful=("SIG",), only="capitals")


def test_a_form_that_counts_in_capitals_only_is_nothing_in_small_letters() -> None:
    assert offered("SIG i kommunen", SIG) == {"social insatsgrupp": SAME}
    assert offered("ta sig ut", SIG) == offered("Sig", SIG) == {}


def test_a_doubtful_form_is_offered_for_another_in_capitals_only() -> None:
    assert offered("sociala insatsgrupper", SIG) == {"SIG": SAME}
    assert "gräs" not in offered("narkotika", NEEDING)


NEEDING = Head(
    "narkotika", 6, "w", near=("gräs",), doubtful=("gräs",), needs=("röka", "sälja grejer")
)


@pytest.mark.parametrize("question", ["röker gräs", "gräset hon röker", "gräs och sälja grejerna"])
def test_a_form_that_needs_company_counts_beside_it_in_any_inflection(question: str) -> None:
    assert offered(question, NEEDING) == {"narkotika": NEAR}


@pytest.mark.parametrize("question", ["gräs", "klippa gräs", "gräs att sälja"])
def test_a_form_that_needs_company_counts_for_nothing_without_it(question: str) -> None:
    assert offered(question, NEEDING) == {}


def test_unless_forbids_and_alone_allows_all_else() -> None:
    head = replace(NEEDING, needs=(), unless=("klippa",))
    assert offered("gräs", head) == {"narkotika": NEAR}
    assert offered("klipper gräset", head) == {}
    both = replace(NEEDING, unless=("klippa",))
    assert offered("röka gräs", both) == {"narkotika": NEAR}
    assert offered("klippa gräs eller röka", both) == offered("gräs", both) == {}


def test_capitals_or_company_is_enough_and_unless_forbids_both() -> None:
    head = replace(SIG, needs=("kommunen",), unless=("förhålla",))
    assert offered("SIG", head) == offered("sig i kommunen", head) == {"social insatsgrupp": SAME}
    assert offered("sig", head) == offered("förhålla SIG i kommunen", head) == {}


def test_a_doubtful_form_under_no_condition_never_speaks() -> None:
    head = Head("narkotika", 7, "w", near=("gräs", "knark"), doubtful=("gräs",))
    assert offered("gräs", head) == offered("röka gräs", head) == {}
    assert offered("knark", head) == {"narkotika": NEAR}


def test_the_conditions_are_about_the_doubtful_forms_only() -> None:
    head = replace(SIG, near=("insatsgrupp",))
    assert offered("insatsgrupp", head) == {"SIG": NEAR, "social insatsgrupp": NEAR}


@given(
    st.lists(st.sampled_from(["sig", "SIG", "social", "insatsgrupp", "larma", "soc", "i"])),
)
def test_what_is_offered_stands_for_words_of_the_question(words: Sequence[str]) -> None:
    for synonym in synonyms(" ".join(words), SIG, HEAD):
        run = words[synonym.first : synonym.last + 1]
        assert terms(" ".join(run).casefold()) == terms(synonym.asked.casefold())
        assert synonym.form != synonym.asked
