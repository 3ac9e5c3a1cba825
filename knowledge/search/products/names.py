"""Products: which one a title names, which ones a question names. Pure; knows nothing of the database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from knowledge.text import content_words, fold, words

CONNECTIONS = frozenset("4g 5g lte wifi bluetooth".split())
_BEFORE = "the|my|our|your|his|her|their|this|that|customer's|customers"
FOLLOWING = (
    "is|isn't|was|does|doesn't|do|don't|did|didn't|has|hasn't|had|can|can't|cannot|could|will|won't|would|keeps|"
    "shows|says|and|or|to|with|without|when|while|if|from|on|in|at|after|before|by|not"
)  # no "of": "the fold of the paper"
# What customers call any product, in a few languages, folded.
ANY_PRODUCT = frozenset(
    """device machine appliance gadget gerat maschine apparat appareil aparato dispositivo maquina aparelho apparecchio macchina
    apparaat toestel""".split()
)
_LEADING = frozenset("on of for in with from at the a an my our this".split())


def name_words(product: str) -> tuple[str, ...]:
    """The words of a product's name; a plus sign counts ("S10+" is another product than "S10")."""
    return tuple(words(re.sub(r"\+", " plus ", product)))


def deciding(question: str, product: str) -> frozenset[str]:
    """The words of a product's name that say which of several models is meant: "k9" of "the K9", of "Pumps K7 and K9"."""
    models = {
        word
        for word in name_words(product)
        if any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    } - CONNECTIONS
    said = models & {*name_words(question)}
    return frozenset(said) if said < models else frozenset()


def spaced(text: str) -> str:
    """Text as its words between single blanks, so that names can be looked for as whole words."""
    return f" {' '.join(name_words(text))} "


def mentioned(question: str, products: Iterable[str]) -> tuple[str, ...]:
    """The products a question names, longest names first.

    A product is named by its whole name, by the end of it without brand and family ("S10" for "Galaxy S10"), or by
    a model code that only it has ("X200" for "Aurora X200 label printer"); a name inside a longer one that is also there does not count.
    Where none is, also by the last word of it that only it has, used as a name ("on the fit" for "Galaxy Fit").
    """
    known = sorted(
        {product for product in products if name_words(product)},
        key=lambda name: -len(name_words(name)),
    )
    shared = shared_words(known)
    forms = {product: forms_of(product, shared) for product in known}
    taken = {form for each in forms.values() for form in each}
    text, found = spaced(question), []
    for product in known:
        for form in [*forms[product], *_shortened(forms[product], taken)]:
            pattern = f" {' '.join(form)} "
            if pattern in text:
                found.append(product)
                text = text.replace(pattern, "  ")
                break
    return tuple(found) or _by_last_word(question, known, shared)


def by_product_name(
    question: str, other_names: Mapping[str, str], products: Collection[str]
) -> str:
    """The question with each other name of a product replaced by the product's own name, and so a name that is written
    together or apart where its own is not ("note10", "zflip", "Galaxy S 10").

    ``other_names`` has the product by each name. A name counts as whole words, in any case, and not inside a product's
    own name or a longer other name.
    """
    question = _as_spelled(question, frozenset(products))
    named = [*other_names.items(), *((each, each) for each in products)]
    forms = sorted(
        ((_form(name), product) for name, product in named), key=lambda each: -len(each[0])
    )
    forms = [(form, product) for form, product in forms if form]
    if not other_names or not forms:
        return question
    # The place of a name among the alternatives says what is meant: letters fold in more ways than one ("İ", "ß").
    patterns = (r"[\s-]+".join(map(re.escape, form)) for form, _ in forms)
    wanted = "|".join(f"({pattern})" for pattern in patterns)

    def put(match: re.Match[str]) -> str:
        product = forms[(match.lastindex or 1) - 1][1]
        return match[0] if product.casefold() == match[0].casefold() else product

    return re.sub(rf"(?<!\w)(?:{wanted})(?!\w)", put, question, flags=re.IGNORECASE)


