"""The words behind the comparison: which mean the same, which may be missing, which change the truth. Data only.

The classes of words and the idea of hard and soft words were worked out on the manuals of the development set; see
``tests/bench/citations``. A class must hold words that manuals use for the same act: "tap" and "press" are two. Nor may
another word have the stem of a member: "generator" has that of "generate".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from knowledge.text import stemmer

CLASSES = """press|push|depress;choose|select|pick;turn off|switch off|power off|shut off;deactivate|disable;turn on|switch on|power on;
remove|take out;insert|put in;fasten|attach;begin|start|commence;delete|erase;change|modify|alter;allow|permit|let;need|require;show|display;
use|utilize|utilise;make sure|ensure|be sure|make certain;check|inspect;send|transmit;disconnect|unplug;close|shut;look for|search for;
restart|reboot;reduce|decrease;hide|conceal;release|let go of;occur|happen|take place;
picture|photo|photograph;phone|smartphone;log in|login|sign in|sign on;log out|logout|sign out|log off;app|application;website|web site;
every|each;tv|television;center|centre;incorrect|wrong;big|large;due to|because of;next to|beside;beneath|underneath;
throw away|discard|dispose of;confirm|verify;buy|purchase;many|numerous;backup|back up;quit|exit;
recommend|advise;whole|entire;contact|get in touch with;enough|sufficient;quantity|amount;at once|immediately;
rarely|seldom;enter|type;latest|newest;obtain|get;several|multiple;exactly|precisely;
approximately|roughly;sometimes|occasionally;completely|entirely|fully|totally;currently|presently;carry out|perform;
on its own|by itself"""

PLAIN = str.maketrans({"’": "'", "‘": "'", "−": "-", "–": "-", "—": "-", "“": '"', "”": '"'})
HYPHENATED = re.compile(
    "\u00ad\\s*"
)  # an invisible hyphen at a line's end, with the break behind it
BROKEN = re.compile(r"\s{2,}|[^\S ]")  # a line's end, which may stand between a number and its unit
NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
}
NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBERS)})(?:-(?=[a-z])|\b)", re.I)
UNIT_WORDS = (  # as they are said, and as they are written
    ("s", "seconds?|secs?"), ("min", "minutes?|mins?"), ("h", "hours?|hrs?"), ("V", "volts?"), ("W", "watts?"), ("A", "amp(?:ere)?s?"),
    ("mm", "millimet(?:er|re)s?"), ("cm", "centimet(?:er|re)s?"), ("m", "met(?:er|re)s?"), ("kg", "kilo(?:gram)?s?"), ("g", "grams?"),
    ("Nm", "newton[ -]met(?:er|re)s?"), ("°C", "degrees? [Cc](?:elsius)?"), ("°F", "degrees? [Ff](?:ahrenheit)?"),
)  # fmt: skip
UNIT_WORD = re.compile(
    rf"(?<![\w.-])(\d+(?:[.,]\d+)?)[ -]{{1,2}}(?:{'|'.join(f'({words})' for _, words in UNIT_WORDS)})\b"
)
UNIT = re.compile(
    r"(?<![\w.-])(\d+(?:[.,]\d+)?)[ -]{0,2}([mkuµ]?[AVW]|mAh|Nm|[mcku]?m|[mkuµn]?s|min|h|k?g|[kMGT]i?[Bb]|[kMG]?Hz|°[CF]|[CF]|°|dB|mbps|[kM]b/s"
    r"|m?bar|psi|rpm|dpi|[hkM]?Pa|m?l|[km]?Ω|mm/s|m/s|km/h)(?!\w)"
)


def unit(match: re.Match[str]) -> str:
    """A number and the word of its unit, as a number and the sign of it."""
    symbol = next(
        sign
        for sign, word in zip((sign for sign, _ in UNIT_WORDS), match.groups()[1:], strict=True)
        if word
    )
    return f"{match[1]} {symbol}"


ON_STATE = "onstate"  # "on" as a state ("is on"), not as a preposition
ON_ALONE = re.compile(r"(?<!\w)on(?=\s*(?:[.,;:()]|$|or\b|and\b|off\b))")
RANGE = re.compile(r"(?<=\d)-(?=\d+\b)")  # "5-10 s" as "5 to 10 s"
GLUED = re.compile(r"(?<=[a-z)])\.(?=[A-Z][a-z])")  # PDFs lose blanks
PATH = "thenpath"  # stands for the ">" of a way through menus
# What a text must have for a rewriting to apply, which is quickly seen; the pattern; and what stands in its place.
REWRITES = tuple(
    (tuple(hints.split("|")), re.compile(pattern), new)
    for hints, pattern, new in (
        ("can", r"\b(can)(?:not|'t| not)\b", r"\1 not"),
        ("won't", r"won't", "will not"),
        ("n't", r"n't\b", " not"),
        ("'", r"'(re|ve|ll|m|d)\b", " "),
        ("'", r"'s\b|'(?!\w)", " "),
        ("if you", r"\bif you (?:want|wish|would like) to\b", "to"),
        ("no longer", r"\bno longer\b", "not"),
        ("more|afterward", r"\bany ?more\b|\b(?:and )?afterwards?\b", "then"),
        (" time", r"\b(?:each|every) time\b", "if"),
        ("prior to", r"\bprior to\b", "before"),
        (
            "apart|other than|exclud|except|aside",
            r"\b(?:apart from|other than|excluding|except(?:ing)? for|aside from)\b",
            "except",
        ),
        (
            "as soon|whenever|once|in case|long as|provid",
            r"\b(?:as soon as|whenever|once|in case|as long as|so long as|provided that|providing)\b",
            "if",
        ),
        ("order to|so as", r"\bin order to\b|\bso as to\b", "to"),
        ("e.g|for example|for instance", r"\be\.g\.|\bfor example\b|\bfor instance\b", ""),
        (
            "turn|switch|power|shut",
            r"\b(turn|switch|power|shut)(s|ed|ing)? ((?:(?!(?:on|off|and|or)\b)[\w-]+ ){1,4}?)(on|off)\b",
            r"\1 \4 \3",
        ),
        (
            "not ",
            r"\bnot (?:need|have) to\b",
            "not musthave",
        ),  # nobody must, which is not "must not"
        ("need|has to|have to", r"\b(?:need|needs|have|has) to\b", "must"),
        ("at least", r"\bat least\b", "minimum"),
        ("at most", r"\bat most\b", "maximum"),
        ("and so ", r"\band so (?:on|forth)\b", "etc"),
        ("%", r"(\d)\s*%", r"\1 percent"),
        (
            ">",
            r"(?<=[^\W\d_]{3}) > (?=[^\W\d_]{3})",
            f" {PATH} ",
        ),  # "Settings > Display" is a way through menus
        ("-", r"(\d)-(?=[a-z]{2})", r"\1 "),
        ("<|>|±|≤|≥", r"([<>±≤≥]) (?=-?\d)", r"\1"),  # a sign belongs to its number
    )
)
STOP = frozenset(  # words that say nothing by themselves: a claim may have more or fewer of them
    """a an the this that these those it its they them their your you we i our my us one's do does did doing have has had also please simply just then there here which who whom
    such now thus therefore additionally moreover furthermore however user's e.g i.e etc s""".split()
)
BE = frozenset("is are be been being am".split())  # "was" says something else
IRREGULAR = {  # past forms that do not end in -ed, of verbs that manuals use; the last of each is the participle
    "begin": "began begun", "bend": "bent", "bind": "bound", "break": "broke broken", "bring": "brought", "build": "built",
    "buy": "bought", "catch": "caught", "choose": "chose chosen", "come": "came", "do": "did done", "draw": "drew drawn",
    "drive": "drove driven", "fall": "fell fallen", "feed": "fed", "feel": "felt", "find": "found", "freeze": "froze frozen",
    "get": "got gotten", "give": "gave given", "go": "went gone", "grow": "grew grown", "hear": "heard", "hide": "hid hidden",
    "hold": "held", "keep": "kept", "know": "knew known", "lay": "laid", "lead": "led", "leave": "left", "lend": "lent",
    "light": "lit", "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "override": "overrode overridden",
    "pay": "paid", "rewrite": "rewrote rewritten", "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen",
    "sell": "sold", "send": "sent", "shake": "shook shaken", "show": "showed shown", "speak": "spoke spoken", "spend": "spent",
    "spin": "spun", "stand": "stood", "stick": "stuck", "sweep": "swept", "take": "took taken", "teach": "taught", "tell": "told",
    "think": "thought", "throw": "threw thrown", "understand": "understood", "undo": "undid undone", "wake": "woke woken",
    "wear": "wore worn", "win": "won", "withdraw": "withdrew withdrawn", "write": "wrote written",
}  # fmt: skip
UNCHANGED = frozenset(
    "cut hit let put read run set shut split spread".split()
)  # participles like the verb itself
_VERB = {form: verb for verb, forms in IRREGULAR.items() for form in forms.split()}
LABELS = frozenset("note tip caution warning".split())  # before a sentence
MODALS = {
    "can": "can",
    "could": "can",
    "may": "may",
    "might": "may",
    "must": "must",
    "should": "should",
    "will": "will",
    "would": "would",
    "shall": "will",
}
SOFT = frozenset(
    """of to in on at for from with by into onto over via through between about within inside than under upon per out up down above
    below around across along behind against toward towards among outside past like near as""".split()
)
SAME_SOFT = {"upon": "on", "onto": "on", "into": "in", "via": "through", "towards": "toward"}
HARD = {
    "not": "NOT", "no": "NOT", "never": "NOT", "none": "NOT", "neither": "NOT", "nor": "NOT", "only": "ONLY", "unless": "UNLESS",
    "except": "EXCEPT", "without": "WITHOUT", "if": "IF", "when": "IF", "while": "WHILE", "during": "DURING", "until": "UNTIL", "till": "UNTIL",
    "before": "BEFORE", "after": "AFTER", "off": "OFF", "where": "WHERE",
}  # fmt: skip
CONDITIONS = frozenset(
    {"IF", "WHILE", "DURING", "WHERE", "UNLESS", "EXCEPT", "UNTIL", "BEFORE", "AFTER", "ONLY"}
)
DROPPED = frozenset("carefully gently easily simply properly correctly conveniently".split())
DENYING = frozenset(
    "avoid refrain forbidden prohibited wrong myth mistake mistakes".split()
)  # what a list may stand under
IMPERATIVES = frozenset(  # what may open a step
    """add attach change charge check choose clean clear click close connect copy delete detach disconnect drag dry enter fasten
    find go hold insert install lift look lower make move open paste plug press pull push put read release remove rename replace
    restart rotate save scan scroll see select set slide start stop swipe switch tap tighten touch turn type unlock unplug wait wipe""".split()
)
LISTING = frozenset(
    {"and", "or", "but", "then", "because", "since", "so", "and/or", "&", "plus", PATH}
)

