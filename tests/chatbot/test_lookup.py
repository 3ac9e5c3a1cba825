"""Between an answer and a refusal: sections to choose from, and the answer from the one that was chosen."""

from __future__ import annotations

import dataclasses

import pytest

from chatbot.answers.messages import FILTERED, GONE, ONLY
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.operations.deployment import open_assistant
from chatbot.routing.followup import wordings
from chatbot.routing.router import BY_PRODUCT, IN_PART, MANUALS
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, only, put


@pytest.fixture
def unsure(assistant: Assistant) -> Assistant:
    """An assistant that is hardly ever sure, so that it offers what it finds."""
    put(assistant.catalog, "pump.md", PUMP)
    settings = dataclasses.replace(assistant.settings, min_match=0.999, min_choice=0.01)
    assert isinstance(assistant.catalog, Library)
    return open_assistant(settings, assistant.catalog)


def test_sections_for_several_questions_name_each(unsure: Assistant) -> None:
    both = "How do I replace the seal of the P-200? And how often is the filter cleaned?"
    offer = ask_once(unsure, Question(both))
    assert offer.outcome == "choose"
    (told,) = (notice for notice in offer.notices if "several questions" in notice)
    assert "“How do I replace the seal of the P-200?” “How often is the filter cleaned?”" in told


def test_unsure_of_the_section_it_offers_the_nearest_and_answers_from_the_chosen_one(
    unsure: Assistant,
) -> None:
    question = "How do I replace the seal of the P-200?"
    offer = ask_once(unsure, Question(question))
    assert offer.outcome == "choose"
    assert not offer.citations
    places = [(found.manual.id, found.passage.section) for found in offer.evidence]
    assert 1 <= len(places) == len(set(places)) <= 3
    assert not any("several questions" in notice for notice in offer.notices)
    chosen = offer.evidence[-1].passage
    answer = ask_once(unsure, Question(question, passage=chosen.id))
    assert answer.outcome == "answered"
    assert {citation.section for citation in answer.citations} == {chosen.section}
    assert answer.route.reason == "You chose this section."


@pytest.mark.parametrize(
    ("thing", "notices"),
    [
        ("Loctite", ("No manual mentions “Loctite”.",)),
        ("part K77", ("No manual mentions “K77”.",)),
        ("patience", ()),  # the manual may say it in other words
    ],
)
def test_an_offer_says_which_name_or_code_no_manual_has(
    unsure: Assistant, thing: str, notices: tuple[str, ...]
) -> None:
    offer = ask_once(unsure, Question(f"How do I replace the seal with {thing}?"))
    assert (offer.outcome, offer.notices) == ("choose", notices)


def test_a_section_chosen_for_a_comparison_answers_the_question_that_was_asked(
    unsure: Assistant,
) -> None:
    question = "What is the difference between the seal and the filter?"
    chosen = ask_once(unsure, Question(question)).evidence[0].passage
    answer = ask_once(unsure, Question(question, passage=chosen.id))
    assert answer.outcome == "answered"
    assert answer.asked == "", "it was asked as it stands, not as one side of it"


def test_an_offer_whose_section_is_gone_says_so(unsure: Assistant) -> None:
    question = "How do I replace the seal of the P-200?"
    section = ask_once(unsure, Question(question)).evidence[0].passage
    assert isinstance(unsure.catalog, Library)
    changed = PUMP.replace("close both valves", "close all three valves")
    put(unsure.catalog, "pump.md", changed, manual=only(unsure.catalog).name)
    answer = ask_once(unsure, Question(question, passage=section.id))
    assert GONE in answer.notices
    assert answer.outcome == "choose"


def test_an_offer_is_answered_from_the_same_words_in_a_newer_version(unsure: Assistant) -> None:
    question = "How do I replace the seal of the P-200?"
    section = ask_once(unsure, Question(question)).evidence[0].passage
    assert isinstance(unsure.catalog, Library)
    put(unsure.catalog, "pump.md", PUMP.replace("450 W", "475 W"), manual=only(unsure.catalog).name)
    answer = ask_once(unsure, Question(question, passage=section.id))
    assert {(c.version, c.section) for c in answer.citations} == {(2, section.section)}
    assert answer.notices == ()


