"""Formulas of web pages (MathML) and of Word (OMML): the line says what the formula shows."""

from __future__ import annotations

import pytest
from lxml import etree

from knowledge.parsing.content.formulas import omml_line
from tests.parsing.test_page_content import texts

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def omml(source: str) -> str:
    """The line of OMML that is written without its prefix; a bare word in it is a run."""
    return omml_line(etree.fromstring(f'<oMath xmlns="{M}">{source}</oMath>'))


def r(text: str) -> str:
    return f"<r><t>{text}</t></r>"


def frac(num: str, den: str) -> str:
    return f"<f><num>{num}</num><den>{den}</den></f>"


def script(base: str, sup: str = "", sub: str = "") -> str:
    name = "sSubSup" if sup and sub else "sSup" if sup else "sSub"
    low, high = sub and f"<sub>{sub}</sub>", sup and f"<sup>{sup}</sup>"
    return f"<{name}><e>{base}</e>{low}{high}</{name}>"


def fence(inner: str, begin: str = "", end: str = "") -> str:
    told = f'<dPr><begChr val="{begin}"/><endChr val="{end}"/></dPr>' if begin else ""
    return f"<d>{told}<e>{inner}</e></d>"


def nary(sign: str, sub: str, sup: str, inner: str) -> str:
    told = f'<naryPr><chr val="{sign}"/></naryPr>' if sign else ""
    return f"<nary>{told}<sub>{sub}</sub><sup>{sup}</sup><e>{inner}</e></nary>"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (frac(r("a+b"), r("2c")), "(a+b)/(2c)"),
        (frac(r("1"), r("2πf")), "1/(2πf)"),
        (frac(r("-b"), r("2")), "(-b)/2"),
        (frac(frac(r("a"), r("b")), r("c")), "(a/b)/c"),
        (frac(r("a"), frac(r("b"), r("c"))), "a/(b/c)"),
        (r("3") + frac(r("1"), r("2")), "3 1/2"),
        (frac(r("1"), r("2")) + r("x"), "(1/2)x"),
        (r("x") + frac(r("1"), r("2")), "x(1/2)"),
        (r("y=") + frac(r("a"), r("b")) + r("+1"), "y=a/b+1"),
        (script(r("a+b"), r("2")), "(a+b)²"),
        (script(fence(r("a+b")), r("2")), "(a+b)²"),
        (script(frac(r("a"), r("b")), r("2")), "(a/b)²"),
        (script(script(r("x"), r("2")), r("3")), "(x²)³"),
        (script(r("e"), r("x+y")), "e^(x+y)"),
        (script(r("e"), r("-x")), "e^(-x)"),
        (script(r("e"), r("x")) + r("y"), "e^(x)y"),
        (script(r("x"), sub=r("i,j")), "x_(i,j)"),
        (script(r("x"), r("2"), r("1")), "x₁²"),
        (f"<rad><deg>{r('3')}</deg><e>{r('x')}</e></rad>", "∛(x)"),
        (f"<rad><deg>{r('n')}</deg><e>{r('2x')}</e></rad>", "ⁿ√(2x)"),
        (f"<rad><deg/><e>{r('2')}</e></rad>" + r("π"), "√(2)π"),
        (fence(r("x"), "|", "|"), "|x|"),
        (fence(r("0,1"), "[", ")"), "[0,1)"),
        (nary("∑", r("i=1"), r("n"), r("x")), "∑_(i=1)ⁿ x"),
        (nary("", r("0"), r("T"), r("u dt")), "∫₀^T u dt"),
        (f"<func><fName>{r('sin')}</fName><e>{r('x')}</e></func>", "sin x"),
        (f"<limLow><e>{r('lim')}</e><lim>{r('x→0')}</lim></limLow>", "lim_(x→0)"),
        (f"<m><mr><e>{r('a+b')}</e><e>{r('c')}</e></mr><mr><e>{r('d')}</e><e>{r('e')}</e></mr></m>", "a+b, c; d, e"),
        (f'<f><fPr><type val="noBar"/></fPr><num>{r("n")}</num><den>{r("k")}</den></f>', "n; k"),
        (f'<acc><accPr><chr val="&#x302;"/></accPr><e>{r("x")}</e></acc>', "x\u0302"),
        (f"<sPre><sub/><sup>{r('14')}</sup><e>{r('C')}</e></sPre>", "¹⁴C"),
    ],
)  # fmt: skip
def test_word(source, line):
    assert omml(source) == line


