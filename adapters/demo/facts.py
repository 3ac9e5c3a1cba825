"""What the demonstration adapter knows by heart: fifty sentences of the sample manual of the X200.

The sentences stand word for word in knowledge/ingestion/samples. Data only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of the manual, what it is about, and of which kind."""

    attribute: str
    key: str
    sentence: str


_ERRORS = {
    "E01": "paper roll is empty, so load a new roll", "E02": "print head is open, so close the green lever",
    "E03": "print head is hot, so wait for 5 minutes", "E04": "cutter is jammed, so remove the paper strip",
    "E05": "ribbon is torn, so replace it with part RB-110", "E06": "gap sensor is dirty, so run the calibration",
    "E07": "network cable is loose, so connect it again", "E08": "memory is full, so delete unused fonts",
    "E09": "firmware file is broken, so load it again", "E10": "clock battery is empty, so replace it with part CR-2032",
}  # fmt: skip
_PARTS = {
    "ribbon": "RB-110", "print head": "PH-203", "cutter": "CT-077", "rubber roller": "RR-052", "power supply": "PS-240",
}  # fmt: skip
FACTS = (
    *(Fact("err", key, f"Error {key} means that the {what}.") for key, what in _ERRORS.items()),
    Fact(
        "light", "blinking blue", "A blinking blue light means that the printer is receiving data."
    ),
    Fact("light", "red", "A red light means that the printer has an error."),
    Fact("light", "green", "A green light means that the printer is ready."),
    Fact("light", "yellow", "A yellow light means that the ribbon is nearly empty."),
    *(Fact("part", key, f"The {key} has part number {number}.") for key, number in _PARTS.items()),
    Fact("weight", "printer", "The printer weighs 2400 grams."),
    Fact("weight", "print head", "The print head weighs 85 grams."),
    Fact("width", "ribbon", "The ribbon has a width of 110 millimetres."),
    Fact("width", "widest label", "The widest label has a width of 108 millimetres."),
    Fact("length", "longest label", "The longest label has a length of 990 millimetres."),
    Fact("length", "power cord", "The power cord has a length of 1800 millimetres."),
    Fact("heat", "print head", "The print head works up to 65 degrees."),
    Fact("heat", "printer", "The printer works up to 40 degrees."),
    Fact("speed", "printer", "The printer runs at 152 millimetres per second."),
    Fact("power", "printer", "The printer uses 90 watts."),
    Fact("volt", "printer", "The printer needs 24 volts."),
    Fact("life", "print head", "The print head lasts 1200 hours."),
    Fact("life", "rubber roller", "The rubber roller lasts 3500 hours."),
    Fact("warranty", "printer", "The warranty of the printer is 24 months."),
    Fact("warranty", "print head", "The warranty of the print head is 6 months."),
    Fact("price", "ribbon", "A new ribbon costs 19 euros."),
    Fact("price", "print head", "A new print head costs 210 euros."),
    Fact("place", "serial number", "The serial number is under the paper door."),
    Fact("place", "gap sensor", "The gap sensor is behind the cutter."),
    Fact("clean", "print head", "To clean the print head, wipe it with alcohol."),
    Fact("clean", "rubber roller", "To clean the rubber roller, wipe it with water."),
    Fact("often", "print head", "Clean the print head every 14 days."),
    Fact("often", "cutter", "Clean the cutter every 60 days."),
    Fact(
        "change",
        "ribbon",
        "To replace the ribbon, lift the green lever and pull the old ribbon out.",
    ),
    Fact("change", "paper roll", "To replace the paper roll, open the paper door and press Feed."),
    Fact("reset", "printer", "To reset the printer, hold Feed and Cancel for 10 seconds."),
    Fact("open", "paper door", "To open the paper door, press the grey latch."),
    Fact("test", "printer", "To test the printer, press Feed 3 times."),
    Fact("adjust", "printer", "To calibrate the printer, hold Feed for 4 seconds."),
    Fact("secret", "web console", "The password of the web console is torvane200."),
    Fact("does", "green lever", "The green lever locks the print head."),
)


def sentences() -> tuple[str, ...]:
    """What the adapter knows; each stands word for word in the sample manual of the X200."""
    return tuple(fact.sentence for fact in FACTS)
