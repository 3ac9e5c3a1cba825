"""From a message to what the manuals hold on each of its questions.

Knows the search and earlier turns; nothing of how an answer is made from what is found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from chatbot.conversations.types import Question, Turn, about
from chatbot.grounding.mail import own_request
from chatbot.routing.comparison import names
from chatbot.routing.followup import content_words_own, names_only, says_nothing
from chatbot.routing.questions import AskedPart
from knowledge.catalog import Catalog
from knowledge.search.languages import AS_ENGLISH, content_stems, stem, stems
from knowledge.search.products.names import mentioned, name_words
from knowledge.search.retriever import Search
from knowledge.search.synonyms import alternatives
from knowledge.types import Evidence, Passage, SearchResult

EVIDENCE = 8
OFFERED = 3  # sections to choose from
KINDRED = 0.8  # of the best score, from which a section may answer as that of the same name does for another product
# "It" is the product and not what was asked before where the manuals surely answer that, and so much likelier: of 24 pairs of
# questions on phones, nothing lay between .14 more (the thing before was meant) and .21 (the product was). Of 24 others, on
# phones and programs, two were mended so and none harmed.
SURELY, CLEARLY = 0.7, 0.18
DOUBTFUL = 0.4  # the match of a section that has no word of a follow-up: it may be offered, and does not answer
# What a section that is called like a thing tells of it, be the word there or not: it says where the thing is.
SWITCHING = "on off enable disable activate deactivate turn switch open start launch use"
CHOSEN = ("chosen",)  # how the evidence was found that the agent chose


@dataclass(frozen=True, slots=True)
class PartFound:
    """One question of a message, and what was found for it."""

    part: AskedPart
    found: SearchResult

    @property
    def as_told(self) -> bool:
        """Whether there is something to be said of the wording that was searched."""
        told = self.part.typed or self.found.asked == self.part.wordings[0]
        return bool(self.part.told and told and self.found.asked != self.part.typed)


class Lookup:
    """Looks up the questions of a message. ``min_match``: from which match on the manuals answer; ``min_choice``: from which on
    sections are offered."""

    def __init__(
        self, catalog: Catalog, search: Search, min_match: float, min_choice: float = 0.0
    ) -> None:
        self._catalog, self._search = catalog, search
        self._min_match, self._min_choice = min_match, min_choice

    def found(
        self, parts: Sequence[AskedPart], question: Question, earlier: Sequence[Turn]
    ) -> tuple[PartFound, ...]:
        """What is found for each part; of its wordings, the first that the manuals answer counts, else the nearest.

        Where the agent chose a section, it is what was found; one that is searched no more is searched for again.
        """
        asked = parts[0].whole or parts[0].wordings[0]
        if question.passage and (chosen := self._chosen(question, asked)):
            return (PartFound(parts[0], chosen),)
        if parts[0].whole:
            return self._compared(parts, question, earlier)
        found = self._each(parts, question, earlier)
        empty = bool(earlier) and len(found) == 1 and says_nothing(parts[0].wordings[0])
        if len(found) == 1 and earlier and not empty:
            return (_own_too(found[0], as_asked(earlier[-1])),)
        if empty or (len(found) == 1 and names_only(parts[0].text, self._catalog.products())):
            unsure = min(found[0].found.match, DOUBTFUL)
            return (replace(found[0], found=replace(found[0].found, match=unsure)),)
        if len({one.part.product for one in found}) == len(found) > 1:
            found = self._side_by_side(found)
        return tuple(_own_only(each, found[0]) for each in found)

    def _compared(
        self, sides: Sequence[AskedPart], question: Question, earlier: Sequence[Turn]
    ) -> tuple[PartFound, ...]:
        """Two things side by side where each has a section that is called so; else what the whole question finds.

        A section that speaks of both compares them better than anything beside each other.
        """
        whole = AskedPart(sides[0].whole, (sides[0].whole,))
        asked = self._each((whole,), question, earlier)
        best = asked[0].found
        if best.match >= self._min_match and all(
            names(_text_of(best), side.text) for side in sides
        ):
            return tuple(asked)
        found = self._each(sides, question, earlier)
        if all(one.found.evidence and one.found.match >= self._min_match for one in found) and (
            len({_place(one.found.evidence[0]) for one in [*found, *asked] if one.found.evidence})
            == 1
            and all(names(_text_of(best), side.text) for side in sides)
        ):  # two rows of one table
            sure = min(one.found.match for one in found)
            return (replace(asked[0], found=replace(best, match=sure)),)
        called = [
            one.found.match >= self._min_match
            and names(" . ".join(one.found.evidence[0].passage.section[-2:]), one.part.text)
            for one in found
        ]
        apart = len({_place(one.found.evidence[0]) for one in found if one.found.evidence})
        return tuple(found if all(called) and apart == len(found) else asked)

    def _side_by_side(self, found: Sequence[PartFound]) -> list[PartFound]:
        """Products compared: where one's section answers, so does the section of the same name of another that is near.

        Manuals of one house have the same sections.
        """
        sure = {
            one.found.evidence[0].passage.section[-1:]
            for one in found
            if one.found.evidence and one.found.match >= self._min_match
        } - {()}
        return [self._as_another(one, sure) for one in found]

    def _as_another(self, one: PartFound, sections: Collection[tuple[str, ...]]) -> PartFound:
        """What was found with the nearest section of one of these names first, and sure."""
        evidence = one.found.evidence
        same = [
            found
            for found in evidence
            if found.passage.section[-1:] in sections and found.score >= KINDRED * evidence[0].score
        ]
        if not same or one.found.match >= self._min_match:
            return one
        ordered = (*same, *(found for found in evidence if found not in same))
        return replace(one, found=replace(one.found, evidence=ordered, match=self._min_match))

    def _each(
        self, parts: Sequence[AskedPart], question: Question, earlier: Sequence[Turn]
    ) -> list[PartFound]:
        found: list[PartFound] = []
        for part in parts:
            best = self._best(part, question.product, earlier)
            about = self._product_of(found)
            if best.products and about:  # "… and how do I reset it?" is about the same product
                best = self._best(part, about, earlier)
            found.append(PartFound(part, best))
        return found

    def talked_of(self, earlier: Sequence[Turn]) -> str:
        """The product that a conversation was last about, "" when it named and cited none, or compared several."""
        said = (about(turn.answer) for turn in reversed(earlier) if turn.answer)
        product = next((one for one in said if one is not None), "")
        return product if product in self._catalog.products() else ""

    def _product_of(self, found: Sequence[PartFound]) -> str:
        """The product of the first question, where the manuals answer that."""
        first = found[0].found if found else None
        sure = first is not None and first.evidence and first.match >= self._min_match
        return first.evidence[0].manual.product if first and sure else ""

    def _best(self, part: AskedPart, product: str, earlier: Sequence[Turn]) -> SearchResult:
        best = self._of_wordings(part, product, earlier)
        return self._in_letter(part, best, product, earlier) if part.letter else best

    def _in_letter(
        self, part: AskedPart, alone: SearchResult, product: str, earlier: Sequence[Turn]
    ) -> SearchResult:
        """What is found for a question of a letter: a section answers it only where the letter with it finds that first as
        well; else what both find is offered.

        A question that says by itself what it is about is believed where it is surely answered, or by a section called so.
        "Is there any danger from his phone?" may be about anything; with the pacemaker of the letter, it is about magnets. Of
        23 letters, the eight sections that a question alone would have been answered from wrongly were not the letter's first,
        but for one, and all that were right were.
        """
        if not part.unclear and self._surely(alone):
            return alone
        told = self._one(part.letter, product or part.product, earlier)
        if not (told.evidence and alone.evidence) or told.products or alone.products:
            return alone
        if _place(told.evidence[0]) == _place(alone.evidence[0]):
            return replace(alone, match=max(alone.match, told.match))
        if alone.match < self._min_match <= told.match:
            return told
        match = min(max(alone.match, told.match), DOUBTFUL)
        return replace(alone, evidence=_in_turn((told, alone)), match=match)

    def _surely(self, found: SearchResult) -> bool:
        """Is a question surely answered, or by a section that is called like what it asks about?"""
        if found.match < self._min_match or not found.evidence:
            return False
        best = found.evidence[0].passage
        return found.match >= SURELY or _called(best.section, found.asked, best.language)

    def _of_wordings(self, part: AskedPart, product: str, earlier: Sequence[Turn]) -> SearchResult:
        if part.unclear and len(part.wordings) > 1:
            return self._made_clear(part, product, earlier)
        tried: list[SearchResult] = []
        for wording in part.wordings:
            found = self._one(wording, product or part.product, earlier)
            if part.pointing and tried and found.match < SURELY:
                found = replace(found, match=min(found.match, DOUBTFUL))
            tried.append(found)
            if found.match >= self._min_match:
                break
        best, *others = sorted(tried, key=lambda found: -found.match)
        if best.match < self._min_match:  # what any wording found may be meant
            evidence = _in_turn([best, *others])
            best = replace(best, evidence=evidence, asked=tried[0].asked)
        if part.typed and best.match < self._min_choice:
            return replace(best, asked=part.typed)
        if part.otherwise:
            found = self._one(part.otherwise, product or part.product, earlier)
            return found if found.match >= max(SURELY, best.match + CLEARLY) else best
        return best

    def _made_clear(self, part: AskedPart, product: str, earlier: Sequence[Turn]) -> SearchResult:
        """What is found for a question that needs what was said before it: by itself only where that surely answers it, or
        finds the same; else with what was said, as far as that is answered; else both, to choose from."""
        alone, *others = (
            self._one(wording, product or part.product, earlier) for wording in part.wordings
        )
        told = max(others, key=lambda found: found.match)
        same = bool(alone.evidence and told.evidence) and (
            _place(alone.evidence[0]) == _place(told.evidence[0])
        )
        if alone.match >= self._min_match and (
            same or alone.match >= max(SURELY, told.match + CLEARLY)
        ):
            return alone
        if told.match >= self._min_match:
            return told
        match = max(told.match, min(alone.match, DOUBTFUL))
        return replace(alone, evidence=_in_turn((told, alone)), match=match)

    def _one(self, asked: str, product: str, earlier: Sequence[Turn]) -> SearchResult:
        """What is found; a question that names no product is about the one that the conversation is about, unless the manuals
        of another answer it surely and clearly better."""
        found = self._search.find(asked, product, EVIDENCE)
        named = self.talked_of(earlier)
        if product or found.product or self._names_product(asked):
            return found
        if not named:
            return self._in_manual(found, asked, earlier)
        scoped = self._search.find(asked, named, EVIDENCE, filtered=False)
        if found.products:  # manuals of several products answer it, each for its own
            return found if scoped.match < self._min_match <= found.match else scoped
        if found.evidence and found.evidence[0].manual.product == named:
            return max(found, scoped, key=lambda one: one.match)
        if found.match >= max(SURELY, scoped.match + CLEARLY):
            return found
        if scoped.match < self._min_match <= found.match:  # to choose from
            both = _in_turn((scoped, found))
            return replace(scoped, evidence=both, match=max(scoped.match, DOUBTFUL))
        return scoped

    def _in_manual(self, found: SearchResult, asked: str, earlier: Sequence[Turn]) -> SearchResult:
        """What the manual that the last answer cites, one without a product, answers about as well as the best of all."""
        answer = earlier[-1].answer if earlier else None
        cited = {(one.manual_id, one.product) for one in answer.citations} if answer else set()
        manual, product = next(iter(cited)) if len(cited) == 1 else ("", "")
        if not manual or product or (found.evidence and found.evidence[0].manual.id == manual):
            return found
        own = self._search.find(asked, "", EVIDENCE, manual=manual)
        near = found.match < own.match + CLEARLY
        return own if own.match >= self._min_match and near else found

    def _names_product(self, asked: str) -> bool:
        products = self._catalog.products()
        return bool(mentioned(self._catalog.by_product_name(asked), products))

    def _chosen(self, question: Question, asked: str) -> SearchResult | None:
        """The section that the agent chose, as if it had been found, in its manual's present version; None when that
        does not hold it."""
        held = self._catalog.passages([question.passage]).get(question.passage)
        live = {manual.version_id: manual for manual in self._catalog.manuals()}
        if held is not None and held.version_id not in live:
            held = self._in_present_version(held)
        if held is None:
            return None
        manual = live[held.version_id]
        section = self._catalog.section_passages(held.id)
        first = [held, *(part for part in section if part.id != held.id)][:EVIDENCE]
        evidence = tuple(Evidence(part, manual, 1.0, CHOSEN) for part in first)
        return SearchResult(evidence, 1.0, manual.product, (), asked)

    def _in_present_version(self, old: Passage) -> Passage | None:
        """The passage of the same words in what is searched of the same manual now."""
        manual = self._catalog.version(old.version_id).id
        for live in self._catalog.manuals():
            if live.id == manual:
                same = (p for p in self._catalog.passages_of(live.version_id) if p.hash == old.hash)
                return next(same, None)
        return None


def merged(parts: Sequence[PartFound]) -> SearchResult:
    """What was found for all parts as one: their evidence in turn, the best match, all questions as what was asked."""
    if len(parts) == 1:
        return parts[0].found
    return replace(
        max((each.found for each in parts), key=lambda found: found.match),
        evidence=_in_turn([each.found for each in parts]),
        products=next((each.found.products for each in parts if each.found.products), ()),
        asked=" ".join(as_said(each.part) for each in parts),
    )


def as_said(part: AskedPart) -> str:
    """A part's question in words; of the side of a comparison that is shown by its product's name alone, what is asked of it."""
    return part.wordings[0] if part.text == part.product else part.text


def _in_turn(several: Sequence[SearchResult]) -> tuple[Evidence, ...]:
    """The evidence of several searches, the best of each first."""
    rows = zip_longest(*(found.evidence for found in several))
    held = {one.passage.id: one for row in rows for one in row if one is not None}
    return tuple(held.values())[:EVIDENCE]


def _own_only(each: PartFound, first: PartFound) -> PartFound:
    """A later question that found the section of the first only by the words of the first: it has no answer there."""
    if each is first or not (each.found.evidence and first.found.evidence):
        return each
    same = _place(each.found.evidence[0]) == _place(first.found.evidence[0])
    if not same or not _by_others(each, first.part.text):
        return each
    return replace(each, found=replace(each.found, match=0.0))


def _own_too(one: PartFound, before: str) -> PartFound:
    """A question with words of the one before, at most doubtful where its section was found by these alone.

    "And how do I clean it?" after "How do I replace the band?" is not answered by how to replace the band.
    """
    if one.part.wordings[0] == one.part.text or not _by_others(one, before):
        return one
    return replace(one, found=replace(one.found, match=min(one.found.match, DOUBTFUL)))


def _by_others(one: PartFound, other: str) -> bool:
    """Does the best section hold none of the words that a question has beside those of another?"""
    if not one.found.evidence:
        return False
    best = one.found.evidence[0]
    place, language = _place(best), best.passage.language
    said = _own_stems(one.part.text, language) & _own_stems(one.found.asked, language)
    named = {stem(word, language) for word in name_words(best.manual.product)}
    own = said - named - _own_stems(other, language)
    if own <= set(stems(SWITCHING, language)) and _called(place[1], one.found.asked, language):
        return False
    text = " ".join(e.passage.text for e in one.found.evidence if _place(e) == place)
    held = {*stems(text, language), *stems(" ".join(place[1]), language)}
    other_words = alternatives(stems(one.part.text, language), frozenset(own), language=language)
    otherwise = any(held.issuperset(term) for terms in other_words.values() for term in terms)
    return bool(own) and not own & held and not otherwise


def _called(section: Sequence[str], asked: str, language: str) -> bool:
    """Is a section called like what is asked about: are all words of its heading in the question?"""
    heading = content_stems(section[-1], language) if section else ()
    return bool(heading) and set(heading) <= set(stems(asked, language))


def _own_stems(text: str, language: str) -> set[str]:
    """The stems of what a question is about."""
    if language in AS_ENGLISH:
        return {stem(word, language) for word in content_words_own(text)}
    return set(content_stems(text, language))


def _text_of(found: SearchResult) -> str:
    """The best section, as far as it was found, with its heading."""
    place = _place(found.evidence[0])
    return " . ".join([*place[1], *(e.passage.text for e in found.evidence if _place(e) == place)])


def _place(found: Evidence) -> tuple[int, tuple[str, ...]]:
    return found.manual.version_id, found.passage.section


def was_chosen(found: SearchResult) -> bool:
    """Is what was found the section that the agent chose?"""
    return bool(found.evidence) and found.evidence[0].found_by == CHOSEN


def sections_of(evidence: Sequence[Evidence], limit: int = OFFERED) -> tuple[Evidence, ...]:
    """The best passage of each section, at most ``limit``."""
    first: dict[tuple[int, tuple[str, ...]], Evidence] = {}
    for one in evidence:
        first.setdefault(_place(one), one)
    return tuple(first.values())[:limit]


def as_asked(turn: Turn) -> str:
    """An earlier question as it was understood."""
    return (turn.answer.asked if turn.answer else "") or own_request(turn.question.text)
