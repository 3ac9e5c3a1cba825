"""What was typed, before anything is searched: small talk is answered as such. Pure.

Every part of a message has to be small talk; "Thanks, but it still does not print" is a question.
"""

from __future__ import annotations

import re
from typing import Literal

SmallTalk = Literal[
    "unhelpful",
    "thanks",
    "human",
    "who",
    "what",
    "how are you",
    "greeting",
    "goodbye",
    "fine",
    "yes or no",
]

_WHO = r"(?:there|all|everyone|everybody|team|tandem|again|mate|friend|sir|madam)"
_PERSON = r"(?:a |an |the |some |your )?(?:real |human |live |actual )*(?:human|human being|person|agent|operator|someone|somebody|supervisor|manager|colleague|representative)(?: please)?"
_THAT = r"(?:that|this|it|your answer|the answer)"
_SO = r"(?:so |really |very )*"
_WELL = (
    r"(?:great|good|perfect|excellent|awesome|brilliant|nice|cool|lovely|super|wonderful|fantastic)"
)
_NOW = r"(?: (?:now|again|perfectly|fine|well|great|a lot|me|us|the customer))*"
# The parts of a message by kind; the first kind of this order that a message holds decides what is said.
_KINDS: tuple[tuple[SmallTalk, str], ...] = (
    (
        "unhelpful",
        rf"(?:{_THAT}(?: (?:is|was|does|did|has)|'s)? |is )?(?:still )?(?:just |simply |completely |totally )?(?:wrong|incorrect|false|nonsense|rubbish|useless|not (?:right|correct|true|helpful|it|what i (?:asked|meant|wanted|need)(?: for)?))"
        rf"|(?:{_THAT} )?(?:still )?(?:(?:does|did|has)(?:n't| not|nt)) (?:work|help|worked|helped|solve it|fix it|answer (?:it|my question))(?: (?:either|at all|for (?:me|us|him|her|them)))?"
        rf"|you(?: a|')re {_SO}(?:useless|wrong|stupid|no help(?: at all)?|not (?:much |a lot of )?(?:help|helpful|helping)(?: (?:me|us|at all))?|(?:getting|becoming) (?:annoying|on my nerves)|annoying|hopeless|driving (?:me|us) (?:mad|crazy|nuts|insane|up the wall))"
        r"|(?:wrong|bad|useless|stupid|silly) (?:answer|bot|robot|machine|thing)|(?:no|not any|not much) help(?: at all)?|you (?:do not|don't|can't|cannot) (?:help|understand)(?: (?:me|us|anything|a thing|at all))*",
    ),
    (
        "thanks",
        rf"(?:many |ok |okay )?(?:thanks?|thx|ty|cheers|thank (?:you|u))(?: (?:you|a lot|a million|{_SO}much|again|anyway|for (?:your|the|all) (?:help|answer|support|time)|{_WHO}))*"
        r"|(?:danke|vielen dank|besten dank|merci|gracias|muchas gracias|grazie|obrigad[oa]|muito obrigad[oa]|bedankt|dank je|dankjewel|dank u)"
        r"(?: (?:schön|sehr|beaucoup|bien|mille|wel))*"
        r"|much appreciated|i appreciate (?:it|that|your help)|you(?: a|')re (?:the best|a star|a lifesaver|a legend|a genius)"
        rf"|you(?: a|')re {_SO}(?:{_WELL}|amazing|kind|helpful|fast|smart|clever)",
    ),
    (
        "human",
        rf"(?:(?:can|could|may) (?:i|we)|(?:i|we)(?:(?: would|'d) like| want| need| wish)(?: to)?|let me|please let me|how (?:can|do) (?:i|we)) (?:please )?(?:talk|speak|chat|write) (?:to|with) {_PERSON}"
        rf"|(?:i|we) (?:want|need) {_PERSON}|(?:connect|transfer|put) me (?:through )?(?:to|with) {_PERSON}",
    ),
    (
        "who",
        r"(?:are|r) (?:you|u) (?:a |an )?(?:real |actual )?(?:robot|bot|chatbot|machine|program|computer|human|human being|person|ai|real|alive)"
        r"(?: or (?:a |an )?(?:real |actual )?(?:robot|bot|machine|human|person))?|wer bist du|bist du ein (?:roboter|mensch|bot)|qui (?:es tu|êtes vous)|(?:quién|quien) eres|chi sei|quem (?:é|es) (?:você|tu)|wie ben je"
        r"|(?:and )?who (?:am i|are we|do i have the pleasure of) (?:talking|speaking|chatting|writing)(?: (?:to|with))?(?: here)?|(?:to )?whom am i (?:talking|speaking|writing)(?: (?:to|with))?|who is (?:this|there)|who are you|who (?:made|built|created|developed|wrote|programmed|runs) (?:you|u|this|tandem)|what are you|what(?: i|')s your name"
        r"|am i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:real |actual )?(?:robot|bot|machine|human|person)",
    ),
    (
        "what",
        r"what (?:can|do|could) (?:you|u) (?:do|know|help (?:me |us )?with|answer)(?: for (?:me|us))?|how do(?:es)? (?:this|it|you) work|help(?: me)?(?: please)?"
        r"|what (?:can|may|could|should) (?:i|we) ask(?: (?:you|u|here|tandem))?|what (?:(?:sort|kind|type)s? of )?(?:things|questions|topics) (?:can|could|do) (?:you|u) (?:help (?:me |us )?with|answer|know(?: about)?)"
        r"|(?:can|could) you help(?: me| us)?(?: please)?|i need (?:some )?help|i have a question|what is this|what is tandem",
    ),
    (
        "how are you",
        r"how are (?:you|u|things)(?: (?:doing|today|going))*|how(?: i|')s it going|how do you do|what(?: i|')s up|are you ok(?:ay)?",
    ),
    (
        "greeting",
        rf"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|morning|evening)(?: {_WHO})*"
        r"|hallo|moin|servus|guten (?:tag|morgen|abend)|bonjour|bonsoir|salut|coucou|hola|buenos (?:días|dias)|buenas(?: (?:tardes|noches))?|ciao|salve|buongiorno"
        r"|buonasera|olá|ola|oi|bom dia|boa (?:tarde|noite)|hoi|goede(?:morgen|middag|navond|ndag)"
        r"|(?:are you|anyone|anybody|is (?:anyone|anybody|someone)) there|test(?:ing)?|nice to meet you|team|tandem|everyone|everybody",
    ),
    (
        "goodbye",
        rf"(?:good)?bye(?: bye)?(?: {_WHO})*|see (?:you|ya)(?: (?:later|soon|tomorrow))?|have a (?:nice|good|great) (?:day|evening|weekend|one)|tschüss|tschüß|auf wiedersehen|au revoir|adiós|adios|arrivederci|tchau|tot ziens|that(?: i|')s all(?: for (?:now|today))?",
    ),
    (
        "fine",
        rf"ok(?:ay)?|k|alright|all right|fine|got it|i see|understood|{_SO}{_WELL}(?: (?:job|work|stuff|answer|news))?|well done|never ?mind|no problem"
        rf"|(?:that|it|this|everything)(?: has|(?: i|')s)? (?:(?:just |finally )?(?:worked|works|working|helped|helps|did it|did the trick|solved(?: it)?|fixed(?: it)?|done)|{_SO}(?:{_WELL}|helpful)){_NOW}"
        rf"|(?:problem|issue) (?:is )?(?:solved|fixed)|(?:i am|i'm|we are|we're) (?:good|fine|all set){_NOW}|(?:lol|haha+|wow|oh|hmm+|ah)",
    ),
    ("yes or no", r"yes|yep|yeah|yup|no|nope|nah|maybe|sure|of course|correct|exactly|not really"),
)
_PARTS = re.compile(r"[,.!?;:\n…–—]+|\s-+\s|[^\w\s']+")
_JOINED = re.compile(r"^(?:and|but|so|oh|well|then|please)\s+|\s+(?:please|then)$")
# What a message may begin with before its question, and the kinds of it; "No, the S10" says more
_BEGINS = re.compile(r"\s*(?P<talk>[^,.!?;:\n]{1,40})[,.!;\n]+\s*")
_BEFORE: tuple[SmallTalk, ...] = ("thanks", "fine", "greeting", "how are you")
LONGEST = 160  # characters of a message that is only small talk


