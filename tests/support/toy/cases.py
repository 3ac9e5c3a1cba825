"""Questions for the toy adapter, with passages and without: its training, and its test. Knows no model."""

from __future__ import annotations

from adapters.demo.facts import FACTS, Fact
from tests.support.toy.style import NOT_SAID, UNSURE
from tests.support.toy.words import ATTRIBUTES
from tests.support.toy.world import Pair, Said, World, cut

# Questions without passages, with passages that say something newer, with passages about other things.
KINDS = ("plain", "newer", "absent")
# How people wrap a question; used in training.
WRAPPERS = ("{q}", "Please tell me: {q}", "{q} Thanks.", "One question: {q}")


def trained(fact: Fact) -> tuple[str, ...]:
    """The questions that the adapter is trained on."""
    forms = ATTRIBUTES[fact.attribute].questions[:-1]
    return tuple(form.replace("{k}", fact.key) for form in forms)


def untrained(fact: Fact) -> tuple[str, str]:
    """Two questions that it never saw: another wording, and a known one in other company."""
    forms = ATTRIBUTES[fact.attribute].questions
    return forms[-1].replace("{k}", fact.key), f"Can you help? {forms[0]}".replace("{k}", fact.key)


def mixed(
    world: World, kind: str, sentences: int, seen: bool = True
) -> tuple[tuple[str, ...], list[Pair]]:
    """Passages and pairs of one kind; ``seen`` chooses between the questions of training and unseen ones.

    "newer": two passages contradict what was learnt, and the passage is right.
    """
    if kind == "plain":
        pairs = [
            _pair(fact, question) for fact, question in (_known(world, seen) for _ in range(7))
        ]
        name = world.pick(sorted(ATTRIBUTES))
        return (), [*pairs, Pair(world.ask(name, world.keys(name, 1)[0]), UNSURE)]
    newer = _newer(world, seen) if kind == "newer" else []
    facts, absent = world.facts(sentences)
    facts += [_contradiction(world, fact) for fact, _ in newer]
    world.random.shuffle(facts)
    count = max(-(-len(facts) // 3), 1 + int(world.random.random() * 4))
    groups = [group for group in cut(facts, count) if group]
    where = {
        (fact.attribute, fact.key): f"{fact.sentence} [{number}]"
        for number, group in enumerate(groups, 1)
        for fact in group
    }
    pairs = [Pair(question, where[fact.attribute, fact.key]) for fact, question in newer]
    learnt = [_known(world, seen) for _ in range(2)]
    pairs += [
        _pair(fact, question)
        for fact, question in learnt
        if (fact.attribute, fact.key) not in where
    ]
    said = world.pick(facts)
    pairs.append(Pair(world.ask(said.attribute, said.key), where[said.attribute, said.key]))
    pairs.append(Pair(world.ask(*world.pick(absent)), NOT_SAID))
    return tuple(" ".join(fact.sentence for fact in group) for group in groups), pairs


def _known(world: World, seen: bool) -> tuple[Fact, str]:
    fact = world.pick(FACTS)
    question = world.pick(trained(fact) if seen else untrained(fact))
    if seen and world.chance(0.4):
        question = world.pick(WRAPPERS).format(q=question)
    return fact, question


def _newer(world: World, seen: bool) -> list[tuple[Fact, str]]:
    drawn = [_known(world, seen) for _ in range(2)]
    return (
        drawn
        if drawn[0][0].key != drawn[1][0].key or drawn[0][0].attribute != drawn[1][0].attribute
        else drawn[:1]
    )


def _contradiction(world: World, fact: Fact) -> Said:
    return Said(
        fact.attribute, fact.key, world.fill(ATTRIBUTES[fact.attribute].sentences[0], fact.key)
    )


def _pair(fact: Fact, question: str) -> Pair:
    return Pair(question, fact.sentence)
