"""The words of what is done about a question that agents did not get, and of customers' words; a part of ``english``."""

from __future__ import annotations

CURES: dict[str, str] = {
    "cures.alike.one": "1 more question that asks for the same",
    "cures.alike.other": "{n} more questions that ask for the same",
    "cures.near": "Nearest sections",
    "cures.near.none": "No section is near.",
    "cures.here": "Answered here",
    "cures.here.named": "This question is answered in {section}",
    "cures.word": "Another word",
    "js.cures.done": "Agents get this section for that question. It stands among the approved answers.",
    "js.cures.product": "Agents who ask this about {product} get this section. Without the product the question stays open.",
    "js.cures.kept": "This section is among the approved answers, but the question as it stands here does not get it.",
    "js.cures.word.title": "Customers say it in another word",
    "js.cures.word.body": "Questions with the first word are searched with the second one, too.",
    "js.cures.word.word": "Customers say",
    "js.cures.word.means": "The manual says",
    "js.cures.word.done": "Kept. Open questions are looked up again.",
    "js.decide.one": "1 to decide",
    "js.decide.other": "{n} to decide",
    "words.title": "Customers' words",
    "words.lead": "What customers call it, and what the manuals call it: for search only, never for a source.",
    "words.add": "Add a word",
    "words.none": 'None yet. About 140 senses of support are built in ("strap" for "band").',
    "words.remove": "Remove",
    "words.remove.named": "Remove {word} for {means}",
    "words.for": "for",
    "audit.word.added": "added a customers' word",
    "audit.word.removed": "removed a customers' word",
}
