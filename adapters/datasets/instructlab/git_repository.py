"""A small git repository made from texts, as files of a bare repository: what a qna.yaml's ``document`` points at.

Written without git, which need not be on the machine; the same texts give the same commit. Pure.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
_AUTHOR = "Tandem <tandem@localhost>"


@dataclass(frozen=True, slots=True)
class BareRepository:
    """The files of a repository by their paths in it, and the commit on its branch ``main``."""

    files: Mapping[str, bytes]
    commit: str


def repository_of(texts: Mapping[str, str], message: str, moment: int) -> BareRepository:
    """Make a repository with one commit. ``texts`` are by file name, without folders; ``moment`` is in seconds, UTC."""
    objects: dict[str, bytes] = {}

    def keep(kind: str, content: bytes) -> str:
        whole = f"{kind} {len(content)}".encode() + b"\0" + content
        name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        objects[f"objects/{name[:2]}/{name[2:]}"] = zlib.compress(whole, 9)
        return name

    tree = b""
    for name in sorted(texts, key=lambda each: each.encode()):
        blob = keep("blob", texts[name].encode("utf-8", "replace"))
        tree += f"100644 {name}".encode() + b"\0" + bytes.fromhex(blob)
    who = f"{_AUTHOR} {moment} +0000"
    commit = keep(
        "commit",
        f"tree {keep('tree', tree)}\nauthor {who}\ncommitter {who}\n\n{message}\n".encode(),
    )
    return BareRepository(
        {
            **objects,
            "HEAD": b"ref: refs/heads/main\n",
            "config": _CONFIG,
            "refs/heads/main": f"{commit}\n".encode(),
            # For a web server that only hands out files
            "info/refs": f"{commit}\trefs/heads/main\n".encode(),
            "objects/info/packs": b"\n",
        },
        commit,
    )
