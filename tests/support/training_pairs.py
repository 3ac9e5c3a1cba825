"""Pairs for tests: random ones with awkward characters, and a small set about two pumps."""

from __future__ import annotations

from hypothesis import strategies as st

from adapters.datasets.pairs import TrainingPair

# What YAML, JSON and CSV take for something else, and what breaks lines.
ODD = [
    "no", "NULL", "~", "1e5", "1_000", "0x1F", "12:30:45", "2001-01-01", "key: value", "trailing:", "- item", "# none",
    "*star", "&anchor", "!tag", "%directive", "@at", "`tick`", '"quoted"', "'single'", "{a: 1}", "[a, b]", "a\tb", "|", ">",
    "...", "---", "\u2028", "\u0085", "\u00a0", "\ufeff", "😀 emoji 👩‍🔧", "\x00null", "\x1b[31m", "line\nbreak", "\n\nlead", "end\n\n",
    "trailing space \nand more", "\r\nwindows", "\\n", "é\u0301", "\U0010ffff", "word " * 240,
]  # fmt: skip
_TEXT = st.one_of(
    st.sampled_from(ODD),
    st.text(
        st.characters(exclude_categories=["Cs"]),
        max_size=60,
    ),
    st.lists(st.sampled_from([*ODD[:-1], "pump", "seal", " "]), max_size=6).map(" ".join),
)
_SAID = _TEXT.filter(lambda text: bool(text.strip()))
_NAME = st.one_of(st.just(""), st.sampled_from(["Pump P-200", "Fan: F/100", "no", "Über"]))
PAIRS = st.builds(
    TrainingPair,
    _SAID,
    _SAID,
    kind=st.sampled_from(["fact", "negative", "style"]),
    group=st.one_of(st.just(""), _TEXT),
    passage_hash=st.sampled_from(["", *(f"{n:032x}" for n in range(8))]),
    manual=_NAME,
    version=st.integers(0, 40),
    origin=st.sampled_from(["", "approved", "template", "teacher", "imported"]),
    approver=_NAME,
    split=st.sampled_from(["", "train", "validation", "test"]),
)


def pump_pairs(passages: int = 8, each: int = 3) -> list[TrainingPair]:
    """Facts of a pump, several questions for each passage, without splits."""
    forms = (
        "How many Nm does part A{n} need?",
        "What torque is right for A{n}?",
        "How tight must I make A{n}?",
        "Which torque has part A{n} of the pump?",
    )
    return [
        TrainingPair(
            form.format(n=n),
            f"Tighten part A{n} to {n + 3} Nm.",
            group=f"fact A{n}",
            passage_hash=f"{n:032x}",
            manual="Pump P-200",
            version=2,
            origin="template",
        )
        for n in range(passages)
        for form in forms[:each]
    ]


def pump_contexts(passages: int = 8) -> dict[str, str]:
    """The passages of these facts by hash."""
    return {
        f"{n:032x}": f"Part A{n} sits below the cover. Tighten part A{n} to {n + 3} Nm."
        for n in range(passages)
    }