def row(text: str) -> str:
    """A row of MathML out of names, numbers and operators with blanks between."""
    kinds = (
        ("mn" if part[0].isdigit() else "mi" if part.isalnum() else "mo", part)
        for part in text.split()
    )
    return "<mrow>" + "".join(f"<{kind}>{part}</{kind}>" for kind, part in kinds) + "</mrow>"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"<mfrac>{row('a + b')}{row('2 c')}</mfrac>", "(a + b)/(2c)"),
        (f"<mfrac>{row('1')}{row('2 π f')}</mfrac>", "1/(2πf)"),
        (f"<mfrac>{row('− b')}{row('2')}</mfrac>", "(− b)/2"),
        (f"<mfrac><mfrac>{row('a')}{row('b')}</mfrac>{row('c')}</mfrac>", "(a/b)/c"),
        (f"<mn>3</mn><mfrac>{row('1')}{row('2')}</mfrac>", "3 1/2"),
        (f"<mfrac>{row('1')}{row('2')}</mfrac><mi>x</mi>", "(1/2)x"),
        (f"<mi>a</mi><mo>/</mo><mfrac>{row('1')}{row('2')}</mfrac>", "a / (1/2)"),
        (f"<msup>{row('a + b')}<mn>2</mn></msup>", "(a + b)²"),
        (f"<msup>{row('( a + b )')}<mn>2</mn></msup>", "(a + b)²"),
        (f"<msup><mi>e</mi>{row('x + y')}</msup>", "e^(x + y)"),
        ("<msup><mi>cm</mi><mn>3</mn></msup>", "cm³"),
        ("<msubsup><mi>x</mi><mrow></mrow><mn>2</mn></msubsup>", "x²"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "∛(x)"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x + 1)"),
        (f"<mn>2</mn><mfenced>{row('a + b')}</mfenced>", "2(a + b)"),
        ("<mi>f</mi><mfenced><mi>x</mi><mi>y</mi></mfenced>", "f(x, y)"),
        (row("| x |"), "|x|"),
        (f"<munderover><mo>∑</mo>{row('i = 1')}<mi>n</mi></munderover><mi>x</mi>", "∑_(i = 1)ⁿ x"),
        ("<mn>2</mn><mo>&#x2062;</mo><mn>3</mn>", "2 · 3"),
        ("<mn>2</mn><mo>&#x2062;</mo><mi>x</mi>", "2x"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0305"),
        ("<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable><mo>)</mo>", "(1, 2; 3, 4)"),
        ("<mmultiscripts><mi>C</mi><mprescripts/><none/><mn>14</mn></mmultiscripts>", "¹⁴C"),
    ],
)  # fmt: skip
def test_web_pages(tmp_path, source, line):
    assert texts(tmp_path, f"<p>It is <math>{source}</math> here.</p>") == [f"It is {line} here."]


def test_what_is_too_deep_is_read_as_its_text(tmp_path):
    assert texts(
        tmp_path, f"<p>So <math>{'<mrow>' * 90}<mi>x</mi>{'</mrow>' * 90}</math>.</p>"
    ) == ["So x."]
    assert omml(f"{'<e>' * 90}{r('x')}{'</e>' * 90}") == "x"


def test_the_fences_and_bars_that_attributes_tell():
    from knowledge.parsing.content.formulas import FormulaSink

    def line(tag: str, attributes: dict[str, str], *inner: str) -> str:
        sink = FormulaSink()
        sink.start(tag, attributes)
        for text in inner:
            sink.start("mi")
            sink.data(text)
            sink.end("mi")
        sink.end(tag)
        return sink.line()

    assert line("mfenced", {"open": "|", "close": "|"}, "x") == "|x|"
    assert line("mfenced", {"separators": ";"}, "a", "b") == "(a; b)"
    assert line("mfrac", {"linethickness": "0"}, "n", "k") == "n; k"
    assert line("mfrac", {"linethickness": "0.5pt"}, "n", "k") == "n/k"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<mn>5&nbsp;600</mn><mo>=</mo><mn>5&#8239;600</mn>", "5 600 = 5 600"),
        ("<mn>5</mn><mtext>&nbsp;</mtext><mn>6</mn>", "5 6"),
        ("<mn>5</mn><mo>&nbsp;</mo><mn>6</mn>", "5 6"),
        ("<mtext>if p &lt; 3 or q &gt; 5</mtext>", "if p < 3 or q > 5"),
        ("<mfrac><mn>1</mn><mn>5&nbsp;600</mn></mfrac>", "1/(5 600)"),
        ("<mrow>\n <mi> x </mi>\n <mo> = </mo>\n <mn>\n 5 </mn></mrow>", "x = 5"),
    ],
)
def test_blanks_that_a_formula_shows_stay(tmp_path, source, line):
    assert texts(tmp_path, f"<p>Use <math>{source}</math>.</p>") == [f"Use {line}."]
