"""CSV, JSON, mails and saved pages; and files that are no manuals, whatever they are called."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from knowledge.errors import UnknownFormat, UnreadableFile
from knowledge.ingestion.chunking import split
from knowledge.parsing.content.grids.spaced_columns import spaced_rows
from tests.parsing.test_markup import blocks, read, section_paths


def texts(tmp_path, content, name) -> list[str]:
    return [text for _, text in blocks(read(tmp_path, content, name))]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_rows_of_a_csv_file_have_their_heads(tmp_path, delimiter):
    rows = [("Code", "Cause", "Remedy"), ("E-7", "Too hot", "Let it cool"), ("E-8", "No water", "Fill it")]  # fmt: skip
    source = "\n".join(delimiter.join(row) for row in rows)
    assert texts(tmp_path, source, "codes.csv") == [
        "Code: E-7 | Cause: Too hot | Remedy: Let it cool\nCode: E-8 | Cause: No water | Remedy: Fill it"
    ]


def test_names_that_repeat_or_lack_are_no_head_of_a_csv_file(tmp_path):
    for first in ("Size,Count,Count", "Size,,Count"):
        source = f"{first}\nSmall,3,4\nLarge,5,6\n"
        assert texts(tmp_path, source, "a.csv") == [
            source.strip().replace(",", " | ").replace("  ", " ")
        ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        # a second table below a blank row is not told under the head of the first
        ("Part,Torque,Tool\nM6,9,A\nM8,22,B\n\nPart,Length,Tool\nM7,10,B\nM8,11,C\n",
         "Part: M6 | Torque: 9 | Tool: A/Part: M8 | Torque: 22 | Tool: B/Part | Length | Tool/M7 | 10 | B/M8 | 11 | C"),
        # nor does what goes on below one head it
        ("Motor,none,black\nFan,none,white\n\nPump,none,red\nValve,3,blue\nSeal,4,green\n",
         "Motor | none | black/Fan | none | white/Pump | none | red/Valve | 3 | blue/Seal | 4 | green"),
        # a blank row after every row parts nothing
        ("Part,Torque\n\nM6 (Nm),9\n\nM8 (Nm),22\n", "Part | Torque/M6 (Nm) | 9/M8 (Nm) | 22"),
        ("Part,Torque,Tool\n\nM6,9,A\n\nM8,22,B\n",
         "Part: M6 | Torque: 9 | Tool: A/Part: M8 | Torque: 22 | Tool: B"),
    ],
    ids=["second table", "goes on", "two columns", "every other"],
)  # fmt: skip
def test_blank_rows_of_a_csv_file_part_its_tables(tmp_path, source, lines):
    assert "\n".join(texts(tmp_path, source, "a.csv")).split("\n") == lines.split("/")


def test_columns_that_hold_nothing_part_no_head_from_its_table(tmp_path):
    source = "Code,,Cause,,Remedy\nE-7,,Too hot,,Let it cool\nE-8,,No water,,Fill it\n"
    assert texts(tmp_path, source, "codes.csv") == [
        "Code: E-7 | Cause: Too hot | Remedy: Let it cool\nCode: E-8 | Cause: No water | Remedy: Fill it"
    ]


def test_a_full_table_of_plain_text_keeps_its_columns(tmp_path):
    table = "Code    Meaning     Action\nE1      Too hot     Wait\nE2      Too cold    Heat it"
    assert texts(tmp_path, f"Saw T5\n======\n\n{table}\n", "t5.txt")[1] == (
        "Code: E1 | Meaning: Too hot | Action: Wait\nCode: E2 | Meaning: Too cold | Action: Heat it"
    )
    uneven = "Wait    for the lamp\nthen    press the key   again\nand go  on"
    assert "|" not in texts(tmp_path, f"Saw T5\n======\n\n{uneven}\n", "t5.txt")[1]


@pytest.mark.parametrize("rule", ["|------|--------|", "+------+--------+"])
def test_a_table_of_plain_text_between_bars_has_rows(tmp_path, rule):
    table = f"{rule}\n| Bolt | Torque |\n{rule}\n| M5   | 7      |\n| M6   | 11     |\n{rule}"
    assert texts(tmp_path, f"Saw T5\n======\n\n{table}\n", "t5.txt")[1] == (
        "Bolt: M5 | Torque: 7\nBolt: M6 | Torque: 11"
    )
    uneven = "| Bolt | Torque |\n| M5 |"
    assert texts(tmp_path, f"Saw T5\n======\n\n{uneven}\n", "t5.txt")[1] == uneven


def test_a_field_of_a_csv_file_may_be_long(tmp_path):
    told = "The pump must be filled before it runs. " * 4000
    document = read(tmp_path, f"Part,Note\nPump,{told}\nSeal,Keep it dry.\n", "a.csv")
    text = " ".join(text for _, text in blocks(document))
    assert text.count("The pump must be filled before it runs.") == 4000
    assert "Seal | Keep it dry." in text and document.warnings == ()
    _, passages = split(document)
    assert max(len(passage.text) for passage in passages) < 3000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('M{0},"5 ""in{0},3', 'M{0} | "5 ""in{0} | 3'),  # no mark closes it down to the end
        ("M{0},{0} Nm,Key\n", "Part: M{0} | Torque: {0} Nm | Tool: Key"),  # a blank row after each
    ],
    ids=["open", "blank"],
)
def test_a_long_csv_file_is_read_whole(tmp_path, line, said):
    """Reading takes seconds and not hours: each line is looked at a few times, however many there are."""
    source = "Part,Torque,Tool\n\n" + "\n".join(line.format(n) for n in range(50_000))
    document = read(tmp_path, source, "a.csv")
    lines = document.pages[0].text.split("\n")
    assert [one for one in lines if said.format(49_999) in one] and len(lines) >= 50_000


@pytest.mark.parametrize("later", ["close it", '"close it"'])
def test_a_quotation_mark_that_is_not_closed_costs_no_row(tmp_path, later):
    source = f'Part,Note,Life\nSeal,"open it,3\nBelt,{later},4\nHose,"it is\nflat, ""F""",5\n'
    if later == "close it":
        source = source.partition("Hose")[0] + "Hose,it is flat,5\n"
    document = read(tmp_path, source, "a.csv")
    (table,) = [text for _, text in blocks(document)]
    assert table.split("\n")[:2] == [
        'Part: Seal | Note: "open it | Life: 3', "Part: Belt | Note: close it | Life: 4",
    ]  # fmt: skip
    assert table.split("\n")[2].startswith("Part: Hose | Note: it is flat")
    assert "1 line with a quotation mark that is never closed" in document.warnings[0]


