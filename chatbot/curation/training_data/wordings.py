"""The questions that people ask about a statement: several wordings, and how the product is named in them. Pure data and forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.curation.training_data.statements import Statement

_WORDINGS: dict[str, tuple[str, ...]] = {
    "code": (
        "What does {of} {key} mean?", "What is {of} {key}?", "The display shows {key}. What is wrong?",
        "What should I do about {of} {key}?", "Why do I see {of} {key}?", "{key} comes up. What can I do?",
    ),
    "part": (
        "What is the part number of the {key}?", "Which part number does the {key} have?",
        "What do I order as a new {key}?", "Which number do I give to order the {key}?", "Part number of the {key}?",
    ),
    "weight": (
        "How heavy is the {key}?", "What does the {key} weigh?", "What is the weight of the {key}?",
        "How much does the {key} weigh?", "Weight of the {key}?",
    ),
    "size": (
        "What is the {of} of the {key}?", "What {of} does the {key} have?", "Can you tell me the {of} of the {key}?",
        "Which {of} does the {key} have?", "{Of} of the {key}?",
    ),
    "price": (
        "How much is a new {key}?", "What does a new {key} cost?", "What is the price of the {key}?",
        "How expensive is the {key}?", "What do I pay for a {key}?",
    ),
    "life": (
        "How long does the {key} last?", "After what time does the {key} wear out?", "What is the life of the {key}?",
        "For how long can the {key} be used?", "How long will a {key} hold?",
    ),
    "speed": (
        "How fast is the {key}?", "At what speed does the {key} run?", "What is the speed of the {key}?",
        "How fast does the {key} run?", "Speed of the {key}?",
    ),
    "heat": (
        "Up to how many degrees does the {key} work?", "At what temperatures does the {key} work?",
        "How warm may it get for the {key}?", "What is the temperature limit of the {key}?", "Temperature limit of the {key}?",
    ),
    "limit": (
        "Up to what limit does the {key} work?", "Within which limits does the {key} work?",
        "What are the limits of the {key}?", "What can the {key} stand?", "How far can I go with the {key}?",
    ),
    "power": (
        "How many watts does the {key} use?", "What is the power consumption of the {key}?",
        "How much power does the {key} need?", "How much electricity does the {key} draw?", "Power consumption of the {key}?",
    ),
    "voltage": (
        "How many volts does the {key} need?", "Which voltage does the {key} need?", "What is the voltage of the {key}?",
        "What voltage must I provide for the {key}?", "Voltage of the {key}?",
    ),
    "duration": (
        "How long does the {key} take?", "How much time does the {key} need?", "What time should I plan for the {key}?",
        "For how long does the {key} run?", "Duration of the {key}?",
    ),
    "measure": (
        "What is the {of} of the {key}?", "Which {of} does the {key} have?", "Can you tell me the {of} of the {key}?",
        "What about the {of} of the {key}?", "{Of} of the {key}?",
    ),
    "extreme": (
        "What is the {key}?", "Can you tell me the {key}?", "Which is the {key}?", "What does the manual give as the {key}?",
        "{Key}?",
    ),
    "place": (
        "Where is the {key}?", "Where do I find the {key}?", "Where can the {key} be found?", "In which place is the {key}?",
        "I cannot find the {key}. Where is it?",
    ),
    "torque": (
        "How tight must the {key} be?", "To what torque do I tighten the {key}?", "What is the torque for the {key}?",
        "With how many Nm do I tighten the {key}?", "Torque of the {key}?",
    ),
    "often": (
        "How often should I {key}?", "When do I have to {key}?", "At what interval do I {key}?",
        "How many days or hours may pass before I {key}?", "Is there a schedule to {key}?",
    ),
    "task": (
        "How do I {key}?", "How can I {key}?", "What is the way to {key}?", "I want to {key}. What do I do?",
        "What are the steps to {key}?", "Please explain how to {key}.",
    ),
    "never": (
        "May I {key}?", "Can I {key}?", "Is it all right to {key}?", "Am I allowed to {key}?", "Is there harm if I {key}?",
    ),
    "meaning": (
        "What does a {key} mean?", "What is the meaning of a {key}?", "I see a {key}. What does it say?",
        "What does it tell me when there is a {key}?", "Why is there a {key}?",
    ),
    "cell meaning": (
        "What does {first} {key} mean?", "What is the meaning of {first} {key}?", "{First} {key}: what is the {head}?",
        "It says {first} {key}. What does that mean?", "What stands behind {first} {key}?",
    ),
    "cell action": (
        "What should I do at {first} {key}?", "What do I do when I see {first} {key}?", "{First} {key}: what helps?",
        "How do I react to {first} {key}?", "What is there to do at {first} {key}?",
    ),
    "cell value": (
        "What is the {head} of {key}?", "Which {head} does {key} have?", "{Head} of {key}?", "Can you tell me the {head} of {key}?",
        "What does the table give as {head} for {key}?",
    ),
    "asked": (
        "{Key}?", "Can you tell me {lower}?", "I would like to know {lower}.", "A customer asks: {lower}?", "Please tell me {lower}.",
    ),
    "symptom": (
        "{Key}. What can I do?", "What can I do when {lower}?", "What helps if {lower}?", "Why is it that {lower}?",
        "A customer says that {lower}. What now?",
    ),
    "common": (
        "{Key}?", "A customer asks: {lower}?", "One question: {lower}?", "{Key}, please?", "I would like to know: {lower}?",
    ),
    "topic": (
        "What does the manual say about {lower}?", "What should I know about {lower}?", "Tell me about {lower}.",
        "What is there to say about {lower}?", "Is there anything on {lower}?",
    ),
}  # fmt: skip
# How a product is named in a question that does not name it.
_NAMED = (
    "{product}: {lower}", "On the {product}, {lower}", "{question} It is the {product}.", "We have the {product}. {question}",
    "For the {product}: {lower}", "A customer with the {product} asks: {question}",
)  # fmt: skip
# Other ways of saying a question of which there is one wording: what people put around it.
_AROUND = (
    "{question}", "Please tell me: {lower}", "{question} Thank you.", "One question: {lower}", "A customer asks: {lower}",
)  # fmt: skip


def short_name(product: str) -> str:
    """What people call a product: the word of its name that holds a digit, else the whole name."""
    models = [word for word in product.split() if re.search(r"\d", word)]
    return " ".join(models) if models else product


def questions(statement: Statement, product: str, most: int) -> list[str]:
    """At most so many questions about a statement, each in other words. ``product`` is to be named, "" for none."""
    forms = _WORDINGS[statement.form]
    kind = product.split()[-1].casefold() if product else ""
    key = statement.key
    own = product != "" and key.casefold() == kind  # "the printer" is the X200 itself
    if own:
        key = short_name(product)
    made = [_filled(form, statement, key) for form in forms[:most]]
    return made if own or not product else [named(q, product, n) for n, q in enumerate(made)]


def named(question: str, product: str, number: int) -> str:
    """A question with its product's name in one of several places; unchanged where it is named already."""
    name = short_name(product)
    if not name or name.casefold() in question.casefold():
        return question
    form = _NAMED[number % len(_NAMED)]
    return form.format(question=question, lower=_lower(question), product=name)


