"""Who may open what, against the real server: other people's things, signing in and out."""

from __future__ import annotations

import http.client
import random
import re
import string
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from chatbot.accounts.roles import Person
from tests.support.people import PASSWORD, Team, sign_in
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read
from ui.accounts.access import ACCESS
from ui.accounts.routes import browser_name, inside

MANUAL = b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws of the cover.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("team") / "data") as made:
        with client_of(made) as client:
            upload(client, "pump.md", MANUAL)
            wait_until_read(client)
        yield made


@pytest.fixture(scope="module")
def people(team: Team) -> dict[str, Person | None]:
    return {
        "admin": team.add("Ada", "admin"),
        "agent": team.add("Bob", "agent"),
        "other": team.add("Cy", "agent"),
        "engineer": team.add("Dee", "engineer"),
        "nobody": None,
    }


@pytest.fixture(scope="module")
def clients(
    site: Site, team: Team, people: dict[str, Person | None]
) -> Iterator[dict[str, httpx.Client]]:
    made = {role: team.client(site, person) for role, person in people.items()}
    yield made
    for client in made.values():
        client.close()


def test_what_somebody_asked_is_theirs(site: Site, clients: dict[str, httpx.Client]) -> None:
    bob = clients["agent"]
    updates, _ = ask(bob, "How do I replace the seal?")
    talk = updates[0]["data"][0]["conversation"]  # type: ignore[index]
    shown = bob.get(f"/conversations/{talk}").text
    answer = re.search(r'data-answer="([\w-]+)"', shown).group(1)  # type: ignore[union-attr]
    reads = [f"/conversations/{talk}"] + [
        f"/answers/{answer}/sources/1{rest}" for rest in ("", "/now", "/changes")
    ]
    writes = [
        (f"/conversations/{talk}/rename", {"title": "mine"}),
        (f"/conversations/{talk}/delete", {}),
        (f"/conversations/{talk}/restore", {}),
        (f"/answers/{answer}/rate", {"good": False}),
        (f"/answers/{answer}/unrate", {}),
        (f"/answers/{answer}/missing", {}),
    ]
    assert [bob.get(path).status_code for path in reads[:2]] == [200, 200]
    before = [bob.get(path).text for path in (reads[0], "/conversations")]
    for role in ("other", "admin", "engineer"):
        client = clients[role]
        assert [client.get(path).status_code for path in reads] == [404] * 4, role
        assert [client.post(p, json=body).status_code for p, body in writes] == [404] * 6, role
        assert talk not in client.get("/conversations").text
        # A question into somebody's conversation begins one of one's own.
        updates, _ = ask(client, "How do I replace the seal?", conversation=talk)
        assert updates[0]["data"][0]["conversation"] != talk  # type: ignore[index]
    assert [bob.get(path).text for path in (reads[0], "/conversations")] == before


def test_a_conversation_is_read_by_colleagues_when_its_owner_says_so(
    site: Site, clients: dict[str, httpx.Client]
) -> None:
    bob, cy = clients["agent"], clients["other"]
    talk = ask(bob, "How do I replace the seal?")[0][0]["data"][0]["conversation"]  # type: ignore[index]
    address = f"/conversations/{talk}"
    assert cy.post(f"{address}/share").status_code == 404
    assert bob.post(f"{address}/share").status_code == 200
    page = cy.get(address)
    assert page.status_code == 200 and "close both valves" in page.text
    assert "Bob has given you this conversation to read" in page.text
    assert "has given you" not in bob.get(address).text
    answer = re.search(r'data-answer="([\w-]+)"', page.text).group(1)  # type: ignore[union-attr]
    assert cy.get(f"/answers/{answer}/sources/1").status_code == 200
    assert talk not in cy.get("/conversations").text
    posts = [f"{address}/{what}" for what in ("delete", "restore", "share", "unshare")]
    posts += [f"/answers/{answer}/{what}" for what in ("missing", "unrate")]
    assert [cy.post(path).status_code for path in posts] == [404] * 6
    assert cy.post(f"/answers/{answer}/rate", json={"good": True}).status_code == 404
    assert clients["nobody"].get(address).status_code == 401
    bob.post(f"{address}/delete")
    assert cy.get(address).status_code == cy.get(f"/answers/{answer}/sources/1").status_code == 404
    bob.post(f"{address}/restore")
    assert cy.get(address).status_code == 200
    bob.post(f"{address}/unshare")
    assert cy.get(address).status_code == cy.get(f"/answers/{answer}/sources/1").status_code == 404
    assert bob.get(address).status_code == 200


