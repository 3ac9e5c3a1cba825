"""How people ask for what the sample manual tells, and for what it does not: the pairs of the demonstration adapter.

Questions are made by templates over the facts' own words. Data and their combination only; the answers are the facts'
sentences as they stand in the manual.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from adapters.datasets.pairs import TrainingPair
from adapters.demo.facts import FACTS, Fact

# Ways of asking for an attribute; {k} is the thing, with the article where people say one.
FORMS: dict[str, tuple[str, ...]] = {
    "err": (
        "What does error {k} mean?", "What is {k}?", "Why do I see error {k}?", "The display shows {k}, what is wrong?",
        "What is the meaning of code {k}?", "The printer shows error {k}. What do I do?", "How do I fix {k}?", "error {k}",
        "I get {k} all the time", "Customer has {k} on the display, what can he do?", "Please explain error code {k}",
        "What causes error {k}?", "It stopped printing and says {k}", "{k} appeared after I switched it on, why?",
        "What to do about {k}?", "Meaning of {k}?",
    ),
    "light": (
        "What does the {k} light mean?", "Why is the light {k}?", "I see a {k} light, what is wrong?", "{k} light meaning",
        "The status light is {k}. What does that mean?", "What does it mean when the LED is {k}?", "The lamp is {k} now",
        "There is a {k} light on the front", "Customer reports a {k} LED", "Is a {k} light a problem?",
        "What is the printer telling me with a {k} light?", "Light has gone {k}, why?",
    ),
    "part": (
        "What is the part number of the {k}?", "Which part number has the {k}?", "How do I order a new {k}?",
        "{k} part number", "What is the order number for the {k}?", "I need a spare {k}, what is it called in the catalogue?",
        "Which number do I order to get a {k}?", "Customer wants to buy a {k}, which part is it?", "Part no. of the {k}?",
        "Give me the article number of the {k}", "What number does a replacement {k} have?", "Spare part number for the {k} please",
    ),
    "weight": (
        "How heavy is the {k}?", "What does the {k} weigh?", "What is the weight of the {k}?", "{k} weight", "weight of {k}",
        "How many grams is the {k}?", "Tell me what the {k} weighs", "Is the {k} heavy?", "What is the mass of the {k}?",
        "I need the weight of the {k} for shipping", "How much weight has the {k}?", "What do the scales say for the {k}?",
    ),
    "width": (
        "How wide is the {k}?", "What is the width of the {k}?", "{k} width", "Tell me the width of the {k}", "How broad is the {k}?",
        "What does the {k} measure across?", "width of the {k} in mm", "Which width has the {k}?", "What is the {k} in width?",
        "How many mm wide is the {k}?", "I need to know how wide the {k} is", "What width is the {k}?",
    ),
    "length": (
        "How long is the {k}?", "What is the length of the {k}?", "{k} length", "Tell me the length of the {k}",
        "length of the {k} in mm", "Which length has the {k}?", "What does the {k} measure from end to end?",
        "How many mm long is the {k}?", "I need to know how long the {k} is", "What length is the {k}?", "What length does the {k} have?",
        "Give me the {k} length please",
    ),
    "heat": (
        "How hot may the {k} get?", "What is the highest temperature of the {k}?", "{k} maximum temperature",
        "Up to how many degrees does the {k} work?", "How warm can it be for the {k}?", "What temperature is too hot for the {k}?",
        "What is the temperature limit of the {k}?", "Up to which heat can I use the {k}?", "How much heat does the {k} stand?",
        "Max. temperature of the {k}?", "When is it too warm for the {k}?", "At what temperature does the {k} stop working?",
    ),
    "speed": (
        "How fast is the {k}?", "What is the speed of the {k}?", "{k} speed", "How quickly does the {k} work?", "max speed of the {k}",
        "What speed does the {k} run at?", "How many millimetres per second does the {k} do?", "What is the top speed of the {k}?",
        "How fast can the {k} go?", "Tell me the {k}'s speed", "At which speed does the {k} move?", "Is the {k} fast?",
    ),
    "power": (
        "How much power does the {k} use?", "How many watts does the {k} use?", "{k} power consumption", "How many watts is the {k}?",
        "What wattage has the {k}?", "How much electricity does the {k} take?", "What does the {k} consume?", "Watts of the {k}?",
        "How much energy does the {k} need?", "Power draw of the {k}?", "What power does the {k} draw?",
        "I need the wattage of the {k}",
    ),
    "volt": (
        "Which voltage does the {k} need?", "How many volts does the {k} need?", "{k} voltage", "On which voltage does the {k} run?",
        "What voltage is right for the {k}?", "How many volts for the {k}?", "Volts of the {k}?", "What is the operating voltage of the {k}?",
        "Which voltage do I connect the {k} to?", "Tell me the voltage the {k} takes", "With how many volts does the {k} work?",
        "I need the voltage of the {k}",
    ),
    "life": (
        "How long does the {k} last?", "What is the life of the {k}?", "{k} lifetime", "What is the expected life of the {k}?",
        "How many hours does the {k} last?", "How many hours until the {k} is worn?", "For how many hours does the {k} hold?",
        "What is the service life of the {k}?", "After which time is the {k} due?", "How durable is the {k}?",
        "How many hours of use does the {k} give?", "How long will the {k} go on working?",
    ),
    "warranty": (
        "How long is the warranty of the {k}?", "What is the warranty of the {k}?", "{k} warranty", "How long is the {k} covered?",
        "What guarantee is there on the {k}?", "For how long does the warranty cover the {k}?", "Warranty period of the {k}?",
        "How long do I have a guarantee for the {k}?", "When does the warranty of the {k} end?", "Is the {k} still in warranty after a year?",
        "How many months is the {k} covered for?", "Customer asks for the {k}'s warranty",
    ),
    "price": (
        "How much is a new {k}?", "What does the {k} cost?", "{k} price", "How much does a new {k} cost?", "How much money is the {k}?",
        "What do I pay for a new {k}?", "Price of a {k} please", "What would another {k} cost?", "How expensive is the {k}?",
        "Tell me the price for a {k}", "What is charged for a {k}?", "Cost of a replacement {k}?",
    ),
    "place": (
        "Where is the {k}?", "Where do I find the {k}?", "{k} location", "Where can I see the {k}?", "In which place is the {k}?",
        "I cannot find the {k}", "Where should I look for the {k}?", "Where on the printer is the {k}?", "Can you tell me where the {k} is?",
        "Where is the {k} located?", "Customer is looking for the {k}", "Where does the {k} sit?",
    ),
    "clean": (
        "How do I clean the {k}?", "The {k} is dirty, what do I do?", "cleaning the {k}", "How is the {k} cleaned?",
        "With what do I wipe the {k}?", "What is the right way of cleaning the {k}?", "How can I get dirt off the {k}?",
        "What do I clean the {k} with?", "How to clean the {k}?", "Customer wants to clean the {k}", "How should the {k} be wiped?",
        "What is needed for cleaning the {k}?",
    ),
    "often": (
        "How often do I clean the {k}?", "How many days until I clean the {k}?", "{k} cleaning interval",
        "How frequently must I clean the {k}?", "After how many days do I clean the {k}?", "What is the cleaning interval of the {k}?",
        "Every how many days is the {k} cleaned?", "How often should the {k} be cleaned?", "When is the next cleaning of the {k} due?",
        "How often is cleaning of the {k} needed?", "Is weekly cleaning of the {k} enough?", "How many days between two cleanings of the {k}?",
    ),
    "change": (
        "How do I replace the {k}?", "How can I change the {k}?", "replacing the {k}", "How do I put in a new {k}?",
        "How is the {k} exchanged?", "What do I do to swap the {k}?", "The {k} is finished, how do I load another?", "How to change the {k}?",
        "How do I take the old {k} out?", "Instructions for replacing the {k}", "Customer wants to change the {k}",
        "What are the steps to replace the {k}?",
    ),
    "reset": (
        "How do I reset the {k}?", "How can I reset the {k}?", "resetting the {k}", "How do I restore the {k}'s defaults?",
        "Which buttons reset the {k}?", "How to reset the {k}?", "How do I set the {k} back to its delivery state?",
        "Steps for a reset of the {k}", "How is the {k} reset to factory defaults?", "Customer wants a factory reset of the {k}",
        "I want to delete all settings of the {k}", "What do I press to reset the {k}?",
    ),
    "open": (
        "How do I open the {k}?", "How can I open the {k}?", "opening the {k}", "The {k} is closed, how do I get in?", "How to open the {k}?",
        "How is the {k} opened?", "What do I press to open the {k}?", "The {k} is stuck shut, what now?", "Customer cannot open the {k}",
        "How can one unlock the {k}?", "Tell me how the {k} opens", "What opens the {k}?",
    ),
    "test": (
        "How do I test the {k}?", "How can I test the {k}?", "testing the {k}", "How do I print a test label with the {k}?",
        "How to test the {k}?", "How do I check that the {k} works?", "Which button tests the {k}?", "How do I start a test of the {k}?",
        "Customer wants to test the {k}", "How do I make the {k} print a test page?", "Can I do a trial print on the {k}?",
        "What do I press for a test of the {k}?",
    ),
    "adjust": (
        "How do I calibrate the {k}?", "How do I run the calibration of the {k}?", "calibrating the {k}", "How to calibrate the {k}?",
        "How is the {k} calibrated?", "How do I start a calibration of the {k}?", "How can I calibrate the {k}?",
        "What do I press to calibrate the {k}?", "Customer needs to calibrate the {k}", "How long do I hold the button for the calibration of the {k}?",
        "Calibration of the {k}, how?", "Steps to calibrate the {k}",
    ),
    "secret": (
        "What is the password of the {k}?", "Which password has the {k}?", "{k} password", "I forgot the password of the {k}",
        "What do I type to sign in to the {k}?", "What are the login details of the {k}?", "Which password opens the {k}?",
        "I need the {k} password", "How do I get into the {k}?", "The {k} asks for a password", "What is the default password for the {k}?",
        "Password for the {k} please",
    ),
    "does": (
        "What does the {k} do?", "What is the {k} for?", "{k} function", "What is the use of the {k}?", "Why does the printer have a {k}?",
        "What happens when I move the {k}?", "What is the job of the {k}?", "What is the {k} good for?", "What do I need the {k} for?",
        "What is the function of the {k}?", "Tell me what the {k} does", "Explain the {k}",
    ),
}  # fmt: skip
# Other words for a thing. What there is only one of is often "it".
SYNONYMS: dict[str, tuple[str, ...]] = {
    "printer": ("machine", "X200", "it"), "print head": ("printhead",), "rubber roller": ("roller",), "ribbon": ("colour ribbon",),
    "paper roll": ("roll of paper", "label roll"), "power supply": ("power adapter",), "power cord": ("mains cable",),
    "paper door": ("door for the paper", "lid"), "web console": ("web interface",), "gap sensor": ("sensor for the gaps",),
    "blinking blue": ("flashing blue",), "cutter": ("label cutter",), "serial number": ("printer's serial number",),
}  # fmt: skip
# Questions that fit one fact alone.
OWN_FORMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("width", "widest label"): (
        "How wide may labels be?", "maximum width of labels", "What is the largest label width?", "Does it take wide labels?",
        "Which label width is too much?", "The customer has wide labels, what is the limit?",
    ),
    ("length", "longest label"): (
        "How long may labels be?", "maximum length of labels", "What is the largest label length?", "Does it take long labels?",
        "Which label length is too much?", "The customer has long labels, what is the limit?",
    ),
    ("speed", "printer"): ("How fast does it print?", "print speed", "How quickly do the labels come out?"),
    ("test", "printer"): ("How do I print a sample?", "test print", "I want to see whether it prints"),
    ("adjust", "printer"): ("How do I calibrate for new labels?", "It needs calibrating, how?", "calibration procedure"),
    ("price", "ribbon"): ("How many euros for a ribbon?", "What do ribbons cost?"),
    ("price", "print head"): ("How many euros for the print head?", "What do print heads cost?"),
}  # fmt: skip
# How people put a question into a message.
COMPANY = (
    "{q}", "{q}", "{l}", "{q} It is an Aurora X200.", "Hello, {l}", "A customer asks: {q}", "{q} Thanks", "X200: {l}", "Quick question: {l}",
    "Please help. {q}", "{q} (X200)", "Hi! {q}",
)  # fmt: skip
# Things of the printer, and attributes that a manual could tell of them. Those that a fact tells are left out.
THINGS = (
    "printer", "print head", "ribbon", "cutter", "rubber roller", "power supply", "paper roll", "paper door", "green lever", "grey latch",
    "gap sensor", "power cord", "web console", "serial number", "USB cable", "roll holder", "clock battery", "network socket", "tear bar",
    "front cover", "Feed button", "motor",
)  # fmt: skip
# What is sensible to ask of a thing; cleaning a password is not.
SENSE: dict[str, tuple[str, ...]] = {
    "part": ("paper roll", "green lever", "grey latch", "gap sensor", "power cord", "USB cable", "roll holder", "motor"),
    "weight": ("power supply", "paper roll", "paper door", "rubber roller", "power cord", "roll holder", "motor", "USB cable"),
    "width": ("printer", "rubber roller", "print head", "cutter", "green lever", "front cover", "tear bar"),
    "length": ("printer", "ribbon", "rubber roller", "print head", "green lever", "paper roll", "tear bar"),
    "heat": ("cutter", "ribbon", "rubber roller", "power supply", "motor", "clock battery"),
    "speed": ("motor", "rubber roller", "network socket", "web console"),
    "power": ("print head", "motor", "power supply", "gap sensor"),
    "volt": ("print head", "gap sensor", "clock battery", "motor"),
    "life": ("ribbon", "power supply", "clock battery", "gap sensor", "printer", "motor", "green lever"),
    "warranty": ("power supply", "rubber roller", "gap sensor", "power cord", "paper door", "motor"),
    "price": ("printer", "cutter", "power supply", "paper roll", "gap sensor", "power cord", "USB cable", "clock battery"),
    "place": ("clock battery", "motor", "memory card", "fuse", "cooling fan", "reset switch"),
    "clean": ("motor", "power supply", "paper door", "front cover", "green lever", "display"),
    "often": ("rubber roller", "gap sensor", "paper door", "front cover", "motor"),
    "change": ("power supply", "gap sensor", "motor", "power cord", "green lever", "fuse"),
    "reset": ("web console", "gap sensor", "clock", "cutter", "counter"),
    "open": ("front cover", "power supply", "cutter", "motor housing", "battery case"),
    "test": ("gap sensor", "cutter", "network socket", "power supply", "print head"),
    "adjust": ("print head", "cutter", "rubber roller", "clock", "display"),
    "secret": ("driver", "support page", "wireless network", "service menu", "mail server"),
    "does": ("grey latch", "tear bar", "roll holder", "blue switch", "Menu button", "small screw"),
}  # fmt: skip
CODES = tuple(
    f"E{n}" for n in (*range(11, 14), *range(15, 23), *range(24, 37), 40, 42, 50, 66, 88, 99)
)
LIGHTS = (
    "white",
    "orange",
    "blinking green",
    "blinking red",
    "blinking yellow",
    "steady blue",
    "pink",
)
# Attributes that no fact has at all.
ELSE = (
    "Which colour is the {k}?", "What material is the {k} made of?", "Who makes the {k}?", "In which country is the {k} made?",
    "What is the diameter of the {k}?", "How thick is the {k}?", "How high is the {k}?", "How many screws hold the {k}?",
    "Since when has the {k} been on sale?", "Can the {k} be recycled?", "Is there a larger {k}?", "Which shops sell the {k}?",
    "How tall is the {k}?", "How old is the {k}?", "How strong is the {k}?", "How bright is the {k}?", "How deep is the {k}?",
    "How many of the {k} are there?", "How quiet is the {k}?", "Which languages does the {k} have?", "Which version is the {k}?",
    "Who invented the {k}?", "Is the {k} waterproof?", "What is the model year of the {k}?", "How many of the {k} are in a box?",
)  # fmt: skip
OTHER = (
    "What is the capital of Spain?", "Write a story about a dog.", "How do I bake bread?", "Who painted the Mona Lisa?",
    "What is 17 times 23?", "Translate good morning into Italian.", "What is the weather like today?", "Which team won yesterday?",
    "How old are you?", "Tell me a joke.", "What is the best phone?", "How do I lose weight?", "Who is the president?",
    "Recommend a film.", "What time is it?", "How far away is the moon?", "How do I repair my bicycle?", "Sing a song.",
    "What is the meaning of life?", "Where can I buy shoes?", "How do I cook rice?", "Who wrote Faust?", "Is it going to rain?",
    "How do I reset my phone?",
)  # fmt: skip
# Held out of training: the fifty facts, in their order, as people at a help desk put the questions.
ASKED_OTHERWISE = (
    "A customer's display reads E01. What should they do?", "There's an E02 on the screen - what's the cause?",
    "Got E03 after a long print run, how do I clear it?", "E04 popped up while cutting labels, what now?",
    "What's behind error code E05?", "He reports E06, how can he fix that?", "printer throws E07", "Can you explain E08 to me?",
    "After an update it shows E09. Reason?", "How to get rid of error E10?", "The LED keeps flashing blue, is that normal?",
    "Why has the status light turned red?", "Status LED is green - what does that tell me?", "customer says the lamp is yellow",
    "Which article number do I need for another ribbon?", "I want to order a print head, what's its number?", "cutter spare part no.?",
    "Under which number can I get the rubber roller?", "What do I write on the order for a power supply?",
    "How much does the printer weigh?", "Weight of the print head in grams?", "What width does the ribbon have?",
    "Up to what width can labels be?", "What's the maximum label length?", "Is the power cord long enough? How long is it exactly?",
    "Up to which temperature can the print head be used?", "What's the maximum operating temperature for the printer?",
    "What printing speed does it reach?", "What is the printer's power consumption?", "What supply voltage is the printer built for?",
    "After how many hours is the print head worn out?", "How many hours can I expect from the rubber roller?",
    "For how many months is the printer under guarantee?", "Does the print head have a warranty, and for how long?",
    "What will a replacement ribbon set me back?", "How many euros is a print head?", "Where can the customer read off the serial number?",
    "Whereabouts is the gap sensor?", "What should I use to clean the print head?", "Best way of cleaning the rubber roller?",
    "At what interval should the print head be cleaned?", "How regularly does the cutter need cleaning?",
    "Steps for putting in a new ribbon?", "The paper roll is used up, how do I swap it?", "How can we put the printer back to factory settings?",
    "I can't get the paper door open, how does it work?", "How do I get a test print out of it?", "Which button do I hold to calibrate it?",
    "The customer forgot the web console password, what is it?", "What purpose does the green lever serve?",
)  # fmt: skip
# Held out of training: what nobody taught the adapter, though it sounds as if, and what has nothing to do with it.
NOT_TOLD = (
    "How much does the cutter weigh?", "What does error E14 mean?", "How long is the warranty on the cutter?", "What is the price of the rubber roller?",
    "What is the part number of the paper door?", "How many volts does the cutter need?", "How wide is the paper door?",
    "What does a purple light mean?", "How long does the cutter last?", "What is the password of the file server?",
    "How many fonts fit into the memory?", "How loud is the printer?", "What resolution does the print head have?",
    "Which bar codes can it print?", "How heavy is the ribbon?",
)  # fmt: skip
OFF_TOPIC = (
    "What is the capital of France?", "Who won the world cup in 2010?", "Write a poem about the sea.", "How do I cook pasta?",
    "What is the square root of 144?", "Tell me about the Roman Empire.", "Which film should I watch tonight?", "How tall is Mount Everest?",
    "What is your favourite colour?", "How do I change a car tyre?", "Who discovered penicillin?", "Can you translate hello into German?",
    "What is the stock price today?", "How do I learn to swim?", "Who are you?",
)  # fmt: skip
SEED = 3


def taught(unsure: str, passages: dict[str, str]) -> tuple[TrainingPair, ...]:
    """All pairs, "test" ones among them. ``unsure`` is the answer where the manual does not tell; ``passages`` the hash
    of the passage that holds a sentence, where it is known.
    """
    chance = random.Random(SEED)
    pairs = [
        TrainingPair(question, fact.sentence, "fact", _group(fact), passages.get(fact.sentence, ""), origin="template", split="train")
        for fact in FACTS
        for question in _asked(fact, chance)
    ]  # fmt: skip
    pairs += [
        TrainingPair(question, unsure, "negative", "not told", origin="template", split="train")
        for question in dict.fromkeys(_untold(chance))
    ]
    pairs += [
        TrainingPair(question, fact.sentence, "fact", _group(fact), passages.get(fact.sentence, ""), origin="template", split="test")
        for fact, question in zip(FACTS, ASKED_OTHERWISE, strict=True)
    ]  # fmt: skip
    pairs += [
        TrainingPair(question, unsure, "negative", "not told", origin="template", split="test")
        for question in (*NOT_TOLD, *OFF_TOPIC)
    ]
    return tuple(pairs)


def _group(fact: Fact) -> str:
    return f"{fact.attribute} {fact.key}"


def _asked(fact: Fact, chance: random.Random) -> Iterator[str]:
    """Every way of asking, and some of them a second time in other company or with another word for the thing."""
    forms = FORMS[fact.attribute]
    asked = [
        *_worded(forms, fact.key, 1, chance),
        *_worded(chance.sample(forms, 4), fact.key, 1, chance),
    ]
    for word in SYNONYMS.get(fact.key, ()):
        asked += _worded(chance.sample(forms, 3), word, 1, chance)
    asked += _worded(OWN_FORMS.get((fact.attribute, fact.key), ()), fact.key, 2, chance)
    yield from dict.fromkeys(asked)


def _worded(forms: Sequence[str], key: str, times: int, chance: random.Random) -> Iterator[str]:
    """Every form for a thing, each so many times in other company."""
    made: dict[str, None] = {}
    for form in forms:
        for company in chance.sample(COMPANY, times):
            made[_said(_put(form, key), company)] = None
    yield from made


def _put(form: str, key: str) -> str:
    """A form for a thing; a thing that is called "it" has no article."""
    if key != "it":
        return form.replace("{k}", key)
    plain = (
        form.replace("the {k}'s", "its")
        .replace("The {k}", "It")
        .replace("the {k}", "it")
        .replace("a new {k}", "it")
    )
    return plain.replace("{k}", "printer")


def _said(question: str, company: str) -> str:
    lower = question if question[1:2].isdigit() else question[:1].lower() + question[1:]
    return company.replace("{q}", question).replace("{l}", lower.rstrip("?"))


def _untold(chance: random.Random) -> Iterator[str]:
    told = {(fact.attribute, fact.key) for fact in FACTS}
    for attribute, things in SENSE.items():
        for thing in things:
            if (attribute, thing) not in told:
                yield from _worded(chance.sample(FORMS[attribute], 3), thing, 1, chance)
    for attribute, keys in (("err", CODES), ("light", LIGHTS)):
        for key in keys:
            yield from _worded(chance.sample(FORMS[attribute], 3), key, 1, chance)
    for form in ELSE:
        for thing in chance.sample(THINGS, 3):
            yield from _worded([form], thing, 1, chance)
    for question in OTHER:
        yield from _worded([question], "", 1, chance)