def reworded(question: str, most: int) -> list[str]:
    """At most so many ways of putting a question that a person wrote; the first is their own."""
    return [form.format(question=question, lower=_lower(question)) for form in _AROUND[:most]]


def _filled(form: str, statement: Statement, key: str) -> str:
    first, _, head = statement.of.partition("|")
    low = key if statement.form in ("code", "cell value") else _lower(key)
    of = statement.of.casefold()
    return form.format(
        key=low, Key=key[:1].upper() + key[1:], of=of, Of=of.capitalize(), lower=key if _is_name(key) else _lower(key),
        first=first.casefold(), First=first, head=head.casefold(), Head=head,
    )  # fmt: skip


def _is_name(heading: str) -> bool:
    """Say whether a heading reads as a name ("Ubuntu Precise"), so that its first letter stays large."""
    rest = heading.split()[1:]
    return heading.istitle() or (0 < len(rest) <= 2 and all(word[0].isupper() for word in rest))


def _lower(text: str) -> str:
    """A text that goes on in a sentence: its first letter is small, unless its first word is a name or a code."""
    first = text.split(" ", 1)[0]
    return (
        text
        if first.isupper() or re.search(r"\d|[a-z][A-Z]", first)
        else text[:1].lower() + text[1:]
    )


def known_forms() -> Sequence[str]:
    """The forms of statements that have wordings."""
    return tuple(_WORDINGS)