LINKS = {"but": "and", "&": "and", "plus": "and", "then": "then"}  # what joins as another word does


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Porter2 stem of a lower-case word."""
    return stemmer("english").stemWord(word)


def root(word: str) -> str:
    """A word without its ending; "hardly" keeps it, for it is not "hard"."""
    stemmed = stem(word)
    return word if word.endswith("ly") and not stemmed.endswith("i") else stemmed


@cache
def classes() -> dict[str, str]:
    """The class of each stem, or of each phrase: "S" and the class's first word.

    Raises ValueError for a stem in two classes: "end" and "entirely" would make one of two things.
    """
    found: dict[str, str] = {}
    for group in CLASSES.replace("\n", "").split(";"):
        members = group.split("|")
        for key in {member if " " in member else root(member) for member in members}:
            if key in found:
                raise ValueError(f"The stem {key!r} is in two classes of synonyms.")
            found[key] = "S" + members[0].replace(" ", "")
    return found


_PHRASES = sorted(
    {
        word
        for group in CLASSES.replace("\n", "").split(";")
        for word in group.split("|")
        if " " in word
    },
    key=len,
    reverse=True,
)
_INFLECTED = [re.sub(r"^(\w+)", r"\1(?:s|es|d|ed|ing)?", phrase) for phrase in _PHRASES]
PHRASES = re.compile(rf"\b({'|'.join(_INFLECTED)})\b")
_IN_PLACE = "zz"  # closes the name of a class that stands in a text in place of a phrase


def phrase(match: re.Match[str]) -> str:
    """A phrase found in a text, as one word that names its class."""
    first, rest = match[0].split(" ", 1)
    for known in _PHRASES:
        head, tail = known.split(" ", 1)
        if tail == rest and first.startswith(head[:3]):
            return f" {classes()[known].lower()}{_IN_PLACE} "
    return match[0]


@cache
def _named() -> dict[str, str]:
    return {name.lower() + _IN_PLACE: name for name in set(classes().values())}


@lru_cache(maxsize=100_000)
def norm(word: str) -> str:
    """What a content word is compared by: its class, or its stem."""
    stemmed = _named().get(word) or root(_VERB.get(word, word))
    return classes().get(stemmed, stemmed)


def participle(word: str) -> bool:
    """Can a word be what is done, in "it is done"?"""
    return (
        (word.endswith("ed") and len(word) > 3)
        or word in _VERB
        or word in UNCHANGED
        or word.endswith(_IN_PLACE)
    )


@cache
def steps() -> frozenset[str]:
    """Norms of the verbs that may open a step."""
    return frozenset(map(norm, IMPERATIVES)) | {
        name for key, name in classes().items() if key.split()[0] in IMPERATIVES
    }
