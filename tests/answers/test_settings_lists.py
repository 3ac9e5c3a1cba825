"""In a long list of settings the one that a question means stands out; where none is meant, or several, none does."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from tests.support.manuals import put

SETTINGS = {
    "Night sound": "Play more softly between ten in the evening and six in the morning, so that nobody wakes up.",
    "Station names": "Show the name of the station in place of its frequency, as far as the station sends one.",
    "Key tone": "Hear a short tone with each press of a key on the front of the radio.",
    "Sleep timer": "Choose after how many minutes the radio switches itself off while you fall asleep.",
    "Display colour": "Choose the colour in which the letters of the display are lit: white, amber or green.",
    "Dimmer": "Let the display grow darker by itself when the room is dark, and brighter in sunlight.",
    "Traffic news": "Interrupt what is playing whenever a station sends news of the traffic on the roads.",
    "Child lock": "Keep small hands from changing anything: the keys do nothing until you hold two of them.",
    "Antenna supply": "Feed an active aerial with five volts by its cable. Leave this off for a passive one.",
    "Clock from the station": "Set the clock by the signal that stations send every full hour, also in summer.",
    "Update by night": "Look for new firmware once a night and install it while nobody listens to the radio.",
    "Language": "Choose the language of the menu. The names of stations stay as the stations send them.",
}
RADIO = (
    "# Radio R-12 manual\n\n## Settings\n\nPress Menu, then choose Settings for the following options.\n\n"
    + "".join(f"{name}: {text}\n" for name, text in SETTINGS.items())
)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How do I turn off the tone when a key of the radio is pressed?", "Key tone"),
        ("Can the radio turn itself off while I fall asleep?", "Sleep timer"),
        ("Which settings does the radio have?", ""),
    ],
)
def test_the_setting_that_is_meant_stands_out(
    assistant: Assistant, question: str, meant: str
) -> None:
    put(assistant.catalog, "radio.md", RADIO)  # type: ignore[arg-type]
    answer = ask_once(assistant, Question(question), "somebody")
    assert answer.outcome == "answered"
    keys = [one.text for one in answer.sentences if one.key]
    assert [key.split(":")[0] for key in keys] == ([meant] if meant else [])
    assert all(not one.folded for one in answer.sentences if one.key), "it is seen at once"
    labelled = [one for one in answer.sentences[1:] if one.text.split(":")[0] in SETTINGS]
    assert labelled and all(one.paragraph for one in labelled), "each is on a line of its own"
