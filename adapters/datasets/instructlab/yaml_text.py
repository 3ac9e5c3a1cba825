"""Values as YAML that every parser reads the same, and back as plain text.

Every text is quoted or a block: "no", "1e5" and "12:30" are other things in other versions of YAML. PairCollector takes each
scalar as the text that stands there, so that a person's unquoted "no" is "no".
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from adapters.errors import BadTrainingList

_PLAIN = re.compile(r"[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\U00010000-\U0010ffff]*", re.S)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(
            flow, False
        )  # items stand under their key, as in the taxonomy

    def represent_text(self, text: str) -> yaml.ScalarNode:
        lines = text.split("\n")
        block = len(lines) > 1 and all(
            _PLAIN.fullmatch(line) and line == line.strip() and line for line in lines
        )
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else '"')

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, _Dumper.represent_text)


class _Keys(str):
    """A key, which is written without quotes."""


_Dumper.add_representer(
    _Keys, lambda dumper, key: dumper.represent_scalar("tag:yaml.org,2002:str", str(key))
)


def to_yaml(value: dict[str, Any]) -> str:
    """Return a value as YAML, keys in the order in which they were put in."""
    text: str = yaml.dump(
        _keyed(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _keyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_Keys(key): _keyed(inner) for key, inner in value.items()}
    return [_keyed(inner) for inner in value] if isinstance(value, list) else value


def from_yaml(text: str, name: str) -> dict[str, Any]:
    """Return the mapping of a file; every scalar is text. Raises BadTrainingList, which names the line."""
    loader = yaml.BaseLoader(text)
    try:
        held = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadTrainingList(f"{name}, line {line} is not YAML ({error.problem}).") from error
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise BadTrainingList(f"{name} is not YAML.") from error
    finally:
        loader.dispose()
    if not isinstance(held, dict):
        raise BadTrainingList(f"{name} is no mapping of keys to values.")
    return held
