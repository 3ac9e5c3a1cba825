"""When a passage supports a sentence in other words, and when it must not be said to."""

from __future__ import annotations

import pytest

from chatbot.support import prepare, supported_span

PASSAGE = (
    "Switch the pump off before you open the cover. Remove the four screws and lift the cover. Tighten the screws to 12 Nm."
    " Do not use solvent. If the filter is torn, order part KF-10. The motor takes 230 V."
    " Error E03 means that the head is hot, so wait for 5 minutes. Error E04 means that the cutter is jammed."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Tighten the screws to 12 Nm.",
        "The four screws are removed.",
        "Take out the 4 screws and lift the cover.",
        "You tighten the screw to 12 Nm.",
    ],
)
def test_supported(claim: str) -> None:
    span = supported_span(claim, prepare(PASSAGE))
    assert span is not None
    assert PASSAGE[slice(*span)].endswith(".")


@pytest.mark.parametrize(
    "claim",
    [
        "Tighten the screws to 14 Nm.",
        "Tighten the screws to 12 Nm only.",
        "Use solvent if the filter is torn.",
        "Order part KF-11 if the filter is torn.",
        "Order part KF-10.",
        "Switch the pump off after you open the cover.",
        "The motor takes 230 V and the pump weighs 12 kg.",
        "Grease the bearings of the pump.",
        "12",
        "Error E04 means that the head is hot, so wait for 5 minutes.",
        "",
    ],
)
def test_not_supported(claim: str) -> None:
    assert supported_span(claim, prepare(PASSAGE)) is None
