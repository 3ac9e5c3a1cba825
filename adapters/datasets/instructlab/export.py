"""Writes pairs as an InstructLab taxonomy: qna.yaml files that validate, attribution, the manuals' text as a repository.

The seed examples of a leaf need five contexts with three questions each, so passages with fewer questions share a context.
What fits into no leaf, and what is kept for validation and test, stands only in the sidecar; both come back.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.datasets.instructlab.git_repository import repository_of
from adapters.datasets.instructlab.taxonomy import (
    CONTEXTS,
    QNA,
    SIDECAR,
    context_line,
    sidecar_line,
    texts_of,
)
from adapters.datasets.instructlab.yaml_text import to_yaml
from adapters.datasets.pairs import APART, TrainingPair, row_of
from adapters.datasets.splitting import group_of
from adapters.errors import BadTrainingList

VERSION = 3
FEWEST_SEEDS, FEWEST_QUESTIONS = 5, 3
# InstructLab's guide; not in the schema.
MOST_CONTEXT, MOST_TEXT = 500, 250  # words
MOST_OF_A_LEAF = 50  # contexts; a teacher is given each of them
REPOSITORY = "documents.git"
_SMALL = "several manuals"  # those that fill no leaf of their own
_SKILLS = {
    "negative": ("not_in_the_manual", "Saying that the manual does not tell something, instead of guessing"),
    "style": ("style_and_tone", "Answering customers' questions in the style and the tone of this support team"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxonomyDocument:
    """A manual as it stands behind the questions: its text in Markdown, and whose it is."""

    manual: str
    text: str
    product: str = ""
    revision: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class TaxonomyOrder:
    """What an export is made with. ``contexts``: the texts of passages by hash; ``moment`` in seconds, UTC.

    ``repository`` is where ``documents.git`` will be reached from; until it is pushed somewhere, it lies beside the tree.
    """

    created_by: str
    contexts: Mapping[str, str] = field(default_factory=dict)
    documents: Sequence[TaxonomyDocument] = ()
    repository: str = REPOSITORY
    licence: str = "Not for publication; ask the owner of the manual"
    moment: int = 0


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The files of a tree by their paths; how many pairs stand in leaves; why others stand only in the sidecar, with counts."""

    files: Mapping[str, bytes]
    leaves: tuple[str, ...]
    placed: int
    left: Mapping[str, int]


@dataclass(slots=True)
class _Context:
    """A context in the making: the hashes of its passages, its text, its pairs by place."""

    text: str
    places: list[int]

    @property
    def length(self) -> int:
        return len(self.text.split())


def taxonomy_of(pairs: Sequence[TrainingPair], order: TaxonomyOrder) -> Taxonomy:
    """Make the tree of these pairs. Nothing is written; the same pairs and order give the same bytes."""
    left: dict[str, int] = defaultdict(int)
    usable: list[int] = []
    for i, pair in enumerate(pairs):
        if why := _unfit(pair):
            left[why] += 1
        else:
            usable.append(i)
    leaves: dict[str, list[_Context]] = {}
    used = _Names()
    facts = [i for i in usable if pairs[i].kind == "fact"]
    for manual, contexts in _knowledge(pairs, facts, order, left):
        leaves[f"knowledge/{used.name(manual)}/{QNA}"] = contexts
    files: dict[str, str] = {}
    texts, patterns = _documents(pairs, leaves, order)
    repository = repository_of(texts, "The manuals behind the questions", order.moment)
    places: dict[int, str] = {}
    for leaf, contexts in leaves.items():
        document = {
            "repo": order.repository,
            "commit": repository.commit,
            "patterns": patterns[leaf],
        }
        manuals = _manuals(pairs, contexts)
        files[leaf] = to_yaml(_knowledge_file(pairs, contexts, manuals, document, order))
        files[leaf.replace(QNA, "attribution.txt")] = _attribution(manuals, order)
        places |= {i: leaf for context in contexts for i in context.places}
    for kind, (name, task) in _SKILLS.items():
        chosen = _unique(pairs, [i for i in usable if pairs[i].kind == kind], left)
        if len(chosen) < FEWEST_SEEDS:
            if chosen:
                left[f"fewer than {FEWEST_SEEDS} examples of this kind"] += len(chosen)
            continue
        leaf = f"compositional_skills/support/{name}/{QNA}"
        files[leaf] = to_yaml(
            {
                "version": VERSION,
                "created_by": order.created_by or "support",
                "task_description": task,
                "seed_examples": [texts_of(pairs[i]) for i in chosen],
            }
        )
        files[leaf.replace(QNA, "attribution.txt")] = _attribution((), order)
        places |= dict.fromkeys(chosen, leaf)
    files[SIDECAR] = "".join(
        sidecar_line(row_of(pair), places.get(i, "")) for i, pair in enumerate(pairs)
    )
    files[CONTEXTS] = "".join(context_line(held, text) for held, text in order.contexts.items())
    files["README.md"] = _readme(order)
    written = {path: text.encode("utf-8") for path, text in files.items()}
    written |= {f"{REPOSITORY}/{path}": content for path, content in repository.files.items()}
    return Taxonomy(
        written, tuple(path for path in files if path.endswith(QNA)), len(places), dict(left)
    )