_RUN = re.compile(r"\d+|[^\W\d_]+|\+")
_BETWEEN = frozenset(("", " ", "-", "."))  # runs of letters or figures of one name
# A name stands neither in a longer word, code or number, nor in a link or a file's name
_BEFORE_NAME, _AFTER_NAME = re.compile(r"[\w+/\\@.#-]$"), re.compile(r"[\w+/\\@]|[-.][^\W_]")


def _as_spelled(question: str, products: frozenset[str]) -> str:
    """The question with a product's own name in place of one that is only spaced otherwise."""
    meant, longest, forms = _spacings(products)
    runs = list(_RUN.finditer(question)) if meant else []
    out, done, at = [], 0, 0
    while at < len(runs):
        size = _named_from(question, runs[at : at + longest], meant, forms)
        if size:
            start, end = runs[at].start(), runs[at + size - 1].end()
            out += [question[done:start], meant[_key(runs[at : at + size])]]
            done = end
        at += size or 1
    return "".join([*out, question[done:]])


def _named_from(
    question: str,
    runs: Sequence[re.Match[str]],
    meant: Mapping[str, str],
    forms: Collection[tuple[str, ...]],
) -> int:
    """How many of these runs are the longest name that begins with the first; 0 for none, or one as it is known."""
    first = runs[0]
    if _BEFORE_NAME.search(question[max(first.start() - 1, 0) : first.start()]):
        return 0
    gaps = [question[x.end() : y.start()] for x, y in zip(runs, runs[1:], strict=False)]
    for size in range(len(runs), 0, -1):
        end, key = runs[size - 1].end(), _key(runs[:size])
        if key not in meant or not _BETWEEN.issuperset(gaps[: size - 1]):
            continue
        if (
            _AFTER_NAME.match(question[end : end + 2])
            or name_words(question[first.start() : end]) in forms
        ):
            return 0
        apart = size > 1 and gaps[0] != ""
        return 0 if apart and re.match(r"[^\W\d_]\d", key) else size  # no "a 10", no "A-6"
    return 0


def _key(runs: Sequence[re.Match[str]] | Sequence[str]) -> str:
    """Runs as one word; figures beside figures stay apart ("8.4")."""
    said = [fold(run if isinstance(run, str) else run.group()) for run in runs]
    said = ["plus" if run == "+" else run for run in said]
    pairs = zip(said, [*said[1:], ""], strict=True)
    return "".join(f"{x}." if x.isdigit() and y.isdigit() else x for x, y in pairs)


@lru_cache(maxsize=8)
def _spacings(
    products: frozenset[str],
) -> tuple[Mapping[str, str], int, frozenset[tuple[str, ...]]]:
    """The product by each of its names written as one word, where only one is written so; how many runs the longest has;
    and the names as they are known. A name that begins with a figure, as "12 V", or is one word all of letters, is none
    that may be written otherwise; but "Linux CNC" is LinuxCNC."""
    shared = shared_words(sorted(products))
    forms = {name: forms_of(name, shared) for name in sorted(products) if name_words(name)}
    taken = frozenset(form for each in forms.values() for form in each)
    meant: dict[str, set[str]] = {}
    longest = 1
    for product, each in forms.items():
        for form in [*each, *_shortened(each, taken)]:
            runs = [run for word in form for run in _RUN.findall(word)]
            if len(runs) == 1 and not re.search(r"[^\W\d_A-Z][A-Z]", product):
                continue
            if runs[0][0].isalpha():
                meant.setdefault(_key(runs), set()).add(product)
                longest = max(longest, 2 * len(runs))
    single = {key: next(iter(named)) for key, named in meant.items() if len(named) == 1}
    return single, longest, taken


def _form(name: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s-]+", name.strip(" -"))) if name.strip(" -") else ()


def in_family(product: str, others: Collection[str]) -> str:
    """The first of the other products that shares a word with a product, "" where none does or the product is among them."""
    own = {*name_words(product)}
    return (
        "" if product in others else next((one for one in others if own & {*name_words(one)}), "")
    )


