"""What a page shows before Gradio has built it: the bar on the theme's own ground, and nothing of Gradio's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.serving import Site


@pytest.mark.parametrize(
    ("path", "name"), [("/", "Chat"), ("/admin/", "Manuals"), ("/check/", "Check")]
)
@pytest.mark.parametrize("dark", [False, True])
def test_the_bar_stands_before_the_page_is_built(
    site: Site, browser: Browser, path: str, name: str, dark: bool
) -> None:
    context = browser.new_context(color_scheme="light")
    context.add_init_script(
        f"localStorage.setItem('tandem.theme', '{'dark' if dark else 'light'}')"
    )
    page = context.new_page()
    held: list[Route] = []
    waiting = True
    page.route(
        "**/assets/**", lambda route: held.append(route) if waiting else route.continue_()
    )  # Gradio's scripts are on their way
    page.goto(site.url + path, wait_until="commit")
    bar = page.locator("#t-first .t-bar")
    expect(bar.get_by_role("link", name=name, exact=True)).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(14, 18, 27)" if dark else "rgb(246, 247, 250)")
    assert page.evaluate("document.body.innerText").count("Loading") == 0
    before = bar.get_by_role("link", name=name, exact=True).bounding_box()
    waiting = False
    for route in held:
        route.continue_()
    page.wait_for_selector("#t-app .t-bar")
    expect(page.locator("#t-first")).to_have_count(0)
    after = page.locator("#t-app .t-bar").get_by_role("link", name=name, exact=True).bounding_box()
    assert before is not None and after is not None
    # The letters may still be another font's.
    assert abs(before["x"] - after["x"]) < 24 and abs(before["y"] - after["y"]) < 6
    context.close()
