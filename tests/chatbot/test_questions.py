"""What a message asks: tickets, several questions, comparisons; each is answered for itself."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.grounding.mail import own_request, own_words
from chatbot.routing.questions import TICKET_WORDS, questions_in
from knowledge.search.products.names import mentioned
from tests.support.manuals import FAN, PUMP, put

PRODUCTS = ("Pump P-200", "Fan F-100")

TICKET = """Good morning,
we have had your pump P-200 in the cellar since last autumn and it has been running without any trouble so far, my brother-in-law
put it in. Since Tuesday there is a smell of oil in the whole house and my wife wants it gone before the guests come.
Could you please tell me how the seal is replaced?
Kind regards
Ola Berg

-----Original Message-----
From: shop@example.org
How do I pay for the fan F-100?
"""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("How do I clean the filter?", ["How do I clean the filter?"]),
        (
            "How do I clean the filter, and how often must I oil the bearing?",
            ["How do I clean the filter?", "How often must I oil the bearing?"],
        ),
        (
            "Where is the fuse? What rating does it have?",
            ["Where is the fuse?", "What rating does it have?"],
        ),
        (
            "How do I replace the seal of the P-200? And how do I clean the filter?",
            ["How do I replace the seal of the P-200?", "How do I clean the filter?"],
        ),
        (
            "P-200: how do I replace the seal and how do I clean the filter?",
            ["P-200: how do I replace the seal?", "P-200: how do I clean the filter?"],
        ),
        ("Can I wash and dry the filter?", ["Can I wash and dry the filter?"]),
        ("The lid is stuck. What can I do?", ["The lid is stuck. What can I do?"]),
    ],
)
def test_the_questions_of_a_short_message(text: str, asked: list[str]) -> None:
    assert [part.text for part in questions_in(text, PRODUCTS)] == asked


def test_a_setting_goes_with_each_of_its_questions() -> None:
    text = "On the balcony, how do I fix the rail, and how do I paint it?"
    second = questions_in(text, PRODUCTS)[1]
    assert second.wordings[0].startswith("On the balcony,")


@pytest.mark.parametrize(
    "text",
    ["Is the pump P-200 or the fan F-100 louder?", "P-200 versus F-100: which one may get wet?"],
)
def test_a_comparison_is_asked_of_each_product(text: str) -> None:
    parts = questions_in(text, PRODUCTS)
    assert {part.product for part in parts} == set(PRODUCTS)
    for part in parts:
        (other,) = {*PRODUCTS} - {part.product}
        assert other.split()[-1] not in part.wordings[0]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("How do I switch off the P-200 and the F-100?", "How do I switch off the {}?"),
        ("Compare the P-200 and the F-100: how do I clean them?", "how do I clean the {}?"),
        ("whats the difference between P-200 and F-100 in power", "power on the {}?"),
        ("What are the differences between the fan F-100 and P-200 regarding noise?", "noise on the {}?"),
        ("P-200 versus F-100: which one may get wet?", "may get wet on the {}?"),
        ("Is the seal replaced the same way on the P-200 as on the F-100?", "Is the seal replaced the same way on the {}?"),
        ("Replacing the seal: is it done the same way on the P-200 as on the F-100?", "Replacing the seal on the {}?"),
        ("To drain it: which valve do I open on the P-200 and which on the F-100?", "To drain it: which valve do I open on the {}?"),
        ("Where is the fuse of the P-200, and where of the F-100?", "Where is the fuse of the {}?"),
        ("How do I prime the P-200 compared to the F-100?", "How do I prime the {}?"),
        ("Compare how to drain the tank on the P-200 and the F-100", "how to drain the tank on the {}"),
        ("Please compare where to oil the P-200 and the F-100.", "where to oil the {}"),
    ],
)  # fmt: skip
def test_what_is_asked_of_two_products_at_once_is_asked_of_each(text: str, asked: str) -> None:
    found = {part.product: part.wordings[0] for part in questions_in(text, PRODUCTS)}
    assert found == {name: asked.format(name) for name in PRODUCTS}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "How do I replace the seal of the P-200 and how do I oil the bearing of the F-100?",
            ["How do I replace the seal of the P-200?", "How do I oil the bearing of the F-100?"],
        ),
        (
            "How often is the filter of the F-100 cleaned and where is the plug of the P-200?",
            ["How often is the filter of the F-100 cleaned?", "Where is the plug of the P-200?"],
        ),
    ],
)
def test_two_questions_on_two_products_are_no_comparison(text: str, asked: list[str]) -> None:
    assert [part.text for part in questions_in(text, PRODUCTS)] == asked


def test_what_is_told_of_another_product_is_no_comparison() -> None:
    asked = "I have a P-200 but my wife has the F-100. How do I clean the filter?"
    assert len(questions_in(asked, PRODUCTS)) == 1
    has = questions_in("Does the P-200 have a timer but the F-100 not?", PRODUCTS)
    assert {part.product for part in has} == set(PRODUCTS)


def test_what_another_person_wants_is_asked_too() -> None:
    story = "Dear team, my mother has worn the P-200 out, which stands in the cellar beside the stairs and hums all day long. "
    text = f"{story}Is there a way to make it quieter? Also, she would like the hose to be longer. Regards, Petra Meier"
    asked = [part.text for part in questions_in(text, PRODUCTS)]
    assert asked == ["Is there a way to make it quieter?", "She would like the hose to be longer."]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("What is the difference between soft reset and full reset?", ["Soft reset", "Full reset"]),
        ("Soft reset vs full reset on the P-200", ["Soft reset", "Full reset"]),
        (
            "How does the eco mode differ from the night mode of the P-200?",
            ["Eco mode", "Night mode"],
        ),
        ("park or stow: what's the difference?", ["Park", "Stow"]),
        ("Compare the blue filter with the grey filter.", ["Blue filter", "Grey filter"]),
    ],
)
def test_two_things_that_are_compared_are_asked_of_one_by_one(text: str, sides: list[str]) -> None:
    parts = questions_in(text, PRODUCTS)
    assert [part.text for part in parts] == sides
    assert {part.whole for part in parts} == {text}
    assert all(("P-200" in part.wordings[0]) == ("P-200" in text) for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "Do I need the blue or the grey filter?",
        "What is the difference in height between the feet?",
        "How do I connect pump and tank?",
        "Where do I change the difference between day and night volume?",
        "What is the time difference between the alarm and the clock?",
        "How do I compare photos and videos?",
        "How is the pump different from before?",
        "Compare the P-200 and the others.",
        "What is the difference between that picture and the map?",
    ],
)
def test_no_comparison_is_seen_where_there_is_none(text: str) -> None:
    assert [part.text for part in questions_in(text, PRODUCTS)] == [text]


def test_a_second_question_after_a_comparison_is_not_lost_in_it() -> None:
    text = "What is the difference between the eco mode and the night mode and which is safer?"
    assert [part.text for part in questions_in(text, PRODUCTS)][-1] == "Which is safer?"


def test_products_are_compared_in_the_order_of_the_question() -> None:
    for text in ("Is the F-100 or the P-200 louder?", "Is the P-200 or the F-100 louder?"):
        first, second = questions_in(text, PRODUCTS)
        assert text.index(first.product.split()[-1]) < text.index(second.product.split()[-1])
    alike = ("Galaxy Note 10 Plus", "Galaxy Note 10")
    for text in (
        "Is the Note 10 or the Note 10 Plus larger?",
        "Is the Note 10 Plus or the Note 10 larger?",
    ):
        first = questions_in(text, alike)[0].product
        assert first == (
            "Galaxy Note 10 Plus" if text.startswith("Is the Note 10 Plus") else "Galaxy Note 10"
        )


MODES = """# Oven manual

