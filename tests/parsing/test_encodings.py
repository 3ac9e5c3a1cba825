"""Files that do not say what their letters are written in: read right, and said where that is not sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, read

SAMPLES = Path(__file__).parents[1] / "samples" / "languages"
POLISH = "# Pompa P-200\n\nZamknij oba zawory. Odkręć cztery śruby pokrywy i wymień uszczelkę. Są źle dokręcone.\n"
CZECH = "# Čerpadlo P-200\n\nVypněte čerpadlo a zavřete oba ventily. Potom vyšroubujte šrouby víka a vyměňte těsnění.\n"
TURKISH = "# Pompa P-200\n\nPompayı kapatın ve iki vanayı kapatın. Kapağın dört vidasını sökün ve contayı değiştirin.\n"
RUSSIAN = "# Насос P-200\n\nВыключите насос. Снимите четыре винта крышки и замените уплотнение.\n"


def sample(code: str) -> str:
    return (SAMPLES / f"{code}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((sample(code), "cp1252") for code in ("de", "fr", "es", "it", "pt", "nl")),
        (sample("zh"), "gb18030"),
        (sample("zh"), "utf-16"),
        *((sample(code), "utf-16-le") for code in ("de", "zh", "ko", "ar")),
        *((text, "utf-16-be") for text in (sample("ja"), sample("he"), RUSSIAN)),
        (RUSSIAN, "utf-16-le"),
        (sample("ja"), "shift_jis"),
        (sample("ja"), "euc_jp"),
        (sample("ja").replace("×", "x"), "iso2022_jp"),
        (sample("ko"), "euc_kr"),
        (sample("ar"), "cp1256"),
        (sample("he").replace("×", "x"), "cp1255"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (CZECH, "iso8859-2"),
        (TURKISH, "cp1254"),
    ],
)
def test_the_letters_of_a_file_are_told_from_its_bytes(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "manual.txt"
    path.write_bytes(text.encode(encoding))
    document = read_file(path, path.name)
    words = "".join(page.text for page in document.pages).split()
    assert [word.strip("#") for word in text.split() if word.strip("#")] == [
        word.strip("#") for word in words if word.strip("#")
    ]


def test_a_guess_among_latin_letters_says_so(tmp_path: Path) -> None:
    path = tmp_path / "manual.txt"
    path.write_bytes(POLISH.encode("cp1250"))
    (warning,) = read_file(path, path.name).warnings
    assert "it was read as Windows-1250, so some letters may be wrong" in warning


def test_signs_of_the_symbol_font_are_signs_beside_values(tmp_path):
    told = "Range \uf0b15 g at 25 \uf0b0C, 3 \uf0b4 4 m, 470 \uf057, 10 k\uf057 and 5 \uf06dm, \uf0a3 9 bar."
    (found,) = [text for _, text in blocks(read(tmp_path, told, "scale.txt"))]
    assert found == "Range ±5 g at 25 °C, 3 × 4 m, 470 Ω, 10 kΩ and 5 µm, ≤ 9 bar."


def test_marks_of_lists_in_fonts_of_signs_stay(tmp_path):
    found = [
        text
        for _, text in blocks(read(tmp_path, "\uf0ae Open it.\n\n\uf06d Close it.", "scale.txt"))
    ]
    assert found == ["\uf0ae Open it.", "\uf06d Close it."]


def test_marks_of_lists_in_fonts_of_signs_are_marks(tmp_path):
    told = "\uf0b7 Open it.\n\n\uf0a7 Close it.\n\n\uf0d8 Wait.\n\n\uf0fc Look at A\uf0b7B."
    found = [text for _, text in blocks(read(tmp_path, told, "scale.txt"))]
    assert found == ["• Open it.", "▪ Close it.", "➢ Wait.", "✓ Look at A\uf0b7B."]
