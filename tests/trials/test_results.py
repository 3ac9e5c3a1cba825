"""What votes say in figures and in words."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from chatbot.conversations.types import Arm
from chatbot.routing.question_kind import kind_of
from chatbot.trials.results import preference_of, results
from chatbot.trials.types import PairState, PairVote, Reason, Support, Trial
from ui.trials.words import shown

TRIAL = Trial("t", "Spring", "seed")


numbers = itertools.count()


def vote(
    state: PairState,
    arms: tuple[Arm, Arm] = ("documents", "both"),
    *,
    voter: str = "ada",
    question: str = "",
    product: str = "Pump",
    reason: Reason = "",
    support: tuple[Support, Support] = ("", ""),
    stratum: str = "one",
) -> PairVote:
    question = question or f"Question {next(numbers)}"
    return PairVote(
        "t", voter, question, product, arms, stratum, state, reason, support, False, "2026-11-27"
    )


def test_sides_do_not_count_only_what_wrote_them() -> None:
    votes = (
        [vote("a") for _ in range(30)]
        + [vote("b", ("both", "documents")) for _ in range(40)]
        + [vote("b") for _ in range(5)]
    )
    (contest,) = results(votes).contests
    assert (contest.arm, contest.other) == ("documents", "both")
    assert (contest.rate.wins, contest.rate.losses, contest.ahead) == (70, 5, "documents")
    (row,) = shown(TRIAL, results(votes)).rows
    assert row.verdict.startswith("Documents is ahead of Both: 93 % (")


def test_the_other_one_ahead_is_told_from_its_side() -> None:
    (row,) = shown(
        TRIAL, results([vote("b") for _ in range(60)] + [vote("a") for _ in range(20)])
    ).rows
    assert row.verdict.startswith("Both is ahead of Documents: 75 % (")
    low, high = (int(part) for part in row.verdict.split("(")[1].rstrip(")").split(" to "))
    assert 50 < low < 75 < high < 100


def test_few_votes_say_no_difference_yet_and_how_many_are_missing() -> None:
    (row,) = shown(
        TRIAL, results([vote("a") for _ in range(14)] + [vote("b") for _ in range(8)])
    ).rows
    assert row.verdict == "Documents and Both: no difference yet"
    assert "more for one side or the other would decide" in row.needed
    (early,) = shown(TRIAL, results([vote("a")])).rows
    assert early.needed == "", "one vote is no ground for a forecast"
    (even,) = shown(TRIAL, results([one for _ in range(20) for one in (vote("a"), vote("b"))])).rows
    assert "no number of them" in even.needed


def test_everything_else_is_counted_beside_it() -> None:
    states: list[PairState] = ["tie", "tie", "neither", "same", "skipped", ""]
    (contest,) = results([vote(state) for state in states]).contests
    said = (contest.ties, contest.neither, contest.same, contest.skipped, contest.open)
    assert said == (2, 1, 1, 1, 1)
    assert contest.votes == 3 and contest.rate.share == 0.5 and contest.ahead is None


def test_the_best_of_three_is_named_once_it_is_sure() -> None:
    arms: list[tuple[Arm, Arm]] = [
        ("documents", "both"),
        ("adapter", "both"),
        ("documents", "adapter"),
    ]

    def round_of_votes() -> list[PairVote]:
        return [vote("b", pair) for pair in arms[:2]] + [vote("tie", arms[2])]

    assert "surely the best yet" in shown(TRIAL, results(round_of_votes())).leader
    many = results([one for _ in range(80) for one in round_of_votes()])
    assert many.leader == "both"
    assert [one.arm for one in many.strengths][0] == "both"
    assert shown(TRIAL, many).leader == "Both is the best of all."
    assert shown(TRIAL, results([vote("a") for _ in range(200)])).leader == "", (
        "of two, the verdict says it"
    )


def test_more_comparisons_need_more_evidence() -> None:
    """What decides one contest alone does not decide it among many, or the many would err together."""
    alone = [vote("a") for _ in range(33)] + [vote("b") for _ in range(11)]
    assert results(alone).contests[0].ahead == "documents"
    pairs: list[tuple[Arm, Arm]] = [
        ("quotes", "brief"),
        ("quotes", "both"),
        ("quotes", "adapter"),
        ("brief", "both"),
    ]
    among = results(alone + [vote("tie", pair) for pair in pairs])
    assert among.contests[-1].arm == "documents" and among.contests[-1].ahead is None


def test_products_are_counted_each_for_itself() -> None:
    found = results(
        [vote("a", product="Pump") for _ in range(3)]
        + [vote("b", product="Fan")]
        + [vote("a", product="")]
    )
    assert [(one.of, one.rate.wins, one.rate.losses) for one in found.by_product] == [
        ("Fan", 0, 1),
        ("Pump", 3, 0),
    ]


def test_people_agree_on_the_same_question() -> None:
    both = [
        vote(state, voter=voter, question=question)
        for question, state in (("How?", "a"), ("When?", "b"))
        for voter in ("ada", "bob")
    ]
    assert results(both).agreement == pytest.approx(1)
    assert results(both[:1]).agreement is None
    turned = vote("b", ("both", "documents"), voter="cy")
    assert results([*both, turned]).agreement == pytest.approx(1), "sides aside, they said the same"


def test_sources_reasons_and_changes_are_told() -> None:
    found = results(
        [
            vote("a", reason="wrong", support=("yes", "no")),
            vote("b", reason="wrong", support=("partly", "")),
            vote("a", stratum="two"),
        ]
    )
    assert found.supported == {"documents": (1, 1, 0), "both": (0, 0, 1)}
    assert found.strata == (("one", "2026-11-27", 2), ("two", "2026-11-27", 1))
    told = shown(TRIAL, found)
    assert told.reasons == "What was wrong with the other answer: Wrong 2"
    assert "Documents: they support the answer 1 times, partly 1, not 0" in told.supported


def test_auto_may_prefer_what_is_surely_ahead_for_a_product() -> None:
    votes = (
        [vote("b") for _ in range(70)]
        + [vote("a") for _ in range(20)]
        + [vote("a", product="Fan") for _ in range(5)]
    )
    made = preference_of(results(votes), "Pump")
    assert made is not None and (made.product, made.mode) == ("Pump", "both")
    assert made.share == pytest.approx(70 / 90) and 0.5 < made.low < made.share < made.high
    assert preference_of(results(votes), "Fan") is None
    assert preference_of(results(votes), "Kettle") is None
    unsure = [*votes, *[vote("a", ("adapter", "both")) for _ in range(3)]]
    assert preference_of(results(unsure), "Pump") is None, "another mode may still be better"
    quoted = [vote("a", ("quotes", "both")) for _ in range(80)]
    assert preference_of(results(quoted), "Pump") is None, "quotes are no mode"


def test_a_question_that_was_seen_before_is_not_counted_again() -> None:
    """Whoever votes twice on one question knows by then what wrote which answer."""
    again = [vote("a", question="How do I reset it?")] * 3
    turned = vote("b", ("both", "documents"), question="How can I reset it?")
    found = results([*again, turned, vote("b", question="How do I reset it?", voter="bob")])
    assert (found.votes, found.repeated) == (2, 3)
    assert (found.contests[0].rate.wins, found.contests[0].rate.losses) == (1, 1)
    skipped = results([vote("skipped", question="Why?"), vote("a", question="Why?")])
    assert (skipped.votes, skipped.repeated) == (0, 1), "a skipped pair was opened, too"
    still_open = results([vote("", question="Why?"), vote("a", question="Why?")])
    assert (still_open.votes, still_open.repeated) == (1, 0)
    products = [
        vote("a", question=f"How do I open the {name}?", product=name) for name in ("Pump", "Fan")
    ]
    assert results(products).repeated == 0, "another product is another question"
    erased = results([vote("a", voter="", question="x"), vote("a", voter="", question="x")])
    assert erased.votes == 2, "of erased people nobody knows"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How do I descale the kettle?", "steps"),
        ("How long is the cable?", "figure"),
        ("What is the largest pressure?", "figure"),
        ("Is the Galaxy Fit waterproof?", "yes or no"),
        ("Can I use vinegar?", "yes or no"),
        ("What does E04 mean?", "meaning"),
        ("Hi, what's the Daily Board?", "meaning"),
        ("sim lock pin", "other"),
        ("Wie entkalke ich den Kocher?", "other"),
    ],
)
def test_what_a_question_asks_for(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_kinds_of_questions_are_counted_each_for_itself() -> None:
    asked = [
        ("How do I clean it?", "a"),
        ("How do I open it?", "a"),
        ("Is it safe?", "b"),
        ("", "a"),
    ]
    votes = [replace(vote(state, question="x"), question=text) for text, state in asked]
    found = results(votes)
    assert [(one.of, one.rate.wins, one.rate.losses) for one in found.by_kind] == [
        ("steps", 2, 0),
        ("yes or no", 0, 1),
    ]
    assert [row.of for row in shown(TRIAL, found).by_kind] == ["Steps", "Yes or no"]
