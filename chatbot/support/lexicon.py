"""The words behind the comparison: which mean the same, which may be missing, which change the truth. Data only.

The classes of words and the idea of hard and soft words were worked out on the manuals of the development set; see
``tests/bench/citations``. A class must hold words that manuals use for the same act: "tap" and "press" are two.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from knowledge.text import stemmer

CLASSES = """press|push|depress;tap|touch|tap on;choose|select|pick;turn off|switch off|power off|deactivate|disable|shut off|shut down|power down;
turn on|switch on|power on|activate|enable|power up;show|display;view|see|look at;remove|take out|detach;insert|put in;attach|fasten;
begin|start|commence;stop|halt|prevent|cease;end|finish|complete|conclude;delete|erase;change|modify|alter|edit|revise;adjust|tune;
set up|configure|install|setup;allow|permit|let|authorize;need|require|necessary;use|utilize|employ|make use of|take advantage of;make|create;
make sure|ensure|verify that|be sure|make certain;check|inspect|examine;keep|retain|preserve|maintain;get|obtain|receive|pick up|acquire;
send|transmit;connect|link|hook up|plug in;disconnect|unplug;fix|repair|mend;replace|exchange|substitute;open|launch;close|shut;move|shift;drag|pull;
enter|type|key in|kind;save|store;find|locate;look for|search for|seek;restart|reboot;rotate|turn|spin|revolve;lift|raise|increase|boost;
lower|bring down|reduce|decrease;wait|hold on;charge|recharge;clean|wipe;avoid|keep from;contact|get in touch with|reach out to;visit|go to;
download|fetch;update|upgrade;customize|personalize|customise|tailor;add|append;hide|conceal;swipe|slide;release|let go of;
include|contain|comprise|consist of;provide|supply|give|offer|assign|deliver;occur|happen|take place;help|assist|aid|support;describe|explain;
execute|run;define|declare;generate|produce;combine|merge|unite;separate|split|divide;listen to|hear;read|peruse;print|output;damage|harm|hurt;
usual|normal|typical;quick|rapid|fast;automatically|by itself|on its own;example|instance;new|newest|latest|recent;inside|within|in;several|multiple;
big|large;rarely|seldom;whole|entire;notify|inform|alert|tell;permanently|for good;wish|want;begin with|start with;appear|come up|pop up;
phone|smartphone;picture|photo|image|photograph;folder|directory;exceed|greater than|more than|higher than|larger than;design|intend;
situation|case|circumstance;area|place|spot|region;additional|extra|further;people|persons;completely|entirely|fully|totally;
initially|at first|originally;exactly|precisely;immediately|at once|right away|instantly|straight away;approximately|roughly;often|frequently;
incorrect|wrong;issue|problem|trouble|difficulty;amount|quantity;size|dimension;all|every|each;physician|doctor;desired|preferred;
obey|follow|comply with|adhere to;attempt|try;correct|proper;hence|therefore|thus;carefully|with care|cautiously;separately|individually;remain|stay;
discard|throw away|dispose of|get rid of;return|go back|come back;fail|malfunction;expert|specialist;identical|equal;nearby|close by;obtain|acquire;
confirm|verify;middle|center|centre;differ|vary;request|ask for;operate|work;arrange|organize|organise;buy|purchase;small|little|tiny;
easy|straightforward;difficult|tricky;important|essential|crucial|vital;improve|enhance;carry out|perform;many|numerous|lots of;nearly|almost;
similar|alike;log in|login|sign in|sign on;log out|logout|sign out|log off;app|application;website|web site;option|choice;
feature|functionality|capability;hold|hold down;danger|hazard;speak|talk;recommend|advise|suggest;depend|rely;
cause|lead to|result in|bring about|give rise to;affect|influence|impact;calculate|compute|work out;copy|duplicate;skip|omit|leave out;
ignore|disregard;cancel|abort;refresh|reload;enlarge|expand|magnify;obvious|evident|apparent;loud|noisy;available|accessible;
main|primary|principal|chief;basic|fundamental|elementary;particular|specific;suitable|appropriate;enough|sufficient|adequate;
simultaneously|concurrently;always|at all times|constantly;sometimes|occasionally|now and then;especially|notably;
currently|at present|at the moment|presently|right now;finally|lastly;because of|due to|owing to|thanks to;instead of|rather than|in place of;
next to|beside|adjacent to;below|beneath|underneath;among|amongst;child|children|kid;tv|television;task|job;goal|aim|purpose|objective;result|outcome;
error|mistake;guide|handbook;liquid|fluid;price|cost;protect|safeguard|guard;remember|keep in mind|bear in mind;understand|comprehend;
speed up|accelerate;slow down|decelerate;backup|back up;carry|transport;manage|administer;register|enroll|sign up;accept|agree to;
refuse|reject|decline;limit|restrict;forbid|prohibit|ban;answer|reply|respond;mean|denote|signify|stand for|represent;resemble|look like;
boot|boot up|start up;quit|exit;name|title;previously|formerly;take|capture;desktop|desk top;warn|caution;specify|indicate"""

PLAIN = str.maketrans({"’": "'", "‘": "'", "−": "-", "–": "-", "—": "-", "“": '"', "”": '"'})
HYPHENATED = re.compile("\u00ad\\s*")  # an invisible hyphen at a line's end, with the break behind it
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
UNIT_WORD = re.compile(rf"(?<![\w.-])(\d+(?:[.,]\d+)?)[ -]{{1,2}}(?:{'|'.join(f'({words})' for _, words in UNIT_WORDS)})\b")
UNIT = re.compile(
    r"(?<![\w.-])(\d+(?:[.,]\d+)?)[ -]{0,2}([mkuµ]?[AVW]|mAh|Nm|[mcku]?m|[mkuµn]?s|min|h|k?g|[kMGT]i?[Bb]|[kMG]?Hz|°[CF]|[CF]|°|dB|mbps|[kM]b/s"
    r"|m?bar|psi|rpm|dpi|[hkM]?Pa|m?l|[km]?Ω|mm/s|m/s|km/h)(?!\w)"
)


def unit(match: re.Match[str]) -> str:
    """A number and the word of its unit, as a number and the sign of it."""
    symbol = next(sign for sign, word in zip((sign for sign, _ in UNIT_WORDS), match.groups()[1:], strict=True) if word)
    return f"{match[1]} {symbol}"


ON_STATE = "onstate"  # "on" as a state ("is on"), not as a preposition
ON_ALONE = re.compile(r"(?<!\w)on(?=\s*(?:[.,;:()]|$|or\b|and\b|off\b))")
RANGE = re.compile(r"(?<=\d)-(?=\d+\b)")  # "5-10 s" as "5 to 10 s"
GLUED = re.compile(r"(?<=[a-z)])\.(?=[A-Z][a-z])")  # PDFs lose blanks
# What a text must have for a rewriting to apply, which is quickly seen; the pattern; and what stands in its place.
REWRITES = tuple(
    (tuple(hints.split("|")), re.compile(pattern), new)
    for hints, pattern, new in (
        ("can", r"\b(can)(?:not|'t| not)\b", r"\1 not"),
        ("won't", r"won't", "will not"),
        ("n't", r"n't\b", " not"),
        ("'", r"'(re|ve|ll|m|d)\b", " "),
        ("'", r"'s\b|'(?!\w)", " "),
        ("find|locate", r"\byou\s+(?:can |will |may )?(?:find|locate)\b(?! out\b)", ""),  # "you find it at the back": it is there
        ("allow|enable|let|help", r"\b(?:allow|enable|let|help)s? (?:you|users?|the user)\b(?: to\b)?", " "),  # they say no more than a colon
        (", use ", r"(?<=, )use (?![\w ]*\bonly\b)(?=[\w ]+\.?$)", ""),  # "To do Y, use X" is "X: do Y"
        ("no longer", r"\bno longer\b", "not"),
        ("more|afterward", r"\bany ?more\b|\b(?:and )?afterwards?\b", "then"),
        (" time", r"\b(?:each|every) time\b", "if"),
        ("prior to", r"\bprior to\b", "before"),
        ("apart|other than|exclud|except|aside", r"\b(?:apart from|other than|excluding|except(?:ing)? for|aside from)\b", "except"),
        ("as soon|whenever|once|in case|long as|provid", r"\b(?:as soon as|whenever|once|in case|as long as|so long as|provided that|providing)\b", "if"),
        ("order to|so as", r"\bin order to\b|\bso as to\b", "to"),
        ("e.g|for example|for instance", r"\be\.g\.|\bfor example\b|\bfor instance\b", ""),
        ("turn|switch|power|shut", r"\b(turn|switch|power|shut)(s|ed|ing)? ((?:[\w-]+ ){1,4}?)(on|off)\b", r"\1 \4 \3"),
        ("need|has to|have to", r"\b(?:need|needs|have|has) to\b", "must"),
        ("at least", r"\bat least\b", "minimum"),
        ("at most", r"\bat most\b", "maximum"),
        ("and so ", r"\band so (?:on|forth)\b", "etc"),
        ("%", r"(\d)\s*%", r"\1 percent"),
        ("-", r"(\d)-(?=[a-z]{2})", r"\1 "),
    )
)
STOP = frozenset(
    """a an the this that these those it its they them their your you we i our my us one's do does did doing will would shall have has had also please simply just then there here which who whom as so very quite
    rather such like own either to-be any some already still now thus therefore additionally moreover furthermore however user's
    e.g i.e etc same s""".split()
)
BE = frozenset("is are was were be been being am".split())
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
UNCHANGED = frozenset("cut hit let put read run set shut split spread".split())  # participles like the verb itself
_VERB = {form: verb for verb, forms in IRREGULAR.items() for form in forms.split()}
LABELS = frozenset("note tip caution warning".split())  # before a sentence
MODALS = {"can": 0, "could": 0, "may": 0, "might": 0, "must": 1, "should": 2}
SOFT = frozenset("of to in on at for from with by into onto over via through between about within inside than under upon per out".split())
HARD = {
    "not": "NOT", "no": "NOT", "never": "NOT", "none": "NOT", "neither": "NOT", "nor": "NOT", "only": "ONLY", "unless": "UNLESS",
    "except": "EXCEPT", "without": "WITHOUT", "if": "IF", "when": "IF", "while": "IF", "during": "IF", "until": "UNTIL", "till": "UNTIL",
    "before": "BEFORE", "after": "AFTER", "off": "OFF", "where": "IF",
}  # fmt: skip
CONDITIONS = frozenset({"IF", "UNLESS", "EXCEPT", "UNTIL", "BEFORE", "AFTER", "ONLY"})
TELLING = frozenset(  # adjectives that say which one is meant: "the left lever" is not "the lever"
    """red green blue yellow white black orange grey gray purple brown amber left right upper lower front rear top bottom
    first second third last internal external inner outer horizontal vertical minimum maximum""".split()
)
LISTING = frozenset({"and", "or", "but", "then", "because", "since", "so", "and/or"})


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Porter2 stem of a lower-case word."""
    return stemmer("english").stemWord(word)


@cache
def classes() -> dict[str, str]:
    """The class of each stem, or of each phrase: "S" and the class's first word. A word in two classes joins them."""
    found: dict[str, str] = {}
    for group in CLASSES.replace("\n", "").split(";"):
        members = group.split("|")
        keys = [member if " " in member else stem(member) for member in members]
        joined = {found[key] for key in keys if key in found}
        name = "S" + members[0].replace(" ", "")
        for key in [key for key, held in found.items() if held in joined] + keys:
            found[key] = name
    return found


_PHRASES = sorted({word for group in CLASSES.replace("\n", "").split(";") for word in group.split("|") if " " in word}, key=len, reverse=True)
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
    stemmed = _named().get(word) or stem(_VERB.get(word, word))
    return classes().get(stemmed, stemmed)


def participle(word: str) -> bool:
    """Can a word be what is done, in "it is done"?"""
    return (word.endswith("ed") and len(word) > 3) or word in _VERB or word in UNCHANGED or word.endswith(_IN_PLACE)


@cache
def harmless() -> frozenset[str]:
    """Norms that a claim may have beyond the passage."""
    return frozenset(map(norm, "use go want wish way able possible feel mean whether already existing certain various visit".split()))