def test_nobody_reads_or_stops_the_answer_that_somebody_waits_for(
    site: Site, clients: dict[str, httpx.Client]
) -> None:
    bob, cy = clients["agent"], clients["other"]
    page = bob.get("/").text
    event = int(re.search(r'"targets":\[\[(\d+),"ask"\]\]', page).group(1))  # type: ignore[union-attr]
    number = int(re.search(rf'"id":(\d+),"targets":\[\[{event},"ask"\]\]', page).group(1))  # type: ignore[union-attr]
    asked = {"ticket": "ticket-1", "text": "How do I replace the seal?"}
    join = {
        "data": [],
        "event_data": asked,
        "fn_index": number,
        "trigger_id": event,
        "session_hash": "bobs",
    }
    assert bob.post("/gradio_api/queue/join", json=join).status_code == 200
    stream = "/gradio_api/queue/data?session_hash=bobs"
    assert cy.get(stream).status_code == 404
    assert cy.post("/asks/ticket-1/stop").json() == {"done": False}
    with bob.stream("GET", stream) as reply:
        heard = next(line for line in reply.iter_lines() if "process_completed" in line)
    assert "close both valves" in heard


def raw(site: Site, method: str, path: str, cookie: str) -> int:
    """Send a path as it is written: clients tidy it."""
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    try:
        connection.request(method, path, headers={"cookie": cookie})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_thousand_probes_open_nothing(site: Site, clients: dict[str, httpx.Client]) -> None:
    """Ids of others, paths that lead elsewhere, forged cookies."""
    draw = random.Random(7)
    letters = string.ascii_letters + string.digits + "-_"
    agent = clients["agent"]
    token = agent.cookies["tandem_session"]
    forged = [
        "",
        "x",
        token[:-1],
        token + "A",
        token.swapcase(),
        "' OR 1=1 --",
        "\u00e9" * 43,
        *("".join(draw.choices(letters, k=43)) for _ in range(400)),
    ]
    with httpx.Client(base_url=site.url, timeout=30) as nobody:
        for value in forged:
            cookie = f"tandem_session={value}; tandem=owner.{value}".encode()
            reply = nobody.get("/conversations", headers={b"cookie": cookie})
            assert reply.status_code == 401, value
    closed = ["/people", "/manuals/state", "/manuals/gaps.csv", "/people/add", "/admin/", "/config"]
    turns = ["", "/", "//", "/.", "/..", "%2f", "%00", ";x", "/../status", "%2e%2e/", "?x=/status"]
    for path in closed:
        for turn in turns:
            for method in ("GET", "POST", "HEAD", "PUT", "DELETE"):
                status = raw(site, method, f"{path}{turn}", f"tandem_session={token}")
                assert status in (404, 405, 411), (method, path, turn, status)
    for _ in range(300):
        key = "".join(draw.choices(letters, k=draw.choice((8, 12, 22, 24))))
        shape = draw.choice(
            ("/conversations/{}", "/answers/{}/sources/1", "/account/sessions/{}/end")
        )
        reply = agent.request("POST" if "end" in shape else "GET", shape.format(key))
        assert reply.status_code == 404


def test_another_site_signs_nobody_in_or_out(site: Site, clients: dict[str, httpx.Client]) -> None:
    evil = {"origin": "https://evil.example"}
    posts = [entry.path for entry in ACCESS if entry.method == "POST" and entry.path.startswith(
        ("/sign", "/account", "/people", "/welcome")
    )]  # fmt: skip
    assert len(posts) == 11
    for path in posts:
        path = re.sub(r"{\w+}", "none", path)
        assert clients["admin"].post(path, headers=evil).status_code == 403
    assert clients["admin"].get("/people").status_code == 200