def write_taxonomy(taxonomy: Taxonomy, folder: Path) -> None:
    """Write a tree into a folder, which has to be empty or new. Raises BadTrainingList."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadTrainingList(f"{folder} is not empty; name a new folder for the taxonomy.")
        for path, content in taxonomy.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except OSError as error:
        raise BadTrainingList(
            f"{folder} cannot be written: {error.strerror or os.strerror(error.errno or 0)}."
        ) from error


def zipped_taxonomy(taxonomy: Taxonomy) -> bytes:
    """Return a tree as a zip archive, in one folder; the same tree gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in taxonomy.files.items():
            archive.writestr(zipfile.ZipInfo(f"taxonomy/{path}"), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _unfit(pair: TrainingPair) -> str:
    """Say why a pair stands in no leaf; "" where it may."""
    if pair.split in APART:
        return "kept for validation and test"
    if max(len(pair.question.split()), len(pair.answer.split())) > MOST_TEXT:
        return f"longer than {MOST_TEXT} words"
    return ""


def _unique(
    pairs: Sequence[TrainingPair], places: Sequence[int], left: dict[str, int]
) -> list[int]:
    """The places of pairs whose texts come for the first time; the others are counted."""
    first: dict[tuple[str, str], int] = {}
    for i in places:
        key = (pairs[i].question, pairs[i].answer)
        if first.setdefault(key, i) != i:
            left["the same question and answer twice"] += 1
    return list(first.values())


def _knowledge(
    pairs: Sequence[TrainingPair],
    places: Sequence[int],
    order: TaxonomyOrder,
    left: dict[str, int],
) -> Iterator[tuple[str, list[_Context]]]:
    """Yield the leaves of facts: a name, and contexts enough. Manuals that fill none share one."""
    by_manual: dict[str, list[int]] = defaultdict(list)
    for i in _unique(pairs, places, left):
        by_manual[pairs[i].manual].append(i)
    small: list[int] = []
    ready: list[tuple[str, list[_Context]]] = []
    for manual, held in by_manual.items():
        contexts = _contexts(pairs, held, order)
        if len(contexts) < FEWEST_SEEDS or not manual:
            small += held
            continue
        ready.append((manual, contexts))
    if small:
        contexts = _contexts(pairs, small, order)
        if len(contexts) >= FEWEST_SEEDS:
            names = {pairs[i].manual for i in small}
            ready.append((names.pop() or _SMALL if len(names) == 1 else _SMALL, contexts))
    for manual, contexts in ready:
        parts = [contexts[n : n + MOST_OF_A_LEAF] for n in range(0, len(contexts), MOST_OF_A_LEAF)]
        if len(parts) > 1 and len(parts[-1]) < FEWEST_SEEDS:
            parts[-2:] = [[*parts[-2], *parts[-1]]]
        for number, part in enumerate(parts, 1):
            yield (f"{manual} {number}" if len(parts) > 1 else manual), part
    there = {i for _, contexts in ready for context in contexts for i in context.places}
    lonely = sum(i not in there for held in by_manual.values() for i in held)
    if lonely:
        why = f"too few beside it: a leaf needs {FEWEST_SEEDS} contexts with {FEWEST_QUESTIONS} questions each"
        left[why] += lonely


def _contexts(
    pairs: Sequence[TrainingPair], places: Sequence[int], order: TaxonomyOrder
) -> list[_Context]:
    """Contexts with questions enough: passages with fewer share one with those after them."""
    by_passage: dict[str, list[int]] = defaultdict(list)
    for i in places:
        known = pairs[i].passage_hash in order.contexts
        by_passage[pairs[i].passage_hash if known else f"group {group_of(pairs[i])}"].append(i)
    made: list[_Context] = []
    open_: _Context | None = None
    for key, held in by_passage.items():
        text = order.contexts.get(key) or "\n".join(dict.fromkeys(pairs[i].answer for i in held))
        if open_ and open_.length + len(text.split()) <= MOST_CONTEXT:
            open_ = _Context(f"{open_.text}\n\n{text}", [*open_.places, *held])
        elif open_ is None and len(text.split()) <= MOST_CONTEXT:
            open_ = _Context(text, list(held))
        else:
            continue
        if len(open_.places) >= FEWEST_QUESTIONS:
            made.append(open_)
            open_ = None
    if open_ and made and made[-1].length + open_.length <= MOST_CONTEXT:
        last = made[-1]
        made[-1] = _Context(f"{last.text}\n\n{open_.text}", [*last.places, *open_.places])
    return made


def _manuals(pairs: Sequence[TrainingPair], contexts: Sequence[_Context]) -> tuple[str, ...]:
    named = (pairs[i].manual for context in contexts for i in context.places)
    return tuple(dict.fromkeys(name for name in named if name))


def _knowledge_file(
    pairs: Sequence[TrainingPair],
    contexts: Sequence[_Context],
    manuals: Sequence[str],
    document: Mapping[str, object],
    order: TaxonomyOrder,
) -> dict[str, object]:
    products = {one.product for one in order.documents if one.manual in manuals and one.product}
    seeds = [
        {
            "context": context.text,
            "questions_and_answers": [texts_of(pairs[i]) for i in context.places],
        }
        for context in contexts
    ]
    outline = ", ".join(manuals) or "answers of the support team"
    return {
        "version": VERSION,
        "created_by": order.created_by or "support",
        "domain": ", ".join(sorted(products)) or "Customer support",
        "seed_examples": seeds,
        "document_outline": f"What customers ask of: {outline}",
        "document": document,
    }


def _documents(
    pairs: Sequence[TrainingPair], leaves: Mapping[str, list[_Context]], order: TaxonomyOrder
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The texts of the repository by file name, and which of them each leaf names."""
    known = {one.manual: one for one in order.documents}
    names, files = _Names(), dict[str, str]()
    held: dict[str, str] = {}
    patterns: dict[str, list[str]] = {}
    for leaf, contexts in leaves.items():
        patterns[leaf] = []
        for manual in _manuals(pairs, contexts) or ("",):
            whole = known.get(manual)
            # Without the manual's text, the contexts of its leaf are what there is
            key = manual if whole else f"{manual}\0{leaf}"
            if key not in held:
                held[key] = f"{names.name(manual or 'answers')}.md"
                files[held[key]] = (
                    whole.text
                    if whole
                    else "\n\n".join([f"# {manual}".strip("# ") or "Answers"] + [c.text for c in contexts])
                )  # fmt: skip
            patterns[leaf].append(held[key])
    return files or {"README.md": "No manual stands behind these pairs.\n"}, patterns


def _attribution(manuals: Sequence[str], order: TaxonomyOrder) -> str:
    """The form of the taxonomy's own guide, once for each work."""
    known = {one.manual: one for one in order.documents}
    blocks = []
    for manual in manuals or ("Questions and answers of the support team",):
        one = known.get(manual)
        lines = {
            "Title of work": manual,
            "Link to work": (one and one.link) or "-",
            "Revision": (one and one.revision) or "-",
            "License of the work": order.licence,
            "Creator names": order.created_by or "support",
        }
        blocks.append(
            "".join(f"{name}: {' '.join(text.split())}\n" for name, text in lines.items())
        )
    return "\n".join(blocks)


def _readme(order: TaxonomyOrder) -> str:
    return (
        "# A taxonomy for InstructLab\n\n"
        f"- `knowledge/` and `compositional_skills/` are leaves of a taxonomy, schema version {VERSION}.\n"
        f"- `{REPOSITORY}` is a git repository with the text of the manuals. Push it to where InstructLab can clone it"
        f" (`git -C {REPOSITORY} push --mirror URL`), and put that URL where `{order.repository}` stands in each qna.yaml.\n"
        f"- `{SIDECAR}` and `{CONTEXTS}` hold what the schema has no room for: splits, sources, approvals, and pairs that fit"
        " into no leaf. InstructLab does not read them; Tandem does when the tree is imported again.\n"
    )


class _Names:
    """File names that are each given once, in lower case and without spaces, as the taxonomy wants them."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def name(self, text: str) -> str:
        """Return a name for a text."""
        plain = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:60] or "manual"
        made, number = plain, 2
        while made in self._given:
            made, number = f"{plain}_{number}", number + 1
        self._given.add(made)
        return made
