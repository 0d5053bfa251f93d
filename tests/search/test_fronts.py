from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from search.document import DatedBy, DateGround, Document
from search.documents import Documents
from search.fronts import fronts
from search.results import StoredDocument
from search.schema import Front

MakeDocument = Callable[..., Document]

keys = st.sampled_from(["a", "b", "c", "d"])


def facets_of(documents: list[Front], name: str) -> list[tuple[str, ...]]:
    """The values of a facet of each document, as the arrays have them."""
    arrays, facts = fronts(documents)
    all_values = [value for each in facts["facets"].values() for value in (*each["values"], None)]
    rows = [each["rows"] for each in facts["facets"].values()]
    first = sum(rows[: list(facts["facets"]).index(name)])
    codes = arrays["facet_codes"].reshape(sum(rows), len(documents))
    here = codes[first : first + facts["facets"][name]["rows"]]
    return [
        tuple(value for code in of_one if (value := all_values[code]) is not None)
        for of_one in here.T.tolist()
    ]


def test_a_document_has_its_facets_its_source_and_its_year(document: MakeDocument) -> None:
    dated = DatedBy(date(2024, 5, 1), DateGround.TIME)
    first = replace(document("gr:1", facets={"topic": ("heder", "gang")}), published=dated)
    documents = [Front.of(first), Front.of(document("bra:2"))]
    assert facets_of(documents, "topic") == [("heder", "gang"), ()]
    assert facets_of(documents, "year") == [("2024",), ()]
    assert facets_of(documents, "source") == [(first.source,), (document("bra:2").source,)]
    assert facets_of([], "topic") == []


def test_the_newest_stand_first_and_those_of_one_day_by_key() -> None:
    days = {"d": 3, "a": 1, "c": 3, "b": 2}
    arrays, _ = fronts([Front(key, "", None, day, "", {}) for key, day in days.items()])
    ordered = sorted(days, key=dict(zip(days, arrays["place"].tolist(), strict=True)).__getitem__)
    assert ordered == ["c", "d", "b", "a"]


def test_documents_of_one_work_go_together_though_its_main_document_is_not_there() -> None:
    works = {"a": "", "b": "borta", "c": "a", "d": "borta"}
    arrays, facts = fronts([Front(key, "", None, 1, work, {}) for key, work in works.items()])
    assert (arrays["works"].tolist(), facts["works"]) == ([0, 1, 0, 1], True)
    assert fronts([Front("a", "", None, 1, "", {})])[1]["works"] is False


@given(st.dictionaries(keys, st.one_of(st.just(""), keys), max_size=4))
def test_a_document_is_counted_under_the_facets_that_it_is_shown_with(
    works: dict[str, str],
) -> None:
    """However works are chained, which they never are."""
    documents = [
        Document(key=key, source="x", title="", work=work, facets={"topic": (key,), key: (key,)})
        for key, work in works.items()
    ]
    numbers = {key: number for number, key in enumerate(works)}
    shown = Documents(len(works), numbers, lambda n: StoredDocument(documents[n], (), ""))
    found = facets_of([Front.of(document) for document in documents], "topic")
    assert found == [item.document.facets["topic"] for item in shown]


def test_sources_come_with_their_counts_most_first() -> None:
    _, facts = fronts([Front(str(n), source, None, 1, "", {}) for n, source in enumerate("bab")])
    assert list(facts["sources"].items()) == [("b", 2), ("a", 1)]
