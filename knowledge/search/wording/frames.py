"""The frame of a question: greeting, thanks, for whom it is asked, "can you tell me how". What is left is what is looked up.

The words of a frame are no words of the matter, and no manual need have them. A frame stands before what is asked and holds
no other word that carries meaning: "My colleague asked me how to ...", "Quick question: ...", "Somebody wants to ...". Agents
ask for a customer what customers would ask for themselves: "How does the customer pair it?" is "How do I pair it?". Where a
manual is about customers ("How do I add a customer?", "the customer display") they stay. English, and the words of frames
in six other languages. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache

from knowledge.search.languages import AS_ENGLISH, ENGLISH, stop_words

# By language: the words of those who ask, of asking and of courtesy; and those that a question begins with behind them. None
# of the first that manuals have settings, parts or steps of ("call", "show", "phone").
_WORDS = {
    "en": (
        "hi hello hey hiya morning afternoon evening greetings dear team folks guys everyone everybody customer customers"
        " colleague colleagues friend friends boss neighbour neighbor mum mom dad mother father wife husband son daughter lady"
        " gentleman woman guy someone somebody anyone anybody ask asks asked asking say says said tell tells told know knows"
        " knew wonder wonders wondering forget forgot forgotten remember remind figure explain explained advise advice"
        " understand unsure idea ideas clue curious interested confused help helping need needs needed want wants wanted wish"
        " wishes try tries tried trying looking trouble struggle struggling struggles struggled difficulty difficulties complain"
        " complains complained reported claims claimed wrote behalf question questions silly stupid dumb urgent urgently asap"
        " important fyi please pls plz kindly thanks thank thx cheers sorry bother bothering disturb again heck hell damn"
        " checking recommended possible sure well ok okay u",
        "how what where when why which who whose whether if can could",
    ),
    "de": (
        "hallo hi hey moin servus guten tag morgen abend grüß grüezi liebes team kollegen kollege kollegin kunde kundin kunden"
        " anrufer anruferin nutzer jemand herr frau dame möchte will wollen wissen weiß fragt fragen frage fragte sagt sagen"
        " meldet berichtet beschwert klagt gerne bitte danke dank vielen kurze kurz schnelle dringend eilig hilfe helfen"
        " erklären zeigen nennen können könnte könnten könntet könnt würde würden weißt ahnung idee vergessen versucht versuche"
        " schwierigkeiten entschuldigung sorry nochmal anleitung handbuch laut brauche braucht suche sucht infos informationen",
        "wie was wo wann warum wieso weshalb welche welcher welches welchen wer womit wofür wozu ob",
    ),
    "fr": (
        "bonjour bonsoir salut coucou cher chère équipe collègue collègues ami client cliente clients appelant utilisateur"
        " monsieur madame veut voudrait souhaite aimerait savoir sais sait demande demandent dit signale question questions"
        " petite rapide urgent svp stp merci beaucoup avance besoin aide aider expliquer dire montrer peux pouvez pourriez"
        " pourrait idée oublié essaie essaye difficulté difficultés désolé désolée pardon excusez selon manuel notice cherche",
        "comment quoi où quand pourquoi quel quelle quels quelles qui combien si",
    ),
    "es": (
        "hola buenos buenas días tardes noches estimado equipo colega compañero amigo cliente clienta clientes usuario alguien"
        " señor señora quiere quisiera desea gustaría saber sabe sabes pregunta preguntan dice informa duda consulta rápida"
        " pequeña urgente favor gracias muchas antemano necesito necesita ayuda ayudar explicar decir decirme explicarme puede"
        " puedes podría podrías idea olvidé olvidado intenta dificultad dificultades perdón disculpe según manual busco",
        "cómo qué dónde cuándo cuál cuáles quién cuánto cuánta cuántos cuántas si",
    ),
    "it": (
        "ciao salve buongiorno buonasera gentile team collega amico cliente clienti utente qualcuno signore signora vuole"
        " vorrebbe vorrei desidera sapere sa sai chiede chiedono dice segnala domanda veloce piccola urgente favore grazie mille"
        " anticipo bisogno aiuto aiutare spiegare dirmi spiegarmi può puoi potrebbe potresti potete idea dimenticato cerca cerco"
        " difficoltà scusa scusate secondo manuale",
        "come cosa dove quando perché quale quali chi quanto quanta quanti quante se",
    ),
    "pt": (
        "olá oi bom boa dia tarde noite prezados equipe colega amigo cliente clientes usuário utilizador alguém senhor senhora"
        " quer queria gostaria deseja saber sabe pergunta perguntam diz informa dúvida rápida urgente favor obrigado obrigada"
        " preciso precisa ajuda ajudar explicar dizer pode poderia podem ideia esqueci tenta dificuldade desculpe segundo manual",
        "como onde quando porque qual quais quem quanto quanta quantos quantas se",
    ),
    "nl": (
        "hallo hoi dag goedemorgen goedemiddag goedenavond beste team collega vriend klant klanten gebruiker beller iemand"
        " meneer mevrouw wil willen zou graag weten weet vraagt vragen vraag zegt meldt klaagt korte snelle dringend alstublieft"
        " aub dank bedankt dankjewel hulp helpen uitleggen zeggen vertellen kunt kun kan kunnen idee vergeten probeert moeite"
        " sorry volgens handleiding zoek",
        "hoe wat waar wanneer waarom welke welk wie of",
    ),
}
# Beside the words of a frame, though none by themselves ("Client: …", "Manual mode: …" is what is asked about).
_BESIDE = frozenset(
    "client caller callers user people line steps point process procedure information info details manual manuals guide guidance"
    " documentation instruction instructions reports writes find last once right correct best proper easiest exactly quickly able"
    " one another new elderly older getting got way ways quick short simple small just also now check can't cannot couldn't"
    " don't doesn't didn't isn't i'm i've i'd we're we've we'd what's who's there's he's she's they're".split()
)
_WAYS = frozenset("way ways procedure process steps instructions".split())
_TOLD = frozenset(
    "info information instructions help guidance guide details documentation advice".split()
)
_TO = frozenset(
    "want wants wanted need needs needed like wish wishes try tries tried trying struggle struggles struggling looking forgot"
    " able possible have has".split()
)
_SAYS = frozenset(
    "says said asks asked complains complained claims claimed reports reported writes wrote told tells me us sure know".split()
)
_LOOKS = frozenset(
    "looking need needs find some any more have question questions trouble help".split()
)
_ON = frozenset("about on for regarding with".split())
_BREAKS = frozenset(":,!.–-;?")
_TOKEN = re.compile(r"[\w'’]+|[:,!.;?]|(?<=\s)[–-](?=\s)")
_ASIDE = re.compile(
    r"\b(?:on the (?:phone|line)|(?:ticket|case|incident|request)\s*(?:no\.?\s*|#\s*)?\d+)\b", re.I
)
_GIVE = re.compile(
    r"^\W*(?:(?:do|does|can|could|would|will)\s+(?:you|u|anyone|anybody|someone|somebody)\s+)?(?:(?:please|pls|kindly)\s+)?(?:happen\s+to\s+)?"
    r"(?:know|tell\s+me|tell\s+us|give\s+me|give\s+us|explain|list|enumerate)\s+(?=(?:the|a|an|my|any|some|all|every|each)\s)",
    re.I,
)
_KEEPS = re.compile(  # "why does it keep losing": nothing is kept
    r"\bke(?:eps?|pt)\s+(?:on\s+)?(?=[a-z]{3,}ing\b)", re.I
)
_OATH = re.compile(r"\b(how|what|where|why|when)\s+(?:the|on)\s+(?:heck|hell|earth)\b", re.I)
_GAP = re.compile(r"\s{2,}")
_CURSES = re.compile(
    r"\b(?:what\s+the\s+(?:fuck|hell|heck)|wtf|fuck(?:s|ing|ed)?|shit(?:ty|s)?|crap(?:py)?|goddamn|damn(?:ed)?|bloody|lol|lmao|omg)\b[\s,!]*",
    re.I,
)
# When it happened is no matter of a manual; "every morning" and "tomorrow" may be what is set.
_DAYPART = r"(?:morning|noon|afternoon|evening|night|week(?:end)?|month|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_HAPPENED = re.compile(
    rf"[\s,]{{0,3}}\b(?:(?:un)?till?\s+)?(?:(?:ever\s+)?since\s+(?:(?:the\s+day\s+before\s+)?yesterday(?:\s+{_DAYPART})?|(?:this|last)\s+{_DAYPART}|today|{_DAYPART}"
    rf"|(?:a\s+(?:few|couple\s+of)|some|two|three|four|\d+)\s+(?:minute|hour|day|week|month|year)s?(?:\s+ago)?)"
    rf"|(?:this|last)\s+{_DAYPART}(?!['’]s)|(?<!\bof )(?<!\bfrom )(?<!\bfor )yesterday(?:\s+{_DAYPART})?(?!['’]s)|(?:a\s+(?:few|couple\s+of)|two|three|four|\d+)\s+(?:hour|day|week|month|year)s?\s+ago)\b",
    re.I,
)
# Nor what a customer does with the thing afterwards: "how do I wipe it before selling it".
_PARTING = re.compile(
    r"(?:^|[\s,]{1,3})before\s+(?:(?:i|we|you|he|she|they)\s+(?:(?:can|will|want\s+to|have\s+to)\s+)?)?"
    r"(?:(?:sell|donat)(?:s|es?|ing)?\b|trad(?:es?|ing)\b[^.?!,;:]{0,30}\bin\b|giv(?:es?|ing)\s+(?:away\b|"
    r"(?:it|this|that|them|(?:my|our|his|her|the)\s+\w+)\b[^.?!,;:]{0,30}\b(?:away|to)\b))"
    r"[^.?!,;:]{0,40}(?:,\s*|(?=[.?!;:]|$))",
    re.I,
)
_THANKS = re.compile(  # at the end, in any of the languages
    r"(?<![\s,.;!?–-])[\s,.;!?–-]+(?:(?:many\s+)?thanks?(?:\s+(?:you|a\s+lot|a\s+million|so\s+much|very\s+much|in\s+advance|again))*|thx|ty|cheers|please|pls|plz|asap"
    r"|(?:best|kind)\s+regards|any\s+(?:idea|ideas|clue|help|thoughts)"
    r"|(?:vielen\s+|besten\s+)?dank(?:e|jewel)?(?:\s+(?:schön|im\s+voraus|alvast|u))*|bedankt|bitte|lg|mfg|(?:viele\s+|liebe\s+)?grüße"
    r"|merci(?:\s+(?:beaucoup|d'avance))*|svp|s'il\s+(?:vous|te)\s+pla[iî]t|(?:muchas\s+)?gracias|por\s+favor|grazie(?:\s+mille)?|per\s+favore"
    r"|(?:muito\s+)?obrigad[oa]|alstublieft|a\.?u\.?b\.?)[\s.!?]*$",
    re.I,
)
_CUSTOMER = (
    r"(?:(?:a|an|the|my|our|your|this|that|one|another|some|elderly|older|new)\s+){0,2}customers?"
)
_OWNS = re.compile(rf"\b{_CUSTOMER}(?:['’]s|s['’])\s+(?=\w)", re.I)
_ASKED_OF = re.compile(
    rf"\b(does|do|did|can|could|should|must|may|might|will|would|has|have)\s+{_CUSTOMER}\b(?=\s+[a-z])"
    r"(?!\s+(?:service|support|care|account|number|data|id|code|portal|cent(?:er|re)|name|list|group|card|display|record|file)s?\b)",
    re.I,
)
_DOES = re.compile(
    rf"^\W*{_CUSTOMER}\s+(?=(?:can(?:no|')?t?|could(?:n't)?|does(?:n't)?|do(?:n't)?|did(?:n't)?|has|have|had|is|isn't|was|"
    r"gets?|got|sees?|saw|lost|hears?|keeps|will|won't|must|should|may)\b)",
    re.I,
)
_MEANS = re.compile(  # "what does NFC stand for": NFC is looked up
    r"\bwhat\s+(?:does|do)\s+((?:(?!(?:you|we|i|he|she|they|it|this|that|these|those)\b)[\w'’/.-]+\s+){1,6}?)(?:mean|stand\s+for)\b"
    r"|\bwhat(?:['’]s|\s+(?:is|are))\s+((?:(?!(?:you|we|i|he|she|they|it|this|that|these|those)\b)[\w'’/.-]+\s+){1,6}?)(?:good|used|there|meant)\s+for\b"
    r"|\bwhat(?:['’]s|\s+(?:is|are))\s+(?:the\s+meaning\s+of|meant\s+by)\s+",
    re.I,
)
# What is left of "isn't" and its like once they are cut at the apostrophe; "not" says as little of what is looked up, and "must".
NOT = frozenset(
    "isn aren wasn weren doesn don didn hasn haven hadn won couldn wouldn shouldn must mustn".split()
)
# Of a customer's story, not of what is asked: who has the thing, and how they feel about it.
STORY = frozenset(
    "dad daddy mum mummy mom mommy mother father parents wife husband son daughter brother sister grandma grandpa granny"
    " grandmother grandfather grandson granddaughter uncle aunt cousin nephew niece boyfriend girlfriend boss colleague"
    " neighbour neighbor roommate flatmate landlord annoying annoyed annoys nag nags nagging hate hates weird strange"
    " stupid silly crazy damn bloody nasty ridiculous horrible terrible awful sadly unfortunately luckily honestly"
    " apparently basically literally obviously suddenly anymore anyway somehow lately nowadays whatsoever".split()
)
_CONTRACTED = re.compile(
    r"\b((?:is|are|was|were|does|do|did|has|have|had|ca|wo|could|would|should)n|(?:what|that|where|who|how|there)(?=s\b)"
    r"|(?:you|they|we)(?=ve\b)|(?:you|they)(?=re\b))(t|s|ve|re)\b",
    re.I,
)
_FIRST_PERSON = {"does": "do", "has": "have"}


def without_frame(question: str, language: str = ENGLISH) -> str:
    """What a question asks, as a customer would ask it; the question itself where nothing else would be left.

    ``language`` is the ISO 639 code of the language that its words are looked at in.
    """
    language = ENGLISH if language in AS_ENGLISH else language
    if language not in _WORDS:
        return question
    text = _by_the_customer(question) if language == ENGLISH else question
    text = _THANKS.sub("", text[_frame_end(text, language) :]).strip(" ¿¡")
    if language == ENGLISH:
        text = _DOES.sub("I ", text)
    said = {token[0].casefold() for token in _TOKEN.finditer(text)}
    more = said - _BREAKS - stop_words(language) - _frame(language) - _BESIDE
    return text if more else question


def with_apostrophes(question: str, known: Container[str]) -> str:
    """An English question with the apostrophes that were left out ("doesnt", "whats"), but in words that the manuals have ("cant")."""
    return _CONTRACTED.sub(
        lambda m: m[0] if m[0].casefold() in known else f"{m[1]}'{m[2]}", question
    )


def _by_the_customer(text: str) -> str:
    text = _GAP.sub(" ", text)
    text = _PARTING.sub("", _HAPPENED.sub("", _CURSES.sub("", text))).strip() or text
    text = _OWNS.sub("my ", _GIVE.sub("", _OATH.sub(r"\1", _KEEPS.sub("", text))))
    text = _MEANS.sub(lambda m: f"what is {m[1] or m[2] or ''}", text)
    return _ASKED_OF.sub(lambda m: f"{_FIRST_PERSON.get(m[1].lower(), m[1])} I", text)


@lru_cache
def _frame(language: str) -> frozenset[str]:
    return frozenset(_WORDS[language][0].split())


def _frame_end(text: str, language: str) -> int:
    """Where the frame at the beginning of a text ends; 0 where there is none."""
    frame, asks, stops = _frame(language), _WORDS[language][1].split(), stop_words(language)
    aside = [match.span() for match in _ASIDE.finditer(text)]
    end, framed = 0, False
    tokens = [*_TOKEN.finditer(text)]
    said = [token[0].casefold().replace("’", "'") for token in tokens]
    for n, (token, word) in enumerate(zip(tokens, said, strict=True)):
        if any(start <= token.start() < stop for start, stop in aside):
            framed = True
        elif language == ENGLISH and _leads_on(said, n, framed):
            end, framed = token.end(), False
        elif word in _BREAKS or word in asks:
            if framed:
                end, framed = (token.start() if word in asks else token.end()), False
        elif word in frame:
            framed = True
        elif word not in stops and not (language == ENGLISH and word in _BESIDE):
            if framed and language == ENGLISH and word.endswith("ing") and len(word) > 4:
                end = token.start()
            break
    return end


def _leads_on(said: Sequence[str], n: int, framed: bool) -> bool:
    """Whether an English word leads from the frame to what is asked: "wants *to* change it", "says *that*", "help *with*"."""
    word, before = said[n], said[n - 1] if n else ""
    if word == "to":  # and no "to the printer"
        verb = n + 1 < len(said) and said[n + 1] not in stop_words(ENGLISH)
        return verb and (before in _WAYS or (framed and before in _TO))
    if word == "that":
        return framed and before in _SAYS
    about = before in _WAYS or (before in _TOLD and not _LOOKS.isdisjoint(said[:n]))
    return word in _ON and (about or (framed and not _LOOKS.isdisjoint(said[:n])))
