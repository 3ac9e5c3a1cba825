"""A person says that a file is another manual's version than it was taken for, or a manual of its own."""

from __future__ import annotations

import pytest

from knowledge.errors import KnowledgeError, NoSuchManual
from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.types import Manual
from knowledge.versions.belonging import Belonging
from tests.support.manuals import FAN, PUMP, put

NEWER = PUMP.replace("12 Nm", "14 Nm")


def manual(library: Library, product: str) -> Manual:
    return next(one for one in library.manuals() if one.product == product)


def torques(library: Library) -> set[str]:
    """The torques that a search finds, of whichever manual."""
    found = Search(library, library.index).find("Tighten the screws of the cover")
    words = " ".join(one.passage.text for one in found.evidence)
    return {torque for torque in ("4 Nm", "12 Nm", "14 Nm") if f" {torque}" in words}


def test_a_version_that_was_taken_for_one_becomes_a_manual_of_its_own(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "pump.md", NEWER)
    held = manual(library, "Pump P-200")
    assert (held.version, job.version_id) == (2, held.version_id)
    now = library.move(held.version_id, Belonging("", "Pump P-210", "P-210"))
    assert (now.name, now.product, now.version, now.state) == ("Pump P-210", "P-210", 1, "live")
    back = manual(library, "Pump P-200")
    assert (back.version, back.state) == (1, "live"), "the version before is searched again"
    assert torques(library) == {"12 Nm", "14 Nm"}
    told = library.job(job.id)
    assert (told.manual_id, told.version_id) == (now.id, now.version_id)
    assert told.message == "Ready: 4 passages. New manual 'Pump P-210'"


def test_a_new_manual_becomes_a_version_of_another_and_its_own_is_no_more(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "other.md", NEWER, manual="Pumps 2026")
    now = library.move(job.version_id, Belonging(manual(library, "Pump P-200").id))
    assert (now.name, now.version, now.state) == ("Pump P-200 user manual", 2, "live")
    assert [one.name for one in library.manuals()] == ["Pump P-200 user manual"]
    assert torques(library) == {"14 Nm"}
    assert [one.state for one in library.versions_of(now.id)] == ["live", "superseded"]
    with pytest.raises(NoSuchManual):
        library.manual(job.manual_id)
    told = library.job(job.id).message
    assert told == "Ready: 4 passages. Version 2 of 'Pump P-200 user manual': 1 section changed"


def test_it_waits_where_new_versions_of_the_other_manual_wait(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "other.md", NEWER, manual="Pumps 2026")
    library.set_draft_rule("Pump P-200", "always")
    now = library.move(job.version_id, Belonging(manual(library, "Pump P-200").id))
    assert (now.version, now.state) == (2, "draft")
    assert torques(library) == {"12 Nm"}, "what agents get is as before"
    assert library.publish(now.version_id).state == "live"
    assert torques(library) == {"14 Nm"}


def test_a_draft_stays_one_wherever_it_belongs(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    job = put(library, "pump.md", NEWER, draft=True)
    assert library.drafts()[0].version_id == job.version_id
    fan = manual(library, "Fan F-100")
    assert library.move(job.version_id, Belonging(fan.id)).state == "draft"
    now = library.move(job.version_id, Belonging("", "Pump P-210"))
    assert (now.state, now.version) == ("draft", 1)
    assert [one.name for one in library.drafts()] == ["Pump P-210"]
    assert torques(library) == {"12 Nm", "4 Nm"}


def test_a_manual_that_was_rolled_back_goes_to_its_newer_version(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", NEWER)
    pump = manual(library, "Pump P-200")
    first = library.roll_back(pump.id)
    library.move(first.version_id, Belonging("", "Pump P-190", "P-190"))
    assert [(m.name, m.version) for m in library.manuals()] == [
        ("Pump P-190", 1), ("Pump P-200 user manual", 2),
    ]  # fmt: skip


def test_a_manual_is_not_left_with_what_nobody_sees(library: Library) -> None:
    put(library, "pump.md", PUMP)
    draft = put(library, "pump.md", NEWER, draft=True)
    library.discard(draft.version_id)
    pump = manual(library, "Pump P-200")
    with pytest.raises(KnowledgeError, match="nothing beside it but discarded drafts"):
        library.move(pump.version_id, Belonging("", "Pump P-190"))
    library.keep_draft(draft.version_id)
    library.move(pump.version_id, Belonging("", "Pump P-190"))
    assert [one.name for one in library.drafts()] == [pump.name]


def test_what_comes_back_gets_its_number_and_discards_no_draft(library: Library) -> None:
    put(library, "pump.md", PUMP)
    second = put(library, "pump.md", NEWER)
    third = put(library, "pump.md", PUMP.replace("12 Nm", "15 Nm"), draft=True)
    pump = manual(library, "Pump P-200")
    library.move(second.version_id, Belonging("", "Pump P-210"))
    back = library.move(second.version_id, Belonging(pump.id, number=2))
    assert (back.version, back.state) == (2, "live")
    assert [one.version_id for one in library.drafts()] == [third.version_id]
    library.move(second.version_id, Belonging("", "Pump P-210"))
    taken = library.move(second.version_id, Belonging(pump.id, number=3))
    assert taken.version == 4, "that number is the draft's"


def test_nobody_is_asked_about_a_manual_that_is_no_more(library: Library) -> None:
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    text = "# User manual\n\n## Start\n\n{}\n\n## Range\n\nIt reaches {} m.\n"
    put(library, "pump.md", PUMP)
    first = put(library, "a.md", text.format(chapter, 10))
    asked = put(library, "b.md", text.format(chapter, 20))
    assert asked.doubt == first.manual_id
    library.move(first.version_id, Belonging(manual(library, "Pump P-200").id))
    assert not library.job(asked.id).doubt
    library.dismiss_ended()
    assert not library.jobs()


def test_what_is_cited_stays_where_it_was(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "pump.md", NEWER)
    before = library.passages_of(job.version_id)
    library.move(job.version_id, Belonging("", "Pump P-210"))
    assert library.passages_of(job.version_id) == before


def test_what_cannot_be_is_refused_and_changes_nothing(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    put(library, "pump.md", NEWER)
    pump, fan = manual(library, "Pump P-200"), manual(library, "Fan F-100")
    old = library.versions_of(pump.id)[1]
    before = library.manuals()
    refused = [
        (pump.version_id, Belonging(pump.id), "a version of 'Pump P-200 user manual' already"),
        (pump.version_id, Belonging("", fan.name), "Another manual is called"),
        (pump.version_id, Belonging(), "needs a name"),
        (pump.version_id, Belonging("no such manual"), "Choose another one"),
        (fan.version_id, Belonging("", "Another"), "a manual of its own already"),
        (old.version_id, Belonging(fan.id), "is superseded by now"),
    ]
    for version_id, to, told in refused:
        with pytest.raises(KnowledgeError, match=told):
            library.move(version_id, to)
    assert library.manuals() == before
    assert torques(library) == {"14 Nm", "4 Nm"}


def test_a_name_is_proposed_that_no_manual_has(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "pump.md", NEWER)
    assert library.name_for(job.version_id) == "Pump P-200 user manual (pump.md)"


def test_who_sent_a_file_is_kept_with_its_version(library: Library) -> None:
    import io

    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md", by="eva")
    library.run(job.id)
    assert manual(library, "Pump P-200").added_by == "eva"
    put(library, "fan.md", FAN)
    assert manual(library, "Fan F-100").added_by == ""