## Eco mode

The eco mode heats slowly and needs half the power.

## Night mode

The night mode keeps the oven at 60 degrees until the morning.
"""


def test_both_sides_of_a_comparison_are_answered(assistant: Assistant) -> None:
    put(assistant.catalog, "oven.md", MODES)
    answer = ask_once(
        assistant, Question("What is the difference between eco mode and night mode?")
    )
    assert [part.text for part in answer.sentences if part.heading] == ["Eco mode", "Night mode"]
    assert "half the power" in answer.text and "60 degrees" in answer.text


def test_a_comparison_of_which_a_side_is_nowhere_is_asked_as_a_whole(assistant: Assistant) -> None:
    put(assistant.catalog, "oven.md", MODES)
    answer = ask_once(
        assistant, Question("What is the difference between eco mode and pizza stones?")
    )
    assert not any(part.heading for part in answer.sentences)


def test_a_section_that_speaks_of_both_answers_a_comparison(assistant: Assistant) -> None:
    both = "## Which mode to use\n\nUnlike the eco mode, the night mode is silent. The difference is the fan.\n"
    put(assistant.catalog, "oven.md", MODES + both)
    answer = ask_once(
        assistant, Question("What is the difference between eco mode and night mode?")
    )
    assert {citation.section for citation in answer.citations} == {("Which mode to use",)}
    assert not any(part.heading for part in answer.sentences)


def test_a_side_is_not_answered_by_a_section_of_another_name(assistant: Assistant) -> None:
    other = MODES.replace("## Night mode", "## Timer").replace(
        "The night mode keeps", "At night the mode lamp keeps"
    )
    put(assistant.catalog, "oven.md", other)
    answer = ask_once(
        assistant, Question("What is the difference between eco mode and night mode?")
    )
    assert not any(part.heading for part in answer.sentences)


def test_of_compared_products_the_section_of_the_same_name_answers_for_both(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    odd = "### Replace the seal\n\nThe ring goes in first, the groove facing you.\n"
    text = FAN[: FAN.index("### Replace")] + odd + FAN[FAN.index("### Clean") :]
    put(assistant.catalog, "fan.md", text)
    answer = ask_once(assistant, Question("How do I replace the seal: P-200 or F-100?"))
    assert [part.text for part in answer.sentences if part.heading] == ["Pump P-200", "Fan F-100"]
    assert "12 Nm" in answer.text and "groove facing you" in answer.text


def test_products_that_are_compared_may_differ_and_manuals_of_one_may_not(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    put(
        assistant.catalog,
        "service.md",
        PUMP.replace("12 Nm", "9 Nm"),
        product="Pump P-200",
        manual="Service",
    )
    both = ask_once(assistant, Question("How do I replace the seal: P-200 or F-100?"))
    assert both.outcome == "answered" and not both.conflicts
    one = ask_once(assistant, Question("How do I replace the seal of the P-200?"))
    assert len(one.conflicts) == 1


def test_of_two_long_answers_each_gets_its_share_and_what_answers_is_in_it(
    assistant: Assistant,
) -> None:
    filler = " ".join(f"Point {n} of the list of points matters here, too." for n in range(40))
    first, second = (
        f"{filler} {said} {filler}" for said in ("Use half the power.", "Keep 60 degrees.")
    )
    text = MODES.replace("The eco mode heats slowly and needs half the power.", first)
    text = text.replace("The night mode keeps the oven at 60 degrees until the morning.", second)
    put(assistant.catalog, "oven.md", text)
    asked = "How much power in eco mode, and how many degrees in night mode?"
    answer = ask_once(assistant, Question(asked))
    assert answer.outcome == "answered"
    assert "half the power" in answer.text and "60 degrees" in answer.text
    assert len(answer.text.split()) < 330


def test_a_tickets_question_is_found_between_greeting_and_signature() -> None:
    assert len(TICKET.split()) > TICKET_WORDS
    (part,) = questions_in(TICKET, PRODUCTS)
    assert part.text == "Could you please tell me how the seal is replaced?"
    assert part.wordings[0] == "how the seal is replaced?"


def test_a_tickets_own_words_are_without_greeting_signature_and_quoted_mail() -> None:
    own = own_words(TICKET)
    assert own.startswith("we have had your pump")
    assert own.endswith("how the seal is replaced?")
    assert own_words("> what you wrote\nIt leaks.\nBest regards, Kim") == "It leaks."
    assert own_words("Hello") == "Hello"


@pytest.mark.parametrize(
    ("letter", "own"),
    [
        ("Hi, my printer is stuck. What now?", "my printer is stuck. What now?"),
        ("Hi team, the head is dirty: how is it cleaned?", "the head is dirty: how is it cleaned?"),
        ("Good morning Dr. Keller,\nit leaks.", "it leaks."),
        ("Dear Sir or Madam,\n\nit leaks.", "it leaks."),
        (
            "Hello printer people can you help me today?",
            "Hello printer people can you help me today?",
        ),
        ("Hallo,\ndie Pumpe leckt.\n\nMit freundlichen Grüßen\nHans", "die Pumpe leckt."),
        ("It leaks.\nAm 3. Mai schrieb Eva:\nalt", "It leaks."),
        ("It leaks. What now? Thanks, Tom", "It leaks. What now?"),
    ],
)
def test_only_greeting_signature_and_quoted_mail_are_taken_off(letter: str, own: str) -> None:
    assert own_words(letter) == own


LIST = """Hello team,