def test_a_bar_in_a_cell_does_not_make_it_two(tmp_path):
    source = "Lamp,State,Life\nFront,On | Off,3\nRear,| Off,4\n"
    assert texts(tmp_path, source, "a.csv") == [
        "Lamp: Front | State: On|Off | Life: 3\nLamp: Rear | State: |Off | Life: 4"
    ]


def test_the_delimiter_that_a_csv_file_names_is_its_own(tmp_path):
    assert texts(tmp_path, "sep=;\nPart;Limit, bar\nSeal;1,5\nBelt;2,5\n", "a.csv") == [
        "Part | Limit, bar\nSeal | 1,5\nBelt | 2,5"
    ]


def test_questions_and_answers_in_json(tmp_path):
    source = '[{"question": "How do I reset it?", "answer": "Hold the key."}, {"question": "What is E-7?", "answer": "Too hot."}]'
    document = read(tmp_path, source, "faq.json")
    assert section_paths(document) == ["How do I reset it?", "What is E-7?"]
    lines = '{"title": "Care", "text": "Keep it dry."}\n{"title": "Use", "text": "Turn it on."}\n'
    assert texts(tmp_path, lines, "faq.jsonl") == ["Care", "Keep it dry.", "Use", "Turn it on."]
    with pytest.raises(UnknownFormat, match="without questions"):
        read(tmp_path, '{"width": 3, "items": [{"id": 1}]}', "data.json")


def test_no_field_and_no_record_of_json_vanishes(tmp_path):
    records = [
        {"question": "How do I clean it?", "input": "P200", "answer": "Rinse it.\nDry it.", "warning": "Never open while hot", "max_pressure": 7.5, "safe": True, "old": None},
        {"title": "Which oil?", "text": "15W", "description": "Not 5W", "tags": ["oil", "care"], "limits": {"least": 2, "most": "3 l"}},
        {"question": "Who repairs it?", "answer": ""},
        {"note": "Keep it dry."},
        {"question": "How loud?", "answer": ["41 dB in eco.", "60 dB in boost."], "meaning": [0.1] * 99},
        {"question": "What is E-7?", "answer": "Too hot."},
        {"question": "What is E-8?", "answer": "Too cold."},
        *({"q": f"What is E-{n}?", "a": f"Fault {n}."} for n in range(10, 13)),
        "Read all of it.",
    ]  # fmt: skip
    source = json.dumps({"product": "Lynx L5", "faq": records})
    document = read(tmp_path, source, "faq.json")
    text = "\n".join(text for _, text in blocks(document))
    assert text.split("\n") == [
        "Product: Lynx L5", "Question: Who repairs it?", "Note: Keep it dry.", "Read all of it.",
        "How do I clean it?", "Rinse it.", "Dry it.", "Input: P200", "Warning: Never open while hot",
        "Max pressure: 7.5", "Safe: yes",
        "Which oil?", "15W", "Description: Not 5W", "Tags: oil, care", "Limits, least: 2", "Limits, most: 3 l",
        "How loud?", "41 dB in eco.", "60 dB in boost.", "What is E-7?", "Too hot.", "What is E-8?", "Too cold.",
        "What is E-10?", "Fault 10.", "What is E-11?", "Fault 11.", "What is E-12?", "Fault 12.",
    ]  # fmt: skip
    assert document.warnings == ("1 list of more than 50 numbers was left out.",)


def test_a_number_of_json_stays_as_the_file_writes_it(tmp_path):
    source = '[{"question": "Which version?", "answer": "See below.", "version": 1.10, "torque": 2.50, "price": 1E3, "serial": 12345678901234567890123, "sizes": [1.0, 2.00]}]'
    assert texts(tmp_path, source, "faq.json")[2:] == [
        "Version: 1.10", "Torque: 2.50", "Price: 1E3", "Serial: 12345678901234567890123", "Sizes: 1.0, 2.00",
    ]  # fmt: skip


def test_a_name_that_stands_twice_in_an_object_loses_no_value(tmp_path):
    source = (
        '{"faq": [{"question": "How?", "answer": "Open it.", "note": "Wait.", "answer": "Close it.", "note": 3, "note": 4}],'
        ' "faq": [{"question": "When?", "answer": "Daily."}]}'
    )
    assert texts(tmp_path, source, "faq.json") == [
        "How?", "Open it.", "Close it.", "Note: Wait., 3, 4", "When?", "Daily.",
    ]  # fmt: skip


