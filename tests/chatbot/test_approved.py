"""Approved answers: proposed, decided on, given first to the same question while current, followed, stale, exported."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from chatbot.accounts.accounts import Accounts
from chatbot.accounts.personal_data import erase
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.journal import open_journal
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Answer, Question
from chatbot.curation.approved.export import rows, training_rows
from chatbot.curation.approved.first import may_hold
from chatbot.curation.approved.proposing import edited, proposal
from chatbot.curation.approved.same_question import key_of
from chatbot.curation.approved.types import ApprovedAnswer, NoSuchApproved, NotApproved
from chatbot.errors import NoSuchConversation
from chatbot.trials.evaluation.batch import BatchCase, answers
from tests.support.command import out, run
from tests.support.manuals import FAN, PUMP, only, put
from ui.chat.plain_text import for_customer

SEAL = "How do I replace the seal?"
TEXT = "To replace the seal, close both valves. Remove the four screws of the cover. Tighten the screws to 12 Nm."
CUP = "Keep the screws in a cup."


def asked(assistant: Assistant, text: str, talk: str = "", **more: object) -> Answer:
    question = Question(text, conversation=talk or new_conversation(), **more)  # type: ignore[arg-type]
    return ask_once(assistant, question, "bob")


def proposed(assistant: Assistant, answer: Answer, text: str = "") -> ApprovedAnswer:
    draft = proposal(
        assistant, assistant.journal.own_turn(answer.id, "bob"), text or for_customer(answer)
    )
    return assistant.approved.one(assistant.approved.propose(draft, "bob", answer.id))


def approved(assistant: Assistant, question: str = SEAL, text: str = "", **more: object) -> str:
    one = proposed(assistant, asked(assistant, question, **more), text)
    assistant.approved.approve(one.id, "mia", one.changed)
    return one.id


@pytest.fixture
def pump(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "pump.md", PUMP)
    return assistant


def test_an_approved_answer_comes_first_until_it_is_withdrawn(pump: Assistant) -> None:
    mia = Accounts(pump.journal.file).add("Mia", ["admin"], "correct horse battery")
    one = proposed(pump, asked(pump, SEAL), TEXT.replace(" Remove", f" {CUP} Remove"))
    assert asked(pump, SEAL).approved == ""  # nothing changes before an admin says so
    pump.approved.approve(one.id, mia.id, one.changed)
    answer = asked(pump, "how can i replace  the SEAL")
    assert answer.approved == one.id and answer.outcome == "answered" and answer.model == ""
    assert answer.route.reason.startswith("Approved by Mia on ")
    marked = TEXT.replace(". ", ". [{}] ").replace("Nm.", "Nm. [{}]").format(1, 2, 3)
    assert answer.text == marked.replace(" Remove", f" {CUP} Remove")
    page = pump.catalog.page(only(pump.catalog).version_id, 1).text
    assert all(page[c.start : c.end] == c.quote for c in answer.citations)
    assert answer.quotes is not None and "Remove the four screws of the cover." in [
        part.text for part in answer.quotes.sentences
    ]
    assert pump.journal.answer(answer.id, "bob") == answer
    pump.approved.withdraw(one.id, mia.id)
    assert asked(pump, SEAL).approved == ""
    with pytest.raises(NotApproved, match="decided on this answer meanwhile"):
        pump.approved.decline(one.id, mia.id)
    pump.approved.approve(one.id, mia.id, pump.approved.one(one.id).changed)
    assert asked(pump, SEAL).approved == one.id


def test_it_is_not_given_in_other_modes_nor_for_a_section_that_was_chosen(pump: Assistant) -> None:
    key = approved(pump)
    assert asked(pump, SEAL, mode="documents").approved == key
    assert not asked(pump, SEAL, mode="adapter").approved
    assert not asked(pump, SEAL, mode="both").approved
    passage = pump.search.find(SEAL).evidence[0].passage.id
    assert not asked(pump, SEAL, passage=passage).approved


SAME = [
    ("How often do I clean the filter?", "How often should I clean the filter"),
    ("How do I clean the filter?", "please tell me: how can I clean a filter"),
    ("How do I clean the filter?", "Hello, how to clean my filters??"),
    ("What is the largest pressure?", "What's the LARGEST pressure"),
    ("Can't I open the cover?", "can not i open the cover"),
    ("Ist der Filter größer?", "ist der filter GRÖSSER"),
]
OTHER = [
    ("How long should I run it?", "How long can I run it?"),
    ("How do I clean the filter?", "When do I clean the filter?"),
    ("How do I clean the filter?", "How often do I clean the filter?"),
    ("How do I log in?", "How do I log out?"),
    ("How do I turn it on?", "How do I turn it off?"),
    ("Can I clean it with water?", "Can I clean it without water?"),
    ("Can I open the cover?", "Can't I open the cover?"),
    ("May it run dry?", "May it not run dry?"),
    ("Does it run at -5 degrees?", "Does it run at 5 degrees?"),
    ("Why must I open it?", "Why can I open it?"),
    ("How do I copy from A1 to B2?", "How do I copy from B2 to A1?"),
    ("What weighs the S10?", "What weighs the S10+?"),
    ("What does E04 mean?", "What does E05 mean?"),
    ("???", "!!!"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_question(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_it_is_given_for_its_product_only(pump: Assistant) -> None:
    put(pump.catalog, "fan.md", FAN)
    key = approved(pump, "How do I replace the seal on the P-200?")
    assert pump.approved.one(key).product == "Pump P-200"
    assert asked(pump, SEAL, product="Pump P-200").approved == key
    assert asked(pump, "How do I replace the seal on my Pump P-200?").approved == key
    for text, more in (
        (SEAL, {}),
        (SEAL, {"product": "Fan F-100"}),
        ("How do I replace the seal on the Fan F-100?", {}),
        ("How do I replace the seal on the P-200 and the F-100?", {}),
        ("How do I replace the seal on the F-100?", {"product": "Pump P-200"}),
    ):
        assert not asked(pump, text, **more).approved, (text, more)
    talk = new_conversation()
    asked(pump, "What pressure does the P-200 take?", talk)
    assert asked(pump, SEAL, talk).approved == key  # the pump is what is talked of
    talk = new_conversation()
    asked(pump, "What pressure does the F-100 take?", talk)
    assert not asked(pump, SEAL, talk).approved


def test_without_a_product_it_is_not_given_where_another_is_meant(pump: Assistant) -> None:
    key = approved(pump)
    assert pump.approved.one(key).product == ""
    assert not asked(pump, SEAL, product="Pump P-200").approved
    assert not asked(pump, "How do I replace the seal on the P-200?").approved
    put(pump.catalog, "fan.md", FAN)
    assert asked(pump, SEAL).outcome == "which product"  # the fan has another answer by now
    talk = new_conversation()
    asked(pump, "What pressure does the F-100 take?", talk)
    assert not asked(pump, SEAL, talk).approved


def test_a_follow_up_is_answered_by_its_standalone_wording(pump: Assistant) -> None:
    key = approved(pump, "How do I clean the filter?")
    talk = new_conversation()
    asked(pump, SEAL, talk)
    answer = asked(pump, "And clean the filter?", talk)
    assert key_of(answer.asked) == key_of("How do I clean the filter?")
    assert answer.approved == key
    assert not asked(pump, "And how often?", talk).approved


def test_words_that_moved_are_followed_and_changed_ones_make_it_stale(pump: Assistant) -> None:
    key = approved(pump)
    put(pump.catalog, "pump.md", PUMP.replace("## Safety", "## New\n\nWords before.\n\n## Safety"))
    manual = only(pump.catalog)
    answer = asked(pump, SEAL)
    page = pump.catalog.page(manual.version_id, 1).text
    assert answer.approved == key and manual.version == 2
    assert all(
        (c.version_id, page[c.start : c.end]) == (manual.version_id, c.quote)
        for c in answer.citations
    )
    (row,) = training_rows(pump.catalog, pump.approved.listed())
    assert (row["question"], row["answer"], row["product"]) == (SEAL, TEXT, "")
    hashes = {passage.hash for passage in pump.catalog.passages_of(manual.version_id)}
    assert row["passage_hash"] in hashes
    put(pump.catalog, "pump.md", PUMP.replace("close both valves", "close all valves"))
    answer = asked(pump, SEAL)
    assert not answer.approved and "close all valves" in answer.text
    assert [row["stale"] for row in rows(pump.catalog, pump.approved.listed())] == [True]
    assert not list(training_rows(pump.catalog, pump.approved.listed()))
    put(pump.catalog, "pump.md", PUMP)  # what it says is what was approved
    assert asked(pump, SEAL).approved == key
    pump.catalog.remove(only(pump.catalog).id)  # type: ignore[attr-defined]
    assert not asked(pump, SEAL).approved


def test_an_edited_stale_answer_is_tied_anew(pump: Assistant) -> None:
    key = approved(pump)
    put(pump.catalog, "pump.md", PUMP.replace("close both valves", "close all valves"))
    one = pump.approved.one(key)
    draft = edited(pump, one, SEAL, "", TEXT.replace("both", "all"))
    assert {c.version for c in draft.tied.citations} == {2} and not draft.tied.unsourced
    pump.approved.edit(key, draft, "mia", one.changed)
    answer = asked(pump, SEAL)
    assert answer.approved == key and "close all valves. [1]" in answer.text
    with pytest.raises(NotApproved, match="changed this answer meanwhile"):
        pump.approved.edit(key, draft, "mia", one.changed)


def test_unchanged_sentences_keep_their_places_and_others_are_checked(pump: Assistant) -> None:
    def states(text: str) -> list[tuple[str, str]]:
        tied = proposal(pump, turn, text).tied
        places = {c.n: c.quote for c in tied.citations}
        assert all(places[n] for part in tied.sentences for n in part.n)
        return [(part.text, part.state) for part in tied.sentences]

    turn = pump.journal.own_turn(asked(pump, SEAL).id, "bob")
    close, remove, tighten = (f"{part.rstrip('.')}." for part in TEXT.split(". "))
    assert states(f"{tighten} [3]\n\n{close} [1]") == [(tighten, "verified"), (close, "verified")]
    # A sentence of the manual within another sentence is no sentence of the manual any more
    never = f"Never {remove[0].lower()}{remove[1:]}"
    assert states(f"{close} {never}") == [(close, "verified"), (never, "contradicted")]
    other = tighten.replace("12", "14")
    assert states(f"Hello,\n{other}")[-1] == (other, "contradicted")
    assert states(f"{CUP} Clean the filter every 500 hours of operation.") == [
        (CUP, "unsupported"),
        ("Clean the filter every 500 hours of operation.", "verified"),
    ]
    with pytest.raises(NotApproved, match="are needed"):
        proposed(pump, asked(pump, SEAL), " \n ")


def test_without_a_source_nothing_is_approved(pump: Assistant) -> None:
    bread = asked(pump, "How do I bake sourdough bread?")
    assert bread.outcome == "unanswered"
    one = proposed(pump, bread, "Ask a baker.")
    with pytest.raises(NotApproved, match="no source|No sentence"):
        pump.approved.approve(one.id, "mia", one.changed)
    draft = edited(pump, one, one.question, "", "Ask a baker. Use water, not solvent.")
    pump.approved.edit(one.id, draft, "mia", one.changed)
    one = pump.approved.one(one.id)
    assert one.state == "proposed" and [part.text for part in one.tied.unsourced] == [
        "Ask a baker."
    ]
    pump.approved.approve(one.id, "mia", one.changed)
    assert asked(pump, "How do I bake sourdough bread?").approved == one.id
    one = pump.approved.one(one.id)
    with pytest.raises(NotApproved, match="No sentence"):
        pump.approved.edit(one.id, edited(pump, one, "Q?", "", "Ask a baker."), "mia", one.changed)
    assert pump.approved.one(one.id) == one


def test_only_the_owner_proposes_and_only_once_while_nobody_decided(pump: Assistant) -> None:
    answer = asked(pump, SEAL)
    with pytest.raises(NoSuchConversation):
        pump.journal.own_turn(answer.id, "eve")
    first, again = proposed(pump, answer), proposed(pump, answer, CUP)
    assert first.id == again.id and again.text == CUP
    pump.approved.decline(first.id, "mia")
    assert proposed(pump, answer).id != first.id
    assert [one.state for one in pump.approved.listed()] == ["proposed", "declined"]
    with pytest.raises(NoSuchApproved):
        pump.approved.one("none")
    talk = proposed  # small talk is no answer to keep
    with pytest.raises(NotApproved):
        talk(pump, asked(pump, "Thank you!"), "You are welcome.")
    key = approved(pump, "How do I clean the filter?")
    given = asked(pump, "How do I clean the filter?")
    assert given.approved == key
    with pytest.raises(NotApproved, match="not approved yet"):
        proposed(pump, given)


def test_an_answer_of_several_lines_keeps_them(pump: Assistant) -> None:
    text = "Do this:\n\n1. To replace the seal, close both valves.\n2. Remove the four screws of the cover."
    key = approved(pump, SEAL, text)
    answer = asked(pump, SEAL)
    assert answer.approved == key
    assert for_customer(answer).splitlines()[-2:] == text.splitlines()[-2:]


def test_a_person_who_is_erased_leaves_no_name_and_no_open_proposal(pump: Assistant) -> None:
    accounts = Accounts(pump.journal.file)
    bob, mia = (accounts.add(name, ["admin"], "correct horse battery") for name in ("Bob", "Mia"))
    kept = approved(pump)
    waiting = proposed(pump, asked(pump, "How do I clean the filter?")).id
    with sqlite3.connect(pump.settings.folder / "journal.db") as db:
        db.execute("UPDATE approved SET proposed_by = ?", (bob.id,))
        db.execute("UPDATE approved SET decided_by = ? WHERE id = ?", (mia.id, kept))
    one = pump.approved.one(kept)
    assert (one.proposed_by, one.decided_by) == ("Bob", "Mia")
    erase(pump.journal.file, bob.id)
    with pytest.raises(NoSuchApproved):
        pump.approved.one(waiting)
    assert pump.approved.one(kept).proposed_by == "" and asked(pump, SEAL).approved == kept
    erase(pump.journal.file, mia.id)
    assert asked(pump, SEAL).route.reason.startswith("Approved on ")
    with sqlite3.connect(pump.settings.folder / "journal.db") as db:
        assert db.execute("SELECT proposed_by, decided_by FROM approved").fetchall() == [("", "")]


def test_a_proposal_goes_with_its_owner_into_their_account(pump: Assistant) -> None:
    one = proposed(pump, asked(pump, SEAL))
    bob = Accounts(pump.journal.file).add("Bob", ["admin"], "correct horse battery")
    pump.journal.take_over("bob", bob.id)
    assert pump.approved.one(one.id).proposed_by == "Bob"


def test_a_journal_of_version_7_goes_on(tmp_path: Path, pump: Assistant) -> None:
    before = asked(pump, SEAL)
    pump.journal.close()
    path = pump.settings.folder / "journal.db"
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE approved")
        ((stored,),) = db.execute("SELECT answer FROM turns").fetchall()
        old = {key: value for key, value in json.loads(stored).items() if key != "approved"}
        db.execute("UPDATE turns SET answer = ?", (json.dumps(old),))
        db.execute("PRAGMA user_version = 7")
    made = open_journal(path)
    assert made.answer(before.id, "bob") == before
    with pump.keeping_in(made):
        key = approved(pump)
        assert asked(pump, SEAL).approved == key
    made.close()


def test_what_is_measured_is_not_an_approved_answer(pump: Assistant) -> None:
    approved(pump)
    ((_, answer),) = answers(pump, [BatchCase("1", (SEAL,))])
    assert isinstance(answer, Answer) and answer.outcome == "answered" and not answer.approved


def test_where_nothing_was_kept_a_question_makes_no_journal(pump: Assistant) -> None:
    assert not ask_once(pump, Question(SEAL)).approved
    assert not (pump.settings.folder / "journal.db").exists()


def test_a_journal_that_nobody_opened_is_asked_only_where_it_matters(pump: Assistant) -> None:
    path = pump.settings.folder / "journal.db"
    one = proposed(pump, asked(pump, SEAL))
    assert not may_hold(path)
    pump.approved.approve(one.id, "mia", one.changed)
    assert may_hold(path)
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE approved")
    assert may_hold(path)  # of an older version: it is opened, and brought up to date


def test_the_commands(pump: Assistant, tmp_path: Path) -> None:
    data = pump.settings.folder
    key = approved(pump)
    waiting = proposed(pump, asked(pump, "How do I clean the filter?"))
    assert out("ask", SEAL, data=data)["approved"] == key
    assert out("ask", waiting.question, data=data)["approved"] == ""
    found = {row["id"]: row for row in out("approved", data=data)["approved"]}
    assert (found[key]["state"], found[waiting.id]["state"]) == ("approved", "proposed")
    file = tmp_path / "pairs.jsonl"
    assert run("approved", "export", file, data=data).stdout == f"1 approved answer is in {file}.\n"
    (row,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (row["question"], row["answer"]) == (SEAL, TEXT)
    assert [source["quote"] for source in row["sources"]][-1] == "Tighten the screws to 12 Nm."
    wrong = run("approved", "export", tmp_path, data=data)
    assert wrong.returncode == 1 and "cannot be written" in wrong.stderr
    assert run("approved", "export", data=data).returncode == 2
