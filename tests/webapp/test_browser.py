"""The site in Debian's Chromium: a search there and back, with and without JavaScript, and axe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from search.document import Block, BlockKind, Section

pytestmark = pytest.mark.browser

#: Narrow phone, and a desktop window at 400 % zoom.
NARROWEST = 320


def test_a_reader_searches_opens_a_result_and_goes_back(tab: Page, site: str) -> None:
    tab.goto(site)
    tab.get_by_label("Vad vill du hitta?").fill("insatsgrupper")
    tab.get_by_role("button", name="Sök").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("4 dokument för ”insatsgrupper”")
    results = tab.url

    tab.get_by_role("link", name="Sociala insatsgrupper (SIG)").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sociala insatsgrupper (SIG)")
    tab.get_by_role("link", name="Tillbaka till träffarna").click()
    assert tab.url == results

    tab.get_by_role("link", name="Så går det till", exact=True).click()
    assert tab.url.endswith("#stycke-2")
    expect(tab.locator("#stycke-2")).to_be_in_viewport()
    tab.go_back()
    assert tab.url == results


def test_a_reader_filters_and_takes_the_filter_away(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sok?q=trygghet")
    tab.get_by_label("SKR").check()
    tab.get_by_role("button", name="Visa träffar").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("16 dokument för ”trygghet”")
    tab.get_by_role("link", name="Nästa sida").click()
    expect(tab.get_by_text("Visar 11–16")).to_be_visible()
    tab.get_by_role("link", name="Ta bort filtret Källa: SKR").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("25 dokument för ”trygghet”")


def test_the_keyboard_is_enough(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sok?q=insatsgrupper")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Sociala insatsgrupper (SIG)")).to_be_focused()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sok?q=trygghet&kalla=skr",
        "/sok?q=xyzzy&kalla=skr",
        "/dokument/exempel:2?q=insatsgrupper",
        "/dokument/egna:rapporter/lagesbild.pdf#stycke-5",
        "/finns-inte",
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, site: str, path: str, scheme: str
) -> None:
    with browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(site + path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": NARROWEST, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST
        assert [text for text in complaints if "404" not in text] == []


def test_a_pdf_opens_in_the_viewer(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/dokument/egna:rapporter/lagesbild.pdf")
        with page.expect_response(lambda answer: "/original" in answer.url) as answered:
            page.get_by_role("link", name="Öppna pdf:en", exact=True).click()
        assert answered.value.status == 200
        assert page.url.endswith("/original")


def test_a_wide_table_scrolls_by_itself_on_a_narrow_screen(
    browser: Browser, site: str, engine: Any
) -> None:
    heads = "\t".join(("Problem", "Orsak", "Mål", "Åtgärd", "Ansvarig", "Klart"))
    wide = Block(f"{heads}\nA\nB\t\t\t\t\t", BlockKind.TABLE)
    document = replace(engine.documents[0], sections=(Section((), 0, (wide,)),))
    engine.documents = [document]
    with browser.new_context(viewport={"width": NARROWEST, "height": 600}) as context:
        page = context.new_page()
        page.goto(f"{site}/dokument/exempel:2")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST
        last = page.get_by_text("Klart")
        expect(last).not_to_be_in_viewport()
        page.locator(".table").focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        expect(last).to_be_in_viewport()
        assert Axe().run(page).violations_count == 0