def test_signing_in_and_out(site: Site, people: dict[str, Person | None]) -> None:
    with httpx.Client(base_url=site.url, timeout=30) as client:
        sent = client.get("/?c=abc")
        assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2F%3Fc%3Dabc")
        page = client.get(sent.headers["location"])
        assert 'value="/?c=abc"' in page.text and page.headers["cache-control"] == "no-store"
        wrong = sign_in(client, "Bob", "wrong horse battery")
        assert wrong.status_code == 401 and "do not belong together" in wrong.text
        assert "wrong horse" not in wrong.text and not client.cookies
        done = sign_in(client, " BOB ", goal="/?c=abc")
        assert (done.status_code, done.headers["location"]) == (303, "/?c=abc")
        set_cookie = done.headers["set-cookie"]
        assert "Max-Age=34560000" in set_cookie  # the server ends a session, not the browser
        assert "HttpOnly" in set_cookie and "SameSite=Lax" in set_cookie
        assert "Secure" not in set_cookie
        page = client.get("/")
        assert 'content="Bob"' in page.text and 'data-rights="ask"' in page.text
        token = client.cookies["tandem_session"]
        assert client.post("/sign-out").headers["location"] == "/sign-in"
        client.cookies.set("tandem_session", token)
        assert client.get("/status").status_code == 401
        told = client.get("/status").json()
        assert told["sign_in"] is True and "Sign in again" in told["error"]


BROWSER = {
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8"
}  # as it opens a page or sends a form


@pytest.mark.parametrize(
    ("method", "address", "leads"),
    [
        ("POST", "/sign-out", "/"),
        ("POST", "/account/password", "/account"),
        ("POST", "/people/add", "/people"),
        ("POST", "/people/p123/remove", "/people"),
    ],
)
def test_a_form_sent_by_somebody_signed_out_leads_to_signing_in(
    clients: dict[str, httpx.Client], method: str, address: str, leads: str
) -> None:
    reply = clients["nobody"].request(method, address, headers=BROWSER)
    assert reply.status_code == 303
    assert reply.headers["location"] == f"/sign-in?next={quote(leads, safe='')}"


@pytest.mark.parametrize("role", ["nobody", "agent", "admin"])
@pytest.mark.parametrize(
    "address",
    [
        "/nonsense",
        "/people/add",
        "/account/password",
        "/sign-out",
        "/welcome/xyz!",
        "/welcome",
        "/manuals/gaps.csv",
        "/conversations/none",
    ],
)
def test_an_opened_address_never_shows_json(
    clients: dict[str, httpx.Client], role: str, address: str
) -> None:
    reply = clients[role].get(address, headers=BROWSER, follow_redirects=True)
    if (role, address) == ("admin", "/manuals/gaps.csv"):
        assert reply.headers["content-type"].startswith("text/csv")
    else:
        assert reply.headers["content-type"].startswith("text/html")


def test_an_address_that_only_takes_a_form_leads_to_its_page(
    clients: dict[str, httpx.Client],
) -> None:
    for address, leads in (("/people/add", "/people"), ("/account/password", "/account")):
        reply = clients["admin"].get(address, headers=BROWSER)
        assert (reply.status_code, reply.headers["location"]) == (303, leads)
    assert clients["agent"].get("/people/add", headers=BROWSER).status_code == 404


def test_a_link_for_somebody_removed_meanwhile_is_refused_on_the_page(
    clients: dict[str, httpx.Client], team: Team
) -> None:
    gone = team.add("Gus", "agent")
    team.accounts.remove(gone.id)
    reply = clients["admin"].post(f"/people/{gone.id}/link", headers=BROWSER)
    assert reply.status_code == 404 and "There is no such person any more" in reply.text
    assert "Add somebody" in reply.text


def test_who_is_signed_in_needs_no_form(clients: dict[str, httpx.Client]) -> None:
    reply = clients["agent"].get("/sign-in?next=/check/")
    assert (reply.status_code, reply.headers["location"]) == (303, "/check/")


