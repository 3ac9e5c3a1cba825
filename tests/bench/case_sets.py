"""Case files with their manuals in libraries of their own, for what is fitted on questions.

A set is written "CASES.jsonl:MANUALS": a case file with its manual, or with the folder of its manuals. A case is
{"question" or "turns", "sections": ["A > B", ...], "manuals": [file names], "expect"}. Conversations and messages of
several questions are left out.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from chatbot.routing.questions import questions_in
from knowledge.library import open_library
from knowledge.search.ranking import Candidate
from knowledge.search.retriever import Search

DATA = Path(__file__).parents[3] / "shared" / "data"
DEFAULT = (
    f"{DATA}/agent/questions.jsonl:{DATA}",
    f"{DATA}/markdown/galaxy-s10.cases.jsonl:{DATA}/markdown/galaxy-s10.md",
)
NOT_SEARCHED = ("small-talk", "follow-up", "no-product", "comparison", "language")


class CaseSet:
    """A case file with its manuals in a library of their own."""

    def __init__(self, argument: str) -> None:
        cases, _, folder = argument.rpartition(":")
        lines = Path(cases).read_text(encoding="utf-8").splitlines()
        self.name = Path(cases).stem
        self.cases = [case for line in lines if line.strip() and _single(case := json.loads(line))]
        self.library = open_library(Path(tempfile.mkdtemp()))
        wanted = {name for case in self.cases for name in case.get("manuals", ())}
        place = Path(folder)
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path == place or path.name in wanted:
                wanted.discard(path.name)
                with path.open("rb") as stream:
                    self.library.run(self.library.accept(stream, path.name).id)
        if not self.library.manuals():
            raise SystemExit(f"None of the manuals of {cases} is in {folder}.")
        self.search = Search(self.library, self.library.index)

    def right(self, case: dict[str, Any], candidates: Sequence[Candidate]) -> list[bool]:
        """Which candidates lie in a right section of a right manual; none where no answer is expected."""
        names, files = (
            case.get("manuals", ()),
            {m.version_id: m.file_name for m in self.library.manuals()},
        )
        return [
            expected(case)
            and (not names or files[one.version_id] in names)
            and placed(one.section, case["sections"])
            for one in candidates
        ]


def expected(case: dict[str, Any]) -> bool:
    """Does a case expect an answer?"""
    return bool(case.get("expect", "answer") == "answer")


def text_of(case: dict[str, Any]) -> str:
    """The question of a case."""
    return str(case["turns"][-1] if "turns" in case else case["question"])


def _single(case: dict[str, Any]) -> bool:
    """Is a case one question by itself, to be looked for in the manuals?"""
    alone = len(case.get("turns", "?")) == 1 and case.get("class") not in NOT_SEARCHED
    return alone and len(questions_in(text_of(case), ())) == 1


def placed(path: Sequence[str], wanted: Iterable[str]) -> bool:
    """Does a heading path hold the headings of one of the wanted "A > B", in order, numbers and signs aside?"""
    there = [_heading(part) for part in path]
    for one in wanted:
        rest = iter(there)
        if all(_heading(part) in rest for part in one.split(" > ")):
            return True
    return False


def _heading(text: str) -> str:
    text = re.sub(
        r"^\s*(?:(?:chapter|appendix|section)\s+)?[A-Z]?\d[\d.]*\.?\s+", "", text, flags=re.I
    )
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
