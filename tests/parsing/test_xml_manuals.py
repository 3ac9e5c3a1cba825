"""DITA topics and maps, and DocBook: headings, steps, notes, tables; what is taken from elsewhere; and hostile XML."""

from __future__ import annotations

import pytest

from knowledge.errors import UnreadableFile
from knowledge.parsing import read_file
from knowledge.parsing.formats import manuals_in
from tests.parsing.test_markup import blocks, read, section_paths
from tests.support.files import zipped

TASK = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE task PUBLIC "-//OASIS//DTD DITA Task//EN" "task.dtd">
<task id="descale" xml:lang="en">
  <title>Descaling the <ph id="product">Kettle K5</ph></title>
  <shortdesc>Scale makes the kettle loud.</shortdesc>
  <prolog><metadata><keywords><keyword>hidden keyword</keyword></keywords></metadata></prolog>
  <taskbody>
    <prereq><note type="warning">Hot steam. <indexterm>steam</indexterm>Let it cool.</note></prereq>
    <steps>
      <step><cmd>Fill in <uicontrol>0.5 l</uicontrol> of vinegar.</cmd>
        <info>White vinegar is best.</info>
        <substeps><substep><cmd>Open the lid.</cmd></substep><substep><cmd>Pour slowly.</cmd></substep></substeps></step>
      <step importance="optional"><cmd>Choose <menucascade><uicontrol>Menu</uicontrol><uicontrol>Descale</uicontrol></menucascade>.</cmd></step>
      <step><cmd>Wait.</cmd><choices><choice>An hour for little scale.</choice><choice>A night for much.</choice></choices></step>
    </steps>
    <result><p>The <ph conref="#descale/product"/> is clean<fn>Rinse it twice.</fn>.</p></result>
  </taskbody>
  <related-links><link href="other.dita"><linktext>Other</linktext></link></related-links>
</task>
"""


def test_a_dita_task_is_read_with_its_steps_and_warnings(tmp_path):
    document = read(tmp_path, TASK, "descale.dita")
    assert document.title == "Descaling the Kettle K5" and document.kind == "xml"
    assert document.warnings == ()
    assert [block for block in blocks(document) if block[0] != "heading"] == [
        ("text", "Scale makes the kettle loud."),
        ("text", "Warning: Hot steam. Let it cool."),
        ("item", "1. Fill in 0.5 l of vinegar."), ("item", "White vinegar is best."),
        ("item", "a. Open the lid."), ("item", "b. Pour slowly."),
        ("item", "2. Optional: Choose Menu > Descale."),
        ("item", "3. Wait."), ("item", "An hour for little scale."), ("item", "A night for much."),
        ("text", "The Kettle K5 is clean (Rinse it twice.)."),
    ]  # fmt: skip


def topic(inside, name="t", title="Data"):
    return f'<topic id="{name}" class="- topic/topic "><title>{title}</title><body>{inside}</body></topic>'


def test_tables_of_dita_have_their_heads(tmp_path):
    document = read(
        tmp_path,
        topic(
            "<section><title>Faults</title><simpletable><sthead><stentry>Fault</stentry><stentry>Cause</stentry><stentry>Remedy</stentry></sthead>"
            "<strow><stentry>No heat</stentry><stentry>No water</stentry><stentry><p>Fill it.</p></stentry></strow></simpletable></section>"
            '<section><title>Torques</title><table><title>All screws</title><tgroup cols="3"><colspec colname="a"/><colspec colname="b"/><colspec colname="c"/>'
            '<tfoot><row><entry namest="a" nameend="c">Measured at 20 °C</entry></row></tfoot>'
            "<thead><row><entry>Screw</entry><entry>Size</entry><entry>Torque</entry></row></thead><tbody>"
            '<row><entry morerows="1">Lid</entry><entry>M3</entry><entry>1 Nm</entry></row><row><entry>M4</entry><entry>2 Nm</entry></row></tbody></tgroup></table></section>'
        ),
        "data.dita",
    )
    assert [text for _, text in blocks(document)][-1] == (
        "Screw: Lid | Size: M3 | Torque: 1 Nm\nScrew: Lid | Size: M4 | Torque: 2 Nm\nMeasured at 20 °C"
    )
    assert [text for _, text in blocks(document)][1:5] == [
        "Faults", "Fault: No heat | Cause: No water | Remedy: Fill it.", "Torques", "All screws",
    ]  # fmt: skip


BOOK = """<?xml version="1.0"?>
<!DOCTYPE book PUBLIC "-//OASIS//DTD DocBook XML V4.5//EN" "http://www.oasis-open.org/docbook/xml/4.5/docbookx.dtd" [
<!ENTITY product "Press P7"> <!ENTITY part2 SYSTEM "part2.xml">
]>
<book><bookinfo><title>&product; guide</title><author><firstname>Ann</firstname></author></bookinfo>
<chapter id="oil"><title>Oiling</title>
<para>Oil the &product; weekly&mdash;see <xref linkend="care"/>:<itemizedlist><listitem><para>the spindle</para></listitem><listitem><para>the gear</para></listitem></itemizedlist></para>
<caution><para>Never oil the belt.</para></caution>
<note><title>Cold rooms</title><para>Use thin oil.</para></note>
<warning><title>Blade</title><para>It runs on for 5 s.</para></warning><danger><title>DANGER!</title><para>High voltage.</para></danger>
<section id="care"><title>Care of the belt</title>
<procedure><title>Change the belt</title><step><para>Press <keycombo><keycap>Ctrl</keycap><keycap>Q</keycap></keycombo>.</para></step>
<step performance="optional"><para>Open <menuchoice><guimenu>File</guimenu><guimenuitem>Stop</guimenuitem></menuchoice>.</para></step></procedure>
<programlisting>press --stop
  now</programlisting>
