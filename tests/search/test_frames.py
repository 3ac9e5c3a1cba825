"""Who asks, for whom, and how kindly changes nothing in what is found."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from knowledge.search.asking import Questions
from knowledge.search.retriever import Search
from knowledge.search.wording.frames import with_apostrophes, without_frame
from tests.support.manuals import put


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("How does the customer pair it?", "How do I pair it?"),
        ("Hi, how do I change the fuse, thanks", "how do I change the fuse"),
        ("hey team, how do we change the fuse?", "how do we change the fuse?"),
        ("Quick question: change of the fuse", "change of the fuse"),
        ("My colleague asked me how to change the fuse", "how to change the fuse"),
        ("Ticket 4711: change of the fuse", "change of the fuse"),
        ("What would be the recommended way to change a fuse?", "change a fuse?"),
        ("Looking for instructions for the fuse", "the fuse"),
        ("how the heck do I change the fuse", "how do I change the fuse"),
        ("Do you know the weight of the pump?", "the weight of the pump?"),
        ("Could you explain changing the fuse, please?", "changing the fuse"),
        ("Can our customers wash the filter?", "Can I wash the filter?"),
        ("My customer's pump does not start", "my pump does not start"),
        ("A customer can't find the fuse", "I can't find the fuse"),
        ("The customer complains that the pump is loud", "the pump is loud"),
        ("What does IPX4 stand for?", "what is IPX4 ?"),
        ("What's the meaning of the red light?", "what is the red light?"),
        ("She wants to know how to change the fuse", "how to change the fuse"),
        ("Somebody asks whether the filter is washable", "whether the filter is washable"),
        ("A customer wants to change the fuse", "change the fuse"),
        ("I have a customer on the line who wants to change the fuse", "change the fuse"),
        ("For a customer: change of the fuse", "change of the fuse"),
        ("How should I explain to a customer how to change the fuse?", "how to change the fuse?"),
        ("What do I tell a customer who wants to change the fuse?", "change the fuse?"),
        ("The lamp has been red since yesterday evening", "The lamp has been red"),
        ("How do I wipe my reader before selling it?", "How do I wipe my reader?"),
        ("Before I give it away, how do I erase the pump's log?", "how do I erase the pump's log?"),
        (
            "How long does it rest before giving a sound?",
            "How long does it rest before giving a sound?",
        ),
        (
            "What is checked before giving power to the motor?",
            "What is checked before giving power to the motor?",
        ),
        ("Can I reset it before I give it to my son?", "Can I reset it?"),
        ("How do I sign a page before sending it?", "How do I sign a page before sending it?"),
        ("the pump leaks since two weeks ago", "the pump leaks"),
        ("My fan stopped last Friday", "My fan stopped"),
        ("why is the fucking filter full", "why is the filter full"),
        ("How do I run it every morning?", "How do I run it every morning?"),
        ("How do I see last week's runs?", "How do I see last week's runs?"),
        ("Where are the runs of yesterday?", "Where are the runs of yesterday?"),
    ],
)
def test_who_asks_is_no_word_of_the_matter(asked: str, meant: str) -> None:
    assert without_frame(asked) == meant


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("the wire isnt connected", "the wire isn't connected"),
        ("Whats the weight?", "What's the weight?"),
        ("theyre wet and it wont start", "they're wet and it won't start"),
        ("it cant be, thats odd", "it can't be, that's odd"),
        ("were the valves open", "were the valves open"),
        ("set the kant of the rail", "set the kant of the rail"),
        ("its lid", "its lid"),
    ],
)
def test_an_apostrophe_may_be_left_out(asked: str, meant: str) -> None:
    assert with_apostrophes(asked, ()) == meant


def test_a_word_of_the_manuals_gets_no_apostrophe() -> None:
    assert (
        with_apostrophes("set the cant of the rail", {"cant", "rail"}) == "set the cant of the rail"
    )


@pytest.mark.parametrize(
    ("story", "plain"),
    [
        ("my wifes lamp doesnt dim, its annoying", "my lamp does not dim"),
        ("My dad hates that the lamp isnt dimming", "the lamp is not dimming"),
        ("the stupid lamp wont dim", "the lamp will not dim"),
        ("Lately the lamp doesn't dim anymore", "the lamp does not dim"),
    ],
)
def test_a_customers_story_is_no_word_of_the_matter(
    library: Library, story: str, plain: str
) -> None:
    put(
        library,
        "lamp.md",
        "# Lumo L5 lamp manual\n\n## Dimming\n\nTo dim the lamp, turn the ring to the left.\n\n"
        "## Care\n\nWipe the glass with a dry cloth once a month.\n",
    )
    search = Search(library, library.index)
    one, other = search.find(story), search.find(plain)
    assert one.evidence[0].passage.section == ("Dimming",)
    assert one.match == pytest.approx(other.match, abs=0.12)


@pytest.mark.parametrize(
    ("language", "asked", "meant"),
    [
        (
            "de",
            "Hallo, wie wechsle ich die Sicherung? Vielen Dank!",
            "wie wechsle ich die Sicherung",
        ),
        ("de", "Ein Kunde möchte wissen, wie man den Filter reinigt", "wie man den Filter reinigt"),
        ("de", "Wie reinige ich den Filter?", "Wie reinige ich den Filter?"),
        ("de", "Danke", "Danke"),
        ("fr", "Bonjour, comment changer le fusible ? Merci", "comment changer le fusible"),
        ("fr", "Un client demande comment nettoyer le filtre", "comment nettoyer le filtre"),
        ("es", "Hola, ¿cómo cambio el fusible? Gracias", "cómo cambio el fusible"),
        ("it", "Buongiorno, come cambio il fusibile? Grazie", "come cambio il fusibile"),
        ("pt", "Olá, como troco o fusível? Obrigado", "como troco o fusível"),
        ("nl", "Een klant vraagt hoe hij de zekering vervangt", "hoe hij de zekering vervangt"),
        ("ja", "こんにちは、ヒューズの交換方法は？", "こんにちは、ヒューズの交換方法は？"),
    ],
)
def test_frames_of_other_languages(language: str, asked: str, meant: str) -> None:
    assert without_frame(asked, language) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "How do I add a customer?",
        "Does the customer display need a cable?",
        "Can a user change the password?",
        "How do I block a caller?",
        "What is the customer number?",
        "Customer",
        "I forgot my pattern on the S10, how do I unlock it?",
        "How do I find my phone?",
        "How many steps does the band count?",
        "Galaxy S21: how do I reset it?",
        "Where is the user manual stored?",
        "It says E04",
        "Write to SD card fails",
        "Client: how do I install it",
        "Manual mode: how do I set it",
        "Information, warnings and errors: what do they mean",
        "How do I turn off voice help?",
        "the way to the menu",
        "Need help",
        "thanks",
        "Wie pairt der Kunde das Band?",
        "",
    ],
)
def test_customers_as_the_matter_stay(asked: str) -> None:
    assert without_frame(asked) == asked


def test_a_question_for_a_customer_finds_what_the_customers_own_does(library: Library) -> None:
    put(
        library,
        "band.md",
        "# Band B1 user manual\n\n## Pair the band\n\nOpen the app and tap Pair to connect the band with the phone.\n\n"
        "## Customise the screen\n\nCustomise and custom layouts: a customised screen shows what you choose.\n",
    )
    search = Search(library, library.index)
    own = search.find("How do I pair the band with the phone?")
    for asked in (
        "How does the customer pair the band with the phone?",
        "I have a customer on the line who wants to pair the band with the phone",
    ):
        found = search.find(asked)
        assert found.asked == asked, "what is shown stays as it was typed"
        assert found.evidence[0].passage == own.evidence[0].passage
        assert found.match == pytest.approx(own.match, abs=0.05)


def test_what_is_left_of_an_english_not_is_a_word_in_other_languages(library: Library) -> None:
    put(
        library,
        "spel.md",
        "# Spel S1\n\n## Winnaar\n\nWie de meeste punten heeft, won het spel. De winnaar begint.\n",
    )
    asked = Questions("Wie won het spel?", (), Search(library, library.index).vocabulary())
    assert "won" in asked.asked("nl").stems and "won" not in asked.asked("en").stems