CARE = [{"question": "How do I clean it?", "answer": "Rinse it."}]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"faq": CARE, "tags": ["pump", "care"]}, ["Tags: pump, care", "How do I clean it?", "Rinse it."]),
        ({"data": {"faq": CARE, "count": 1}}, ["Data, count: 1", "How do I clean it?", "Rinse it."]),
        ({"a": {"b": {"faq": CARE}}, "c": 2}, ["C: 2", "How do I clean it?", "Rinse it."]),
        ({"daily_care": CARE, "repair": [{"q": "What is E-7?", "a": "Too hot."}, "Call us."]},
            ["Daily care", "How do I clean it?", "Rinse it.", "Repair", "Call us.", "What is E-7?", "Too hot."]),
        (CARE[0] | {"tags": ["oil", "care"]}, ["How do I clean it?", "Rinse it.", "Tags: oil, care"]),
        ({"note": CARE[0] | {"see": [{"title": "Care", "text": "Page 3."}]}, "faq": [{"q": "What is E-7?", "a": "Too hot."}]},
            ["Note, question: How do I clean it?", "Note, answer: Rinse it.", "Note, see, title: Care", "Note, see, text: Page 3.",
             "What is E-7?", "Too hot."]),
        (CARE[0] | {"see": [{"title": "Care", "text": "Page 3."}]},
            ["How do I clean it?", "Rinse it.", "See, title: Care", "See, text: Page 3."]),
    ],
    ids=["beside a list", "in an object", "deep", "two lists", "one record", "a record beside", "one record with others"],
)  # fmt: skip
def test_a_list_of_questions_is_found_wherever_it_stands(tmp_path, data, expected):
    assert texts(tmp_path, json.dumps(data), "faq.json") == expected


def test_a_mail_and_a_page_saved_as_one_are_decoded(tmp_path):
    body = base64.b64encode(b"Hold the key for 10 seconds.").decode()
    mail = f"From: a@b.example\nSubject: Lynx L5 reset\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n"
    document = read(tmp_path, mail, "mail.eml")
    assert document.title == "Lynx L5 reset"
    assert ("text", "Hold the key for 10 seconds.") in blocks(document)
    page = 'From: <Saved by Blink>\nSubject: L5\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<html><body><h1>Reset</h1><p>Wait for =\n5 seconds at 20=C2=B0C.</p></body></html>\n--B--\n'
    assert texts(tmp_path, page, "page.mht") == ["Reset", "Wait for 5 seconds at 20°C."]


ALTERNATIVE = (
    "Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\nHold RESET.\n"
    "--B\nContent-Type: text/html\n\n<html><body><p>Hold <b>RESET</b>.</p></body></html>\n--B--\n"
)


@pytest.mark.parametrize(
    "first",
    ["Content-Type: text/plain\n\nHold RESET.\n", ALTERNATIVE],
    ids=["plain", "plain and html"],
)
def test_every_text_of_a_mail_is_read_once_and_attachments_are_counted(tmp_path, first):
    mail = (
        "From: a@b.example\nSubject: Reset\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=A\n\n"
        f"--A\n{first}--A\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx\n"
        "--A\nContent-Type: text/plain\n\nNever open it while 2 < 3 bar.\n\nWait.\n"
        "--A\nContent-Type: text/html\n\n<html><body><p>Then close it.</p></body></html>\n--A--\n"
    )
    document = read(tmp_path, mail, "mail.eml")
    text = " ".join(page.text for page in document.pages)
    for said in ("Hold RESET.", "Never open it while 2 < 3 bar.", "Wait.", "Then close it."):
        assert text.count(said) == 1
    assert document.warnings == ("1 attachment was not read.",)


def part(kind: str, text: str, more: str = "") -> str:
    return f"Content-Type: {kind}\n{more}\n{text}\n"


def parts(kind: str, *inner: str, more: str = "") -> str:
    """A part made of parts."""
    mark = f"b{abs(hash((kind, inner)))}"
    body = "".join(f"--{mark}\n{one}" for one in inner)
    return f"Content-Type: multipart/{kind}; boundary={mark}\n{more}\n{body}--{mark}--\n"


def mailed(tmp_path, body: str, name: str = "mail.eml"):
    """(its texts, its warnings) of a mail."""
    head = "From: a@b.example\nSubject: Reset\nMIME-Version: 1.0\n"
    document = read(tmp_path, head + body, name)
    return [text for _, text in blocks(document) if text != "Reset"], document.warnings


PDF = part("application/pdf", "x", "Content-Disposition: inline; filename=a.pdf\n")
PICTURE = part("image/png", "x", "Content-ID: <p>\n")
ONE = ("1 attachment was not read.",)