<variablelist><varlistentry><term>Speed</term><listitem><para>at most 5 m<superscript>2</superscript></para></listitem></varlistentry></variablelist>
<qandaset><qandaentry><question><para>Does it squeak?</para></question><answer><para>Oil it.</para></answer></qandaentry></qandaset>
<remark>To be checked.</remark>
<informaltable><tgroup cols="2"><thead><row><entry>Code</entry><entry>Meaning</entry><entry>Remedy</entry></row></thead><tbody><row><entry>E1</entry><entry>Jam</entry><entry>Open it</entry></row></tbody></tgroup></informaltable>
</section></chapter>&part2;</book>
"""


def test_a_docbook_book_is_read_with_its_sections(tmp_path):
    document = read(tmp_path, BOOK, "guide.xml")
    assert document.title == "Press P7 guide"
    assert section_paths(document) == [
        "Oiling", "Oiling > Care of the belt", "Oiling > Care of the belt > Does it squeak?",
    ]  # fmt: skip
    assert [block for block in blocks(document) if block[0] != "heading"] == [
        ("text", "Oil the Press P7 weekly—see Care of the belt:"), ("item", "the spindle"), ("item", "the gear"),
        ("text", "Caution: Never oil the belt."), ("text", "Cold rooms: Use thin oil."),
        ("text", "Warning: Blade: It runs on for 5 s."), ("text", "DANGER! High voltage."),
        ("text", "Change the belt"), ("item", "1. Press Ctrl+Q."), ("item", "2. Optional: Open File > Stop."),
        ("code", "press --stop\n  now"), ("item", "Speed\nat most 5 m²"), ("text", "Oil it."),
        ("table", "Code: E1 | Meaning: Jam | Remedy: Open it"),
    ]  # fmt: skip
    assert document.warnings == ("1 part that the file takes from elsewhere was not read.",)


def test_docbook_5_is_told_by_its_namespace_and_speaks_its_language(tmp_path):
    source = (
        '<article xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" version="5.0" xml:lang="de">'
        "<info><title>Presse P7</title><date>2020</date></info><warning><para>Nicht öffnen.</para></warning>"
        '<para>Siehe <link xlink:href="https://a.example/"/>.</para><glosslist><glossentry><glossterm>Spindel</glossterm>'
        "<glossdef><para>Das, was dreht.</para></glossdef></glossentry></glosslist></article>"
    )
    document = read(tmp_path, source, "upload")
    assert document.title == "Presse P7"
    assert [text for _, text in blocks(document)][1:] == [
        "Warnung: Nicht öffnen.", "Siehe https://a.example/.", "Spindel\nDas, was dreht.",
    ]  # fmt: skip


def test_a_map_orders_the_topics_of_an_archive(tmp_path):
    use = topic('<p>Press <keyword keyref="button"/>.</p><p conref="../shared.dita#s/wet"/><p>See <xref href="care.dita"/>.</p>', "use", "Use")  # fmt: skip
    path = zipped(
        tmp_path / "upload",
        {
            "kettle/guide.ditamap": '<map><title>Kettle K5 guide</title><keydef keys="button"><topicmeta><keywords><keyword>the red button</keyword></keywords></topicmeta></keydef>'
            '<topicref href="topics/use.dita"><topicref href="topics/care.dita"/></topicref><topichead navtitle="Service"><topicref href="topics/parts.dita"/></topichead>'
            '<topicref href="topics/gone.dita"/><topicref href="http://a.example" scope="external" format="html"/></map>',
            "kettle/topics/care.dita": topic("<p>Wipe it.</p>", "care", "Care"),
            "kettle/topics/use.dita": use,
            "kettle/topics/parts.dita": topic("<p>The lid is part KL-1.</p>", "parts", "Parts"),
            "kettle/topics/old.dita": topic("<p>Old text.</p>", "old", "Old"),
            "kettle/shared.dita": topic('<p id="wet">Keep it dry.</p>', "s", "Shared"),
        },
    )
    document = read_file(path, "guide.zip")
    assert document.title == "Kettle K5 guide"
    assert section_paths(document) == ["Use", "Use > Care", "Service", "Service > Parts"]
    texts = [text for page in document.pages for kind, text in blocks(document, page.number)]
    assert [t for t in texts if t.endswith(".")] == [
        "Press the red button.", "Keep it dry.", "See Care.", "Wipe it.", "The lid is part KL-1.",
    ]  # fmt: skip
    assert document.warnings == (
        "1 topic of the map was not in the archive.", "1 topic that no map lists was left out.",
    )  # fmt: skip


def test_topics_without_a_map_are_read_by_name(tmp_path):
    pages = {f"t{n}.dita": topic(f"<p>Text {n}.</p>", f"t{n}", f"Part {n}") for n in (10, 2, 1)}
    document = read_file(zipped(tmp_path / "upload", pages), "kettle.zip")
    assert section_paths(document) == ["Part 1", "Part 2", "Part 10"]


def test_a_map_alone_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(UnreadableFile, match="add a ZIP of the map with them"):
        read(tmp_path, '<!DOCTYPE map PUBLIC "-//OASIS//DTD DITA Map//EN" "map.dtd"><map/>', "a.ditamap")  # fmt: skip


def test_nothing_is_read_from_other_files_and_bombs_do_no_harm(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret", encoding="utf-8")
    stolen = f'<!DOCTYPE article [<!ENTITY x SYSTEM "{secret.as_uri()}">]><article><title>Care</title><para>Keep &x; dry.</para></article>'
    document = read(tmp_path, stolen, "a.xml")
    assert document.pages[0].text.endswith("Keep dry.") and "secret" not in document.pages[0].text
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE article [<!ENTITY e0 "ha">{laughs}]><article><title>Care</title><para>Keep it. &e9;</para></article>'
    try:
        read_text = read(tmp_path, bomb, "a.xml").pages[0].text
    except UnreadableFile:
        read_text = ""
    assert len(read_text) < 1_000_000
    nest = "<section>" * 3000 + "<para>Deep.</para>" + "</section>" * 3000
    try:
        read(tmp_path, f"<?xml version='1.0'?><article><title>A</title><para>Top.</para>{nest}</article>", "a.xml")  # fmt: skip
    except UnreadableFile as error:
        assert "nested too deeply" in str(error) or "damaged" in str(error)


def test_of_xml_files_in_a_folder_only_manuals_are_taken(tmp_path):
    (tmp_path / "settings.xml").write_text("<settings><a>1</a></settings>", encoding="utf-8")
    (tmp_path / "guide.xml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "descale.dita").write_text(TASK, encoding="utf-8")
    assert [path.name for path in manuals_in(tmp_path)] == ["descale.dita", "guide.xml"]


WHOLE = """<book xmlns="http://docbook.org/ns/docbook" xmlns:xi="http://www.w3.org/2001/XInclude" version="5.0">
<title>Pump P9</title><xi:include href="parts/care.xml"/>
<xi:include href="parts/gone.xml"><xi:fallback><para>Ask the dealer.</para></xi:fallback></xi:include>
<xi:include href="parts/lost.xml"/><chapter><title>Facts</title><xi:include href="parts/facts.xml" xpointer="torque"/></chapter></book>"""
CHAPTER = """<chapter xmlns="http://docbook.org/ns/docbook"><title>Care</title><section><title>Filter</title>
<para>Rinse the filter weekly.</para></section></chapter>"""
FACTS = """<chapter xmlns="http://docbook.org/ns/docbook"><title>All facts</title><para xml:id="torque">Tighten to 9 Nm.</para>
<para>A fact that nobody takes.</para></chapter>"""


def test_a_book_takes_in_the_files_beside_it_in_their_places(tmp_path):
    """XInclude inside a ZIP: a whole chapter, one paragraph of a file, what is said instead, and what is not there."""
    path = zipped(tmp_path / "b.zip", {"book.xml": WHOLE, "parts/care.xml": CHAPTER, "parts/facts.xml": FACTS})  # fmt: skip
    document = read_file(path, "pump.zip")
    assert section_paths(document) == ["Care", "Care > Filter", "Facts"]  # fmt: skip
    assert [text for kind, text in blocks(document) if kind != "heading"] == [
        "Rinse the filter weekly.",
        "Ask the dealer.",
        "Tighten to 9 Nm.",
    ]
    assert document.warnings == ("1 part that the file takes from elsewhere was not read.",)


def test_files_that_take_each_other_in_end(tmp_path):
    loop = CHAPTER.replace("</chapter>", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="b.xml"/></chapter>')  # fmt: skip
    members = {"a.xml": loop, "b.xml": loop.replace("b.xml", "a.xml"), "book.xml": WHOLE.replace("parts/care", "a")}  # fmt: skip
    document = read_file(zipped(tmp_path / "b.zip", members), "pump.zip")
    assert "Rinse the filter weekly." in [text for _, text in blocks(document)]


def test_a_book_alone_says_what_it_lacks(tmp_path):
    document = read(tmp_path, WHOLE, "book.xml")
    assert "Ask the dealer." in [text for _, text in blocks(document)]
    assert document.warnings == ("3 parts that the file takes from elsewhere were not read.",)