def test_what_follows_a_chosen_section_is_about_its_product(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    found = assistant.search.find("How do I clean the filter?", "Pump P-200").evidence[0].passage
    ask_once(
        assistant, Question("And clean the filter?", passage=found.id, conversation=talk), "ana"
    )
    answer = ask_once(assistant, Question("And how often?", conversation=talk), "ana")
    assert {one.manual.product for one in answer.evidence} == {"Pump P-200"}


def test_far_from_everything_nothing_is_offered(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("Who won the cup final in 1998?"))
    assert answer.outcome == "unanswered"


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("And clean the filter?", "How do I clean the filter on the Pump P-200?"),
        ("then oil the bearing?", "How do I oil the bearing on the Pump P-200?"),
        ("And how often?", "How often: replace the seal of the P-200?"),
    ],
)
def test_a_follow_up_with_a_subject_of_its_own_asks_for_that_first(
    question: str, meant: str
) -> None:
    before = ["How do I replace the seal of the P-200?"]
    assert wordings(question, before, ("Pump P-200", "Fan F-100"))[0] == meant


def test_follow_ups_never_grow_into_chains() -> None:
    products = ("Pump P-200", "Fan F-100")
    asked = "How do I replace the seal of the P-200?"
    for question in ("And how often?", "And how long?", "And for how much?"):
        asked = wordings(question, [asked], products)[-1]
    assert asked.count(":") == 1
    assert "seal" in asked


def test_a_question_without_a_product_stays_with_the_conversations(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I replace the seal of the P-200?", conversation=talk), "ana"
    )
    answer = ask_once(
        assistant, Question("How often do I clean the filter?", conversation=talk), "ana"
    )
    assert {found.manual.product for found in answer.evidence} == {"Pump P-200"}


