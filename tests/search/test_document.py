from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.document import (
    Block,
    BlockKind,
    DatedBy,
    DateGround,
    Document,
    Identifier,
    Link,
    Section,
    Variant,
    VariantKind,
)

texts = st.text(max_size=20)
blocks = st.builds(
    Block,
    text=texts,
    kind=st.sampled_from(BlockKind),
    speaker=texts,
    page=st.none() | st.integers(1, 999),
    page_label=texts,
)
sections = st.builds(
    Section,
    heading_path=st.lists(texts, max_size=3).map(tuple),
    level=st.integers(0, 6),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    page=st.none() | st.integers(1, 999),
    page_label=texts,
)
dated = st.just(DatedBy()) | st.builds(
    DatedBy, st.dates(), st.sampled_from([g for g in DateGround if g is not DateGround.NONE])
)
variants = st.builds(
    Variant,
    kind=st.sampled_from(VariantKind),
    key=texts,
    title=texts,
    url=texts,
    language=texts,
    content_type=texts,
)
documents = st.builds(
    Document,
    work=texts,
    variants=st.lists(variants, max_size=3).map(tuple),
    key=texts,
    source=texts,
    title=texts,
    lead=texts,
    sections=st.lists(sections, max_size=3).map(tuple),
    published=dated,
    changed=dated,
    year_hint=st.none() | st.integers(1900, 2100),
    identifiers=st.lists(st.builds(Identifier, texts, texts), max_size=2).map(tuple),
    links=st.lists(st.builds(Link, texts, texts), max_size=2).map(tuple),
    facets=st.dictionaries(texts, st.lists(texts, max_size=2).map(tuple), max_size=2),
    notices=st.lists(texts, max_size=2).map(tuple),
)


@given(documents)
def test_a_document_survives_its_own_json(document: Document) -> None:
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document


@given(documents)
def test_its_json_has_every_field_of_every_part_in_order(document: Document) -> None:
    every = {k: v for k, v in asdict(document).items() if v or k not in ("work", "variants")}
    assert json.dumps(document.to_json()) == json.dumps(every, default=str)


@pytest.mark.parametrize(
    "change",
    [
        {"title": 7},
        {"title": None},
        {"surprise": "x"},
        {"sections": [{"level": 1}]},
        {"sections": "text"},
        {"published": {"day": "14 §", "ground": "time"}},
        {"published": {"day": "2022-07-05", "ground": "guess"}},
        {"page_count": True},
        {"facets": ["gang"]},
    ],
)
def test_json_of_another_shape_is_refused(
    document: Callable[..., Document], change: dict[str, object]
) -> None:
    data = document("gr:1").to_json() | change
    with pytest.raises(ValueError, match=r".+"):
        Document.from_json(data)


def test_a_date_without_ground_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="ground"):
        DatedBy(date(2022, 7, 5))
    with pytest.raises(ValueError, match="ground"):
        DatedBy(None, DateGround.TIME)


def test_the_year_is_read_from_the_best_date(document: Callable[..., Document]) -> None:
    published = DatedBy(date(2021, 1, 2), DateGround.TIME)
    changed = DatedBy(date(2023, 1, 2), DateGround.LABEL)
    assert document("a:1", published=published, changed=changed, year_hint=1999).year == 2021
    assert document("a:1", changed=changed, year_hint=1999).year == 2023
    assert document("a:1", year_hint=1999).year == 1999
    assert document("a:1").year is None


def test_a_work_of_its_own_says_nothing_of_works(document: Callable[..., Document]) -> None:
    assert not {"work", "variants"} & document("gr:1").to_json().keys()


def test_a_document_from_before_there_were_works_is_one_of_its_own() -> None:
    old = Document.from_json({"key": "gr:1", "source": "gr", "title": "Medling"})
    assert (old.work, old.variants, old.other_variants) == ("", (), ())


def test_a_variant_of_an_unknown_kind_is_no_document(document: Callable[..., Document]) -> None:
    variant = {"kind": "film", "key": "gr:2", "title": "Medling"}
    with pytest.raises(ValueError, match="film"):
        Document.from_json({**document("gr:1").to_json(), "variants": [variant]})


@pytest.mark.parametrize("wrong", [{"size": 3}, {"url": 7}])
def test_a_variant_with_an_unknown_or_wrong_field_is_no_document(
    document: Callable[..., Document], wrong: dict[str, object]
) -> None:
    variant = {"kind": "full", "key": "gr:2", "title": "Medling", **wrong}
    with pytest.raises(ValueError, match=r"unknown fields|not a document"):
        Document.from_json({**document("gr:1").to_json(), "variants": [variant]})


def test_a_document_is_not_among_its_other_variants(document: Callable[..., Document]) -> None:
    page = Variant(VariantKind.PAGE, "gr:1", "")
    english = Variant(VariantKind.FULL, "", "In English", "https://gr.se/en.pdf", "en")
    assert document("gr:1", work="gr:1", variants=(page, english)).other_variants == (english,)
