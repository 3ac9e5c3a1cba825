"""The frame of a question: greeting, thanks, for whom it is asked, "can you tell me how". What is left is what is looked up.

The words of a frame are no words of the matter, and no manual need have them. A frame stands before what is asked and holds
no other word that carries meaning: "My colleague asked me how to ...", "Quick question: ...", "Somebody wants to ...". Agents
ask for a customer what customers would ask for themselves: "How does the customer pair it?" is "How do I pair it?". Where a
manual is about customers ("How do I add a customer?", "the customer display") they stay. English, and the words of frames
in six other languages. Pure.
"""

from __future__ import annotations

import re

from knowledge.search.languages import AS_ENGLISH, stop_words

# Words of those who ask, of asking and of courtesy. None that manuals have settings, parts or steps of ("call", "show", "phone").
_FRAME = frozenset(
    """
    hi hello hey hiya morning afternoon evening greetings dear team folks guys everyone everybody
    colleague colleagues friend friends boss neighbour neighbor mum mom dad mother father wife husband son daughter
    lady gentleman woman guy caller callers client customer customers user someone somebody anyone anybody people
    ask asks asked asking say says said tell tells told know knows knew wonder wonders wondering forget forgot forgotten
    remember remind figure explain explained advise advice understand unsure idea ideas clue curious interested confused
    help helping need needs needed want wants wanted wish wishes try tries tried trying trouble struggle struggling struggles
    struggled difficulty difficulties complain complains complained report reports reported claim claims claimed write writes
    wrote behalf point question questions quick short simple small stupid silly dumb urgent urgently important asap fyi
    please pls plz kindly thanks thank thx cheers sorry bother bothering disturb again once
    heck hell damn earth exactly quickly recommended recommend best right correct proper easiest way ways procedure process
    instruction instructions info information details guide guidance documentation manual manuals looking find
    can't cannot couldn't don't doesn't didn't isn't i'm i've i'd we're we've we'd what's who's there's he's she's they're u
    check checking checked just well ok okay also now sure got getting one last another new elderly older able possible line steps
    """.split()  # noqa: SIM905
)
_ASKS = frozenset("how what where when why which who whose whether if can could".split())
# The same two lists in other languages.
_ELSEWHERE = {
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
_THANKS = re.compile(
    r"[\s,.;!?–-]+(?:(?:vielen\s+|besten\s+)?dank(?:e|jewel)?(?:\s+(?:schön|im\s+voraus|alvast|u))*|bedankt|bitte|lg|mfg|(?:viele\s+|liebe\s+)?grüße"
    r"|merci(?:\s+(?:beaucoup|d'avance))*|svp|s'il\s+(?:vous|te)\s+pla[iî]t|(?:muchas\s+)?gracias|por\s+favor|grazie(?:\s+mille)?|per\s+favore"
    r"|(?:muito\s+)?obrigad[oa]|alstublieft|a\.?u\.?b\.?)[\s.!?]*$",
    re.I,
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
    r"(?:know|tell\s+me|tell\s+us|give\s+me|give\s+us|explain)\s+(?=(?:the|a|an|my|any|some)\s)",
    re.I,
)
_OATH = re.compile(r"\b(how|what|where|why|when)\s+(?:the|on)\s+(?:heck|hell|earth)\b", re.I)
_AFTER = re.compile(
    r"[\s,.;!?–-]+(?:(?:many\s+)?thanks?(?:\s+(?:you|a\s+lot|a\s+million|so\s+much|very\s+much|in\s+advance|again))*|thx|ty|cheers|please|pls|plz|asap"
    r"|(?:best|kind)\s+regards|any\s+(?:idea|ideas|clue|help|thoughts)|how|help)[\s.!?]*$",
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
_FIRST_PERSON = {"does": "do", "has": "have"}


def without_frame(question: str, language: str = "en") -> str:
    """What a question asks, as a customer would ask it; the question itself where nothing else would be left.

    ``language`` is the ISO 639 code of the language that its words are looked at in.
    """
    if language not in AS_ENGLISH:
        return _without_frame_of(question, language)
    text = _GIVE.sub("", _OATH.sub(r"\1", question))
    text = _OWNS.sub("my ", text)
    text = _ASKED_OF.sub(lambda m: f"{_FIRST_PERSON.get(m[1].lower(), m[1])} I", text)
    text = _DOES.sub("I ", _AFTER.sub("", text[_frame_end(text) :])).strip()
    return text if _says_more(text, _FRAME, language) else question


def _without_frame_of(question: str, language: str) -> str:
    frame, asks = (frozenset(listed.split()) for listed in _ELSEWHERE.get(language, ("", "")))
    if not frame:
        return question
    end, framed, stops = 0, False, stop_words(language)
    for token in _TOKEN.finditer(question):
        word = token[0].casefold()
        if word in _BREAKS or word in asks:
            if framed:
                end, framed = (token.start() if word in asks else token.end()), False
        elif word in frame:
            framed = True
        elif word not in stops:
            break
    text = _THANKS.sub("", question[end:]).strip(" ¿¡")
    return text if _says_more(text, frame, language) else question


def _says_more(text: str, frame: frozenset[str], language: str) -> bool:
    said = {token[0].casefold() for token in _TOKEN.finditer(text)}
    return bool(said - _BREAKS - stop_words(language) - frame)


def _frame_end(text: str) -> int:
    """Where the frame at the beginning of a text ends; 0 where there is none."""
    aside = [match.span() for match in _ASIDE.finditer(text)]
    end, framed = 0, False
    tokens = [*_TOKEN.finditer(text)]
    for n, token in enumerate(tokens):
        word = token[0].casefold().replace("’", "'")
        if any(start <= token.start() < stop for start, stop in aside):
            framed = True
        elif word in _BREAKS:
            if framed:
                end, framed = token.end(), False
        elif word in _ASKS:
            if framed:
                end, framed = token.start(), False
        elif (
            word == "to"
            and framed
            and not _names_thing(tokens, n + 1)
            or word == "that"
            and framed
            and tokens[n - 1][0].casefold() in _SAYS
            or word in _ON
            and framed
            and not _LOOKS.isdisjoint(t[0].casefold() for t in tokens[:n])
        ):
            end, framed = token.end(), False
        elif word in _FRAME:
            framed = True
        elif word not in stop_words("en"):
            if framed and word.endswith("ing") and len(word) > 4:
                end = token.start()
            break
    return end


def _names_thing(tokens: list[re.Match[str]], n: int) -> bool:
    """Whether what stands behind "to" is no verb: "to the printer", "to my phone"."""
    return n >= len(tokens) or tokens[n][0].casefold() in stop_words("en")
