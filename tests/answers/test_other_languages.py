"""Answers from manuals in other languages than English: quoted exactly, in whole sentences; and what is suggested."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.suggestions import suggestions
from chatbot.conversations.types import Question
from knowledge.text import readable, sentences
from tests.support.manuals import only, put

SAMPLES = Path(__file__).parents[1] / "samples" / "languages"
PUMPE = """# Pumpe P-200

## Wartung der Dichtungen

Die Dichtungen der Pumpe werden nach jeweils fünfhundert Betriebsstunden gewechselt. Schließen Sie zuvor beide Ventile. Die vier Schrauben des Deckels werden mit 12 Nm angezogen.

## Open de klep

Reinigen Sie das Sieb hinter der Klappe einmal im Monat. Verwenden Sie dafür nur klares Wasser und niemals ein Lösungsmittel oder eine Bürste aus Metall oder Draht.
"""
LONG = "# 泵\n\n## 更换密封圈\n\n" + "".join(
    f"第{n}步：拧下盖子上的螺钉，取出旧的密封圈，把新的密封圈放入槽中。" for n in range(1, 40)
)


@pytest.mark.parametrize(
    ("code", "question", "quoted"),
    [
        ("de", "Wie oft muss ich die Filter wechseln?", "Setzen Sie alle zwei Monate eine neue Patrone ein."),
        ("fr", "Comment nettoie-t-on les réservoirs d'eau ?", "Rincez le réservoir chaque jour à l’eau courante."),
        ("es", "¿Qué significa el error E-04?", "Mensaje E-04: el grupo de infusión falta o está mal colocado."),
        ("zh", "滤芯多久更换一次？", "滤芯每两个月更换一次。"),
        ("ja", "フィルターはいつ交換しますか？", "フィルターは二か月ごとに交換してください。"),
        ("ko", "필터를 언제 교체하나요?", "필터는 두 달마다 교체하십시오."),
        ("ar", "كيف أنظف خزان الماء؟", "اشطف الخزان كل يوم بالماء الجاري."),
        ("he", "מה המשקל של המכשיר?", 'המשקל 9.5 ק"ג.'),
    ],
)  # fmt: skip
def test_a_quote_is_exactly_what_the_manual_says(
    assistant: Assistant, code: str, question: str, quoted: str
) -> None:
    put(assistant.catalog, f"{code}.md", (SAMPLES / f"{code}.md").read_text(encoding="utf-8"))
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "answered"
    assert quoted in [sentence.text for sentence in answer.sentences]
    assert {sentence.state for sentence in answer.sentences} == {"verified"}
    for citation in answer.citations:
        page = assistant.catalog.page(citation.version_id, citation.page)
        assert page.text[citation.start : citation.end] == citation.quote


def test_what_is_suggested_of_a_manual_is_in_its_language_and_answered(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pumpe.md", PUMPE)
    assert only(assistant.catalog).languages == ("de",)  # type: ignore[arg-type]
    found = suggestions(assistant.catalog, assistant.search, assistant.settings.min_match)
    assert "Wartung der Dichtungen" in [one.text for one in found]
    assert not any(one.text.startswith(("How", "What")) for one in found)
    answer = ask_once(assistant, Question(found[0].text))
    assert answer.outcome == "answered"


def test_a_long_section_without_blanks_is_cut_into_passages(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", LONG)
    passages = assistant.catalog.passages_of(only(assistant.catalog).version_id)  # type: ignore[arg-type]
    assert len(passages) >= 4
    assert all(len(passage.text) <= 250 for passage in passages)
    assert "".join(passage.text for passage in passages) == readable(LONG.rpartition("\n")[2])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("按住电源键。松开！好吗？", ["按住电源键。", "松开！", "好吗？"]),
        ("「押す」と言う。次へ。", ["「押す」と言う。", "次へ。"]),
        ("彼は「終わり。」と言う。", ["彼は「終わり。」", "と言う。"]),
        ("전원을 끄십시오. 뚜껑을 여십시오.", ["전원을 끄십시오.", "뚜껑을 여십시오."]),
        ("כבו את המשאבה. פתחו את המכסה.", ["כבו את המשאבה.", "פתחו את המכסה."]),
        ("Выключите насос. Откройте крышку.", ["Выключите насос.", "Откройте крышку."]),
        ("Насос весит 5 кг. и т.д. до конца.", ["Насос весит 5 кг. и т.д. до конца."]),
        ("Wyłącz pompę. Świeci dioda. Żaden.", ["Wyłącz pompę.", "Świeci dioda.", "Żaden."]),
        ("هل المضخة جافة؟ أوقفها.", ["هل المضخة جافة؟", "أوقفها."]),
    ],
)
def test_sentences_end_where_the_language_ends_them(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts
