"""Whether anything but the texts tells which answer is whose: pairs of the real modes, and a classifier that looks at the rest.

python tests/bench/bench_blindness.py [PAIRS]

Serves the toy models, compares questions on the sample manuals, keeps all that a browser receives before each vote
(the stream's updates with their times, the page's markup, the conversation asked for again), votes, and learns which mode stood
where. A classifier is then asked, for each two modes, which of them stands on the left: from everything but the texts, and
from the texts' lengths and shapes alone. Prints the share it gets right with its 95 % interval; .5 is chance.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import httpx
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from adapters.demo.facts import FACTS  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from tests.support import toy  # noqa: E402
from tests.support.ollama_server import running_ollama  # noqa: E402
from tests.support.serving import ask, client_of, running_site  # noqa: E402
from tests.support.toy.cases import trained, untrained  # noqa: E402
from tests.support.toy_models import trained_models  # noqa: E402

PAIRS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
TEXT = re.compile(r'<div class="t-text" dir="auto">(.*?)</div>', re.S)
NAMES = re.compile(r'aria-label="Answer ([AB]): ([^"]+)"')


def features(
    updates: list[dict[str, str]], times: list[float], html: str
) -> tuple[list[float], list[float]]:
    """What is known of a pair before the vote: without its texts, and of its texts their lengths and shapes.

    ``html`` is the conversation as the page asks for it; the last update of the stream holds the same pair.
    """
    left, right = TEXT.findall(html)
    blank = [TEXT.sub("", part) for part in html.split('data-side="b"')]
    key = re.search(r'data-pair="(\w+)"', html)
    assert key and len(blank) == 2
    bits = [float(int(digit, 16)) for digit in key[1][:8]]
    around = [
        float(len(updates)), *times[:2], times[-1], float(len(blank[0])), float(len(blank[1])), float(len(str(updates))),
        float(blank[0].count("<")), float(blank[1].count("<")), *bits,
    ]  # fmt: skip
    shapes = [
        float(value)
        for tag in ("<p>", "<li>", "[", "\n")
        for value in (left.count(tag) - right.count(tag),)
    ]
    return around, [float(len(left) - len(right)), *shapes]


def guessed(rows: np.ndarray, left: np.ndarray) -> float:
    """The share of sides that a linear classifier gets right on rows it has not seen (ten folds)."""
    scaled = (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)
    inputs = np.hstack([scaled, np.ones((len(rows), 1))])
    fold = np.random.default_rng(1).permutation(len(rows)) % 10
    right = 0
    for n in range(10):
        seen = fold != n
        weights = np.linalg.solve(
            inputs[seen].T @ inputs[seen] + np.eye(inputs.shape[1]),
            inputs[seen].T @ (2 * left[seen] - 1),
        )
        right += int(np.sum((inputs[~seen] @ weights > 0) == (left[~seen] > 0.5)))
    return right / len(rows)


def interval(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * ((share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5)
    return middle - half, middle + half


def pairs(
    client: httpx.Client,
) -> dict[tuple[str, str], list[tuple[bool, list[float], list[float]]]]:
    """For each two modes: does the first stand on the left, and the two lists of features."""
    found: dict[tuple[str, str], list[tuple[bool, list[float], list[float]]]] = defaultdict(list)
    wordings = [text for fact in FACTS for text in (*trained(fact), *untrained(fact))]
    for text in wordings * 2:
        if sum(map(len, found.values())) >= PAIRS:
            break
        updates, times = ask(client, text, mode="compare", product="Aurora X200 label printer")
        talk = updates[0]["data"][0]["conversation"]  # type: ignore[index]
        html = client.get(f"/conversations/{talk}").text
        if "data-open" not in html:
            continue
        around, texts = features(updates, times, html)
        key = re.search(r'data-pair="(\w+)"', html)
        assert key
        opened = client.post(f"/pairs/{key[1]}/vote", json={"choice": "tie"}).json()["html"]
        arms = [name for _, name in sorted(set(NAMES.findall(opened)))]
        first, second = sorted(arms)
        found[first, second].append((arms[0] == first, around, texts))
    return found


def main() -> None:
    models = trained_models()
    with tempfile.TemporaryDirectory() as folder, running_ollama(Path(folder) / "models") as url:
        data = Path(folder) / "data"
        chosen = Settings.load({}, data=data, ollama_url=url)
        assistant = open_assistant(chosen)
        toy.serve(models, assistant)
        assistant.close()
        with running_site(data, TANDEM_OLLAMA_URL=url) as site, client_of(site) as client:
            client.timeout = httpx.Timeout(120)
            found = pairs(client)
    print(
        "| compared | pairs | told by everything but the texts | told by the texts' lengths and shapes |"
    )
    print("| --- | --- | --- | --- |")
    everything = [row for rows in found.values() for row in rows]
    for names, rows in [*sorted(found.items()), (("all", "first by name"), everything)]:
        left = np.array([float(row[0]) for row in rows])
        if len(rows) < 20:
            print(f"| {' / '.join(names)} | {len(rows)} | too few | too few |")
            continue
        shares = [guessed(np.array([row[n] for row in rows]), left) for n in (1, 2)]
        cells = [
            f"{share:.2f} ({low:.2f} – {high:.2f})"
            for share in shares
            for low, high in (interval(share, len(rows)),)
        ]
        print(f"| {' / '.join(names)} | {len(rows)} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
