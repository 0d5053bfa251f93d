"""In what other forms a work is published, on results and document pages."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from search.document import Block, Document, Section, Variant, VariantKind
from webapp.present import variant_name

PDF = "application/pdf"
PAGE, FILE = "bra:rapport", "file:18.ab"
PAGES = ("/sok?q=medling", f"/dokument/{PAGE}?q=medling")
SOURCE = "https://www.bra.se"
VARIANTS = (
    Variant(VariantKind.PAGE, PAGE, "Medling", f"{SOURCE}/rapport"),
    Variant(VariantKind.FULL, FILE, "Medling", f"{SOURCE}/a.pdf", "sv", PDF),
    Variant(VariantKind.SUMMARY, "", "Kort", f"{SOURCE}/k.pdf", "sv", PDF),
    Variant(VariantKind.FULL, "", "Mediation", f"{SOURCE}/e.pdf", "en", PDF),
)


def report(*variants: Variant, **facets: tuple[str, ...]) -> Document:
    return Document(
        key=PAGE,
        source="bra",
        title="Medling",
        sections=(Section((), 0, (Block("Om medling."),)),),
        url=f"{SOURCE}/rapport",
        facets=facets or {"type": ("rapport",)},
        work=PAGE if variants else "",
        variants=variants,
    )


def shown(client: FlaskClient, address: str) -> BeautifulSoup | None:
    soup = BeautifulSoup(client.get(address).get_data(as_text=True), "lxml")
    found = soup.select("p.variants")
    assert len(found) <= 1
    return found[0] if found else None  # type: ignore[return-value]


@pytest.mark.parametrize("address", PAGES)
def test_the_other_forms_of_a_work_are_named(
    client: FlaskClient, engine: Any, address: str
) -> None:
    engine.documents = (report(*VARIANTS),)
    found = shown(client, address)
    assert found is not None
    assert " ".join(found.get_text().split()) == (
        "Finns också som: hela rapporten (PDF), sammanfattning (PDF hos bra.se),"
        " på engelska (PDF hos bra.se)"
    )


@pytest.mark.parametrize("address", PAGES)
def test_ours_lead_to_our_page_and_others_to_their_source(
    client: FlaskClient, engine: Any, address: str
) -> None:
    engine.documents = (report(*VARIANTS),)
    found = shown(client, address)
    assert found is not None
    links = found.select("a")
    assert [link["href"] for link in links] == [
        f"/dokument/{FILE}?q=medling",
        f"{SOURCE}/k.pdf",
        f"{SOURCE}/e.pdf",
    ]
    assert [link.get("rel") for link in links] == [None, *[["external", "noreferrer"]] * 2]
    assert [link.get("hreflang") for link in links] == [None, None, "en"]


@pytest.mark.parametrize("address", PAGES)
def test_a_work_of_its_own_says_nothing_of_others(
    client: FlaskClient, engine: Any, address: str
) -> None:
    engine.documents = (report(),)
    assert shown(client, address) is None


@pytest.mark.parametrize("address", PAGES)
def test_an_address_that_may_not_be_linked_to_is_none(
    client: FlaskClient, engine: Any, address: str
) -> None:
    bad = Variant(VariantKind.FULL, "", "<b>", "javascript:alert(1)", "sv", PDF)
    engine.documents = (report(VARIANTS[0], bad),)
    found = shown(client, address)
    assert found is not None
    assert found.select("a") == []


def test_many_copies_are_counted(client: FlaskClient, engine: Any) -> None:
    copies = [Variant(VariantKind.COPY, f"bra:{number}", "Medling") for number in range(9)]
    engine.documents = (report(VARIANTS[0], *copies),)
    found = shown(client, PAGES[0])
    assert found is not None
    assert len(found.select("a")) == 6
    assert " ".join(found.get_text().split()).endswith("kopia på en annan adress och 3 till")


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        (VARIANTS[0], "webbsida"),
        (Variant(VariantKind.PAGE, "a", "x", "", "en"), "webbsida på engelska"),
        (Variant(VariantKind.PAGE, "", "x", "https://bra.se/a"), "webbsida (hos bra.se)"),
        (Variant(VariantKind.SUMMARY, "a", "x", "", "en", PDF), "sammanfattning på engelska (PDF)"),
        (Variant(VariantKind.FULL, "a", "x", "", "fi", PDF), "på ett annat språk (PDF)"),
        (Variant(VariantKind.OTHER, "a", "Tabellbilaga", "", "sv", PDF), "Tabellbilaga (PDF)"),
    ],
)
def test_a_variant_is_called_what_it_is(variant: Variant, name: str) -> None:
    assert variant_name(variant, report()) == name


def test_only_a_report_is_called_a_report() -> None:
    assert variant_name(VARIANTS[1], report(type=("metodstod",))) == "hela texten (PDF)"