@pytest.mark.parametrize(
    ("body", "expected", "warnings"),
    [
        (parts("alternative", part("text/plain", "Hold RESET."),
            parts("mixed", part("text/html", "<p>Hold RESET.</p>"), PDF, part("text/html", "<p>Then wait 5 s.</p>"))),
            ["Hold RESET.", "Then wait 5 s."], ONE),
        (parts("alternative", part("text/plain", "Hold RESET for ten seconds, then wait."),
            parts("mixed", PDF, part("text/html", "<p>My phone</p>"))), ["Hold RESET for ten seconds, then wait."], ONE),
        (parts("alternative", part("text/plain", "Hold RESET."), part("text/html", "<p><img src='cid:p'></p>")), ["Hold RESET."], ()),
        (parts("alternative", part("text/plain", "Hold RESET."), part("text/calendar", "BEGIN:VCALENDAR")), ["Hold RESET."], ()),
        (parts("mixed", part("text/plain", "Hold RESET."), PDF, part("image/png", "x")), ["Hold RESET."], ("2 attachments were not read.",)),
        (parts("signed", part("text/plain", "Hold RESET."), part("application/pgp-signature", "x")), ["Hold RESET."], ()),
        (parts("related", part("text/html", "<p>Hold it.</p>", "Content-Location: a.html\n"), PICTURE,
            part("text/html", "<p>Advert</p>", "Content-Location: ad.html\n")), ["Hold it."], ONE),
        (parts("related", part("text/html", "<p>Frame</p>", "Content-ID: <f>\n"), PICTURE, part("text/html", "<p>Hold it.</p>", "Content-ID: <r>\n"), PDF).replace("multipart/related;", "multipart/related; start=\"<r>\";"), ["Hold it."], ("2 attachments were not read.",)),
        (parts("mixed", parts("related", part("text/html", "<p>Hold it.</p>"), PICTURE, part("text/plain", "Wait 5 s."))), ["Hold it.", "Wait 5 s."], ()),
    ],
    ids=["apple", "apple with less", "blank html", "calendar", "inline parts", "signed", "saved page", "named root", "loose text"],
)  # fmt: skip
def test_a_mail_shows_its_best_form_and_says_what_it_leaves_out(tmp_path, body, expected, warnings):
    assert mailed(tmp_path, body) == (expected, warnings)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_sent_along_is_read_below_its_subject(tmp_path, kind):
    inner = f"From: c@d.example\nSubject: Filter\nMIME-Version: 1.0\n{part(f'text/{kind}', 'Rinse it.')}"
    sent = part("message/rfc822", inner, "Content-Disposition: attachment; filename=a.eml\n")
    body = parts("mixed", part("text/plain", "See below."), sent)
    assert mailed(tmp_path, body) == (["See below.", "Filter", "Rinse it."], ())


def test_a_text_that_begins_like_a_mail_is_one_only_if_it_is(tmp_path):
    text = "Subject: Pump P40\nReceived: 5 seals, 2 belts\n\nPress the key for 5 seconds.\n"
    document = read(tmp_path, text, "notes.txt")
    assert "Received: 5 seals, 2 belts" in document.pages[0].text and document.title == "notes"
    body = base64.b64encode(b"Hold the key for 10 seconds.").decode()
    coded = part("text/plain", body, "Content-Transfer-Encoding: base64\n")
    assert mailed(tmp_path, coded, "saved.txt") == (["Hold the key for 10 seconds."], ())


