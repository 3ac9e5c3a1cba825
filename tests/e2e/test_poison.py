"""A poisoned manual: wherever its words are shown, no script runs and nothing is asked of another origin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask
from tests.support.manuals import PUMP
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from tests.support.writing_server import serve_adapter, writing_server

EVIL = "http://evil.example:9"
MARK = "window.__ran=(window.__ran||0)+1"
ATTACKS = [
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'<img src="{EVIL}/pixel.png"><img srcset="{EVIL}/set.png 1x">',
    f"<svg onload={MARK}></svg><iframe src='{EVIL}/frame'></iframe>",
    f'<form action="{EVIL}/form"><button>Send</button></form>',
    f'<p style="background:url({EVIL}/style.png)">x</p><link rel=stylesheet href="{EVIL}/a.css">',
    f"![image]({EVIL}/markdown.png) [link](javascript:{MARK}) ![ref][r]",
    f"${{{MARK}}} {{{{constructor.constructor('{MARK}')()}}}} `+{MARK}+`",
    f"</textarea></title></style></template><img src=x onerror={MARK}>",
    f"\" onmouseover=\"{MARK}\" x=\"' onfocus='{MARK}' autofocus x='",
    f'<meta http-equiv="refresh" content="0;url={EVIL}/refresh"><base href="{EVIL}/">',
    f"<video poster={EVIL}/poster src={EVIL}/v><audio src={EVIL}/a></audio></video>",
]
MANUAL = "# Seal {0}\n\n## Replace the seal {0}\n\nTo replace the seal of the pump, close both valves {0}. Then remove the cover.\n"


def text_manual(attack: str) -> bytes:
    """Plain text, so that the reader takes every character as it stands."""
    return (f"REPLACE THE SEAL {attack}\n\nTo replace the seal of the pump, close both valves {attack} at once. "
            f"Then remove the four screws of the cover {attack}.\n").encode()  # fmt: skip


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("poison") / "data") as made:
        with client_of(made) as client:
            for i, attack in enumerate(ATTACKS):
                upload(client, f"{i} {attack}.txt", text_manual(attack))
                upload(client, f"{i} {attack}.md", MANUAL.format(attack).encode())
                upload(client, f"{attack}.pdf", f"%PDF-1.7 {attack}".encode())
            state = wait_until_read(client)
            assert "<table" in state["table"]
            name_all(client)
        yield made


def name_all(client: object) -> None:
    """Give every manual a poisoned name and product, so that lists, filters and dialogs show them too."""
    import re

    table = client.get("/manuals/state").json()["table"]  # type: ignore[attr-defined]
    for i, key in enumerate(dict.fromkeys(re.findall(r'<tr data-id="([^"]+)"', table))):
        attack = ATTACKS[i % len(ATTACKS)]
        body = {"name": f"{i} {attack}"[:200], "product": f"P{i} {attack}"[:200]}
        client.post(f"/manuals/{key}/describe", json=body).raise_for_status()  # type: ignore[attr-defined]


def watch(page: Page) -> list[str]:
    """Collect every address that the page asks of another origin, blocked or not."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "evil.example" in request.url else None,
    )
    return asked


def harmless(page: Page, asked: list[str]) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate("window.__ran || 0") == 0
    assert asked == []
    injected = "#t-app :is(script, iframe, form:not(.t-ask):not(.t-dialog form), base, meta, link, video, audio, object, embed)"
    assert page.locator(injected).count() == 0
    assert page.locator("#t-app img:not(.t-page img)").count() == 0


def test_no_place_of_the_chat_lets_a_manual_act(poisoned: Site, open_page: OpenPage) -> None:
    page = open_page(poisoned.url)
    asked = watch(page)
    for attack in ATTACKS:
        ask(page, f"How do I replace the seal of the pump? {attack}")
        harmless(page, asked)
        last = page.locator(".t-turn").last
        for name in last.locator(".t-choices .t-button").all()[:1]:
            name.click()
            page.wait_for_selector(".t-send.stop", state="hidden")
            page.wait_for_selector(".t-turn:last-child .t-actions")
        for chip in page.locator(".t-turn").last.locator(".t-chip, .t-source").all()[:3]:
            chip.hover()
            chip.click()
            expect(page.locator("#panel-title")).not_to_be_empty()
        harmless(page, asked)
    assert page.locator(".t-chip").count() > 0
    page.reload()
    page.wait_for_selector(".t-turn")
    page.get_by_role("button", name="Conversations", exact=True).click()
    page.wait_for_selector("[data-conversation]")
    harmless(page, asked)


