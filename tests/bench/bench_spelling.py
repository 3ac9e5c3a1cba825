"""What the spelling fix does to right words, and to misspelt ones: python tests/bench/bench_spelling.py FOLDER WORDS

FOLDER holds manuals. WORDS has a word a line, after a tab its frequency on the Zipf scale (van Heuven et al. 2014; as wordfreq
gives it): a list that the fix does not know. Of those that no manual has, prints how many would be changed, by frequency, and
the first of them. Then 600 words of the manuals with one letter lost, changed, doubled, or swapped with the next one (seeded):
how many are read as they were meant.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(ROOT := Path(__file__).parents[2]))

from knowledge.library import open_library  # noqa: E402
from knowledge.search.asking import Questions  # noqa: E402
from knowledge.search.languages import ENGLISH, stem  # noqa: E402
from knowledge.search.ranking import Vocabulary  # noqa: E402
from knowledge.search.retriever import Search  # noqa: E402
from knowledge.text import words  # noqa: E402

MADE = 600
COMMON = 20  # passages that have a word which is misspelt here
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def changed(word: str, vocabulary: Vocabulary) -> str:
    """What a word is read as in a question, "" where it stays as it is."""
    read = words(Questions(f"the {word}", (), vocabulary).asked(ENGLISH).text)[-1]
    return "" if read == word else read


def misspelt(word: str, random_: random.Random) -> str:
    """The word with one slip of the fingers behind its first letter."""
    at = random_.randrange(1, len(word) - 1)
    rest = word[at + 1 :]
    slips = (
        rest,
        random_.choice(LETTERS) + rest,
        rest[0] + word[at] + rest[1:],
        word[at] * 2 + rest,
    )
    return word[:at] + random_.choice(slips)


def right_words(path: Path, vocabulary: Vocabulary) -> None:
    """Print how many right words would be changed."""
    seen: dict[int, int] = defaultdict(int)
    wrong: dict[int, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, zipf = line.partition("\t")
        if len(word) < 4 or not word.isalpha() or stem(word, ENGLISH) in vocabulary.stems:
            continue
        seen[int(float(zipf))] += 1
        if read := changed(word, vocabulary):
            wrong[int(float(zipf))].append(f"{word} > {read}")
    print("frequency  words  changed")
    for zipf in sorted(seen, reverse=True):
        some = ", ".join(wrong[zipf][:8])
        print(f"Zipf {zipf}    {seen[zipf]:6}  {len(wrong[zipf]):7}  {some}")


def main() -> None:
    folder, listed = map(Path, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as made:
        library = open_library(Path(made))
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            with path.open("rb") as stream:
                library.run(library.accept(stream, path.name).id)
        vocabulary = Search(library, library.index).vocabulary()
        right_words(listed, vocabulary)
        random_ = random.Random(3)
        common = [word for word in vocabulary.spellings if len(word) > 4 and vocabulary.counts[word] >= COMMON]  # fmt: skip
        meant = {misspelt(word, random_): word for word in random_.sample(common, MADE)}
        read = sum(changed(slip, vocabulary) == word for slip, word in meant.items() if slip != word)  # fmt: skip
        print(f"misspelt words read as meant: {read} of {len(meant)}")
        library.close()


if __name__ == "__main__":
    main()