def test_the_account_page_shows_and_ends_sessions(
    site: Site, team: Team, people: dict[str, Person | None]
) -> None:
    with httpx.Client(base_url=site.url) as here, httpx.Client(base_url=site.url) as there:
        firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        here.headers["user-agent"] = firefox
        sign_in(here, "Dee")
        sign_in(there, "Dee")
        page = here.get("/account").text
        assert "Firefox on Linux" in page and "python-httpx" in page and "127.0.0.1" in page
        assert here.post("/account/sessions/end-others").status_code == 303
        assert there.get("/status").status_code == 401 and here.get("/status").status_code == 200
        sign_in(there, "Dee")
        form = {"old": PASSWORD, "password": "another horse battery", "again": "another horse"}
        assert "differ" in here.post("/account/password", data=form).text
        form["again"] = form["password"]
        wrong = here.post("/account/password", data={**form, "old": "no horse battery"})
        assert wrong.status_code == 400 and "do not belong together" in wrong.text
        done = here.post("/account/password", data=form)
        assert done.headers["location"] == "/account?done=password"
        assert there.get("/status").status_code == 401 and here.get("/status").status_code == 200
        assert sign_in(there, "Dee").status_code == 401
        assert sign_in(there, "Dee", "another horse battery").status_code == 303


def test_an_admin_adds_changes_and_removes_people(
    site: Site, clients: dict[str, httpx.Client]
) -> None:
    admin = clients["admin"]
    page = admin.post("/people/add", data={"name": "Eve", "role": ["agent"]}).text
    assert 'data-label="Added"' in page  # on a phone the date stands without a head of the table
    link = re.search(r"/welcome/[\w-]+", page).group()  # type: ignore[union-attr]
    with httpx.Client(base_url=site.url) as eve:
        assert "Welcome, Eve" in eve.get(link).text
        form = {"password": "eves long password", "again": "eves long password"}
        assert eve.post(link, data=form).headers["location"] == "/"
        assert eve.get("/status").status_code == 200
        assert eve.get(link).status_code == 410 and "does not work any more" in eve.get(link).text
        key = re.search(r'/people/([\w-]+)/roles" [^>]*aria-label="Eve"', page).group(1)  # type: ignore[union-attr]
        admin.post(f"/people/{key}/roles", data={"role": ["agent", "admin"]})
        assert eve.get("/people").status_code == 200
        assert admin.post(f"/people/{key}/roles").status_code == 400
        admin.post(f"/people/{key}/remove")
        assert eve.get("/status").status_code == 401
    assert admin.post(f"/people/{key}/link").status_code == 404
    again = admin.post("/people/add", data={"name": "BOB", "role": ["agent"]})
    assert again.status_code == 400 and "already" in again.text and 'value="BOB"' in again.text


def test_the_last_admin_stays(
    site: Site, clients: dict[str, httpx.Client], people: dict[str, Person | None]
) -> None:
    ada = people["admin"]
    assert ada is not None
    reply = clients["admin"].post(f"/people/{ada.id}/roles", data={"role": ["agent"]})
    assert reply.status_code == 400 and "has to stay an admin" in reply.text
    assert clients["admin"].post(f"/people/{ada.id}/remove").status_code == 400
    assert clients["admin"].get("/people").status_code == 200


def test_whoever_gives_up_being_an_admin_reads_what_they_are_now(
    site: Site, team: Team, people: dict[str, Person | None]
) -> None:
    flo = team.add("Flo", "admin")
    with team.client(site, flo) as client:
        reply = client.post(
            f"/people/{flo.id}/roles", data={"role": ["agent"]}, follow_redirects=True
        )
    assert reply.status_code == 200 and "The roles are changed." in reply.text
    assert "What you are here: agent" in reply.text
    team.accounts.remove(flo.id)


def test_a_name_is_only_text_on_every_page(site: Site, team: Team) -> None:
    evil = '<img src=x onerror=alert(1)>"&'
    person = team.add(evil, "admin")
    with team.client(site, person) as client:
        for path in ("/", "/account", "/people", "/check/"):
            text = client.get(path).text
            assert "<img src=x" not in text and "&lt;img src=x" in text, path
    team.accounts.remove(person.id)


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/sign-out",
        "/manuals/state",
        "",
        "http:/",
        "/../people",
        "http://[",
        "//[",
    ],
)
def test_signing_in_leads_to_a_page_of_ours(goal: str) -> None:
    assert inside(goal) == "/"


def test_pages_of_ours_are_reached_with_what_their_address_asks_for() -> None:
    assert inside("/?c=abc") == "/?c=abc" and inside("/people") == "/people"


def test_browsers_have_names() -> None:
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    assert browser_name(chrome) == "Chrome on Windows"
    assert browser_name(f"{chrome} Edg/142.0") == "Edge on Windows"
    assert browser_name("curl/8.5") == "curl/8.5"
