"""Why the manuals do not answer: words that stand in none of them, or a language that they are not in.

Knows the search and the catalog; nothing of how an answer is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answers.messages import (
    ASK_MORE,
    EACH,
    NEAREST,
    NO_MENTION,
    NO_PRODUCT,
    ONLY_OTHERS,
    OTHER_LANGUAGE,
)
from chatbot.grounding.language import foreign_to, may_be_foreign_to
from chatbot.grounding.mail import own_words
from chatbot.routing.followup import names_only
from chatbot.routing.lookup import PartFound, as_said
from chatbot.routing.rewording.glossary import told_by_list
from knowledge.catalog import Catalog
from knowledge.search.languages import ENGLISH, name_of, stem
from knowledge.search.products.names import in_family, with_article
from knowledge.search.products.others import like_a_model, nearest_to
from knowledge.search.retriever import Search
from knowledge.search.wording.things import named_things, which_asked
from knowledge.text import fold, sentences, unique
from knowledge.types import Manual

SHOWN = 3  # words in a sentence
FRAME = frozenset(  # words of asking, which no manual needs to mention
    "good mean means happen happens work works need needs know want tell explain say says possible please thing things"
    " thanks thank cheers sorry dear hello hi please kindly regards"
    " whatever whichever whenever wherever whoever anyhow anyway somehow anymore maybe perhaps actually basically literally"
    " supposedly apparently obviously honestly hopefully somewhere anywhere nowhere everywhere anybody somebody everybody".split()
)


def reason(
    question: str, search: Search, catalog: Catalog, product: str = "", only_names: bool = False
) -> str:
    """Return a sentence on why a question of a product ("" for none) found nothing, or "" where nothing in particular can be said.

    With ``only_names``, of the words that no manual has only codes, names and what says which value is meant ("dealer price")
    count: sections that are near may say the same as another word does in other words.
    """
    manuals, question = catalog.manuals(), own_words(question) or question
    if product and names_only(question, catalog.products()):
        return ASK_MORE.format(product=with_article(product))
    unmentioned = search.unknown(question)
    unknown = [word for word in unmentioned if word.casefold() not in FRAME]
    codes = (word for word in unknown if like_a_model(word, question, catalog.products()))
    if other := search.other_product(question) or next(codes, ""):
        near = nearest_to(other, catalog.products())
        told = NEAREST.format(near=", ".join(near)) if near else ""
        return f"{NO_PRODUCT.format(name=other)}{told}"
    spoken = re.search(r"[^\W\d_]{3}", question)  # "E-99" is in no language
    asked = foreign_to(question, manuals, len(unmentioned)) if spoken else ""
    held = {name_of(code) for manual in manuals for code in manual.languages} - {""}
    if held and spoken and (asked or (asked := _by_list(question, manuals, unmentioned))):
        return OTHER_LANGUAGE.format(asked=name_of(asked), held=_listed(sorted(held)))
    if only_names:
        named = {word.strip(".,;:!?\"'()“”") for word in question.split()[1:] if word[:1].isupper()}
        named |= {word for word in unknown if fold(word) in which_asked(question)}
        unknown = [word for word in unknown if word in named or any(map(str.isdigit, word))]
    if product and (told := _only_others(question, search, catalog, product)):
        return told
    return (
        NO_MENTION.format(words=" or ".join(f"“{w}”" for w in unknown[:SHOWN])) if unknown else ""
    )


def several_asked(parts: Sequence[PartFound]) -> str:
    """Return a sentence that names the questions for which sections are offered together, "" for a single one."""
    if len(parts) < 2 or any(each.part.typed for each in parts):
        return ""
    # Of two products it may be the same, where it tells none apart
    said = unique(as_said(each.part) for each in parts)
    asked = said if len(said) == len(parts) else [each.part.text for each in parts]
    return EACH.format(questions=" ".join(f"“{one}”" for one in asked))


def _only_others(question: str, search: Search, catalog: Catalog, product: str) -> str:
    """Return a sentence on what a manual of the same family of products has a section about, and the product's own never
    mentions."""
    absent = search.absent(question, product)
    told = [question[start:end] for start, end in sentences(question)]
    asking = " ".join(one for one in told if one.endswith("?")) or question
    words_asked = (
        word
        for word in re.findall(r"\w+", asking)
        if word.isalpha() and word.casefold() not in FRAME and stem(word.lower(), ENGLISH) in absent
    )
    for name in (*named_things(question), *words_asked):
        if other := in_family(product, catalog.headed(name)):
            return ONLY_OTHERS.format(product=product, word=name, other=other)
    return ""


def _by_list(question: str, manuals: Sequence[Manual], unknown: Sequence[str]) -> str:
    """The language of a short question by its words, "" where they do not tell one that no manual is in."""
    held = {code for manual in manuals for code in manual.languages}
    return told_by_list(question, may_be_foreign_to(question, manuals), unknown, held)[0]


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    first, last = names[:-1], names[-1]
    return f"{', '.join(first)} and {last}" if first else last
