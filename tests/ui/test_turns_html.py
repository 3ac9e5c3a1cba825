"""What the pages say and escape, without a browser: turns, sources, panel, conversations, manuals, texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from adapters.registry import Card
from chatbot.answers.events import CitationAdded, CitationMark, Notice, Quoted, TextDelta
from chatbot.conversations.suggestions import Suggestion
from chatbot.conversations.types import (  # fmt: skip
    Conversation,
    Question,
    Quotes,
    Route,
    Sentence,
    Turn,
)
from knowledge.types import Box, Counts, Job, SectionText
from tests.support.ui_values import QUESTION, Elements, answer, citation, evidence, serving, shown
from ui.chat import answer_text, choices, conversation_list, plain_text, status_line, turns
from ui.chat.streaming import LiveAnswer
from ui.manuals import manual_list
from ui.sources import citations, panel
from ui.sources.cells import cells_of, in_words
from ui.text import english
from ui.web import layout
from ui.web.html import day_and_time
from ui.web.templates import render

EVIL = "<img src=x onerror=alert(1)>'\"`${1}{{2}}</div>"


def test_a_chip_is_a_button_that_says_what_it_opens() -> None:
    tags = Elements(str(turns.finished(answer(), QUESTION))).tags
    chips = [
        attributes
        for tag, attributes in tags
        if tag == "button" and "t-chip" in (attributes.get("class") or "")
    ]
    assert [chip["aria-label"] for chip in chips] == [
        "Source 1: Aurora X200, page iii",
        "Source 2: Aurora X200, page 4",
    ]
    assert [chip["data-url"] for chip in chips] == [
        "/answers/a1/sources/1",
        "/answers/a1/sources/2",
    ]


def test_the_rest_of_a_long_list_opens_in_place_with_its_numbers() -> None:
    steps = [Sentence(f"{n}. Turn it.", "verified", (1,), True, folded=n > 3) for n in range(1, 8)]
    html = str(answer_text.sentences(steps, {1: citation()}, "a1"))
    shown, more = html.split("<details", 1)
    assert shown.count("<li") == 3 and more.count("<li") == 4
    assert "4 more steps" in Elements(more).words
    assert '<ol start="4"' in more
    bullets = [Sentence("- Red", "verified", (1,), True, folded=True)]
    assert "1 more item" in str(answer_text.sentences(bullets, {1: citation()}, "a1"))
    plain = [Sentence("Red.", "verified", (1,), folded=True)] * 2
    assert "2 more sentences" in str(answer_text.sentences(plain, {1: citation()}, "a1"))


def test_what_is_shown_and_what_is_folded_are_never_one_item() -> None:
    parts = [
        Sentence("1. One.", "verified", (1,), True, folded=True),
        Sentence("Rest shown.", "verified", (1,)),
        Sentence("2. Two.", "verified", (1,), True),
    ]
    html = str(answer_text.sentences(parts, {1: citation()}, "a1"))
    folded, shown = (Elements(part).words for part in html.split("</details>"))
    assert "One." in folded and "Rest shown." in shown and "Two." in shown


def test_rows_of_a_table_are_shown_as_one_with_the_row_that_answers_marked() -> None:
    rows = [f"Bolt: M{n} | Torque (Nm), dry: {3 * n} | Tool: Key {n}" for n in (6, 8)]
    parts = [Sentence(row, "verified", (n,), key=n == 2) for n, row in enumerate(rows, 1)]
    whole = [Sentence("These are the torques.", "verified", (1,)), *parts]
    html = str(answer_text.sentences(whole, {1: citation(1), 2: citation(2)}, "a1"))
    assert html.count("<th ") == 3 and html.count("<td ") == 6 and html.count("<table>") == 1
    assert "Torque (Nm), dry" in Elements(html).words and html.index("<p") < html.index("<table>")
    answering = html[html.index('<tr class="t-key">') :]
    assert ">M8<" in answering and ">24<" in answering and 'data-n="2"' in answering
    copied = plain_text.for_customer(answer(text=" ".join(rows), sentences=tuple(parts)))
    assert all(row.replace(" |", ";") in copied for row in rows)


def test_rows_with_other_heads_are_another_table_and_a_pipe_is_no_cell() -> None:
    texts = ["Bolt: M6 | Torque: 9", "Nut: M8 | Size: 3", "Use ls | more to page.", "M6 | 9 Nm"]
    html = str(answer_text.sentences([Sentence(t, "verified", (1,)) for t in texts], {}, "a1"))
    assert html.count("<table>") == 2
    assert "ls | more" in Elements(html).words and "M6 | 9 Nm" in Elements(html).words
    loose = Sentence("Bolt: M6 | Torque: 9", "supported", (1,))
    assert "<table>" not in str(answer_text.sentences([loose], {}, "a1"))


def test_what_is_folded_is_copied_for_the_customer() -> None:
    steps = tuple(Sentence(f"{n}. Turn it.", "verified", (1,), True, folded=n > 1) for n in (1, 2))
    whole = answer(text="1. Turn it. [1]", sentences=steps)
    assert "2. Turn it." in plain_text.for_customer(whole)
    assert str(turns.finished(whole, QUESTION)).count('<details class="t-rest"') == 1


def test_sections_beside_an_answer_are_buttons_that_ask_about_them() -> None:
    html = str(turns.finished(answer(further=(evidence(),)), QUESTION))
    (button,) = [a for tag, a in Elements(html).tags if tag == "button" and a.get("data-passage")]
    assert button["data-do"] == "ask" and button["data-question"]
    assert evidence().passage.section[-1] in Elements(html).words
    assert "Beside it in the manual" not in str(turns.finished(answer(), QUESTION))


def test_the_manuals_own_words_stand_folded_below_what_a_model_wrote() -> None:
    quotes = Quotes((Sentence("Press RESET.", "verified", (1,)),), (citation(page=9),))
    html = Elements(str(turns.finished(answer(quotes=quotes, model="m"), QUESTION)))
    (fold,) = [a for tag, a in html.tags if tag == "details" and a["class"] == "t-quotes"]
    assert "open" not in fold
    assert html.words.index("Hold RESET.") < html.words.index("Press RESET.")
    assert "/passages/7/9/10/37?n=1" in [a.get("data-url") for _, a in html.tags]
    made = answer(quotes=quotes, text="", sentences=(), citations=(), outcome="stopped")
    gone = str(
        turns.finished(answer(quotes=quotes, model="m"), QUESTION, {1: "same", -1: "removed"})
    )
    assert "removed" in gone.partition("t-quotes")[2].partition("</details>")[0]
    stopped = Elements(str(turns.finished(made, QUESTION)))
    assert [a for tag, a in stopped.tags if tag == "details" and "open" in a]


def test_the_manuals_own_words_stand_there_until_text_comes() -> None:
    live = LiveAnswer(QUESTION)
    live.take(Quoted(Quotes((Sentence("Press RESET.", "verified", (1,)),), (citation(),))))
    before = Elements(str(live.html())).words
    assert "Press RESET." in before and english.say("turn.rewording") in before
    live.take(TextDelta("Hold it."))
    after = Elements(str(live.html())).words
    assert "Hold it." in after and "Press RESET." not in after


def test_other_sections_that_were_found_answer_the_same_question_by_one_click() -> None:
    own, second = evidence(), evidence("Open it.")
    own = replace(own, passage=replace(own.passage, section=citation().section))
    other = replace(second, passage=replace(second.passage, id=8, section=("Care", "Oiling")))
    elsewhere = replace(other, manual=replace(other.manual, version_id=99, name="Guide <b>"))
    made = answer(evidence=(own, other, other, elsewhere))
    shown = Elements(str(turns.finished(made, QUESTION)))
    buttons = [a for tag, a in shown.tags if tag == "button" and a.get("data-passage")]
    assert [a["data-passage"] for a in buttons] == ["8", "8"]
    assert {a["data-question"] for a in buttons} == {QUESTION.text}
    assert "Oiling" in shown.words and "Oiling (Guide <b>)" in shown.words
    assert "Not what you asked?" not in str(turns.finished(answer(evidence=(own,)), QUESTION))
    far = replace(other, score=0.69 * own.score)
    assert "Not what you asked?" not in str(turns.finished(answer(evidence=(own, far)), QUESTION))
    both = str(turns.finished(answer(evidence=(own, other), further=(other,)), QUESTION))
    assert both.count("Oiling") == 1, "no section is offered twice"
    namesake = replace(
        other, passage=replace(other.passage, section=("Care", own.passage.section[-1]))
    )
    named = Elements(str(turns.finished(answer(evidence=(own, namesake)), QUESTION)))
    assert f"Care › {own.passage.section[-1]}" in named.words, "which of two is told"
    refused = answer(outcome="unanswered", citations=(), sentences=(), evidence=(other,))
    assert "Not what you asked?" not in str(turns.finished(refused, QUESTION))


def test_what_stands_beside_a_removed_source_is_not_offered() -> None:
    made = answer(further=(evidence(),))
    assert "Beside it" in str(turns.finished(made, QUESTION, {1: "changed"}))
    assert "Beside it" not in str(turns.finished(made, QUESTION, {1: "removed"}))


def test_what_a_filter_finds_nothing_for_can_be_asked_of_all_products() -> None:
    filtered = replace(QUESTION, product="X200")
    made = answer(outcome="unanswered", citations=(), sentences=(), products=("X100",))
    buttons = [
        a for tag, a in Elements(str(turns.finished(made, filtered))).tags if tag == "button"
    ]
    offered = [
        b["data-product"] for b in buttons if b.get("data-do") == "ask" and "data-product" in b
    ]
    assert offered == ["X100", ""]
    assert "Search all products" not in str(turns.finished(answer(), filtered))
    assert "Search all products" not in str(turns.finished(made, QUESTION))


def test_paragraphs_stay_apart_and_are_no_part_of_a_list_item() -> None:
    parts = (
        Sentence("1. Hold it.", "verified", (1,), True),
        Sentence("Then it is reset.", "verified", (2,), paragraph=True),
        Sentence("It beeps.", "verified", (2,)),
        Sentence("Call us if not.", "verified", (2,), paragraph=True),
    )
    text = "1. Hold it. [1]\nThen it is reset. [2] It beeps. [2]\nCall us if not. [2]"
    assert plain_text.for_customer(answer(text=text, sentences=parts)) == (
        "1. Hold it.\n\nThen it is reset. It beeps.\n\nCall us if not."
    )


def test_a_chip_whose_source_says_it_in_other_words_says_so() -> None:
    loose = citation(state="supported")
    assert 'aria-label="Source 1: Aurora X200, page iii, in other words"' in citations.chip(
        loose, "a1"
    )
    assert "loose" in citations.chip(loose, "a1") and "loose" not in citations.chip(
        citation(), "a1"
    )


def test_a_chip_of_a_changed_or_removed_source_says_so_and_an_unchanged_one_does_not() -> None:
    tags = Elements(str(turns.finished(answer(), QUESTION, {1: "changed", 2: "removed"}))).tags
    chips = [
        attributes["aria-label"]
        for tag, attributes in tags
        if tag == "button" and "t-chip" in (attributes.get("class") or "")
    ]
    assert chips == [
        "Source 1: Aurora X200, page iii. Changed since version 2",
        "Source 2: Aurora X200, page 4. Manual removed",
    ]
    words = Elements(str(turns.finished(answer(), QUESTION, {1: "moved"}))).words
    assert "Changed" not in words and "removed" not in words


def test_the_list_holds_version_and_whole_quote_for_paper() -> None:
    long = "Hold the button. " * 30
    words = Elements(str(citations.sources([citation(quote=long)], "a1"))).words
    assert "version 2 (12 Nov 2026)" in words and long.strip() in words
    assert str(citations.sources([citation()], "a1")).count("Hold RESET for ten seconds.</q>") == 1


def test_a_chip_without_pages_names_no_page() -> None:
    assert citations.source_name(citation(paged=False, label="")) == "Source 1: Aurora X200"


def test_items_become_a_list_that_keeps_its_numbers() -> None:
    steps = [Sentence(text, "verified", (1,), True) for text in ("3. Close it.", "4. Open it.")]
    html = str(
        answer_text.sentences([Sentence("Do this:", "verified"), *steps], {1: citation()}, "a1")
    )
    assert '<ol start="3" dir="auto"><li dir="auto"><span>Close <span class="t-hold">it.' in html
    assert '<p dir="auto"><span>Do this:</span></p>' in html
    bullets = [Sentence(text, "verified", (), True) for text in ("• One", "• Two")]
    assert str(answer_text.sentences(bullets, {}, "a1")).count('<li dir="auto"><span>') == 2
    assert "•" not in str(answer_text.sentences(bullets, {}, "a1"))


def test_the_rest_of_a_list_item_stays_in_it() -> None:
    texts_ = [
        "1. Lift the lever.",
        "The head swings up.",
        "2. Put it in.",
        "Use RB-110 only.",
        "1. Another list.",
    ]
    parts = [Sentence(text, "verified", (), text[0].isdigit()) for text in texts_]
    html = str(answer_text.sentences(parts, {}, "a1"))
    assert (
        '<li dir="auto"><span>Lift the lever.</span> <span>The head swings up.</span></li><li dir="auto"><span>Put it in.'
        in html
    )
    assert '<p dir="auto"><span>Use RB-110 only.</span></p>' in html


def test_marks_in_a_stream_become_chips_only_when_their_source_is_known() -> None:
    html = str(answer_text.flowing(("See table [1]. Hold it.", 1, " Wait.", 2), {1: citation()}))
    assert "See table [1]. Hold" in html and "Wait. [2]" in html
    assert html.count("t-chip") == 1 and "/passages/7/3/10/37?n=1" in html


def test_soft_hyphens_and_line_ends_of_a_pdf_are_not_shown() -> None:
    cited = citation(quote="re\u00adset the \nunit")
    assert "reset the unit" in str(citations.sources([cited], "a1"))
    assert "reset the unit" in str(panel.panel(view(quote=cited.quote)))


def test_an_unsupported_sentence_says_so_and_is_never_a_link() -> None:
    parts = [
        Sentence("It flies.", "unsupported", (1,)),
        Sentence("It swims.", "unsupported"),
        Sentence("Hold it.", "verified", (1,)),
    ]
    html = str(answer_text.sentences(parts, {1: citation()}, "a1"))
    assert html.count("not in the manuals") == 1 and html.index("swims") < html.index(
        "not in the manuals"
    ) < html.index("Hold")
    assert html.count("t-chip") == 1
    assert "not in the manuals" not in str(
        answer_text.sentences([Sentence("Here is how:", "none")], {}, "a1")
    )


@pytest.mark.parametrize(
    "outcome", ["answered", "unanswered", "which product", "stopped", "interrupted", "failed"]
)
def test_each_outcome_has_its_own_words(outcome: str) -> None:
    made = answer(outcome=outcome, products=("X100", "X200"), evidence=(evidence(),))
    if outcome == "unanswered":
        made = replace(made, text="The manuals do not answer this.", sentences=(), citations=())
    words = Elements(str(turns.finished(made, QUESTION))).words
    expected = {
        "answered": "2 sentences, quoted word for word",
        "unanswered": "Report as missing",
        "which product": "Which product?",
        "stopped": "Stopped before its end.",
        "interrupted": "Interrupted. This is what was written.",
        "failed": "could not be answered",
    }
    for name, text in expected.items():
        assert (text in words) == (
            name == outcome
            or name == "answered"
            and outcome in ("stopped", "interrupted", "failed")
        )


def test_an_answer_that_never_began_has_no_route_and_no_vote() -> None:
    for outcome, told in (("stopped", "Stopped before"), ("interrupted", "before anything was")):
        made = answer(text="", sentences=(), citations=(), outcome=outcome)
        shown = Elements(str(turns.finished(made, QUESTION)))
        assert told in shown.words and "Documents" not in shown.words
        buttons = [attributes for tag, attributes in shown.tags if tag == "button"]
        assert [one["data-do"] for one in buttons] == ["ask"] and "Ask again" in shown.words
        assert buttons[0]["data-question"] == QUESTION.text


def test_products_ask_the_same_question_again() -> None:
    tags = Elements(str(choices.products(("X100", "X 200 <b>"), QUESTION))).tags
    buttons = [attributes for tag, attributes in tags if tag == "button"]
    assert [b["data-product"] for b in buttons] == ["X100", "X 200 <b>"]
    assert {b["data-question"] for b in buttons} == {QUESTION.text}
    assert not [tag for tag, _ in tags if tag == "input"], "a short list needs no search"


def test_a_long_list_of_sources_folds_and_names_a_place_once() -> None:
    loose = [citation(n, state="supported") for n in range(1, 31)]
    html = str(citations.sources(loose, "a1"))
    assert "Show all 30 sources" in html
    assert html.count("Care › Resetting, page iii") == 2  # before and behind the fold
    assert html.count('data-do="source"') == 30


def test_sources_that_the_answer_quotes_are_one_line_a_place() -> None:
    html = str(citations.sources([citation(n) for n in range(1, 31)], "a1"))
    assert "Show all" not in html
    assert html.count("Care › Resetting, page iii") == 1
    assert html.count('class="t-source brief"') == 30
    changed = str(citations.sources([citation(1), citation(2)], "a1", {2: "changed"}))
    assert changed.count("brief") == 1, "what became of a source stands beside its words"


def test_copied_text_carries_marks_and_sources() -> None:
    steps = (Sentence("Do this:", "verified", (1,)), Sentence("• Hold it.", "verified", (2,), True))
    made = answer(sentences=steps)
    assert plain_text.with_marks(made) == "Do this: [1]\n• Hold it. [2]"
    assert citations.source_lines(made.citations) == (
        "\n\n[1] Aurora X200, version 2 (12 Nov 2026), Care › Resetting, page iii: “Hold RESET for ten seconds.”"
        "\n[2] Aurora X200, version 2 (12 Nov 2026), Care › Resetting, page 4: “Hold RESET for ten seconds.”"
    )


def test_what_is_copied_for_a_customer_has_paragraphs_and_lists_and_no_marks() -> None:
    parts = (
        Sentence("Do this:", "verified", (1,)),
        Sentence("1. Hold it.", "verified", (2,), True),
        Sentence("It beeps.", "verified", (2,)),
        Sentence("2. Wait [5 s] & <listen>.", "verified", (1, 2), True),
        Sentence("Then it is reset.", "unsupported"),
    )
    text = "Do this: [1]\n1. Hold it. [2] It beeps. [2]\n2. Wait [5 s] & <listen>. [1] [2]\n\nThen it is reset."
    made = answer(text=text, sentences=parts)
    assert plain_text.for_customer(made) == (
        "Do this:\n\n1. Hold it. It beeps.\n2. Wait [5 s] & <listen>.\n\nThen it is reset."
    )
    assert plain_text.for_customer_in_html(made) == (
        '<p>Do this:</p><ol start="1" dir="auto"><li dir="auto">Hold it. It beeps.</li><li dir="auto">Wait [5 s] &amp; &lt;listen&gt;.</li></ol>'
        "<p>Then it is reset.</p>"
    )
    assert plain_text.unsure(made) == 1
    unjudged = answer(text="Hold it. [1]\n\n- One [2]\n- Two", sentences=())
    assert plain_text.for_customer(unjudged) == "Hold it.\n\n- One\n- Two"


def test_what_is_copied_for_a_ticket_names_each_marked_source_once() -> None:
    twice = (*answer().sentences, Sentence("Hold RESET again.", "verified", (1,)))
    copied = plain_text.for_ticket(
        answer(text="Hold RESET. [1] Wait. [2] Hold RESET again. [1]", sentences=twice)
    )
    body, _, notes = copied.partition("\n\n")
    assert re.findall(r"\[\d\]", body) == ["[1]", "[2]", "[1]"]
    assert re.findall(r"^\[\d\]", notes, re.M) == ["[1]", "[2]"]


def test_a_ticket_names_a_section_once_however_many_sentences_it_gave() -> None:
    place = {"page": 3, "label": "iii"}
    cited = (
        citation(1, **place),
        citation(2, **place),
        citation(3, state="supported", page=4, label=""),
    )
    parts = (
        Sentence("Hold RESET.", "verified", (1,)), Sentence("Wait.", "verified", (2,)),
        Sentence("It restarts.", "supported", (3, 2)), Sentence("1. Let go.", "verified", (1, 2), True),
    )  # fmt: skip
    text = "Hold RESET. [1] Wait. [2] It restarts. [3] [2]\n1. Let go. [1] [2]"
    made = answer(text=text, sentences=parts, citations=cited)
    assert plain_text.for_ticket(made) == (
        "Hold RESET. Wait. [1] It restarts. [2] [1]\n1. Let go. [1]\n\n"
        "[1] Aurora X200, version 2 (12 Nov 2026), Care › Resetting, page iii\n"
        "[2] Aurora X200, version 2 (12 Nov 2026), Care › Resetting, page 4: “Hold RESET for ten seconds.”"
    )
    assert plain_text.sources_named(made) == 2


def test_asked_as_is_shown_only_when_it_differs() -> None:
    assert "Asked as: reset" in str(turns.asked_line("reset", QUESTION))
    assert not turns.asked_line(QUESTION.text, QUESTION)


def test_a_turn_without_an_answer_is_marked_as_waiting() -> None:
    assert "data-pending" in str(turns.conversation([Turn(QUESTION, None, "2026-11-12T13:05:00Z")]))


def view(**change: object) -> panel.SourceView:
    made = panel.SourceView(
        1, "Aurora X200", 2, "2026-11-12T13:05:00Z", ("Care",), "iii", "Hold RESET.", "/answers/a1/sources/1", 3
    )  # fmt: skip
    return replace(made, **change)  # type: ignore[arg-type]


def page(number: int, *boxes: Box) -> panel.PageView:
    return panel.PageView(
        number, "iii" if number == 3 else "", 9, 595, 842, "/pages/7/3.webp?v=abc", boxes
    )


def test_the_panel_places_a_mark_by_shares_of_the_page() -> None:
    html = str(panel.panel(view(page=page(3, Box(0.1, 0.25, 0.5, 0.275)))))
    assert 'style="left:10.000%;top:25.000%;width:40.000%;height:2.500%"' in html
    assert "aspect-ratio:595/842" in html and "Page iii, 3 of 9" in html
    assert "/answers/a1/sources/1?page=2" in html and "/answers/a1/sources/1?page=4" in html


def test_the_panel_says_when_words_cannot_be_marked_but_not_on_another_page() -> None:
    assert english.say("panel.unmarked") in str(panel.panel(view(page=page(3))))
    turned = str(panel.panel(view(page=page(4))))
    assert english.say("panel.unmarked") not in turned and "Back to the quoted page" in turned
    assert "page=0" not in str(panel.panel(view(cited_page=1, page=page(1))))


def test_a_section_without_pages_marks_exactly_the_quote() -> None:
    text = "Care\n\nFirst. Hold RESET. Then wait.\n"
    section = SectionText(("Guide", "Care"), text, 100, 100 + len(text))
    start = 100 + text.index("Hold")
    html = str(panel.panel(view(section=section, start=start, end=start + len("Hold RESET."))))
    assert '<div dir="auto">First. <mark>Hold RESET.</mark> Then wait.' in html
    assert '<h3 dir="auto">Care</h3>' in html and '<div dir="auto">Care' not in html


def test_conversations_stand_under_the_readers_days() -> None:
    now = datetime(2026, 11, 12, 0, 30, tzinfo=UTC)
    rows = [Conversation(str(i), f"Q{i}", when, 1) for i, when in enumerate(
        ("2026-11-12T00:10:00Z", "2026-11-11T23:00:00Z", "2026-11-01T10:00:00Z")
    )]  # fmt: skip
    assert re.findall("<h3>(.*?)</h3>", str(conversation_list.rail(rows, "", now))) == [
        "Today",
        "Yesterday",
        "1 Nov 2026",
    ]
    assert re.findall("<h3>(.*?)</h3>", str(conversation_list.rail(rows, "", now, 60))) == [
        "Today",
        "1 Nov 2026",
    ]
    assert "No conversation holds" in str(conversation_list.rail([], "seal", now))


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (Job(1, "a.pdf", "queued", 0, 0, ""), "Waiting"),
        (Job(1, "a.pdf", "reading", 0, 261, ""), "Reading page 1 of 261"),
        (Job(1, "a.pdf", "reading", 12, 261, ""), "Reading page 13 of 261"),
        (Job(1, "a.pdf", "indexing", 261, 261, ""), "Indexing"),
        (Job(1, "a.pdf", "done", 1, 1, "Ready: 1,412 passages"), "Ready: 1,412 passages"),
        (Job(1, "a.pdf", "failed", 0, 0, "a.pdf has no text. Run OCR."), "Run OCR"),
        (Job(1, "a.pdf", "cancelled", 0, 0, ""), "Cancelled"),
    ],
)
def test_a_file_says_its_phase_in_words(job: Job, words: str) -> None:
    html = str(manual_list.jobs([job]))
    assert words in html
    assert ("Cancel a.pdf" in html) == (job.state in ("queued", "reading", "indexing"))


@given(st.text(max_size=60) | st.just(EVIL))
def test_no_text_can_leave_its_place(text: str) -> None:
    """Whatever a manual, a name or a question holds, the tags are the same as for harmless text."""

    def everything(word: str) -> Iterator[str]:
        made = citation(manual=word, section=(word, word), quote=word, label=word, product=word)
        parts = (
            Sentence(word, "verified", (1,)),
            Sentence(f"• {word}", "supported", (1,), True),
            Sentence(word, "unsupported"),
        )
        full = answer(
            text=word,
            citations=(made,),
            sentences=parts,
            notices=(word,),
            route=Route("documents", word),
            model=word,
        )
        found = evidence(word)
        asked = Question(word, product=word)
        yield str(turns.conversation([Turn(asked, full, "2026-11-12")]))
        yield str(turns.finished(replace(full, outcome="unanswered", evidence=(found,)), asked))
        yield str(choices.products((word,), asked))
        yield str(
            panel.panel(
                view(
                    manual=word,
                    path=(word,),
                    quote=word,
                    history=panel.History(word, word),
                    page=page(3),
                )
            )
        )
        yield str(
            panel.panel(view(section=SectionText((word,), f"a\n{word}", 0, 9), start=1, end=5))
        )
        manual = replace(found.manual, name=word, product=word, file_name=word, warnings=(word,))
        yield str(manual_list.table([manual], {word: word})) + str(
            manual_list.jobs([Job(1, word, "failed", 0, 0, word or "x")])
        )
        yield str(layout.start(Counts(1, 1, 0, 0), (Suggestion(word, word),)))
        named = Card(word, word, word, word, trained_on=(word,))
        yield str(status_line.line(Counts(1, 1, 0, 0), serving(card=named), (word,)))
        yield shown(
            TextDelta(word),
            CitationMark(1),
            CitationAdded(made),
            TextDelta(f"\n- {word}"),
            Notice(word),
        )[-1]
        yield str(
            conversation_list.rail(
                [Conversation("c", word, "2026-11-12", 1)], "", datetime.now(UTC)
            )
        )

    # Texts that begin like a list item or hold a mark may change the layout; the tags allowed stay the same.
    allowed = {tag for html in everything("plain words") for tag, _ in Elements(html).tags} | {
        "ol",
        "ul",
        "li",
    }
    for html in everything(text):
        for tag, attributes in Elements(html).tags:
            assert tag in allowed
            assert not [name for name in attributes if name.startswith("on")]
            assert (attributes.get("href") or "/")[0] in "/#"
            assert (attributes.get("src") or "/").startswith("/")


def test_dates_are_written_one_way() -> None:
    assert day_and_time("2026-11-12T14:05:00Z") == "12 Nov 2026, 14:05"
    assert day_and_time("2026-11-12T14:05:00+02:00") == "12 Nov 2026, 12:05"
    assert day_and_time("never") == "never"


UI = Path(__file__).parents[2] / "ui"
TEMPLATES = sorted(UI.glob("*/templates/*.html"))


def test_every_text_is_used_and_every_used_text_exists() -> None:
    """Keys that are put together at run time end in a name of a state, mode or count."""
    python = [
        ast.parse(path.read_text(encoding="utf-8"))
        for path in UI.rglob("*.py")
        if path.parent.name != "text"
    ]
    strings = {
        node.value
        for tree in python
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    written = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    strings |= set(re.findall(r'"([\w.]+)"', written))
    script = "".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.js"))
    strings |= {
        f"js.{key}" for key in re.findall(r'(?:say|count)\(\s*(?:[^"()]*\? )?"([\w.]+)"', script)
    }
    strings |= {f"js.{key}" for key in re.findall(r'"([\w.]+)"', script)} | {"js.keys", "js.states"}
    stems = {key.removesuffix(".one").removesuffix(".other") for key in english.ENGLISH}
    built = (
        "mode.",
        "job.",
        "turn.",
        "manuals.table.",
        "manuals.state.",
        "manuals.empty.step",
        "gaps.",
        "app.",
        "role.",
        "audit.",
        "compare.kind.",
        "rule.",
        "trial.flip",
        "approved.",
        "arm.",
        "pair.",
        "trials.done.",
        "trials.kind.",
        "usage.",
        "advice.",
        "evals.figure.",
        "evals.score.",
        "account.proposal.",
        "data.kind.",
        "data.split.",
        "data.origin.",
        "health.folder.",
        "models.trial.why.",
    )
    assert not {stem for stem in stems if stem not in strings and not stem.startswith(built)}
    assert not set(re.findall(r'\b(?:say|count)\("([\w.]+)"[,)]', written)) - stems
    for tree in python:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("say", "count")
                and isinstance(node.args[0], ast.Constant)
            ):
                assert node.args[0].value in stems


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_template_holds_no_words_of_its_own(path: Path) -> None:
    markup = re.sub(r"{{.*?}}|{%.*?%}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.findall(r"[^\W\d_]+", re.sub(r"<[^>]*>", "", markup))
    assert not re.findall(r'\b(?:title|alt|placeholder|aria-label)="[^"]*\w[^"]*"', markup)


def test_a_template_escapes_its_values_and_misses_none() -> None:
    assert EVIL not in layout.start(Counts(1, 1, 0, 0), (Suggestion(EVIL, EVIL),), EVIL)
    assert "&lt;" in layout.start(Counts(1, 1, 0, 0), (), EVIL)
    with pytest.raises(UndefinedError):
        render("chat/start.html", counts=Counts(1, 1, 0, 0), suggestions=())


def test_line_breaks_of_a_template_do_not_reach_the_page() -> None:
    assert "\n" not in layout.chat()
    lead, limit = english.say("manuals.lead"), english.say("manuals.limit", n=50)
    assert f"<p>{lead} {limit}</p>" in manual_list.manuals_page(50)
    assert (
        ' tabindex="0" title="' in layout.chat() and ' aria-disabled="true" title=' in layout.chat()
    )


def test_sections_to_choose_from_have_a_button_that_asks_with_them() -> None:
    found = evidence(f"Close both valves. {EVIL}")
    offer = answer(
        outcome="choose", text="Choose one:", sentences=(), citations=(), evidence=(found,)
    )
    page = Elements(str(turns.finished(offer, QUESTION)))
    asks = [tag for _, tag in page.tags if tag.get("data-passage")]
    assert [(tag["data-do"], tag["data-passage"]) for tag in asks] == [
        ("ask", str(found.passage.id))
    ]
    assert asks[0]["data-question"] == QUESTION.text
    assert "Close both valves." in str(turns.finished(offer, QUESTION))
    assert not [tag for tag, _ in page.tags if tag == "img"]


def test_several_questions_have_headings_on_the_page_and_in_what_is_copied() -> None:
    parts = (
        Sentence("How do I close it?", "none", heading=True),
        Sentence("Close both valves.", "verified", (1,)),
        Sentence("How do I open it?", "none", heading=True),
        Sentence("Open the cover.", "verified", (1,)),
    )
    text = (
        "How do I close it?\n\nClose both valves. [1]\n\nHow do I open it?\n\nOpen the cover. [1]"
    )
    whole = answer(text=text, sentences=parts)
    tags = [tag for tag, _ in Elements(str(answer_text.text(whole, {1: citation()}))).tags]
    assert tags.count("h3") == 2
    copied = plain_text.with_marks(whole).splitlines()
    assert "How do I close it?" in copied
    assert "How do I open it?" in copied


def test_a_row_of_a_name_and_a_value_is_read_as_such() -> None:
    row = Sentence("Weight | 12.5 kg", "verified", (1,), row=True)
    html = str(answer_text.sentences([row], {1: citation(1)}, "a1"))
    assert "|" not in html and '<th scope="row" dir="auto">Weight</th>' in html
    whole = answer(text="Weight | 12.5 kg [1]", sentences=(row,))
    assert plain_text.for_customer(whole) == "Weight: 12.5 kg"
    assert plain_text.for_customer_in_html(whole) == "<p>Weight: 12.5 kg</p>"
    assert plain_text.for_ticket(whole).startswith("Weight: 12.5 kg [1]")
    command = replace(row, text="ls | more", row=False)
    assert plain_text.for_customer(answer(text="ls | more", sentences=(command,))) == "ls | more"


def test_rows_are_pasted_as_a_table_with_their_heads() -> None:
    rows = tuple(
        Sentence(f"Bolt: M{n} | Torque: {n} <Nm>", "verified", (1,), row=True) for n in (6, 8)
    )
    pasted = plain_text.for_customer_in_html(answer(text="x", sentences=rows))
    assert pasted.count("<th>") == 2 and pasted.count("<tr>") == 3 and "6 &lt;Nm&gt;" in pasted


def test_a_table_of_a_section_is_a_table_with_the_quoted_row_marked() -> None:
    text = "Data\n\nAll values at 20 °C.\n\nWeight | 12.5 kg\nCable length | 1.5 m\n\nSubject to change."
    quote = "Cable length | 1.5 m"
    left, right = text.index("Weight"), text.index("\n\nSubject")
    start = text.index(quote)
    source = view(quote=quote, section=SectionText(("Data",), text, 0, len(text)), tables=((left, right),), start=start, end=start + len(quote))  # fmt: skip
    html = str(panel.panel(source))
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["Cable length", "1.5 m"]
    assert html.count("<tr>") == 2 and " | " not in html and "Cable length: 1.5 m" in html
    assert html.index("All values") < html.index("<table>") < html.index("Subject to change")
    loose = str(panel.panel(replace(source, quote="All values at 20 °C.", start=6, end=26)))
    assert "<mark>All values at 20 °C.</mark>" in loose and loose.count("<mark>") == 1


def test_what_is_near_to_a_refused_question_may_be_answered_from() -> None:
    refused = answer(outcome="unanswered", sentences=(), evidence=(evidence(),))
    html = str(turns.unanswered(refused, QUESTION))
    assert english.say("turn.choose.this") in Elements(html).words
    assert f'data-passage="{evidence().passage.id}"' in html
    assert "data-passage" not in str(turns.unanswered(replace(refused, evidence=()), QUESTION))


def test_a_row_with_an_empty_cell_stays_in_its_table() -> None:
    texts = ("Bolt: M6 | Torque: 9 | Use: Lid", "Bolt: M8 | Use: Foot", "Bolt: M9 | Bolt: M10 | Use: Arm")  # fmt: skip
    parts = [Sentence(text, "verified", (1,), row=True) for text in texts[:2]]
    html = str(answer_text.sentences(parts, {1: citation(1)}, "a1"))
    assert html.count("<table>") == 1 and html.count("<th ") == 3 and html.count("<td ") == 6
    copied = plain_text.for_customer(answer(text=" ".join(texts[:2]), sentences=tuple(parts)))
    assert copied == "Bolt: M6; Torque: 9; Use: Lid\nBolt: M8; Use: Foot"
    twice = [Sentence(texts[2], "verified", (1,), row=True)]
    assert all(one in str(answer_text.sentences(twice, {}, "a1")) for one in ("M9", "M10", "Arm"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Weight: | 12.5 kg", "Weight: 12.5 kg"),
        ("Is it IP67? | No", "Is it IP67? No"),
        ("12.5 | 13", "12.5 | 13"),
        ("Ratio 1:2 | on", "Ratio 1:2 | on"),
        ("M6 | 9 Nm | 8 Nm", "M6 | 9 Nm | 8 Nm"),
    ],
)
def test_a_row_is_said_as_one_line(row: str, said: str) -> None:
    assert in_words(cells_of(row)) == said
