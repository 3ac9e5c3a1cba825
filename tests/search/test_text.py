"""Words, stems, sentences and the readable form."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import content_words, digest, lines, readable, sentences, stem, words


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_readable_closes_hyphens_and_white_space() -> None:
    assert readable("the tempera\u00adture  \nof the  pump ") == "the temperature of the pump"


def test_the_hash_does_not_see_line_breaks() -> None:
    assert (
        digest("hold the RESET \nbutton")
        == digest("hold the RESET button")
        != digest("hold the SET button")
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Close it. Open it.", ["Close it.", "Open it."]),
        ("Charge it for two hours.¹ Then stop.", ["Charge it for two hours.¹", "Then stop."]),
        ("Ask us.¹² The area is 3 m². Stop.", ["Ask us.¹²", "The area is 3 m².", "Stop."]),
        ("Use a tool, e.g. A wrench. Then stop.", ["Use a tool, e.g. A wrench.", "Then stop."]),
        ("See Fig. 3 for the part. Done!", ["See Fig. 3 for the part.", "Done!"]),
        ("1. Remove the screw. Lift.", ["1. Remove the screw.", "Lift."]),
        ("It takes 3.5 V. Why? Because.", ["It takes 3.5 V.", "Why?", "Because."]),
        ("First part.Second part follows.", ["First part.", "Second part follows."]),
        ("See fig. 3 and tab. 2. Then stop.", ["See fig. 3 and tab. 2.", "Then stop."]),
        ("Replace part. 4 screws hold it.", ["Replace part.", "4 screws hold it."]),
        (
            "Do not touch the hot part. 2 minutes later it is cold.",
            ["Do not touch the hot part.", "2 minutes later it is cold."],
        ),
        ("Open the app. 2 LEDs light up.", ["Open the app.", "2 LEDs light up."]),
        ("Choose a size. 3 are sold.", ["Choose a size.", "3 are sold."]),
        ("Never mind. Then go on.", ["Never mind.", "Then go on."]),
        ("Temperature .... 20. Warning: hot", ["Temperature .... 20.", "Warning: hot"]),
        ("Die Art.-Nr. 4711 passt. Ende.", ["Die Art.-Nr. 4711 passt.", "Ende."]),
        (
            "Die Schrauben Nr. 4 u. Nr. 5 nicht öffnen. Warten.",
            ["Die Schrauben Nr. 4 u. Nr. 5 nicht öffnen.", "Warten."],
        ),
        ("Fill in 4 l. Then close it.", ["Fill in 4 l.", "Then close it."]),
        ("Am 3. Mai geht es los. Ende.", ["Am 3. Mai geht es los.", "Ende."]),
        ("1. Press A. 2. Press B.", ["1. Press A.", "2. Press B."]),
        ("Use part No. 815. Pos. A2 is next.", ["Use part No. 815.", "Pos. A2 is next."]),
        ("Descale: 1. Empty it. 2. Fill it.", ["Descale: 1. Empty it.", "2. Fill it."]),
        ("Draw it on Edge.Cuts or on F.Mask here.", ["Draw it on Edge.Cuts or on F.Mask here."]),
        ("Maximum pressure ...... 16 bar", ["Maximum pressure ...... 16 bar"]),
        (
            "Flow . . . . . . 3,900 l/h Noise ...... 78 dB",
            ["Flow . . . . . . 3,900 l/h Noise ...... 78 dB"],
        ),
        ("Wait ... Then go on.", ["Wait ...", "Then go on."]),
        ("Open the app. Tap OK.", ["Open the app.", "Tap OK."]),
        ("例えば。これ。", ["例えば。", "これ。"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


@given(st.text(max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_sentence_offsets_are_into_the_whole_text() -> None:
    text = "Heading\nOne here. Two here."
    assert [text[a:b] for a, b in sentences(text, 8)] == ["One here.", "Two here."]


def test_lines() -> None:
    text = "head\n a | b \n\nc | d\n"
    assert [text[a:b] for a, b in lines(text, 5, len(text))] == ["a | b", "c | d"]


def test_words_are_folded() -> None:
    assert words("Müller's X200-b can't") == ["muller", "x200", "b", "can"]


def test_a_question_of_stop_words_keeps_them() -> None:
    assert content_words("How do I do it?") == ["how", "do", "i", "do", "it"]
    assert content_words("How do I reset it?") == ["reset"]


def test_stems_are_those_of_the_index() -> None:
    """Our stems count how often a term occurs in FTS5, so both must agree."""
    tried = "connections connected running resets calibration calibrated manuals batteries settings heating".split()
    with sqlite3.connect(":memory:") as db:
        db.execute(
            "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61 remove_diacritics 2')"
        )
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'row')")
        db.execute("INSERT INTO t VALUES (?)", [" ".join(tried)])
        assert {row[0] for row in db.execute("SELECT term FROM v")} == {
            stem(word) for word in tried
        }
