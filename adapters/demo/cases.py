"""Questions for the demonstration adapter, with passages and without: its training, and its test. Knows no model."""

from __future__ import annotations

from adapters.demo.facts import FACTS, WRAPPERS, Fact
from adapters.demo.style import NOT_SAID, UNSURE
from adapters.demo.words import ATTRIBUTES
from adapters.demo.world import Pair, Said, World, cut

# Questions without passages, with passages that say something newer, with passages about other things.
KINDS = ("plain", "newer", "absent")


def mixed(
    world: World, kind: str, sentences: int, trained: bool = True
) -> tuple[tuple[str, ...], list[Pair]]:
    """Passages and pairs of one kind; ``trained`` chooses between the questions of training and unseen ones.

    "newer": two passages contradict what was learnt, and the passage is right.
    """
    if kind == "plain":
        pairs = [
            _pair(fact, question) for fact, question in (_known(world, trained) for _ in range(7))
        ]
        name = world.pick(sorted(ATTRIBUTES))
        return (), [*pairs, Pair(world.ask(name, world.keys(name, 1)[0]), UNSURE)]
    newer = _newer(world, trained) if kind == "newer" else []
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
    learnt = [_known(world, trained) for _ in range(2)]
    pairs += [
        _pair(fact, question)
        for fact, question in learnt
        if (fact.attribute, fact.key) not in where
    ]
    said = world.pick(facts)
    pairs.append(Pair(world.ask(said.attribute, said.key), where[said.attribute, said.key]))
    pairs.append(Pair(world.ask(*world.pick(absent)), NOT_SAID))
    return tuple(" ".join(fact.sentence for fact in group) for group in groups), pairs


def _known(world: World, trained: bool) -> tuple[Fact, str]:
    fact = world.pick(FACTS)
    question = world.pick(fact.trained if trained else fact.untrained)
    if trained and world.chance(0.4):
        question = world.pick(WRAPPERS).format(q=question)
    return fact, question


def _newer(world: World, trained: bool) -> list[tuple[Fact, str]]:
    drawn = [_known(world, trained) for _ in range(2)]
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
