"""Drafts: which new versions wait, what becomes of them, and a search as if one were published."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.library import Library, open_library
from knowledge.search.retriever import Search
from knowledge.types import Job
from knowledge.versions.trial import as_if_published
from tests.support.manuals import FAN, PUMP, only, put

NEWER = PUMP.replace("12 Nm", "14 Nm")


def upload(library: Library, content: str, name: str = "pump.md") -> Job:
    """Add a file as the manuals page does: the rule of its product says whether it waits."""
    return library.run(library.accept(io.BytesIO(content.encode()), name, draft=None).id)


def torque(library: Library) -> str:
    found = Search(library, library.index).find("How tight are the screws of the cover?")
    return found.evidence[0].passage.text


def test_a_new_version_waits_where_something_rests_on_the_one_before(library: Library) -> None:
    library.hold_back(lambda manual: manual.name.startswith("Pump"))
    assert upload(library, PUMP).message.startswith("Ready"), "nothing can rest on a new manual"
    job = upload(library, NEWER)
    assert job.message.startswith("Draft: 4 passages, not yet published. Version 2")
    assert "12 Nm" in torque(library)
    (draft,) = library.drafts()
    library.publish(draft.version_id)
    assert "14 Nm" in torque(library)
    assert (
        only(library).published and library.versions_of(only(library).id)[1].state == "superseded"
    )
    upload(library, FAN, "fan.md")
    assert upload(library, FAN.replace("4 Nm", "5 Nm"), "fan.md").message.startswith("Ready")


@pytest.mark.parametrize(("rule", "begins"), [("always", "Draft"), ("never", "Ready")])
def test_the_rule_of_the_product_decides(library: Library, rule: str, begins: str) -> None:
    library.hold_back(lambda manual: rule == "never")
    upload(library, PUMP)
    library.set_draft_rule(only(library).product, rule)
    assert library.draft_rule("pump p-200") == rule, "as products are compared"
    assert library.draft_rule("Fan F-100") == "used"
    assert upload(library, NEWER).message.startswith(begins)


def test_a_rule_that_there_is_not_is_refused(library: Library) -> None:
    with pytest.raises(KnowledgeError, match="used, always, never"):
        library.set_draft_rule("", "sometimes")


def test_who_says_publish_or_draft_is_obeyed(library: Library) -> None:
    library.hold_back(lambda manual: True)
    put(library, "pump.md", PUMP)
    assert put(library, "pump.md", NEWER).message.startswith("Ready")
    assert put(library, "pump.md", PUMP.replace("12", "16"), draft=True).message.startswith("Draft")


def test_the_same_draft_again_is_no_second_one(library: Library) -> None:
    library.hold_back(lambda manual: True)
    upload(library, PUMP)
    upload(library, NEWER)
    again = upload(library, NEWER)
    assert (again.state, again.message) == (
        "unchanged", "Already there as a draft of 'Pump P-200 user manual'",
    )  # fmt: skip
    assert len(library.drafts()) == 1


def test_a_discarded_draft_can_be_kept_after_all(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", NEWER, draft=True)
    (draft,) = library.drafts()
    assert library.discard(draft.version_id).state == "discarded"
    assert not library.drafts()
    with pytest.raises(KnowledgeError, match="is discarded by now"):
        library.discard(draft.version_id)
    assert library.keep_draft(draft.version_id).state == "draft"
    with pytest.raises(KnowledgeError, match="is live by now"):
        library.discard(only(library).version_id)


def test_a_file_in_doubt_that_is_said_to_be_a_version_waits_too(library: Library) -> None:
    library.hold_back(lambda manual: True)
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    upload(
        library, f"# User manual\n\n## Start\n\n{chapter}\n\n## Range\n\nIt reaches 10 m.\n", "a.md"
    )
    job = upload(
        library, f"# User manual\n\n## Start\n\n{chapter}\n\n## Range\n\nIt reaches 20 m.\n", "b.md"
    )
    assert job.doubt, "a title that says nothing, and nearly the same words"
    told = library.settle(job.id, same=True)
    assert told.message.startswith("Draft: ")
    assert (only(library).version, len(library.drafts())) == (1, 1)
    assert (
        "10 m"
        in Search(library, library.index).find("How far does it reach?").evidence[0].passage.text
    )


def test_who_said_at_once_is_obeyed_also_in_doubt(library: Library) -> None:
    library.hold_back(lambda manual: True)
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    text = "# User manual\n\n## Start\n\n{}\n\n## Range\n\nIt reaches {} m.\n"
    put(library, "a.md", text.format(chapter, 10))
    job = put(library, "b.md", text.format(chapter, 20))
    assert job.doubt
    assert library.settle(job.id, same=True).message.startswith("Ready: ")
    assert (only(library).version, only(library).state, library.drafts()) == (2, "live", ())


def test_a_trial_searches_as_if_a_version_were_published_and_leaves_nothing(
    library: Library,
) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", NEWER, draft=True)
    (draft,) = library.drafts()
    before = library.generation()
    with as_if_published(library, draft.version_id) as search:
        found = search.find("How tight are the screws of the cover?")
        assert "14 Nm" in found.evidence[0].passage.text
    assert "12 Nm" in torque(library)
    assert (library.generation(), library.version(draft.version_id).state) == (before, "draft")
    live = only(library).version_id
    rows = library.connections.db.execute(
        "SELECT DISTINCT p.version_id FROM passages_fts f JOIN passages p ON p.id = f.rowid"
        " WHERE passages_fts MATCH 'screw'"
    )
    assert rows.fetchall() == [(live,)]


def test_a_trial_that_fails_leaves_nothing_either(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", NEWER, draft=True)
    (draft,) = library.drafts()
    with pytest.raises(ZeroDivisionError), as_if_published(library, draft.version_id):
        raise ZeroDivisionError
    assert library.version(draft.version_id).state == "draft"
    library.publish(draft.version_id)
    assert only(library).version == 2


def test_a_library_from_before_says_when_what_is_searched_was_published(tmp_path: Path) -> None:
    made = open_library(tmp_path)
    put(made, "pump.md", PUMP)
    added = only(made).added
    made.close()
    db = sqlite3.connect(tmp_path / "knowledge.db")
    db.executescript(
        "ALTER TABLE versions DROP COLUMN published; DROP TABLE draft_rules;"
        "DELETE FROM _sqlite_migrations WHERE name = 'm007_drafts'"
    )
    db.close()
    again = open_library(tmp_path)
    assert only(again).published == added
    again.close()


def test_a_new_version_of_a_removed_manual_waits_where_everybody_sees_it(library: Library) -> None:
    upload(library, PUMP)
    library.set_draft_rule(only(library).product, "always")
    library.remove(only(library).id)
    assert upload(library, NEWER).message.startswith("Draft: ")
    (draft,) = library.drafts()
    assert not library.manuals() and not library.removed()
    library.publish(draft.version_id)
    assert "14 Nm" in torque(library)


def test_a_product_takes_its_rule_along_to_its_new_name(library: Library) -> None:
    upload(library, PUMP)
    library.set_draft_rule("Pump P-200", "always")
    library.describe(only(library).id, product="Pump P-201")
    assert library.draft_rule("Pump P-201") == "always"


def test_an_older_draft_waits_no_more_once_a_newer_version_is_searched(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", NEWER, draft=True)
    put(library, "pump.md", PUMP.replace("12 Nm", "16 Nm"))
    assert not library.drafts()
    assert [one.state for one in library.versions_of(only(library).id)] == [
        "live", "discarded", "superseded",
    ]  # fmt: skip


def test_going_back_goes_to_what_was_searched_before(library: Library) -> None:
    for torque_ in ("12", "14", "16"):
        put(library, "pump.md", PUMP.replace("12 Nm", f"{torque_} Nm"))
        library.connections.db.execute(  # a second is the shortest that is told apart
            "UPDATE versions SET published = ? WHERE state = 'live'",
            [f"2026-01-{torque_}T00:00:00Z"],
        )
    first, second, third = reversed(library.versions_of(only(library).id))
    library.publish(first.version_id)
    library.connections.db.execute(
        "UPDATE versions SET published = '2026-02-01T00:00:00Z' WHERE state = 'live'"
    )
    library.publish(third.version_id)
    assert library.roll_back(only(library).id).version_id == first.version_id
    assert second.version == 2


def test_a_removed_manual_that_was_only_a_draft_comes_back_as_one(library: Library) -> None:
    put(library, "pump.md", PUMP, draft=True)
    (draft,) = library.drafts()
    library.remove(draft.id)
    assert [manual.id for manual in library.removed()] == [draft.id]
    library.restore("Pump P-200 user manual")
    assert library.drafts() == (draft,) and not library.manuals()


def test_where_every_version_waits_a_file_in_doubt_does_too(library: Library) -> None:
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    text = f"# User manual\n\n## Start\n\n{chapter}\n\n## Range\n\nIt reaches %s m.\n"
    library.set_draft_rule("", "always")
    upload(library, text % 10, "a.md")
    job = upload(library, text % 20, "b.md")
    assert job.doubt and job.message.startswith("Draft: ")
    assert len(library.manuals()) == 1


def test_the_line_of_an_upload_says_when_its_draft_was_published(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "pump.md", NEWER, draft=True)
    assert job.message.startswith("Draft: 4 passages, not yet published. Version 2")
    library.publish(job.version_id)
    assert library.job(job.id).message.startswith("Ready: 4 passages. Version 2")
