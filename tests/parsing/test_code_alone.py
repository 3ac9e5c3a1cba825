"""A program saved as Markdown or text is refused in words; a manual with many listings is one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.errors import UnknownFormat
from knowledge.parsing.content.no_manual import is_code_alone
from tests.parsing.test_markup import read

PYTHON = '''# Controls the pump.
"""Controls the pump of the Otter T5, which is told what to do by the panel in the hall."""
import serial
from time import sleep


class Pump:
    def start(self, bar):
        """Start it and wait until the pressure is there, as the manual says it should be."""
        self.port.write(b"S")
        while self.pressure() < bar:
            sleep(0.1)
        return True


if __name__ == "__main__":
    Pump().start(7)
'''
C = """/* Controls the pump.
 * All of it. */
#include <stdio.h>
#define LIMIT 16

static int pressure(void)
{
    return read_port(0x40);
}

int main(void)
{
    printf("%d", pressure());
    return 0;
}
"""
SHELL = "#!/bin/sh\nset -e\ncd /opt/pump\nmake all\ncp pump /usr/bin\necho done\n"
LISTED = """# Driver of the Otter T5

Install it first:

    pip install otter
    otter --version

Then start the pump from a program of yours:

    import otter
    from otter import Pump
    class Mine(Pump):
        def start(self):
            return self.go()

Close the lid before.
"""


SHORT = """# Quick start of the Otter T5
import otter
otter.start()
# Stop it
otter.stop()
from otter import close
close(otter)
"""
MENUS = """# Menus of the program
import CSV, XLS
File -> Import (menu)
Edit -> Undo (Ctrl+Z)
View -> Zoom (Ctrl+1)
Tools -> Options (F9)
"""


@pytest.mark.parametrize("text", [SHORT, MENUS], ids=["commands", "menus"])
def test_a_few_lines_under_headings_are_a_short_guide(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text, "pump.md").pages


@pytest.mark.parametrize("source", [PYTHON, C, SHELL], ids=["python", "c", "shell"])
@pytest.mark.parametrize("name", ["pump.md", "pump.txt"])
def test_a_program_is_no_manual_by_whatever_name(tmp_path: Path, source: str, name: str) -> None:
    with pytest.raises(UnknownFormat, match="is source code, not a manual"):
        read(tmp_path, source, name)


@pytest.mark.parametrize(
    "text",
    [
        LISTED,
        f"# Driver\n\n```\n{PYTHON}```\n\n```\n{C}```\n",
        f"Driver\n======\n\n{PYTHON}",
        "max_pressure = 16\nmin_pressure = 2\nunit = bar\nlid = closed\nkey = 7\nlamp = red\n",
    ],
    ids=["set in", "fences", "headed", "settings"],
)
def test_a_manual_with_listings_is_one(tmp_path: Path, text: str) -> None:
    for name in ("driver.md", "driver.txt"):
        assert read(tmp_path, text, name).pages[0].text.strip()


def test_odd_texts_are_looked_at_in_time() -> None:
    began = time.process_time()
    for piece in ("/*\n", "'''\n", "class a", "x(", "import {", "a a a ", "function ("):
        assert not is_code_alone("one\ntwo\nthree\nfour\nfive\n" + piece * 20_000)
    assert time.process_time() - began < 10
