"""Compound files (the container of Outlook's mails), as Outlook writes them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

SECTOR, SMALL, CUT = 512, 64, 4096  # bytes; a shorter stream lies in small sectors
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def compound_file(tree: Mapping[str, Any]) -> bytes:
    """A compound file of streams (bytes) and storages (mappings)."""
    entries: list[tuple[str, int, int, bytes]] = []  # name, kind, first child, content
    nexts: list[int] = []

    def add(name: str, kind: int, content: bytes | Mapping[str, Any]) -> int:
        at = len(entries)
        entries.append((name, kind, FREE, content if isinstance(content, bytes) else b""))
        nexts.append(FREE)
        before = FREE
        for inner_name, inner in content.items() if isinstance(content, Mapping) else ():
            made = add(inner_name, _STREAM if isinstance(inner, bytes) else _STORAGE, inner)
            if before == FREE:
                entries[at] = (name, kind, made, b"")
            else:
                nexts[before] = made
            before = made
        return at

    add("Root Entry", _ROOT, tree)
    sectors, chain = list[bytes](), list[int]()
    small, small_chain = list[bytes](), list[int]()

    def put(content: bytes, size: int = SECTOR) -> int:
        held, links = (sectors, chain) if size == SECTOR else (small, small_chain)
        first = len(held)
        parts = [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]
        held.extend(parts)
        links.extend([*range(first + 1, first + len(parts)), END][: len(parts)])
        return first if parts else END

    starts = [put(content, SECTOR if len(content) >= CUT else SMALL) for *_, content in entries]
    small_table = struct.pack(f"<{len(small_chain)}I", *small_chain)
    small_table = small_table.ljust(-(-len(small_table) // SECTOR) * SECTOR, b"\xff")
    small_start, whole = put(small_table), b"".join(small)
    folder = b""
    for at, (name, kind, child, content) in enumerate(entries):
        coded = name.encode("utf-16-le")
        start, size = (starts[at], len(content)) if at else (put(whole), len(whole))
        folder += coded.ljust(64, b"\0")
        folder += struct.pack("<HBBIII", len(coded) + 2, kind, 1, FREE, nexts[at], child)
        folder += b"\0" * 36 + struct.pack("<IQ", start, size)
    folder = folder.ljust(-(-len(folder) // SECTOR) * SECTOR, b"\0")
    folder_start = put(folder)
    count = 1
    while count * SECTOR // 4 < len(sectors) + count:
        count += 1
    table = [*chain, *[FAT] * count]
    table += [FREE] * (count * SECTOR // 4 - len(table))
    fat_start = len(sectors)
    places = [*range(fat_start, fat_start + count), *[FREE] * (109 - count)]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    )
    minis = len(small_table) // SECTOR
    tail = struct.pack("<9I", 0, count, folder_start, 0, CUT, small_start, minis, END, 0)
    head += b"\0" * 6 + tail
    return (
        head
        + struct.pack("<109I", *places)
        + b"".join(sectors)
        + struct.pack(f"<{len(table)}I", *table)
    )
