"""A question in a language that no manual is in, without a model: searched word for word in English, and said so."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.routing.intake import small_talk
from chatbot.routing.rewording.glossary import COLUMNS, gloss, told_by_list
from tests.support.manuals import FAN, PUMP, put

TABLET = """# Lyra L7 tablet user guide

## Screenshots

Press the Side key and the Volume down key at the same time to take a screenshot.

## Airplane mode

Tap Settings > Connections > Airplane mode to turn it on or off.

## Battery

Charge the battery with the supplied charger for 3 hours before the first use.
"""


@pytest.fixture
def manuals(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    put(assistant.catalog, "fan.md", FAN, product="Fan F-100")
    put(assistant.catalog, "lyra.md", TABLET, product="Lyra L7")
    return assistant


@pytest.mark.parametrize(
    ("language", "question", "english"),
    [
        ("de", "Wie schalte ich die Pumpe wieder aus?", "how turn off pump again?"),
        ("de", "Die Bildschirmhelligkeit ändern", "screen brightness change"),
        ("de", "Der Filter wurde ausgetauscht, was jetzt?", "filter replace, what jetzt?"),
        ("nl", "Hoe zet ik het alarm aan?", "how turn on alarm?"),
        ("fr", "Peut-on changer l'écran ?", "can change screen?"),
        ("es", "¿Cómo apago la pantalla?", "how turn off screen?"),
        ("it", "Come si spegne lo schermo?", "how turn off screen?"),
        ("pt", "Como faço para apagar uma foto?", "how do delete picture?"),
        ("de", "Wie mache ich den Ton leiser?", "how do sound quieter?"),
        ("es", "¿Qué pasa con la pantalla para niños?", "what happens with screen child?"),
    ],
)
def test_each_word_is_put_into_english(language: str, question: str, english: str) -> None:
    assert gloss(question, language) == english


def test_the_sign_of_a_name_stays_with_it() -> None:
    """ "S20+" is another product than "S20"."""
    assert "S20+" in gloss("¿Cómo apago la pantalla del Lyra S20+ 5G?", "es", ["Lyra S20+ 5G"])


def test_names_numbers_and_codes_stay_as_typed() -> None:
    asked = "Was bedeutet E-04 beim Schirm X 200 mit 2,4 GHz?"
    english = gloss(asked, "de", ["Schirm X 200"])
    assert {"E", "04", "Schirm", "X", "200", "2", "4"} <= set(
        english.replace(",", " ").replace("?", "").replace("-", " ").split()
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Papagei singt morgens italienische Opern"),  # few of its words are known
        ("fr", "video camera menu software"),  # English as it is
        ("ja", "電池の交換方法"),
        ("de", ""),
    ],
)
def test_what_the_list_does_not_know_is_not_put_into_english(language: str, text: str) -> None:
    assert gloss(text, language) == ""


def test_every_row_of_the_list_has_a_cell_for_each_language() -> None:
    from chatbot.routing.rewording import glossary

    rows = [
        line
        for line in glossary._LIST.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert rows and {line.count("|") for line in rows} == {len(COLUMNS) - 1}


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Wie mache ich beim Lyra L7 einen Screenshot?", "Screenshots"),
        ("¿Cómo hago una captura de pantalla en el Lyra L7?", "Screenshots"),
        ("Lyra L7 mode avion", "Airplane mode"),
        ("Hoe zet ik de vliegtuigmodus aan op de Lyra L7?", "Airplane mode"),
        ("Quanto tempo devo caricare la batteria del Lyra L7?", "Battery"),
    ],
)
def test_it_is_answered_from_the_manual_and_said(
    manuals: Assistant, question: str, section: str
) -> None:
    answer = ask_once(manuals, Question(question))
    assert answer.outcome == "answered"
    assert {citation.section[-1] for citation in answer.citations} == {section}
    assert answer.notices[0].endswith("the manuals are in English: searched for word by word.")
    assert answer.asked, "the words that were searched are shown"


def test_what_was_typed_is_shown_where_the_words_find_nothing(manuals: Assistant) -> None:
    answer = ask_once(manuals, Question("Welche Farben gibt es für das Lyra L7?"))
    assert answer.outcome == "unanswered" and answer.asked == ""
    assert answer.notices == (
        "The question is in German, the manuals are in English: ask in a language of the manuals.",
    )


def test_a_question_after_it_goes_on_with_its_matter(manuals: Assistant) -> None:
    talk = new_conversation()
    ask_once(manuals, Question("Wie lade ich den Akku des Lyra L7?", conversation=talk), "ana")
    after = ask_once(manuals, Question("Und wie lange?", conversation=talk), "ana")
    assert {citation.section[-1] for citation in after.citations} == {"Battery"}


def test_each_question_of_a_letter_is_answered(manuals: Assistant) -> None:
    letter = (
        "Guten Tag,\n\nwie mache ich einen Screenshot auf dem Lyra L7? Und wie schalte ich den Flugmodus ein?"
        "\n\nMit freundlichen Grüßen\nPetra Klein"
    )
    answer = ask_once(manuals, Question(letter))
    assert {c.section[-1] for c in answer.citations} == {"Screenshots", "Airplane mode"}
    assert "word by word as “how do screenshot" in answer.notices[0]
    assert "smaller" not in answer.notices[0], "her name is no word of the matter"


@pytest.mark.parametrize(
    "question", ["Airplane mode", "connections", "commands battery", "Lyra L7 charge"]
)
def test_english_words_are_never_taken_for_another_language(
    manuals: Assistant, question: str
) -> None:
    answer = ask_once(manuals, Question(question))
    assert not any("The question is in" in notice for notice in answer.notices)


def test_a_language_of_a_manual_is_not_told_by_the_list() -> None:
    asked = "Posso bloquear um número?"
    assert told_by_list(asked, "", ["bloquear", "número"], ["en", "pt"]) == ("", "")
    assert told_by_list(asked, "pt", ["bloquear", "número"], ["en"])[0] == "pt"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hallo!", "greeting"),
        ("Bonjour", "greeting"),
        ("hola, buenos días", "greeting"),
        ("Vielen Dank!", "thanks"),
        ("merci beaucoup", "thanks"),
        ("Muito obrigada", "thanks"),
        ("Tot ziens", "goodbye"),
        ("Wer bist du?", "who"),
        ("Who made you?", "who"),
        ("Danke, aber sie druckt nicht", None),
    ],
)
def test_small_talk_of_other_languages(text: str, kind: str | None) -> None:
    assert small_talk(text) == kind
