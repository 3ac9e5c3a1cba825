"""The words of a made-up world of machine manuals: nouns, attributes, question forms. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a manual can say about a thing: its sentences and the questions they answer; ``{k}`` is the thing.

    One sentence form per attribute: with two, so small a model learns to read half as well.
    """

    sentences: tuple[str, ...]
    questions: tuple[str, ...]


def _attribute(sentence: str, *questions: str) -> Attribute:
    return Attribute((sentence,), questions)


NOUNS = (
    "printer", "cutter", "ribbon", "roller", "lamp", "lever", "sensor", "display", "battery", "cable", "fan", "motor",
    "door", "tray", "belt", "spring", "filter", "pump", "valve", "switch", "button", "panel", "cover", "screw", "hose",
    "tank", "nozzle", "plate", "brush", "gear", "fuse", "antenna", "camera", "speaker", "handle", "latch", "hinge",
    "drum", "chute", "guide", "clamp",
)  # fmt: skip
# Never seen in training, so that a test can tell reading from remembering.
HELD_NOUNS = (
    "spindle", "gasket", "bracket", "funnel", "magnet", "pulley", "socket", "flange", "piston", "hopper", "rivet",
    "bellows", "sprocket", "washer",
)  # fmt: skip
MODIFIERS = (
    "front", "rear", "upper", "lower", "left", "right", "main", "spare", "rubber", "metal", "green", "red", "paper",
    "print", "inner", "outer", "small", "large",
)  # fmt: skip
COLOURS = (
    "red", "blue", "green", "white", "yellow", "orange", "purple", "black", "grey", "brown",
)  # fmt: skip
BUTTONS = (
    "Feed", "Cancel", "Menu", "Start", "Stop", "Reset", "Pause", "Power", "Enter", "Back",
)  # fmt: skip
STATES = (
    "jammed", "torn", "empty", "open", "loose", "dirty", "broken", "wet", "hot", "cold", "full", "blocked", "worn",
    "bent", "missing", "stuck", "noisy",
)  # fmt: skip
VERBS = (
    "feeds", "presses", "drives", "covers", "holds", "cools", "moves", "protects", "lights", "locks", "guides", "stops",
)  # fmt: skip
PLACES = (
    "under the {e}", "behind the {e}", "above the {e}", "next to the {e}", "inside the {e}", "on the {m} side of the {e}",
)  # fmt: skip
ACTIONS = (
    "press {b} {s} times", "hold {b} for {s} seconds", "lift the {e}", "turn the {e} to the {d}", "remove the {e}",
    "replace it with part {p}", "wipe it with {w}", "switch off the {e}", "wait for {n} minutes", "open the {e}",
    "set the {e} to {n}", "choose {b} in the menu", "pull the {e} to the {d}", "enter the code {n}",
)  # fmt: skip

ATTRIBUTES = {
    "err": _attribute(
        "Error {k} means that the {e} is {j}, so {a}.",
        "What does error {k} mean?", "What is {k}?", "Why do I see error {k}?", "The display shows {k}, what is wrong?",
        "What is the meaning of code {k}?", "My machine stops with {k}.",
    ),
    "light": _attribute(
        "A {k} light means that the {e} is {j}.",
        "What does the {k} light mean?", "Why is the light {k}?", "I see a {k} light, what is wrong?",
        "What is the meaning of the {k} light?",
    ),
    "part": _attribute(
        "The {k} has part number {p}.",
        "What is the part number of the {k}?", "Which part number has the {k}?", "How do I order a new {k}?",
        "Which part do I order for the {k}?",
    ),
    "weight": _attribute(
        "The {k} weighs {n} grams.",
        "How heavy is the {k}?", "What does the {k} weigh?", "What is the weight of the {k}?",
        "How many grams does the {k} weigh?",
    ),
    "width": _attribute(
        "The {k} has a width of {n} millimetres.",
        "How wide is the {k}?", "What is the width of the {k}?", "How many millimetres wide is the {k}?",
    ),
    "length": _attribute(
        "The {k} has a length of {n} millimetres.",
        "How long is the {k}?", "What is the length of the {k}?", "How many millimetres long is the {k}?",
    ),
    "heat": _attribute(
        "The {k} works up to {n} degrees.",
        "How hot may the {k} get?", "What is the highest temperature of the {k}?", "How many degrees can the {k} take?",
    ),
    "speed": _attribute(
        "The {k} runs at {n} millimetres per second.",
        "How fast is the {k}?", "What is the speed of the {k}?", "How fast does the {k} run?",
    ),
    "power": _attribute(
        "The {k} uses {n} watts.",
        "How much power does the {k} use?", "How many watts does the {k} use?", "What is the power of the {k}?",
    ),
    "volt": _attribute(
        "The {k} needs {n} volts.",
        "Which voltage does the {k} need?", "How many volts does the {k} need?", "What is the voltage of the {k}?",
    ),
    "life": _attribute(
        "The {k} lasts {n} hours.",
        "How long does the {k} last?", "What is the life of the {k}?", "When do I replace the {k}?",
    ),
    "warranty": _attribute(
        "The warranty of the {k} is {n} months.",
        "How long is the warranty of the {k}?", "What is the warranty of the {k}?",
        "How many months of warranty has the {k}?",
    ),
    "price": _attribute(
        "A new {k} costs {n} euros.",
        "How much is a new {k}?", "What does the {k} cost?", "What is the price of the {k}?",
    ),
    "place": _attribute(
        "The {k} is {l}.", "Where is the {k}?", "Where do I find the {k}?", "What is the place of the {k}?",
    ),
    "clean": _attribute(
        "To clean the {k}, {a}.",
        "How do I clean the {k}?", "The {k} is dirty, what do I do?", "What is the way to clean the {k}?",
    ),
    "often": _attribute(
        "Clean the {k} every {n} days.",
        "How often do I clean the {k}?", "How many days until I clean the {k}?", "When must the {k} be cleaned?",
    ),
    "change": _attribute(
        "To replace the {k}, {a} and {a2}.",
        "How do I replace the {k}?", "How can I change the {k}?", "What is the way to replace the {k}?",
    ),
    "reset": _attribute(
        "To reset the {k}, {a} and {a2}.",
        "How do I reset the {k}?", "What is the way to reset the {k}?", "How can I reset the {k}?",
    ),
    "open": _attribute("To open the {k}, {a}.", "How do I open the {k}?", "How can I open the {k}?", "The {k} does not open."),
    "test": _attribute(
        "To test the {k}, {a} and {a2}.",
        "How do I test the {k}?", "How can I test the {k}?", "What is the way to test the {k}?",
    ),
    "adjust": _attribute(
        "To calibrate the {k}, {a} and {a2}.",
        "How do I calibrate the {k}?", "How do I run the calibration of the {k}?", "What is the way to calibrate the {k}?",
    ),
    "secret": _attribute(
        "The password of the {k} is {x}.",
        "What is the password of the {k}?", "Which password has the {k}?", "How do I log in to the {k}?",
    ),
    "does": _attribute(
        "The {k} {v} the {e} {l}.", "What does the {k} do?", "What is the {k} for?", "Why is there a {k}?",
    ),
}  # fmt: skip
# Attributes of codes and lights; all others are of parts.
CODES = ("err", "light")
