"""A refusal says why, where that is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from knowledge.types import SearchResult
from tests.support.manuals import put

SAMPLES = Path(__file__).parents[1] / "samples" / "languages"
PUMP = """# Pump

## Replacing the seal

Replace the seal of the pump after 500 hours. Close the inlet valve before you open the housing.

## Errors

E04: The filter is clogged. Clean the filter.
"""


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Is there an autorouter?", ("No manual mentions “autorouter”.",)),
        ("Is there maybe an autorouter anywhere, whatever?", ("No manual mentions “autorouter”.",)),
        ("What does error E99 mean?", ("No manual mentions “E99”.",)),
        (
            "Wie oft muss der Schornsteinfeger kommen?",
            (
                "The question is in German, the manuals are in English: ask in a language of the manuals.",
            ),
        ),
        (
            "Kann man das Aurora X100 beim Schwimmen tragen?",
            (
                "The question is in German, the manuals are in English: ask in a language of the manuals.",
            ),
        ),
        (
            "Comment arroser les géraniums du balcon ?",
            (
                "The question is in French, the manuals are in English: ask in a language of the manuals.",
            ),
        ),
    ],
)
def test_a_refusal_says_what_no_manual_holds(
    assistant: Assistant, question: str, why: tuple[str, ...]
) -> None:
    put(assistant.catalog, "pump.md", PUMP, product="Aurora X100")
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "unanswered"
    assert answer.text == "The manuals do not answer this."
    assert answer.notices == why


@pytest.mark.parametrize(
    ("codes", "question", "why"),
    [
        (
            ["de"],
            "How do I replace the battery of the remote control?",
            "The question is in English, the manuals are in German: ask in a language of the manuals.",
        ),
        (
            ["fr", "zh", "nl"],
            "Wie hoch ist der Eiffelturm in der Stadt Paris?",
            "The question is in German, the manuals are in Chinese, Dutch and French:"
            " ask in a language of the manuals.",
        ),
        (
            ["fr", "ja"],
            "埃菲尔铁塔有多高？",
            "The question is in Chinese, the manuals are in French and Japanese:"
            " ask in a language of the manuals.",
        ),
    ],
)
def test_the_languages_of_all_manuals_are_named(
    assistant: Assistant, codes: list[str], question: str, why: str
) -> None:
    for code in codes:
        put(assistant.catalog, f"{code}.md", (SAMPLES / f"{code}.md").read_text(encoding="utf-8"))
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "unanswered"
    assert answer.notices == (why,)


@pytest.mark.parametrize("code", ["de", "fr", "es", "it", "pt", "nl", "zh", "ja", "ko", "he", "ar"])
def test_a_question_in_the_language_of_a_manual_is_never_called_foreign(
    assistant: Assistant, code: str
) -> None:
    for each in (code, "de" if code != "de" else "fr"):
        put(assistant.catalog, f"{each}.md", (SAMPLES / f"{each}.md").read_text(encoding="utf-8"))
    lines = (SAMPLES / "other.tsv").read_text(encoding="utf-8").splitlines()
    asked = [question for each, question in (line.split("\t") for line in lines) if each == code]
    answers = [ask_once(assistant, Question(question)) for question in asked]
    assert {answer.outcome for answer in answers} <= {"unanswered", "choose"}
    assert not any("The question is in" in notice for one in answers for notice in one.notices)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (
            "How do I reset the Aurora X300?",
            "There is no manual for the Aurora X300. Nearest: Aurora X200, Aurora X100.",
        ),
        ("seal of the x300", "There is no manual for the x300. Nearest: Aurora X200, Aurora X100."),
        ("What is error X300?", "No manual mentions “X300”."),
        ("How do I clean the filter of the Q7?", "No manual mentions “Q7”."),
    ],
)
def test_a_product_without_a_manual_is_named_with_the_nearest(
    assistant: Assistant, question: str, why: str
) -> None:
    for product in ("Aurora X100", "Aurora X200"):
        put(assistant.catalog, f"{product}.md", PUMP.replace("Pump", product, 1), product=product)
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "unanswered"
    assert [notice.partition(" Nearest: ")[0] for notice in answer.notices] == [
        why.partition(" Nearest: ")[0]
    ]
    assert ("Aurora X100" in answer.notices[0]) == ("Aurora X100" in why)


def test_a_word_that_a_manual_has_another_word_for_is_not_called_missing(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP.replace("Replace the seal", "Replace the strap"))
    assert assistant.search.unknown("What band for the pump?") == ()


def test_nothing_is_said_where_nothing_in_particular_is_missing(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("What is open in the hours of the inlet error?"))
    assert answer.notices == ()


def test_an_answer_says_nothing_of_missing_words(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("When do I replace the seal of the pump, Xaver?"))
    assert answer.outcome == "answered" and answer.notices == ()


def test_a_german_manual_is_asked_in_german(assistant: Assistant) -> None:
    put(
        assistant.catalog,
        "pumpe.md",
        "# Pumpe\n\n## Dichtung\n\nWechseln Sie die Dichtung der Pumpe nach 500 Stunden. Schließen Sie vorher das Ventil.\n",
    )
    answer = ask_once(assistant, Question("Wo bekomme ich für die Waschmaschine einen Zulauf?"))
    assert not any("The question is in" in notice for notice in answer.notices)


def test_a_word_of_a_manuals_name_is_not_called_missing(assistant: Assistant) -> None:
    text = PUMP.replace("Pump P-200", "Pump").replace("pump", "machine")
    put(assistant.catalog, "pump.md", text, manual="Zephyr handbook", product="Zephyr")
    assert assistant.search.unknown("Is quicksand in the Zephyr handbook?") == ("quicksand",)


VERBS = """# Säge T5 – Betriebsanleitung

