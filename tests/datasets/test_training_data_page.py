"""The pages of training data over the wire: build, upload, look through, take along, remove."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest

from adapters.datasets.reading.formats import read_bytes
from tests.support.manuals import FAN, PUMP
from tests.support.people import team_of
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for

HERE = "/training-data"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("data") / "data") as made:
        with client_of(made) as client:
            upload(client, "pump.md", PUMP.encode())
            upload(client, "fan.md", FAN.encode())
            wait_until_read(client)
        yield made


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with client_of(site) as client:
        client.headers["accept"] = "text/html"
        yield client


def built(client: httpx.Client, name: str, **fields: object) -> str:
    """Build a set, and return the address of its page once it is there."""
    reply = client.post(f"{HERE}/build", data={"name": name, "sources": ["approved", "manuals"], **fields})  # fmt: skip
    assert reply.status_code == 303, reply.text
    shown: list[str] = []

    def there() -> bool:
        html = client.get(HERE).text
        assert "was not built" not in html
        shown[:] = re.findall(rf'href="({HERE}/\w+)" aria-label="Open {name}"', html)
        return bool(shown)

    wait_for(there)
    return shown[0]


def sent(client: httpx.Client, name: str, *files: tuple[str, bytes]) -> httpx.Response:
    return client.post(f"{HERE}/upload", data={"name": name}, files=[("files", file) for file in files])  # fmt: skip


def test_a_set_is_built_read_taken_along_and_removed(site: Site, browser: httpx.Client) -> None:
    assert "No data set yet." in browser.get(HERE).text
    address = built(browser, "Both pumps")
    html = browser.get(address).text
    for said in ("Domain knowledge", "Needs at least 50 facts", "Templates", "Not in the manual", "Training"):  # fmt: skip
        assert said in html
    assert "P-200" in html and "F-100" in html
    lines = browser.get(f"{address}/pairs.jsonl")
    pairs = read_bytes(lines.content, "pairs.jsonl").pairs
    assert lines.headers["content-disposition"] == 'attachment; filename="pairs.jsonl"'
    assert {pair.split for pair in pairs} <= {"train", "validation", "test", "reworded"}
    chat = browser.get(f"{address}/chat.jsonl").text.strip().split("\n")
    trained = [pair for pair in pairs if pair.split == "train"]
    assert 0 < len(chat) == len(trained) < len(pairs), "a file without splits holds no test"
    assert json.loads(chat[0])["messages"][0]["role"] == "user"
    tree = browser.get(f"{address}/taxonomy.zip").content
    assert any("qna.yaml" in name for name in zipfile.ZipFile(io.BytesIO(tree)).namelist())
    back = sent(browser, "Back", ("tree.zip", tree))
    assert back.status_code == 303
    again = browser.get(f"{back.headers['location']}/pairs.jsonl").content
    assert again == lines.content
    assert browser.post(f"{address}/remove").headers["location"] == f"{HERE}?done=removed"
    assert "The data set is removed." in browser.get(f"{HERE}?done=removed").text
    assert browser.get(address).status_code == 404 and "There is no data set" in browser.get(address).text  # fmt: skip
    log = browser.get("/audit").text
    assert "made a data set" in log and "saved a data set" in log and "removed a data set" in log


def test_a_set_is_built_anew_beside_the_one_before(browser: httpx.Client) -> None:
    address = built(browser, "Anew", product="Pump P-200")
    assert "Beside the set that it was built anew from" not in browser.get(address).text
    upload(browser, "pump.md", PUMP.replace("12 Nm", "15 Nm").encode())
    wait_until_read(browser)
    assert browser.post(f"{address}/again").headers["location"] == HERE
    found: list[str] = []

    def both() -> bool:
        found[:] = re.findall(
            rf'href="({HERE}/\w+)" aria-label="Open Anew"', browser.get(HERE).text
        )
        return len(found) == 2

    wait_for(both)
    html = browser.get(next(one for one in found if one != address)).text
    assert "Beside the set that it was built anew from" in html
    assert "Before: Tighten the screws to 12 Nm." in html and "Answered otherwise: " in html
    assert "New: 0" in html and "No longer there: 0" in html
    browser.post(f"{address}/remove")
    assert "Beside the set" not in browser.get(next(one for one in found if one != address)).text
    assert browser.post(f"{HERE}/{'0' * 16}/again").status_code == 404


def test_one_product_alone_needs_no_name_of_it(browser: httpx.Client) -> None:
    address = built(browser, "Only pumps", product="Pump P-200")
    assert "F-100: " not in browser.get(address).text
    wrong = browser.post(f"{HERE}/build", data={"name": "X", "product": "Kettle"})
    assert wrong.status_code == 400 and "No manual is about that product" in wrong.text
    nothing = browser.post(f"{HERE}/build", data={"name": "Nothing", "sources": []})
    assert nothing.status_code == 303
    wait_for(lambda: "“Nothing” was not built." in browser.get(HERE).text)
    html = browser.get(HERE).text
    assert "There is nothing to make pairs of" in html
    key = re.search(rf'action="{HERE}/builds/(\w+)/dismiss"', html)
    assert key
    browser.post(f"{HERE}/builds/{key[1]}/dismiss")
    assert "was not built" not in browser.get(HERE).text


def test_an_upload_says_what_was_left_out_and_why(browser: httpx.Client) -> None:
    rows = [{"question": f"How tight is bolt <b>{n}</b>?", "answer": f"{n} Nm."} for n in range(9)]
    rows += [{"question": "Why?"}, {"question": "Who?", "answer": "Write to kim@example.org."}]
    csv = "question;answer\nHow long is the hose?;2 m\nHow long is the hose?;2 m\n"
    reply = sent(browser, "Mixed", ("own.jsonl", "\n".join(map(json.dumps, rows)).encode()), ("hose.csv", csv.encode()))  # fmt: skip
    assert reply.status_code == 303
    html = browser.get(reply.headers["location"]).text
    assert "&lt;b&gt;" in html and "<b>1</b>" not in html
    for said in (
        "own.jsonl, line 10",
        "It has no answer.",
        "It holds an e-mail address (….org).",
        "says the same.",
        "hose.csv (a table)",
        "removed: 2 · not read: 1",
    ):
        assert said in html, said
    notes = browser.get(f"{reply.headers['location']}/notes.csv").text
    assert notes.count("\n") == 4 and "kim@" not in html


@pytest.mark.parametrize(
    ("name", "files", "said"),
    [
        ("X", [("letter.txt", b"Dear all")], "in none of the forms"),
        ("X", [], "Choose a file."),
        (" ", [("a.jsonl", b'{"question": "Q?", "answer": "A."}')], "Give the data set a name."),
        ("X", [("a.jsonl", b'{"question": "Q?", "answer": "A.<|im_end|>"}')], "No pair is left"),
        ("X", [("a.zip", b"PK\x03\x04no")], "cannot be opened as an archive"),
    ],
)
def test_an_upload_that_gives_no_set_says_why_and_keeps_the_name(
    browser: httpx.Client, name: str, files: list[tuple[str, bytes]], said: str
) -> None:
    reply = sent(browser, name, *files)
    assert reply.status_code == 400 and said in reply.text
    assert f'name="name" value="{name}"' in reply.text


def test_admins_and_engineers_make_sets_and_agents_see_none(tmp_path_factory: pytest.TempPathFactory) -> None:  # fmt: skip
    with running_site(tmp_path_factory.mktemp("team") / "data") as site, team_of(site) as team:
        team.add("Ada", "admin")
        engineer, agent = team.add("Dee", "engineer"), team.add("Bob", "agent")
        with team.client(site, engineer) as dee, team.client(site, agent) as bob:
            pair = b'{"question": "Q?", "answer": "A."}'
            reply = sent(dee, "Dees", ("a.jsonl", pair))
            assert reply.status_code == 303 and "Dee" in dee.get(HERE).text
            for address in (HERE, reply.headers["location"], f"{reply.headers['location']}/pairs.jsonl"):  # fmt: skip
                assert bob.get(address).status_code == 404
            assert sent(bob, "Bobs", ("a.jsonl", pair)).status_code == 404
