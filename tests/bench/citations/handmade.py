"""Reads claims that a person wrote, with the passages they were written for. Knows nothing of the check."""

from __future__ import annotations

import json
from pathlib import Path

from claims import Claim
from passages import Passage


def read_claims(claims: Path, passages: Path) -> list[Claim]:
    """Claims of a file with lines ``id T|F claim kind`` or ``manual index T|F claim kind``, with tabs between.

    ``passages`` is a list of ``{"id", "sentences"}`` or an object from id to sentences; with an index, the id is
    "manual index". Light and other rewordings of one kind are told apart as "T kind" and "F kind".
    """
    held = _passages(passages)
    made = []
    for line in claims.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        *key, truth, text, kind = line.split("\t")
        if truth not in ("T", "F") or " ".join(key) not in held:
            raise SystemExit(f"{claims}: no passage, or neither T nor F: {line[:80]!r}")
        made.append(
            Claim(key[0], f"{truth} {kind.strip()}", text, held[" ".join(key)], truth == "T")
        )
    return made


def _passages(path: Path) -> dict[str, Passage]:
    held = json.loads(path.read_text(encoding="utf-8"))
    pairs = (
        held.items()
        if isinstance(held, dict)
        else [(item["id"], item["sentences"]) for item in held]
    )
    return {key: tuple(sentences) for key, sentences in pairs}
