"""Questions asked at once, right after the start: nothing that threads share may be used by two of them at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatbot.assistant import Assistant

ROOT = Path(__file__).parents[2]
THREADS = 20

# Each thread begins with other words, so that all of them ask the stemmers for words that nobody has asked for yet.
STEMS = """
import json, sys, threading
sys.setswitchinterval(1e-6)
from knowledge.text import stem as porter
from chatbot.grounding.entailment.english import stem as english, norm
words = [base + ending for base in sys.argv[2].split() for ending in ("", "s", "ing", "ed", "ation", "iveness", "fulness", "ally")]
faults, gate = [], threading.Barrier(int(sys.argv[1]))
def ask(first):
    try:
        gate.wait()
        for at in range(len(words)):
            word = words[(at + first * 7) % len(words)]
            porter(word), english(word), norm(word)
    except BaseException as fault:
        faults.append(repr(fault))
threads = [threading.Thread(target=ask, args=(n,)) for n in range(int(sys.argv[1]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"faults": faults, "stems": {word: [porter(word), english(word), norm(word)] for word in words}}))
"""
BASES = (
    "describe button conclude illustrate organise national connect differ vary carry hope relate general operate tailor"
    " filter valve screw tighten install print label control measure adjust provide"
)

JUDGED = """
import json, sys, threading
sys.setswitchinterval(1e-6)
from chatbot.grounding.verifier import Source, Verifier
lines = [f"The {part} of the pump is described beside button {n}." for n, part in enumerate(sys.argv[2].split())]
said = [line.replace("button", "the button") for line in lines]
found, faults, gate = {}, [], threading.Barrier(int(sys.argv[1]))
def ask(first):
    try:
        judge = Verifier([Source.of(" ".join(lines))])
        gate.wait()
        found[first] = [judge.verify(said[(at + first) % len(said)]).state for at in range(len(said))]
    except BaseException as fault:
        faults.append(repr(fault))
threads = [threading.Thread(target=ask, args=(n,)) for n in range(int(sys.argv[1]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"faults": faults, "states": sorted({state for states in found.values() for state in states}), "threads": len(found)}))
"""


def cold(code: str, threads: int, words: str) -> dict:
    """What a new process prints that runs the code in so many threads."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(threads), words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def test_twenty_threads_of_a_cold_process_stem_as_one_does() -> None:
    alone, together = cold(STEMS, 1, BASES), cold(STEMS, THREADS, BASES)
    assert together["faults"] == []
    assert together["stems"] == alone["stems"]
    assert alone["stems"]["describes"][0] == "describ"


@pytest.mark.parametrize("threads", [1, THREADS])
def test_twenty_threads_of_a_cold_process_judge_as_one_does(threads: int) -> None:
    judged = cold(JUDGED, threads, " ".join(BASES.split()[:THREADS]))
    assert judged["faults"] == []
    assert judged["threads"] == threads
    assert judged["states"] == ["supported"]


def test_twenty_first_uses_at_once_open_one_journal_and_one_painter(assistant: Assistant) -> None:
    """Two journals on one file would each have a writer of its own, and two painters a process each."""
    from knowledge.rendering.page_images import _painter

    gate = threading.Barrier(20)

    def first(_: int) -> tuple[int, int]:
        gate.wait()
        return id(assistant.journal), id(_painter())

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(first, range(20)))) == 1