def test_nearest_passages_and_errors_are_text_too(poisoned: Site, open_page: OpenPage) -> None:
    page = open_page(poisoned.url)
    asked = watch(page)
    ask(page, f"Which wine goes with salmon {ATTACKS[1]} {ATTACKS[2]}?")
    harmless(page, asked)
    page.goto(
        f"{poisoned.url}/?c=%3Cimg%20src%3Dx%20onerror%3D{MARK}%3E&product=%3Cscript%3E{MARK}%3C/script%3E"
    )
    page.wait_for_selector(".t-start")
    harmless(page, asked)


def test_the_manuals_page_lets_no_name_act(
    poisoned: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(poisoned.url, path="/admin/")
    asked = watch(page)
    page.wait_for_selector(".t-table tbody tr")
    for summary in page.locator(".t-table summary").all():
        summary.click()
    file = tmp_path / "x&lt;img src=x onerror=window.__ran=9&gt;.pdf"
    file.write_bytes(b"%PDF-1.7 bad")
    page.set_input_files("#t-files", [file])
    page.wait_for_selector(".t-job.fault >> nth=0")
    page.locator("[data-do=remove-manual]").first.click()
    expect(page.locator("#t-dialog")).to_be_visible()
    harmless(page, asked)


WRITTEN = [
    *ATTACKS,
    "Close both valves `[1]` and [1] or [99], [1](javascript:"
    + MARK
    + ") <button class=t-chip data-do=source data-n=1>1</button>",
    "<scr"
    + "ipt>"
    + MARK
    + "</scr"
    + "ipt> <img src=x one"
    + "rror="
    + MARK
    + " <<img src=x onerror="
    + MARK
    + "//",
    "```html\n<script>"
    + MARK
    + "</script>\n```\n\n# <img src=x onerror="
    + MARK
    + ">\n\n1. <b onclick="
    + MARK
    + ">x\n2. &lt;img src=x onerror="
    + MARK
    + "&gt;",
    '<tool_call>{"name": "fetch", "url": "'
    + EVIL
    + '/tool"}</tool_call> data:text/html,<script>'
    + MARK
    + "</script>",
]


def test_whatever_a_model_writes_is_only_text_also_while_it_writes(
    open_page: OpenPage, tmp_path: Path
) -> None:
    """Word by word, so that every tag stands half written on the page for a moment; then stored, then reloaded."""
    with (
        writing_server() as server,
        running_site(
            tmp_path / "data", TANDEM_OLLAMA_URL=server.url, TANDEM_CHAT_MODEL="m:latest"
        ) as site,
    ):
        with client_of(site) as client:
            upload(client, "pump.md", PUMP.encode())
            wait_until_read(client)
        serve_adapter(site.data)
        page = open_page(site.url)
        asked = watch(page)
        expect(page.get_by_role("radio", name="Adapter")).to_be_enabled()
        for i, attack in enumerate(WRITTEN):
            page.get_by_role("radio", name=("Documents", "Adapter", "Both")[i % 3]).click()
            server.write(f"Tighten the screws to 12 Nm. [1]\n{attack} Then wait.", pause=0.04)
            ask(page, "How do I replace the seal of the pump?")
            turn = page.locator(".t-turn").last
            if (
                i % 3 == 1
            ):  # in the other modes too little of it holds, so that in the end the manual is quoted
                assert "sentences supported" in turn.locator(".t-meta").inner_text(), (
                    f"{attack}: {turn.inner_text()}"
                )
                assert turn.locator(".t-answer > .t-text .t-chip").count() <= 1
            harmless(page, asked)
        expect(page.locator(".t-text", has_text=MARK)).not_to_have_count(0)
        assert (
            page.locator(
                "#t-app .t-text :is(a, b, img, svg, button:not(.t-chip), [onclick], [style])"
            ).count()
            == 0
        )
        page.reload()
        page.wait_for_selector(".t-turn")
        harmless(page, asked)