## Einschalten

Zum Einschalten der Säge den Hebel H1 nach oben legen.

## Ausschalten

Zum Ausschalten der Säge den Hebel H1 nach unten legen.

## Garantie

Die Garantie für die Säge beträgt drei Jahre.

## Lagerung

Die Säge trocken lagern und nicht werfen.
"""
PRICED = """# Saw

## Price

| Article | Retail price |
|---|---|
| Saw | $199.50 |

## Guarantee

The guarantee of the saw is two years.

## Cart

The tyre pressure of the cart is 2.9 bar. The mounting height of the saw is 1.5 m.
"""


def test_a_code_of_which_only_the_letters_and_figures_stand_somewhere_is_said(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", f"{PUMP}\nE-04 is gone after 77 s.\n", product="Aurora X100")
    answer = ask_once(assistant, Question("What does error E77 on the Aurora X100 mean?"))
    assert answer.outcome == "unanswered" and "E-77" not in answer.asked
    assert "No manual mentions “E77”." in answer.notices
    assert ask_once(assistant, Question("What does error E04 mean?")).outcome == "answered"


@pytest.mark.parametrize("code", ["E-99", "E-77?", "F 12"])
def test_a_code_alone_is_in_no_language(assistant: Assistant, code: str) -> None:
    """ "E-99" was said to be Portuguese."""
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question(code))
    assert answer.outcome == "unanswered" and not any("is in" in told for told in answer.notices)


def test_no_language_is_named_where_none_is_known(assistant: Assistant) -> None:
    put(assistant.catalog, "card.txt", "1. DATEN\n\nLeistung 2000 W\n")
    answer = ask_once(assistant, Question("Wie oft muss der Schornsteinfeger kommen?"))
    assert not any("the manuals are in :" in notice for notice in answer.notices)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("Wie lang ist die Garantie für das Getriebe?", "Getriebe"),
        ("Wie ist die Garantie der Kamera?", "Kamera"),
    ],
)
def test_what_holds_for_another_thing_does_not_answer(
    assistant: Assistant, question: str, thing: str
) -> None:
    put(assistant.catalog, "saw.md", VERBS)
    answer = ask_once(assistant, Question(question))
    assert (answer.outcome, answer.notices) == ("unanswered", (f"No manual mentions “{thing}”.",))
    assert "drei Jahre" in ask_once(assistant, Question("Wie lange ist die Garantie?")).text


def test_the_thing_may_be_called_in_other_words_or_not_at_all(assistant: Assistant) -> None:
    text = "# Oven manual\n\n## Warranty\n\nThe warranty is two years.\n\n## Lamp\n\nTurn the cover of the lamp to the left.\n"
    put(assistant.catalog, "oven.md", text)
    assert "to the left" in ask_once(assistant, Question("How does the lamp cover come off?")).text
    for question in ("How long is the guarantee of the device?", "What is the guarantee?"):
        assert "two years" in ask_once(assistant, Question(question)).text
    assert ask_once(assistant, Question("What is the guarantee of the bicycle?")).outcome != "answered"  # fmt: skip


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What is the dealer price of the saw?", "dealer"),
        ("dealer price?", "dealer"),
        ("What is the extended guarantee?", "extended"),
        ("How long is the shipping guarantee?", "shipping"),
    ],
)
def test_another_value_than_the_manual_gives_is_not_told(
    assistant: Assistant, question: str, word: str
) -> None:
    """The dealer price was answered with the only one there is, the retail price."""
    put(assistant.catalog, "saw.md", PRICED)
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "choose" and "199" not in answer.text
    assert f"No manual mentions “{word}”." in answer.notices


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the retail price of the saw?", "$199.50"),
        ("What is the current price of the saw?", "$199.50"),
        ("price of the saw?", "$199.50"),
        ("What is the standard guarantee?", "two years"),
        ("What is the retailer price of the saw?", "$199.50"),
        ("What is the wall mounting height?", "1.5 m"),
        ("What is the tire pressure?", "2.9 bar"),
    ],
)
def test_the_value_that_a_manual_gives_is_told(
    assistant: Assistant, question: str, told: str
) -> None:
    put(assistant.catalog, "saw.md", PRICED)
    assert told in ask_once(assistant, Question(question)).text


@pytest.mark.parametrize(
    ("question", "hold"),
    [("Wie schalte ich die Säge ein?", "nach oben"), ("Wie schalte ich die Säge aus?", "nach unten")],
)  # fmt: skip
def test_a_german_verb_is_found_by_both_its_parts(
    assistant: Assistant, question: str, hold: str
) -> None:
    put(assistant.catalog, "saw.md", VERBS)
    (sentence,) = ask_once(assistant, Question(question)).sentences
    assert hold in sentence.text


@pytest.mark.parametrize(
    ("match", "outcome"), [(0.2, "unanswered"), (0.3, "choose"), (0.45, "which product")]
)
def test_what_two_products_may_answer_is_offered_before_a_product_is_asked_for(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, match: float, outcome: str
) -> None:
    """It was refused, though one of the sections at hand answered it."""
    put(assistant.catalog, "pump.md", PUMP, product="Pump")
    put(assistant.catalog, "fan.md", PUMP.replace("pump", "fan").replace("Pump", "Fan"), product="Fan")  # fmt: skip
    find = assistant.search.find

    def unsure(*given: str) -> SearchResult:
        return replace(find(*given), match=match, products=("Pump", "Fan"))

    monkeypatch.setattr(assistant.search, "find", unsure)
    answer = ask_once(assistant, Question("When do I replace the seal?"))
    assert answer.outcome == outcome
    assert answer.products == (("Pump", "Fan") if outcome == "which product" else ())


PHONES = {
    "Heron A1": "## Fingerprint scanner\n\nPlace your finger on the scanner to unlock the phone.\n\n## Move data from an old phone here\n\nMove them by cable.\n\n## Care THANKS\n\nAn app of gifts.",
    "Heron B2": "## Face recognition\n\nLook at the phone to unlock it.\n\n## Loudspeaker\n\nSet how loud it is.",
    "Kettle K3": "## Descale it\n\nFill the kettle with vinegar, wait an hour, and rinse it.",
}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Where is the Fingerprint setting of the Heron B2?",
            "The Heron B2 manual does not mention “Fingerprint”; the Heron A1 manual does.",
        ),
        ("How do I descale the Heron B2?", ""),  # only what is of the same family
        ("Does the Heron B2 print from my old rag?", ""),  # "old" is no thing that a heading names
        ("Where does the Heron B2 keep the oboe? Thanks", ""),
        (
            "How do I change the ringing of the Heron A1 by recognition?",
            "the Heron B2 manual does.",
        ),
        ("How do I make the voice of the Heron A1 yodel?", ""),  # what none has is said otherwise
        ("How do I make the loud speaker of the Heron A1 yodel?", "“loudspeaker”; the Heron B2"),
    ],
)
def test_what_only_a_sister_product_has_is_said_to_be_missing_here(
    assistant: Assistant, question: str, said: str
) -> None:
    for product, text in PHONES.items():
        put(assistant.catalog, f"{product}.md", f"# {product} manual\n\n{text}\n", product=product)
    answer = ask_once(assistant, Question(question))
    assert answer.outcome in ("unanswered", "choose")
    told = [notice for notice in answer.notices if "manual does not mention" in notice]
    assert bool(told) is bool(said) and all(said in notice for notice in told)


def test_what_is_offered_is_shown_without_what_every_section_ends_with(
    assistant: Assistant,
) -> None:
    ending = "Was this content of help to you?"
    parts = [f"## Part {n}\n\nThe valve {n} opens at {n} bar.\n\n{ending}\n" for n in range(1, 13)]
    put(assistant.catalog, "valve.md", "# Valve manual\n\n" + "\n".join(parts))
    answer = ask_once(assistant, Question("Where do I order a valve in blue?"))
    assert answer.outcome != "answered" and answer.evidence
    for found in answer.evidence:
        assert "opens at" in found.passage.text and ending not in found.passage.text


def test_a_follow_up_that_nothing_surely_answers_is_shown_as_it_would_be_said(
    assistant: Assistant,
) -> None:
    text = "# Lyra L7\n\n## Wi-Fi Direct\n\nTo turn on Wi-Fi Direct, tap Settings > Connections > Wi-Fi Direct.\n\n## Data\n\nIt weighs 170 g.\n"
    put(assistant.catalog, "lyra.md", text, product="Lyra L7")
    talk = new_conversation()
    first = Question("How do I turn on Wi-Fi Direct on the Lyra L7?", conversation=talk)
    ask_once(assistant, first, "ana")
    after = ask_once(assistant, Question("How do I turn it off again?", conversation=talk), "ana")
    assert ":" not in after.asked, after.asked


def test_whoever_signs_is_nothing_that_a_manual_lacks(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    asked = "Does the pump play music in the garden at night? Thanks, Tomasz"
    answer = ask_once(assistant, Question(asked))
    assert answer.outcome == "unanswered"
    assert not any("Tomasz" in told for told in answer.notices)


def test_a_comparison_that_nothing_answers_is_not_asked_what_it_wants_to_know(
    assistant: Assistant,
) -> None:
    for n in ("X100", "X300"):
        put(assistant.catalog, f"{n}.md", PUMP, product=f"Aurora {n}")
    asked = "Aurora X100 or Aurora X300, which has the louder trumpet?"
    answer = ask_once(assistant, Question(asked))
    assert answer.outcome == "unanswered"
    assert not any("What do you want to know" in told for told in answer.notices)