LOG = "\n".join(f"2026-03-0{n % 9 + 1} 10:00:0{n % 10} INFO worker {n} started" for n in range(20))
CODE = (Path(__file__).parents[2] / "knowledge" / "text.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("<!DOCTYPE html><html><body><form>Sign in</form></body></html>", "manual.pdf", "a web page"),
        (base64.b64encode(bytes(range(256)) * 8).decode(), "manual.txt", "base64"),
        ("int f(int a) {\n  if (a) {\n    return g(a);\n  }\n  b = a + 1;\n  c[b] = 2;\n  return b;\n}\n" * 5, "x.c", "source code"),
        ("#include <a.h>\nint f(int a) {\n  if (a) {\n    return g(a);\n  }\n  b = a + h(1);\n  return b;\n}\n" * 5, "x", "source code"),
        (CODE, "test.py", "source code"),
        ("import os\n\n\ndef size(path):\n    return os.stat(path).st_size\n", "size.py", "source code"),
        (LOG, "device.txt", "a log file"),
        (bytes(range(160, 256)) * 40, "photo.txt", "damaged"),
    ],
    ids=["sign-in page", "base64", "code", "unnamed code", "python", "a short script", "log", "bytes"],
)  # fmt: skip
def test_what_is_no_manual_is_refused_in_words(tmp_path, content, name, said):
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path, content, name)


PARTS = "\n".join(f"{n} Seal ring {n} mm;" for n in range(20))
CLI = "To set the size of packets:\nset interface eth0 mtu 1500;\nset interface eth0 up;\nif the link is down:\nreturn to step 1,\n"
KEYS = "\n".join(f"Power {n}: 0x20DF10EF," for n in range(20))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Press the key for 5 seconds.\nThe lamp blinks twice;\nthen let it go.\n" * 6, "manual.txt"),
        ("Очистить фильтр насоса и проверить давление воды перед пуском.\n" * 5, "manual.txt"),
        ("電源ボタンを10秒間押し続けるとリセットされます。\n" * 5, "manual.txt"),
        ("पंप को साफ करने से पहले बिजली बंद करें और पानी निकाल दें।\n" * 9, "manual.txt"),
        ("ก่อนทำความสะอาดปั๊มให้ปิดไฟและระบายน้ำออกให้หมด\n" * 9, "manual.txt"),
        ("⚠ Stop\n♻ Bin\n☢ Rays\n⚡ Live\n" * 20, "legend.txt"),
        ("E01  Filter blocked\nE02  No water\nE03  Lid open\n" * 5, "manual.txt"),
        (PARTS, "parts.txt"),
        (CLI * 5, "cli.txt"),
        (KEYS, "remote.txt"),
        ("for cold water, open tap A;\nwith care,\nend of travel;\n" * 9, "manual"),
        ("{\nG1 X10 Y5;\nG28;\nM104 S200;\n}\n" * 9, "gcode.txt"),
        ("".join(f"2024-01-{n:02} 10:00 Firmware 1.{n} released.\n" for n in range(1, 20)), "notes.txt"),
        ("".join(f"[    {n}.123456] usb {n}: new device\n" for n in range(1, 20)), "kernel.txt"),
        ("0123456789abcdef" * 4 + "\n" + ("fedcba9876543210" * 4 + "\n") * 12, "keys.txt"),
        ("★★★☆☆ ⚠⚠⚠ ♻♻ ☢☢ ⚡⚡⚡ ✓\n" * 20, "signs.txt"),
        ("".join(f"2026-03-01 10:00:0{n} INFO started\nIt shows step {n} of the start.\n" for n in range(9)), "output.txt"),
        ('{ "Start" } is the first button.\nPress it twice.\n', "buttons.txt"),
    ],
)  # fmt: skip
def test_plain_text_is_a_manual(tmp_path, text, name):
    document = read(tmp_path, text, name)
    lines = [line.split()[-1] for line in text.splitlines()]
    assert all(line in document.pages[0].text for line in lines)


def test_an_answer_that_is_written_as_a_web_page_is_read_as_one(tmp_path):
    data = [
        {
            "q": "Pair it?",
            "a": "<p>Hold <b>M</b> for 4&nbsp;s.</p><ol><li>Wait</li><li>Go</li></ol>",
        },
        {"q": "Menu?", "a": "Tap <Settings>.\nThen <Pair>."},
    ]
    found = [text for _, text in blocks(read(tmp_path, json.dumps(data), "faq.json"))]
    assert found == [
        "Pair it?",
        "Hold M for 4 s.",
        "1. Wait",
        "2. Go",
        "Menu?",
        "Tap <Settings>.",
        "Then <Pair>.",
    ]


