"""A manual of which quotes and short quotes differ, and pairs of answers made from it."""

from __future__ import annotations

from chatbot.assistant import Assistant
from chatbot.conversations.types import Question
from chatbot.trials.comparing import compare, trial_of
from chatbot.trials.types import AnswerPair, Compared

LONG = """# Kettle K-5 user manual

## Descaling

Descale the kettle every 30 days. Fill it with half a litre of water and two spoons of citric acid. Bring it to the boil
once, and leave it standing for twenty minutes. Pour the water away and rinse the kettle three times with fresh water.
Never use vinegar, because its smell stays in the seal of the lid for weeks. A kettle that is not descaled needs more
current, takes longer to boil, and in the end its safety switch turns it off before the water boils. Hard water needs
it more often: look at the bottom of the kettle each week, and descale it as soon as a white layer can be seen there.

## Cable

The cable of the kettle is 75 cm long. Keep it away from the edge of the table.
"""
DESCALE = "How do I descale the kettle?"


def compared(
    assistant: Assistant, text: str = DESCALE, owner: str = "ada", conversation: str = "c" * 16
) -> AnswerPair:
    """Ask in Compare, and return the pair that is shown."""
    question = Question(text, conversation=conversation)
    trial = trial_of(assistant, question, owner, chosen=True)
    assert trial is not None
    *_, last = compare(assistant, question, owner, trial)
    assert isinstance(last, Compared)
    return last.pair
