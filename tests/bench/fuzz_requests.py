"""Any request gets an answer in words: sends many made-up ones to a real server and counts by status; prints each 500.

python tests/bench/fuzz_requests.py [COUNT]        default 28,200, about ten minutes; the seed is fixed
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from tests.support.serving import client_of, running_site, upload, wait_until_read  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 28_200
IDS = [
    "1",
    "abc",
    "0",
    "-1",
    str(2**63),
    str(2**31),
    "1e3",
    "NaN",
    "..",
    "../status",
    "%00",
    "a" * 65,
    "é",
    "\ud800",
    "<b>",
    "None",
    "٣",
]
GETS = [
    "/", "/admin/", "/check/", "/status", "/start", "/conversations", "/conversations/{}", "/manuals/state", "/manuals/{}/cited",
    "/answers/{}/sources/{}", "/answers/{}/sources/{}/now", "/answers/{}/sources/{}/changes", "/passages/{}/{}/{}/{}",
    "/passages/{}/{}/{}/{}/now", "/passages/{}/{}/{}/{}/changes", "/pages/{}/{}.webp", "/tandem/{}/{}", "/gradio_api/queue/data",
    "/gradio_api/heartbeat/{}x", "/gradio_api/{}", "/{}",
]  # fmt: skip
POSTS = [
    "/conversations/{}/rename", "/conversations/{}/delete", "/conversations/{}/restore", "/answers/{}/rate", "/answers/{}/missing",
    "/asks/{}/stop", "/manuals/{}/describe", "/jobs/{}/cancel", "/jobs/{}/dismiss", "/drafts/check", "/gradio_api/queue/join",
    "/admin/gradio_api/queue/join", "/gradio_api/{}", "/manuals/upload",
]  # fmt: skip
KEYS = [
    "text",
    "product",
    "title",
    "good",
    "reason",
    "name",
    "data",
    "event_data",
    "fn_index",
    "session_hash",
    "trigger_id",
    "ticket",
]
QUERIES = [
    "",
    "page=x",
    "page=1",
    "search=%ff",
    "zone=nan",
    "zone=99999999999",
    "width=0",
    "session_hash=a",
    "session_hash=%00",
    "v=",
    "name=a.md",
]


def value(draw: random.Random, depth: int = 0) -> Any:
    plain = [
        None,
        True,
        0,
        -1,
        2**63,
        1e308,
        float("nan"),
        float("inf"),
        "",
        "x" * 3000,
        "\ud800",
        "\x00",
        "abc",
        "<img src=x>",
    ]
    if depth > 2 or draw.random() < 0.7:
        return draw.choice(plain)
    if draw.random() < 0.5:
        return [value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return {draw.choice(KEYS): value(draw, depth + 1) for _ in range(draw.randint(0, 4))}


def body(draw: random.Random) -> bytes:
    kind = draw.random()
    if kind < 0.1:
        return draw.randbytes(draw.randint(0, 200))
    if kind < 0.13:
        return b"[" * 20_000
    sent = (
        {key: value(draw) for key in draw.sample(KEYS, draw.randint(0, 6))}
        if kind < 0.8
        else value(draw)
    )
    return json.dumps(sent).encode("utf-8", "surrogatepass")


def address(draw: random.Random, shapes: list[str]) -> str:
    shape = draw.choice(shapes)
    path = shape.format(
        *(
            quote(draw.choice(IDS).encode("utf-8", "surrogatepass"), safe=draw.choice(["", "/."]))
            for _ in range(4)
        )
    )
    query = draw.choice(QUERIES)
    return f"{path}?{query}" if query else path


def main() -> None:
    draw, seen, failed = random.Random(1), Counter[str](), []
    with running_site(Path(tempfile.mkdtemp()) / "data") as site, client_of(site) as client:
        upload(
            client,
            "pump.md",
            b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves.\n",
        )
        wait_until_read(client)
        begun = time.perf_counter()
        for _ in range(COUNT):
            try:
                if draw.random() < 0.5:
                    where, sent = address(draw, GETS), None
                    with client.stream(
                        "GET", where, timeout=10
                    ) as reply:  # a queue's stream stays open
                        status = reply.status_code
                else:
                    where, sent = address(draw, POSTS), body(draw)
                    status = client.post(
                        where,
                        content=sent,
                        headers={"content-type": "application/json"},
                        timeout=10,
                    ).status_code
            except httpx.InvalidURL:
                continue
            except httpx.TransportError as error:
                seen[type(error).__name__] += 1
                failed.append(f"{type(error).__name__} {where} {sent!r}"[:200])
                continue
            seen[f"{status // 100}xx"] += 1
            if status >= 500 and status != 503:
                failed.append(f"{status} {where} {sent!r}"[:200])
        seconds = time.perf_counter() - begun
        log = site.log.read_text(encoding="utf-8")
    traces, wrong = log.count("Traceback"), len(failed)
    failed += sorted({block.strip().splitlines()[-1] for block in log.split("Traceback")[1:]})[:10]
    print("\n".join(failed[:40]))
    print(
        f"{COUNT:,} requests in {seconds:.0f} s: {dict(seen)}, {wrong} failed, {traces} tracebacks in the log"
    )


if __name__ == "__main__":
    main()
