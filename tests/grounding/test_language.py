"""Sentences in other languages: no rule knows their negations, so they are quoted as they stand or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.grounding.language import foreign_to, language_of, likeliest
from chatbot.grounding.verifier import Source, Verifier
from knowledge.types import Manual

ACCEPTED = ("verified", "supported")

# What the manual says, and what a claim makes of it by losing, adding or moving the negation.
FLIPPED = [
    (
        "Das Gerät darf nicht mit Wasser gereinigt werden.",
        "Das Gerät darf mit Wasser gereinigt werden.",
    ),
    ("Niemals den Deckel während des Betriebs öffnen.", "Den Deckel während des Betriebs öffnen."),
    (
        "Verwenden Sie kein Lösungsmittel für die Reinigung.",
        "Verwenden Sie Lösungsmittel für die Reinigung.",
    ),
    (
        "Die Garantie gilt nicht für Schäden durch Wasser.",
        "Die Garantie gilt für Schäden durch Wasser.",
    ),
    (
        "Der Akku darf nur von Fachpersonal getauscht werden.",
        "Der Akku darf von Fachpersonal getauscht werden.",
    ),
    ("Ziehen Sie den Stecker, bevor Sie den Deckel öffnen.", "Ziehen Sie den Stecker."),
    (
        "Die Pumpe darf ohne Filter nicht betrieben werden.",
        "Die Pumpe darf ohne Filter betrieben werden.",
    ),
    (
        "Ne jamais ouvrir le couvercle pendant le fonctionnement.",
        "Ouvrir le couvercle pendant le fonctionnement.",
    ),
    (
        "N'utilisez pas de solvant pour nettoyer la pompe.",
        "Utilisez du solvant pour nettoyer la pompe.",
    ),
    (
        "La garantie ne couvre pas les dommages causés par l'eau.",
        "La garantie couvre les dommages causés par l'eau.",
    ),
    (
        "L'appareil ne doit pas être nettoyé avec de l'eau.",
        "L'appareil doit être nettoyé avec de l'eau.",
    ),
    (
        "Ce réglage n'est plus disponible sur cet appareil.",
        "Ce réglage est disponible sur cet appareil.",
    ),
    (
        "Ne débranchez pas le câble avant la fin de la copie.",
        "Débranchez le câble avant la fin de la copie.",
    ),
    (
        "Aucun outil n'est nécessaire pour ouvrir le boîtier.",
        "Un outil est nécessaire pour ouvrir le boîtier.",
    ),
    (
        "No abra la tapa mientras la bomba está en marcha.",
        "Abra la tapa mientras la bomba está en marcha.",
    ),
    (
        "Nunca utilice disolvente para limpiar el filtro.",
        "Utilice disolvente para limpiar el filtro.",
    ),
    (
        "La garantía no cubre los daños causados por el agua.",
        "La garantía cubre los daños causados por el agua.",
    ),
    (
        "El aparato no debe limpiarse con agua caliente.",
        "El aparato debe limpiarse con agua caliente.",
    ),
    ("Tampoco desconecte el cable durante la copia.", "Desconecte el cable durante la copia."),
    (
        "Utilice solamente las piezas originales del fabricante.",
        "Utilice las piezas originales del fabricante.",
    ),
    (
        "No es necesario reiniciar el equipo después del cambio.",
        "Es necesario reiniciar el equipo después del cambio.",
    ),
    (
        "Non aprire il coperchio durante il funzionamento.",
        "Aprire il coperchio durante il funzionamento.",
    ),
    (
        "Non utilizzare mai solventi per pulire la pompa.",
        "Utilizzare solventi per pulire la pompa.",
    ),
    (
        "La garanzia non copre i danni causati dall'acqua.",
        "La garanzia copre i danni causati dall'acqua.",
    ),
    (
        "L'apparecchio non deve essere pulito con acqua.",
        "L'apparecchio deve essere pulito con acqua.",
    ),
    (
        "Nessun attrezzo è necessario per aprire la scatola.",
        "Un attrezzo è necessario per aprire la scatola.",
    ),
    (
        "Non scollegare il cavo prima della fine della copia.",
        "Scollegare il cavo prima della fine della copia.",
    ),
    (
        "Open het deksel nooit tijdens het gebruik van de pomp.",
        "Open het deksel tijdens het gebruik van de pomp.",
    ),
    (
        "Gebruik geen oplosmiddel voor het schoonmaken van de pomp.",
        "Gebruik oplosmiddel voor het schoonmaken van de pomp.",
    ),
    (
        "De garantie dekt geen schade die door water is ontstaan.",
        "De garantie dekt schade die door water is ontstaan.",
    ),
    (
        "Het apparaat mag niet met water worden schoongemaakt.",
        "Het apparaat mag met water worden schoongemaakt.",
    ),
    (
        "Trek de stekker niet uit het stopcontact tijdens het laden.",
        "Trek de stekker uit het stopcontact tijdens het laden.",
    ),
    (
        "Deze instelling is niet meer beschikbaar op dit apparaat.",
        "Deze instelling is beschikbaar op dit apparaat.",
    ),
    (
        "Não abra a tampa durante o funcionamento da bomba.",
        "Abra a tampa durante o funcionamento da bomba.",
    ),
    (
        "Nunca utilize solventes para limpar o filtro da bomba.",
        "Utilize solventes para limpar o filtro da bomba.",
    ),
    (
        "A garantia não cobre os danos causados pela água.",
        "A garantia cobre os danos causados pela água.",
    ),
    (
        "O aparelho não deve ser limpo com água quente.",
        "O aparelho deve ser limpo com água quente.",
    ),
    ("Não desligue o cabo antes do fim da cópia.", "Desligue o cabo antes do fim da cópia."),
    (
        "Nenhuma ferramenta é necessária para abrir a caixa.",
        "Uma ferramenta é necessária para abrir a caixa.",
    ),
    (
        "Esta definição já não está disponível neste aparelho.",
        "Esta definição está disponível neste aparelho.",
    ),
]
ENGLISH = "The pump is cleaned with water. Close both valves before you open the cover, and keep the seal dry."


def state(claim: str, *passages: str) -> str:
    return Verifier([Source.of(passage) for passage in passages]).verify(claim).state


@pytest.mark.parametrize(("held", "claim"), FLIPPED)
def test_a_flipped_negation_has_no_source(held: str, claim: str) -> None:
    assert state(claim, held) not in ACCEPTED
    assert state(claim, f"{held} {held}") not in ACCEPTED
    assert state(claim, f"{ENGLISH}\n\n{held}") not in ACCEPTED, (
        "one sentence of another language in an English passage"
    )
    assert state(claim, ENGLISH, held) not in ACCEPTED


@pytest.mark.parametrize("held", [held for held, _ in FLIPPED])
def test_a_whole_sentence_is_a_quote_in_every_language(held: str) -> None:
    assert state(held, f"{held} {held}") == "verified"
    assert state(held.rstrip("."), ENGLISH, held) == "verified"


@pytest.mark.parametrize(
    ("held", "claim"),
    [(held, " ".join(held.split()[at:])) for held, _ in FLIPPED[::4] for at in (1, 2)],
)
def test_a_part_of_a_sentence_is_none(held: str, claim: str) -> None:
    assert state(claim, f"{held} {held}") not in ACCEPTED
    assert state(f"{claim[0].upper()}{claim[1:]}", held) not in ACCEPTED


def test_a_figure_is_contradicted_in_every_language_and_nothing_else_is() -> None:
    held = "Die Pumpe muss alle 500 Stunden gereinigt werden. Das Gerät ist nicht für den Betrieb im Freien bestimmt."
    assert state("Die Pumpe muss alle 600 Stunden gereinigt werden.", held) == "contradicted"
    assert state("Das Gerät ist für den Betrieb im Freien bestimmt.", held) == "unsupported"


def test_a_short_passage_is_taken_with_its_manual() -> None:
    assert likeliest("Use a key.")[0] != "en", "too short to say"
    neighbours = [Source.of("Use a key for it."), Source.of(ENGLISH)]
    assert Verifier(neighbours).verify("Please use the key for it.").state == "supported"
    assert language_of("Use a key.", ENGLISH) == "en"
    assert language_of("12 34") == ""


def test_english_words_keep_their_rules() -> None:
    assert (
        state(
            "Please close both the valves before you open the cover, and keep the seal dry.",
            ENGLISH,
        )
        == "supported"
    )
    assert state("Keep the seal dry.", ENGLISH) != "verified"


@pytest.mark.parametrize(("passages", "foreign"), [(2, "de"), (80, "")])
def test_a_few_passages_in_no_language_do_not_hide_that_a_question_is_foreign(
    passages: int, foreign: str
) -> None:
    english = Manual("a", "A", "", 1, 1, 1, 200, "live", "", "a.md", "markdown", False, "", languages=("en",))  # fmt: skip
    untold = replace(english, id="b", name="B", version_id=2, passages=passages, languages=("und",))
    question = "Wie lange muss der Filter nach dem Waschen trocknen?"
    assert foreign_to(question, (english, untold), 7) == foreign