def test_questions_of_json_ld_and_of_chats(tmp_path):
    answer = {"@type": "Answer", "text": "<p>Yes, for 30 min.</p>"}
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [{"@type": "Question", "name": "Is it tight?", "acceptedAnswer": answer}],
    }
    found = [text for _, text in blocks(read(tmp_path, json.dumps(page), "faq.json"))]
    assert found == ["Is it tight?", "Yes, for 30 min."]
    talk = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Fuse?"},
        {"role": "assistant", "content": "T 2 A"},
    ]
    lines = json.dumps({"messages": talk, "model": "K7"})
    assert [text for _, text in blocks(read(tmp_path, lines, "chat.jsonl"))] == [
        "Fuse?",
        "T 2 A",
        "Model: K7",
    ]


@pytest.mark.parametrize(
    ("root", "name", "said"),
    [
        ('Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"', "codes.xml", "save it as XLSX"),
        ('ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"', "codes.xls", "save it as XLSX"),
        ('w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"', "a.xml", "save it as DOCX"),
        ('office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"', "a.fodt", "save it as ODT"),
    ],
)  # fmt: skip
def test_office_files_as_one_xml_text_are_refused_in_words(tmp_path, root, name, said):
    text = f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<!-- one --><{root}><Table>12</Table></{root.split()[0]}>'
    with pytest.raises(UnknownFormat, match=said):
        read(tmp_path, text, name)
    quoted = f"# Formats\n\n# Sheets\n\nA sheet begins with `<{root}>`.\n"
    assert read(tmp_path, quoted, "guide.md").kind == "markdown"


SPECS = """
                 GS-30      GS-40      GS-50
---------------  ---------  ---------  -------
Power            2000 W     2400 W
Branch max.                 40 mm      45 mm
Noise            94 dB      96 dB      98 dB
"""
STITCHES = "Stitch\t\tLength\t\tWidth\nZigzag\t\t1.5 mm\t\t5 mm\nBlind hem\t\t\t3 mm\n"
TABS = "Type\tPower of the motor\tBlade\nHT-50\t500 W\t\nHT-60 with a long bar\t\t60 cm\n"
WRAPPED = """
Code    Cause             Remedy
E01     No water          Fill it
        in the tank
E02     Lid               Shut it
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SPECS, ["Power | GS-30: 2000 W | GS-40: 2400 W\nBranch max. | GS-40: 40 mm | GS-50: 45 mm\nNoise | GS-30: 94 dB | GS-40: 96 dB | GS-50: 98 dB"]),
        (STITCHES, ["Stitch: Zigzag | Length: 1.5 mm | Width: 5 mm\nStitch: Blind hem | Width: 3 mm"]),
        (TABS, ["Type: HT-50 | Power of the motor: 500 W\nType: HT-60 with a long bar | Blade: 60 cm"]),
        (WRAPPED, ["Code Cause Remedy\nE01 No water Fill it\nin the tank\nE02 Lid Shut it"]),
    ],
)  # fmt: skip
def test_a_table_of_plain_text_keeps_its_empty_cells(tmp_path, text, expected):
    document = read(tmp_path, text, "data.txt")
    assert [said for _, said in blocks(document)] == expected


def test_columns_of_blanks_are_looked_for_in_tables_of_a_sensible_length_only():
    head, *rows = [line.split("|") for line in ("Type|Power|Blade", "A|5 W|", "B||6 cm")]
    short = ["  ".join(f"{part:8}" for part in row) for row in (head, *rows)]
    assert spaced_rows(short)
    assert spaced_rows([short[0], *short[1:] * 1_000]) == []