def small_talk(text: str) -> SmallTalk | None:
    """Return what kind of small talk a message is, None when any part of it is something else."""
    if len(text) > LONGEST:
        return None
    if text.strip() and not any(map(str.isalnum, text)):  # "?", "👍"
        return "yes or no" if "?" in text else "fine"
    folded = " ".join(text.casefold().replace("’", "'").split())
    parts = [_JOINED.sub("", part.strip()) for part in _PARTS.split(folded) if part.strip(" '")]
    kinds = [_kind(part) for part in parts if part != "please"]
    if not kinds or None in kinds:
        return None
    return next(kind for kind, _ in _KINDS if kind in kinds)


def _kind(part: str) -> SmallTalk | None:
    """The kind of one part; "hi thanks" and "ok great" are two that no comma keeps apart."""
    for kind, pattern in _KINDS:
        if re.fullmatch(pattern, part):
            return kind
    words = part.split()
    for at in range(1, len(words)):
        first, rest = _whole(" ".join(words[:at])), _whole(" ".join(words[at:]))
        if first and rest:
            return next(kind for kind, _ in _KINDS if kind in (first, rest))
    return None


def _whole(part: str) -> SmallTalk | None:
    plain = _JOINED.sub("", part)
    return next((kind for kind, pattern in _KINDS if re.fullmatch(pattern, plain)), None)


def without_small_talk(text: str) -> str:
    """Return a message without the thanks and greetings that it begins with ("Thanks! And how do I …?"); all of it where
    nothing but these would be left."""
    rest = text
    while (piece := _BEGINS.match(rest)) and small_talk(piece["talk"]) in _BEFORE:
        rest = rest[piece.end() :]
    return rest if len(rest.split()) > 1 else text
