"""Formulas in TeX and small type in Markdown are read as they show; dollars, carets and tildes of other kinds stay."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.parsing.test_markup import blocks, read
from tests.parsing.test_page_content import texts


def lines(tmp_path: Path, text: str) -> list[str]:
    return [line for _, line in blocks(read(tmp_path, f"# Pump P9\n\n{text}\n", "p9.md"))][1:]


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"Q = 3.5 \times n", "Q = 3.5 × n"),
        (r"\frac{a}{b} \cdot 10^{-3}", "a/b · 10⁻³"),
        (r"\frac{a + b}{2}", "(a + b)/2"),
        (r"-20\,^{\circ}\mathrm{C} \le T", "−20 °C ≤ T"),
        (r"5\,\mathrm{m/s} \pm 5\,\%", "5 m/s ± 5 %"),
        (r"\text{flow < 3 km/h}", "flow < 3 km/h"),
        (r"y = \ln x", "y = ln x"),
        (r"\SI{5}{\bar}", r"$\SI{5}{\bar}$"),
        (r"\frac{a", r"$\frac{a$"),
    ],
)
def test_formulas_are_read_as_a_line(tmp_path: Path, tex: str, line: str) -> None:
    assert lines(tmp_path, f"Use (${tex}$) or ${tex}$.") == [f"Use ({line}) or {line}."]


def test_formulas_of_their_own_and_in_tables(tmp_path: Path) -> None:
    text = (
        "$$\nP = \\frac{U^2}{R}\n$$\n\n$$ \\begin{aligned} a &= b \\\\ c &= d \\end{aligned} $$ (eq1)\n\n```math\nE = mc^2\n```\n\n"
        "| Name | Low | High |\n|---|---|---|\n| Flow | $10^2$ | $10^3$ |\n| Rate | 5 | $x_1$ |\n\n- $Q$ is 5"
    )
    assert lines(tmp_path, text) == [
        "P = U²/R", "a = b; c = d (eq1)", "E = mc²", "Name: Flow | Low: 10² | High: 10³\nName: Rate | Low: 5 | High: x₁", "Q is 5",
    ]  # fmt: skip


def test_small_type_between_carets_and_tildes(tmp_path: Path) -> None:
    assert lines(
        tmp_path, "At 10^3^ to 10^-3^ m^2^, H~2~O, U~max~ and the 1^st^ ~~and 2^nd^~~."
    ) == ["At 10³ to 10⁻³ m², H₂O, Umax and the 1st ."]


@pytest.mark.parametrize(
    "text",
    [
        "Set $HOME and $PATH, then $HOME/bin:$PATH or ${A}/${B}.",
        "Prices are $5 and $10, $5/$10, 5$ or ($7), $5 (not 7$).",
        "Write $HOSTNAME$ and $MY_VAR$, from ~5 mm to ~10 mm, 5~10~15, ~/a:~/b, x^2 + y^2.",
    ],
)
def test_other_dollars_carets_and_tildes_stay(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, text) == [text]
    code = r"echo $x^2$ 10^3^ H~2~O"
    assert lines(tmp_path, f"Type `{code}`:\n\n```\n{code}\n```") == [f"Type {code}:", code]


def test_signs_of_numbers_in_mathml(tmp_path: Path) -> None:
    power = "<msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>"
    body = f"<p>T (<math><mi>T</mi><mo>=</mo><mo>−</mo><mn>20</mn></math>) or <math>{power}</math>.</p>"
    assert texts(tmp_path, body) == ["T (T = −20) or 10⁻³."]


def test_many_open_marks_take_no_more_than_their_length(tmp_path: Path) -> None:
    began = time.process_time()
    for piece in ("$a=", "$$\n", "a^b", "a~b^", "$a=\\$", "$x^2$ "):
        assert read(tmp_path, f"# Pump\n\nOpen it.\n\n{20_000 * piece}\n", "p.md").pages
    assert time.process_time() - began < 60


@pytest.mark.parametrize(
    "told",
    [
        "Version 2.8.0~rc1~bpo10 is out.",
        "Press Ctrl^A^B now.",
        "Turn it on~off~auto.",
        "It costs $12-15$ here.",
    ],
)
def test_marks_within_words_and_prices_stay_as_they_are(tmp_path: Path, told: str) -> None:
    assert told in read(tmp_path, f"# Pump\n\n{told}\n", "p.md").pages[0].text
