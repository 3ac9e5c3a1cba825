"""What the fields of a web page hold is text, with the label beside it; what a reader types into them is not."""

from __future__ import annotations

import time
from pathlib import Path

from tests.parsing.test_page_content import texts


def test_values_of_fields_stand_behind_their_labels(tmp_path: Path) -> None:
    body = (
        "<p><label for=b>Baud rate</label> <input id=b value='9600'></p><p><label>Limit: <input type=text value='> 5 &lt; 7 bar'></label></p>"
        "<table><tr><th>Name<th>Value<tr><td>Address<td><input type=text value=10.0.0.8 readonly><tr><td>Port<td><input type=number value=502></table>"
    )
    assert texts(tmp_path, body) == [
        "Baud rate: 9600", "Limit: > 5 < 7 bar", "Name: Address | Value: 10.0.0.8\nName: Port | Value: 502",
    ]  # fmt: skip


def test_longer_fields_and_choices_are_text(tmp_path: Path) -> None:
    body = (
        "<p><label>Parity</label> <select><option>None<option value='selected'>Odd<option selected>Even</select></p>"
        "<p><label>Note <textarea rows=2>Keep <b>dry</textarea></label></p><p>Script:</p><textarea>set a 1\n  set b 2</textarea>"
        "<p>Days <select multiple><option selected>Mon</option><option>Tue</option><option selected>Wed</option></select></p>"
    )
    assert texts(tmp_path, body) == [
        "Parity: Even", "Note: Keep <b>dry", "Script:", "set a 1\n  set b 2", "Days Mon, Wed",
    ]  # fmt: skip


def test_what_is_hidden_or_typed_by_the_reader_is_no_text(tmp_path: Path) -> None:
    body = (
        "<style>.gone { display: none }</style><p>Open the lid. <input type=password value=secret><input type=hidden value=77>"
        "<input class=gone value=78><textarea style='display:none'>79</textarea><input placeholder='hidden 80' value=''></p>"
        "<form role=search><input name=q value=81></form><input type=search value=82><input name=search value=Search>"
        "<input value='Your name' onfocus=\"this.value=''\"><div class=gone><input value=83></div>"
    )
    assert texts(tmp_path, body) == ["Open the lid."]


def test_many_open_fields_take_no_more_than_their_length(tmp_path: Path) -> None:
    began = time.process_time()
    for piece in (
        "<textarea>",
        "<select><option selected",
        '<input value="',
        "<input a",
        "<label>a ",
    ):
        texts(tmp_path, "<p>Open the lid.</p>" + 20_000 * piece + "<p>Close it.</p>")
    assert time.process_time() - began < 20


def test_a_list_that_asks_to_choose_shows_all_that_can_be_chosen(tmp_path: Path) -> None:
    """What is chosen at first is no choice where it has no value or cannot be chosen."""
    body = (
        "<p>Mode <select><option selected disabled>Choose a mode</option><option>Eco</option><option>Boost</option></select></p>"
        "<p>Speed <select><option value='' selected>Pick one</option><option>Low</option><option>High</option></select></p>"
    )
    text = " ".join(texts(tmp_path, body))
    assert all(word in text for word in ("Eco", "Boost", "Low", "High"))


def test_what_is_marked_as_quoted_stands_between_marks(tmp_path: Path) -> None:
    """As a browser shows it: "Press Start" is another thing than "Press “Start”"."""
    body = "<p>Press <q>Start</q>, then <q lang=en>OK</q>.</p><p>Never <q>.</p><pre>a &lt;q&gt;b&lt;/q&gt;</pre>"
    assert texts(tmp_path, body)[0] == "Press “Start”, then “OK”."
    assert "a <q>b</q>" in texts(tmp_path, body)[-1]