def without_words_of(question: str, product: str) -> str:
    """The question without any word of its product's name: of "the wall holder" its manual speaks throughout, and the row that
    gives its weight does not. Unchanged where no word that carries meaning would be left."""
    names = set(name_words(product))
    rest = " ".join(part for part in question.split() if not names.intersection(name_words(part)))
    return rest if content_words(rest) else question


def with_article(product: str) -> str:
    """A product's name as a sentence has it: "the Galaxy A01", but "Debian", a single word without a figure."""
    alone = " " not in product and not any(map(str.isdigit, product))
    return product if alone else f"the {product}"


def without_product(question: str, product: str) -> str:
    """The question without its product's name and the little words that led to it.

    The name counts in full or by a part with a number in it ("X200", "Aurora X200"); "printer" alone stays. When
    nothing else would be left, the question stays as it is.
    """
    names = set(name_words(product))
    kept: list[str] = []
    run: list[str] = []
    for part in [*question.split(), ""]:
        here = set(name_words(part))
        if part and here and here <= names:
            run.append(part)
            continue
        said = {word for piece in run for word in name_words(piece)}
        if run and (said == names or any(any(map(str.isdigit, word)) for word in said)):
            while kept and kept[-1].lower() in _LEADING:
                kept.pop()
            if kept and run[-1][-1] in "?!.":
                kept[-1] += run[-1][-1]
        else:
            kept += run
        run = []
        kept += [part] if part else []
    rest = " ".join(kept).strip(" ,:")
    return rest if name_words(rest) else question


def shared_words(products: Sequence[str]) -> frozenset[str]:
    """Words in the names of two products or more: brand and family names."""
    seen: dict[str, int] = {}
    for product in products:
        for word in set(name_words(product)):
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, count in seen.items() if count > 1)


def _by_last_word(
    question: str, products: Iterable[str], shared: frozenset[str]
) -> tuple[str, ...]:
    """The product of which only the last word is said, after "the" or a word of its family or before a colon, and no other
    noun behind it: the "edge panel" and "does the case fit" name none."""
    found = []
    for product in products:
        *family, last = name_words(product)
        plain = last.isalpha() and len(last) > 2 and last not in shared
        kin = all(word.isalpha() and (word in shared or len(word) < 3) for word in family)
        if plain and family and kin:
            before = "|".join([_BEFORE, *map(re.escape, family)])  # "the fold", "the Galaxy Fold"
            used = rf"\b(?:{before})\s+{last}(?=\s*(?:$|[?!.,;:)])|\s+(?:{FOLLOWING})\b)"
            if re.search(rf"{used}|^\s*{last}\s*[:–-]", question, re.IGNORECASE):
                found.append(product)
    return tuple(found)


def _shortened(
    forms: Sequence[tuple[str, ...]], taken: Collection[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The forms of a product without the connection at its end ("S20+" for "Galaxy S20+ 5G"), where no other product is
    called so. Any other word tells products apart: the "Pad 10" is not the "Pad 10+"."""
    short = [form[:-1] for form in forms if len(form) > 1 and form[-1] in CONNECTIONS]
    return [
        form
        for form in short
        if form not in taken and any(char.isdigit() for word in form for char in word)
    ]


def forms_of(product: str, shared: frozenset[str]) -> list[tuple[str, ...]]:
    """What a product may be called, as words: by its whole name, by the end of it, or by a code that only it has."""
    whole = name_words(product)
    forms = [whole]
    for first in range(1, min(len(whole), 3)):
        short = whole[first:]
        # A short form needs a number beside letters, or a word of its own beside another; "edge" or "10" alone do not do.
        numbered = len(short) > 1 or any(map(str.isalpha, short[0]))
        numbered = numbered and any(char.isdigit() for word in short for char in word)
        if numbered or (len(short) > 1 and any(word not in shared for word in short)):
            forms.append(short)
    codes = [
        word
        for word in whole
        if word not in shared and any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    ]
    return forms + [(code,) for code in codes]


@lru_cache(maxsize=8)
def words_of_names(products: frozenset[str]) -> frozenset[str]:
    """The words of the names of products."""
    return frozenset(word for product in products for word in words(product))