I have a Fan F-100 and three questions:
1. How do I block the blades?
2. The motor gets hot and then it stops. Is it broken?
3) Does it have a filter, and where do I put it?

Thanks, Kim"""


def test_each_item_of_a_list_is_a_question_by_itself() -> None:
    parts = questions_in(LIST, PRODUCTS)
    assert [part.text for part in parts] == [
        "How do I block the blades?",
        "The motor gets hot and then it stops. Is it broken?",
        "Does it have a filter, and where do I put it?",
    ]
    assert parts[1].wordings[1] == "The motor gets hot and then it stops."
    assert not any("motor" in wording for part in (parts[0], parts[2]) for wording in part.wordings)
    assert {part.product for part in parts} == set(mentioned("Fan F-100", PRODUCTS))


def test_no_item_of_a_bulleted_list_is_dropped() -> None:
    items = [f"How do I clean part {n}?" for n in range(7)]
    parts = questions_in("Pump:\n- " + "\n- ".join(items), PRODUCTS)
    assert [part.text for part in parts] == items


def test_steps_that_were_tried_are_no_questions() -> None:
    tried = "I tried this:\n1. Switch it off\n2. Clean the seal\nWhat else can I do?"
    (part,) = questions_in(tried, PRODUCTS)
    assert part.wordings == (tried,)


def test_a_second_question_is_about_the_product_of_the_first() -> None:
    first, second = questions_in("How do I clean the F-100 and how do I dry it?", PRODUCTS)
    assert "F-100" in first.wordings[0]
    assert second.product == mentioned("F-100", PRODUCTS)[0]


def test_a_ticket_without_a_question_is_about_its_problem() -> None:
    story = "We moved house in March and everything went well with the van. " * 5
    (part,) = questions_in(f"{story}The fan does not start any more.", PRODUCTS)
    assert "fan does not start" in part.wordings[0]


@pytest.mark.parametrize("asked", ["Is there a setting for it?", "What can I try?", "Any ideas?"])
def test_a_question_of_a_ticket_that_says_nothing_is_never_asked_by_itself(asked: str) -> None:
    told = (
        "Good morning, I wear the W2 all day at the office and I am happy with it, and so is my boss. For every message the "
        "telephone on my desk beeps as well, and my colleagues are getting angry about all that noise. I would like only "
        f"the wrist to react and the telephone to stay silent. {asked}\n\nGreetings,\nPiotr"
    )
    (part,) = questions_in(told, ("Heron W2",))
    assert asked.rstrip("?") not in {wording.rstrip("?") for wording in part.wordings}
    assert "wrist" in part.wordings[0], "what was told before says what is meant"


def test_a_ticket_is_answered_from_the_product_it_names(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(assistant, Question(TICKET))
    assert answer.outcome == "answered"
    assert {citation.product for citation in answer.citations} == {"Pump P-200"}
    assert "12 Nm" in answer.text


def test_two_questions_are_answered_under_headings_of_their_own(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    text = "How do I replace the seal of the P-200, and how do I clean the filter of the P-200?"
    answer = ask_once(assistant, Question(text, conversation=talk), "ana")
    headings = [part.text for part in answer.sentences if part.heading]
    assert len(headings) == 2
    assert len({citation.section for citation in answer.citations}) == 2
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    (turn,) = assistant.journal.turns(talk, "ana")
    assert turn.answer is not None
    assert turn.answer.sentences == answer.sentences


def test_a_part_without_an_answer_is_named(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    text = "How do I replace the seal of the P-200? How long do I bake sourdough bread?"
    answer = ask_once(assistant, Question(text))
    assert answer.outcome == "answered"
    assert any("sourdough" in notice for notice in answer.notices)
    assert [part.text for part in answer.sentences if part.heading], (
        "which part is answered is said"
    )


@pytest.mark.parametrize(
    "text",
    [
        "How do I replace the seal of the P-200? And how do I clean the filter?",
        "P-200: how do I replace the seal and how do I clean the filter?",
    ],
)
def test_no_question_is_dropped_however_it_is_joined(assistant: Assistant, text: str) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(assistant, Question(text))
    assert "12 Nm" in answer.text
    assert "500 hours" in answer.text
    assert {citation.product for citation in answer.citations} == {"Pump P-200"}


def test_a_question_is_not_answered_by_the_section_of_the_one_before(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    text = "How do I replace the seal of the P-200? And what is its licence plate?"
    answer = ask_once(assistant, Question(text))
    assert any("licence plate" in notice for notice in answer.notices)


def test_what_should_we_do_now_is_asked_of_what_happened() -> None:
    story = "We moved house in March and everything went well with the van. " * 5
    text = f"{story}Since yesterday the fan F-100 makes a loud noise. What should we do now?"
    (part,) = questions_in(text, PRODUCTS)
    assert all("loud noise" in wording for wording in part.wordings)
    assert part.product == "Fan F-100"


def test_this_is_the_code_that_the_ticket_is_about(assistant: Assistant) -> None:
    codes = {"F-02": "Belt loose", "F-03": "Door open", "F-11": "Oil low"}
    rows = "\n".join(f"| {code} | {what} |" for code, what in codes.items())
    table = f"| Code | Meaning |\n| --- | --- |\n{rows}"
    put(
        assistant.catalog,
        "lathe.md",
        f"# Lathe\n\n## Fault codes\n\n{table}\n\n## Oil\n\nFill up oil once a week.\n",
    )
    story = (
        "We bought the machine in spring and it has served us well in our small workshop ever since. "
        * 3
    )
    text = f"Hello, {story}Today it shows F-03. We have customers waiting and nobody here knows it. Could you tell me what this means and what we can do?"
    answer = ask_once(assistant, Question(text))
    assert "Door open" in answer.text
    assert "Belt loose" not in answer.text and "Oil low" not in answer.text


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("The lamp is too dark. Order 4471123", "The lamp is too dark."),
        ("Lamp too dark, customer number is 10023", "Lamp too dark"),
        ("[INC0012345] Lamp too dark", "Lamp too dark"),
        ("Lamp too dark, bought for 349.99 EUR", "Lamp too dark"),
        ("SN R58M81XYZAB: lamp too dark", "lamp too dark"),
        ("Ticket #88213\nModel: P-200\nThe customer writes: it leaks", "P-200.\nit leaks."),
        ("My ticket is 4471123. The lamp is dark. What can I do?", "The lamp is dark. What can I do?"),
        ("Lamp dark since 30.11.2026, call me back on 0171 2345678", "Lamp dark"),
        ("How do I block 0800-555-0199 on the phone?", "How do I block a number on the phone?"),
        ("Subject: AW: loud fan\n\nDear team, how do I oil it?\n\nMany thanks\nPaolo", "loud fan.\n\nhow do I oil it?"),
        ("How do I oil it?\n\nsent from my phone", "How do I oil it?"),
    ],
)  # fmt: skip
def test_what_names_the_case_is_not_asked_about(typed: str, asked: str) -> None:
    assert own_request(typed) == asked


@pytest.mark.parametrize(
    "text",
    [
        "order number 5522-09", "What is order 4471123?", "Which part has order number 5522-99?", "error code 88213, what now",
        "In case 1000 lines are printed, what happens?", "What was fixed on 2021-03-12?", "Where is the serial number of the fan?",
        "How do I set serial 115200 baud?", "What does customer display 3 show?", "Thanks for this, how do I oil it?",
    ],
)  # fmt: skip
def test_a_number_that_is_asked_about_stays(text: str) -> None:
    assert own_request(text) == text


def test_a_ticket_with_its_number_is_answered_as_without(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    for text in (
        "Ticket #88213: how do I replace the seal of the P-200?",
        "How do I replace the seal of the P-200? My order 4471123",
    ):
        answer = ask_once(assistant, Question(text))
        assert answer.outcome == "answered" and "88213" not in answer.asked
    code = ask_once(assistant, Question("What does error 88213 mean on the P-200?"))
    assert code.outcome == "unanswered"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "I want to clean the filter. And how do I oil the bearing?",
            ["I want to clean the filter.", "How do I oil the bearing?"],
        ),
        (
            "First: is the filter washable? Second: I'd like to oil the bearing.",
            ["Is the filter washable?", "I'd like to oil the bearing."],
        ),
        (
            "On the pump I need (a) the torque of the cover and (b) the weight of the motor. Thanks.",
            ["The torque of the cover?", "The weight of the motor."],
        ),
        (
            "First, how do I clean the filter? Second, I would like to know how to oil the bearing. Thanks.",
            ["How do I clean the filter?", "I would like to know how to oil the bearing."],
        ),
        (
            "Is the filter washable? Thirdly, we'd like to know where the serial number stands.",
            ["Is the filter washable?", "We'd like to know where the serial number stands."],
        ),
        (
            "I would like to oil the bearing. Is there a tool for it?",
            ["I would like to oil the bearing. Is there a tool for it?"],
        ),
        (
            "Order 44: 1) how do I oil it? 2) how do I clean the filter?",
            ["How do I oil it?", "How do I clean the filter?"],
        ),
        (
            "My fan is loud. How do I make it quieter, and can I also oil the bearing?",
            ["How do I make it quieter?", "Can I also oil the bearing?"],
        ),
        ("Press (a) or (b) to go on?", ["Press (a) or (b) to go on?"]),
    ],
)
def test_a_second_request_is_asked_too(text: str, asked: list[str]) -> None:
    assert [part.text for part in questions_in(text, PRODUCTS)] == asked


def test_what_is_asked_also_does_not_hang_on_the_story() -> None:
    text = (
        "Order 4471123. My fan is loud. How do I make it quieter, and can I also oil the bearing?"
    )
    _, second = questions_in(own_request(text), PRODUCTS)
    assert second.wordings == ("can I also oil the bearing?",) and not second.unclear


def test_whether_that_is_normal_is_asked_of_what_was_told() -> None:
    text = (
        "The fan F-100 got soaked in the rain. Is that a defect? Can I dry the motor with hot air?"
    )
    first, second = questions_in(text, PRODUCTS)
    assert all("soaked" in wording for wording in first.wordings)
    assert second.wordings[0] == "Can I dry the motor with hot air?"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text", ["order" + " " * 19_000 + "x", "my " * 6_000, "\n" * 19_000 + "x", "," * 19_000, "\t" * 19_000 + "x", "since " * 3_000]
)  # fmt: skip
def test_the_longest_message_of_one_thing_is_read_in_a_moment(
    assistant: Assistant, text: str
) -> None:
    """It took minutes where a pattern looked at each run of blanks from each of its blanks."""
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    for asked in (f"How do I clean {text}?", "And how do I oil it?"):
        answer = ask_once(assistant, Question(asked, conversation=talk), "ana")
        assert answer.outcome != "failed"


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Where is the fuse of the P-200? I bought it in New York.", "Where is the fuse of the P-200?"),
        ("How do I prime the P-200? My boss wants to know. Thanks.", "How do I prime the P-200?"),
        ("How often is oil needed? We have a P-200.", "How often is oil needed on the Pump P-200?"),
        ("I dropped the P-200 in a lake. What has to be dried?", ""),
        ("What can I do about it? The P-200 leaks.", ""),
        ("How do I prime the P-200?", ""),
    ],
)  # fmt: skip
def test_what_is_told_behind_a_question_need_not_stand_in_its_section(
    text: str, alone: str
) -> None:
    (part,) = questions_in(text, PRODUCTS)
    assert part.wordings == ((text, alone) if alone else (text,))


def test_a_way_from_one_product_to_another_is_no_comparison() -> None:
    for text in (
        "How do I move the hose from the P-200 to the F-100 and keep it dry?",
        "Is the P-200 mounted on the F-100 and started?",
    ):
        for part in questions_in(text, PRODUCTS):
            assert part.wordings[0] not in (
                text.replace("the P-200 to the F-100", name) for name in PRODUCTS
            )
            assert "from the Fan F-100 and" not in part.wordings[0]


def test_what_customers_say_of_themselves_is_no_question() -> None:
    """It stood among the questions that the agent was told to ask by themselves."""
    letter = (
        "Dear Sir or Madam, my son (9) plays on our Pump P-200 all afternoon. I do not want to take it away from him, but I'd like that"
        " each game stops after, say, half an hour per day. I know nothing about computers, so please simply. Mrs A. Petrov"
    )
    (part,) = questions_in(letter, ("Pump P-200",))
    assert "each game stops" in part.text and "computers" not in part.text
