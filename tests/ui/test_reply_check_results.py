"""The page "Check a reply" as HTML: verdicts in words, numbers that stay, and the reply with footnotes."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chatbot.conversations.types import Sentence
from chatbot.grounding.reply_check import Checked, Other
from tests.support.ui_values import Elements, citation
from ui.reply_check import results

OTHER = citation(1, manual="Fan F-100", version_id=9, quote="Hold RESET for four seconds.")


def verified(text: str = "Hold RESET.", **change: object) -> Checked:
    return Checked(Sentence(text, "verified", (1,)), (citation(1, **change),))


def contradicted() -> Checked:
    return Checked(
        Sentence(
            "Hold RESET for 5 s.",
            "contradicted",
            near=citation(0, page=4),
            against=(("5 s", "ten seconds"),),
        )
    )


def test_each_verdict_stands_in_words_beside_its_sentence() -> None:
    report = results.ReplyReport()
    assert "Word for word" in report.row(verified())
    assert "In other words" in report.row(
        Checked(Sentence("Press it.", "supported", (1,)), (citation(1, state="supported"),))
    )
    told = report.row(contradicted())
    assert "The manual says ten seconds, not 5 s" in told and "Hold RESET for ten seconds." in told
    assert "Use the manual’s words" in told and 'data-sentence="Hold RESET for 5 s."' in told
    alone = report.row(Checked(Sentence("It flies.", "unsupported")))
    assert (
        "No match found" in alone
        and "compare" not in alone
        and "The manual says" not in alone
        and "t-chip" not in alone
    )
    assert "t-state-words" not in report.row(Checked(Sentence("Hello,", "none")))
    assert report.words() == "2 of 4 sentences supported · 1 contradicted · 1 without a match"


def test_beside_a_sentence_without_a_match_stands_the_nearest_with_the_words_that_differ() -> None:
    near = citation(0, quote="Hold RESET for ten seconds.")
    part = Sentence("Hold RESET for as long as you like.", "unsupported", near=near)
    row = results.ReplyReport().row(Checked(part))
    assert row.count("No match found, compare:") == 1 and "Not in the manuals" not in row
    marks = re.findall(r'<mark class="t-differs">(.*?)</mark>', row)
    assert any("ten seconds" in mark for mark in marks) and any("long" in mark for mark in marks)


def test_what_was_said_before_counts_once_and_needs_no_second_look() -> None:
    report = results.ReplyReport()
    first, second = report.row(contradicted()), report.row(replace(contradicted(), again=True))
    assert "t-verdict contradicted look" in first
    assert "Said and judged above" in second and "look" not in second and "t-near" not in second
    assert "look" not in report.row(verified())
    other = replace(verified(), others=(Other(OTHER, (("ten seconds", "four seconds"),)),))
    assert "t-verdict verified look" in report.row(other)
    assert report.words() == "2 of 3 sentences supported · 1 contradicted"


def test_the_same_place_keeps_its_number_and_each_chip_its_own_state() -> None:
    report = results.ReplyReport()
    first = report.row(
        Checked(Sentence("Press it.", "supported", (1,)), (citation(1, state="supported"),))
    )
    second = report.row(verified())
    third = report.row(verified("Wait.", page=4))
    assert 'class="t-chip loose"' in first and 'class="t-chip"' in second
    assert ">1</button>" in first and ">1</button>" in second and ">2</button>" in third
    assert report.summary().count('data-do="source" data-n') == 2


def test_a_manual_that_gives_another_figure_is_named_with_its_chip() -> None:
    one = replace(verified(), others=(Other(OTHER, (("ten seconds", "four seconds"),)),))
    row = results.ReplyReport().row(one)
    assert "Fan F-100 says four seconds" in row and row.count("t-chip") == 2


def test_the_reply_is_copied_with_numbers_and_footnotes() -> None:
    report = results.ReplyReport()
    for one in (
        Checked(Sentence("Hello,", "none")),
        replace(verified(), line=True),
        verified("Hold RESET for ten seconds."),
        contradicted(),
    ):
        report.row(one)
    text, _, notes = report.footnoted().partition("\n\n[")
    assert text == "Hello,\nHold RESET. [1] Hold RESET for ten seconds. [1] Hold RESET for 5 s."
    assert notes.startswith("1] Aurora X200") and "[2]" not in notes


def test_a_letter_without_claims_says_so() -> None:
    report = results.ReplyReport()
    report.row(Checked(Sentence("Hello,", "none")))
    assert report.words() == "There is nothing here to check"


@given(st.text(max_size=60))
def test_no_text_can_leave_its_place(text: str) -> None:
    def html(word: str) -> str:
        report = results.ReplyReport()
        near = Sentence(
            word, "contradicted", near=citation(0, quote=word, manual=word), against=((word, word),)
        )
        rows = [
            report.row(Checked(near)),
            report.row(
                replace(verified(word, quote=word), others=(Other(OTHER, ((word, word),)),))
            ),
        ]
        return "".join(map(str, (*rows, report.summary())))

    allowed = {tag for tag, _ in Elements(html("plain words")).tags}
    assert {tag for tag, _ in Elements(html(text)).tags} <= allowed
