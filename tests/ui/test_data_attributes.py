"""What a button carries for the scripts stays inside its attribute, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from markupsafe import Markup

from chatbot.conversations.types import Answer, Question, Route, Sentence
from ui.chat import turns
from ui.web.html import attributes

STEPS = Answer(
    "a1", "1. Press.", "answered", Route("documents", ""),
    sentences=(
        Sentence("1. Press <OK>.", "none", item=True),
        Sentence('2. Type <name> in the field "Host name".', "none", item=True),
    ),
)  # fmt: skip


class Data(HTMLParser):
    """The data attributes of each button, as a browser has them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.buttons: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "button":
            self.buttons.append(dict(attrs))


def test_markup_is_a_value_as_any_other() -> None:
    html = attributes(html=Markup('<ol start="1">{}</ol>').format("<b>"))
    assert str(html).count('"') == 2
    assert Data(f"<button{html}>").buttons == [{"data-html": '<ol start="1">&lt;b&gt;</ol>'}]


def test_what_is_copied_keeps_the_manuals_signs_and_its_place() -> None:
    (copied,) = [
        button
        for button in Data(str(turns.finished(STEPS, Question("How?")))).buttons
        if "data-html" in button
    ]
    assert copied["data-html"] == (
        '<ol start="1" dir="auto"><li dir="auto">Press &lt;OK&gt;.</li>'
        '<li dir="auto">Type &lt;name&gt; in the field &#34;Host name&#34;.</li></ol>'
    )
    assert "<name>" in str(copied["data-text"])


def test_brackets_that_are_no_marks_stay_in_what_is_copied() -> None:
    said = "Use slot [2] now. Array x[10]."
    (copied, *_) = [
        button
        for button in Data(
            str(turns.finished(replace(STEPS, text=said, sentences=()), Question("How?")))
        ).buttons
        if "data-html" in button
    ]
    assert copied["data-text"] == said
