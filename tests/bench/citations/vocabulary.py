"""Word lists and patterns that claims are made with. Knows no manual and no claim; what is a noun is counted elsewhere."""

from __future__ import annotations

import re

_ACTIONS = """press|push|depress; tap|touch; choose|select|pick; turn off|switch off|power off; turn on|switch on|power on
activate|enable; deactivate|disable; show|display; view|see; remove|take out|detach; insert|put in; attach|fasten
begin|start; stop|halt; end|finish; delete|erase; change|modify|alter; adjust|tune; set up|configure; allow|permit|let
need|require; use|utilize|employ; make|create; make sure|ensure|verify that; check|inspect; keep|retain; get|obtain
send|transmit; receive|pick up; connect|link|hook up; disconnect|unplug; fix|repair; replace|exchange; install|set up
open|launch; close|shut; move|shift; drag|pull; enter|type|key in; save|store; find|locate; look for|search for
restart|reboot; rotate|turn; lift|raise; lower|bring down; wait|hold on; charge|recharge; clean|wipe; avoid|keep from
prevent|stop; visit|go to; download|fetch; update|upgrade; customize|personalize; edit|revise; add|append; hide|conceal
swipe|slide; release|let go of; include|contain; provide|supply|give; occur|happen; help|assist; describe|explain
execute|run; specify|indicate; define|declare; generate|produce; modify|edit; combine|merge; separate|split
reduce|decrease; increase|raise; listen to|hear; read|peruse"""
_OTHERS = """print|output; damage|harm; may|might; usually|normally; also|additionally; before|prior to
in order to|to; example|instance; quickly|rapidly; automatically|by itself"""


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.strip().split("|")) for group in re.split(r"[;\n]", text))


# Words that may stand for each other. Only the first list says what may open an instruction.
SYNONYMS = _groups(_ACTIONS) + _groups(_OTHERS)
VERBS = frozenset(words.split()[0] for group in _groups(_ACTIONS) for words in group) | frozenset(
    """hold follow confirm manage control scroll share sync record play set take see note click copy mount load unload touch
    call switch turn jog home edit""".split()
)
FUNCTION_WORDS = frozenset(
    """the a an and or but if when while before after once unless until because so that which who this these those it its is
    are was were be been being to of in on at by for from with without into onto over under as than then not no can may must
    should will would could might has have had do does did you your they their them he she we our i there here also only all
    any some each more most other such both between about up down off out very just per via using use used etc e.g i.e how
    what where when why""".split()
)
# What counting took for a noun, or for a name, although it is none: claims made with it were junk.
NOT_NOUNS = (
    FUNCTION_WORDS
    | VERBS
    | frozenset(word for group in SYNONYMS for words in group for word in words.split())
    | frozenset(
        "following way same other first last new one lot number kind type time thing".split()
    )
    | frozenset("needs happens inside like unlike own plus minus also shut".split())
)
NOT_NAMES = FUNCTION_WORDS | frozenset("my now own note please".split())
NOT_DROPPED = frozenset(
    "only apply supply reply family rely early directly assembly monthly daily nearly hardly".split()
)

NUMBER_WORDS = tuple(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty""".split()
)
CONTRACTIONS = (
    ("do not", "don't"), ("does not", "doesn't"), ("cannot", "can't"), ("is not", "isn't"), ("are not", "aren't"),
    ("will not", "won't"), ("should not", "shouldn't"), ("must not", "mustn't"), ("it is", "it's"), ("you are", "you're"),
    ("you have", "you've"), ("that is", "that's"), ("you will", "you'll"), ("has not", "hasn't"), ("have not", "haven't"),
    ("did not", "didn't"), ("was not", "wasn't"),
)  # fmt: skip
# A pattern and what it becomes when the sense of a sentence is turned round.
OPPOSITES = (
    (r"\bon\b", "off"), (r"\boff\b", "on"), (r"\bbefore\b", "after"), (r"\bafter\b", "before"), (r"\bunless\b", "if"),
    (r"\b[Ii]f\b", "unless"), (r"\bexcept\b", "including"), (r"\bonly ", ""),
    (r"\b(is|are|can|will|should|must|may) (?!not)", r"\1 not "), (r"\b(can|will|should|must|is|are|do|does) ?not ", r"\1 "),
    (r"\bnot ", ""), (r"\bwith\b", "without"), (r"\bwithout\b", "with"), (r"\benable", "disable"), (r"\bdisable", "enable"),
    (r"\balways\b", "never"), (r"\bnever\b", "always"), (r"\babove\b", "below"), (r"\bbelow\b", "above"),
    (r"\bmore\b", "less"), (r"\bless\b", "more"), (r"\block", "unlock"), (r"\bunlock", "lock"), (r"\bup\b", "down"),
    (r"\bdown\b", "up"), (r"\b(tap|press|select|use|used|available|works?|supported|when|if) ", r"only \1 "),
    (r"\buntil\b", "after"), (r"\b[Ww]hen\b", "unless"), (r"\bincrease", "decrease"), (r"\bopen\b", "close"),
    (r"\bleft\b", "right"), (r"\bright\b", "left"), (r"\b[Aa]ll\b", "no"), (r"\bminimum\b", "maximum"),
    (r"\bmaximum\b", "minimum"),
)  # fmt: skip
UNITS = (
    ("mm", "cm"), ("seconds", "minutes"), ("minutes", "hours"), ("hours", "days"), ("days", "weeks"), ("GB", "MB"),
    ("MB", "GB"), ("GHz", "MHz"), ("inch", "mm"), ("inches", "mm"), ("bit", "byte"), ("bits", "bytes"), ("bytes", "bits"),
    ("%", " degrees"), ("ms", "s"), ("kHz", "MHz"), ("MHz", "kHz"), ("m", "km"), ("ft", "m"), ("W", "kW"), ("mA", "A"),
    ("V", "mV"), ("second", "minute"), ("feet", "inches"), ("hour", "minute"), ("day", "hour"), ("MB/s", "kB/s"),
    ("Hz", "kHz"), ("MiB", "GiB"), ("KiB", "MiB"), ("cm", "mm"), ("times", "percent"), ("degrees", "radians"),
)  # fmt: skip

NUMBER = re.compile(r"(?<![\w.\-/=])\d+(?:[.,]\d+)?(?![\w/=]|\.\d|-\d)")
CODE = re.compile(
    r"(?<![\w/])(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[A-Za-z0-9][\w\-]*[A-Za-z0-9](?![\w/])"
)
NAME = re.compile(r"(?<=[a-z,>] )[A-Z][\w-]+(?: [A-Z][\w-]+)*\b")
# What stands between two items of one list: exchanging these says the same.
LISTED = re.compile(
    r"[\s,/()]*(?:(?:and|or|the|a|an|your|both|to)[\s,/]*)*(?:[\w-]+[\s]*,\s*)*(?:(?:and|or|the|a|an|your)\s+)*[\s,/]*"
)