def test_what_a_first_question_only_came_near_to_decides_nothing(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    text = "Which pump sings the best songs? How often do I clean the filter?"
    answer = ask_once(assistant, Question(text))
    assert set(answer.products) == {"Pump P-200", "Fan F-100"}


def test_the_product_talked_of_gives_way_where_only_others_answer(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    for model in ("F-100", "F-200"):
        balance = f"### Balance the blades\n\nHang the blades of the {model} up and clip a weight on the higher one.\n\n"
        text = FAN.replace("F-100", model).replace("### Clean", f"{balance}### Clean")
        put(assistant.catalog, f"{model}.md", text)
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I replace the seal of the P-200?", conversation=talk), "ana"
    )
    other = Question("How do I balance the blades?", conversation=talk)
    assert ask_once(assistant, other, "ana").products == ("Fan F-100", "Fan F-200")


def test_a_refusal_says_which_manuals_were_searched(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    told = ONLY.format(product="Fan F-100")
    bread = "How do I bake sourdough bread?"
    assert told in ask_once(assistant, Question(bread, product="Fan F-100")).notices
    assert told not in ask_once(assistant, Question(bread)).notices
    named = Question("How do I bake sourdough bread in the P-200?", product="Fan F-100")
    (said,) = [n for n in ask_once(assistant, named).notices if n.startswith("Only manuals")]
    assert said == FILTERED.format(product="Fan F-100", named="Pump P-200"), "said once"


def test_the_route_claims_no_more_than_the_manuals_hold(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    whole = ask_once(assistant, Question("How do I replace the seal?"))
    assert whole.route.reason == MANUALS
    half = "How do I replace the seal? And how do I bake sourdough bread?"
    assert ask_once(assistant, Question(half)).route.reason == IN_PART
    put(assistant.catalog, "fan.md", FAN)
    asked_back = ask_once(assistant, Question("How do I replace the seal?"))
    assert (asked_back.outcome, asked_back.route.reason) == ("which product", BY_PRODUCT)


LAMP = """# Heron H3 lamp

## Night light

The lamp glows softly in the dark. Tap Settings > Display > Night light.

## Replace the tube

Turn the tube by a quarter and pull it out.

## Data

The lamp weighs 2 kg.
"""


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        ("How do I turn on the night light?", "And how do I turn it off again?", "answered"),
        ("Where is the night light?", "How do I switch it on?", "answered"),
        ("How do I replace the tube?", "And how do I paint it?", "not answered"),
        ("How do I replace the tube?", "And how do I switch it off?", "not answered"),
    ],
)
def test_a_thing_is_turned_off_where_it_is_found(
    assistant: Assistant, first: str, then: str, outcome: str
) -> None:
    """The section that is called like the thing need not say "off"; for anything else it must hold what is asked."""
    put(assistant.catalog, "lamp.md", LAMP, product="Heron H3")
    talk = new_conversation()
    ask_once(assistant, Question(f"{first[:-1]} on the Heron H3?", conversation=talk), "ana")
    answer = ask_once(assistant, Question(then, conversation=talk), "ana")
    assert (answer.outcome == "answered") is (outcome == "answered"), answer.text


WATCH = """# Heron W5 watch

## Emergency calls

In danger, press the crown five times. The watch calls for help, and says where you are. Do this whenever there is danger to
you or others near the watch.

## Magnets in the watch

The band holds by magnets. Keep the watch at least 15 cm from a pacemaker, and talk to your physician before you wear it.

## Alarm volume

To make the alarm louder, tap Settings > Sounds > Alarm, and drag the slider to the right.

## Swim with the watch

Rinse the watch with fresh water after you swim in the sea, and dry its band.
"""
PACEMAKER = """Dear team,
my husband got a Heron W5 when he retired in May, and he never takes it off, not even at night. He is delighted with it. Last
week he was given a pacemaker, all went well, and the nurse gave us a leaflet on magnets. Is there any danger from the watch?
Many thanks
Margaret"""
ALARM = """Hello,
I bought the Heron W5 in spring and wear it on my left wrist all day, at work and at home. I sleep very deeply and my wife says
that I never hear it in the morning, so I come late to work twice a week now. How do I make the alarm louder?
Regards
Tom"""
SALT = """Good morning,
we spent two weeks on an island, and I went into the sea with my Heron W5 every day. There is a white crust on it now, and the
band has become stiff, which was not so before we left. I liked it very much until then. What do I have to do after a swim?
Yours
Ida"""


@pytest.mark.parametrize(
    ("letter", "outcome", "section"),
    [
        (PACEMAKER, "choose", "Magnets in the watch"),
        (ALARM, "answered", "Alarm volume"),
        (SALT, "answered", "Swim with the watch"),
        (
            PACEMAKER.replace(
                "Is there any danger from the watch?", "How do I set the alarm volume?"
            ),
            "answered",
            "Alarm volume",
        ),
    ],
)
def test_a_letters_question_is_answered_where_the_whole_letter_leads_there_too(
    assistant: Assistant, letter: str, outcome: str, section: str
) -> None:
    """ "Is there any danger?" by itself is answered by the emergency call; beside the pacemaker, it is about magnets."""
    put(assistant.catalog, "watch.md", WATCH, product="Heron W5")
    alone = ask_once(assistant, Question("Is there any danger from the Heron W5 watch?"))
    assert alone.citations[0].section[-1] == "Emergency calls"
    answer = ask_once(assistant, Question(letter))
    assert answer.outcome == outcome
    held = answer.citations or answer.evidence
    assert (held[0].section if answer.citations else held[0].passage.section)[-1] == section


def test_a_long_letter_is_searched_with_what_stands_nearest_to_its_question(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "watch.md", WATCH, product="Heron W5")
    story = "We went for a walk in the hills and had a lovely day with our friends there. " * 60
    letter = PACEMAKER.replace("Dear team,\n", f"Dear team,\n{story}")
    answer = ask_once(assistant, Question(letter))
    assert answer.evidence[0].passage.section[-1] == "Magnets in the watch"


def test_a_letter_that_names_its_product_is_not_told_which_manuals_were_searched(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "watch.md", WATCH, product="Heron W5")
    assert not any(
        "were searched" in told for told in ask_once(assistant, Question(PACEMAKER)).notices
    )


def test_a_follow_up_is_about_the_manual_that_was_cited_where_that_has_no_product(
    assistant: Assistant,
) -> None:
    """“What does E2 mean?” was answered from another manual that has an E2, as nothing held the conversation to the first."""
    codes = "| Code | Meaning |\n|---|---|\n| E1 | {} |\n| E2 | {} |\n"
    put(assistant.catalog, "lamp.md", "# G35\n\n## Lamp\n\nThe lamp blinks red in a fault.\n\n" + codes.format("Battery empty", "Too hot"))  # fmt: skip
    oven = "# H80\n\n## E2 and E1: what the codes mean\n\n" + codes.format("Door open", "No water")
    put(assistant.catalog, "oven.md", oven + "\n## Clean the door\n\nUse a soft cloth to clean the door.\n")  # fmt: skip
    talk = new_conversation()
    first = Question("Why does the lamp blink red?", conversation=talk)
    assert ask_once(assistant, first, "ana").outcome == "answered"
    then = ask_once(assistant, Question("what does E2 mean", conversation=talk), "ana")
    assert "Too hot" in then.text and "No water" not in then.text
    other = Question("How do I clean the door?", conversation=talk)
    assert "soft cloth" in ask_once(assistant, other, "ana").text
