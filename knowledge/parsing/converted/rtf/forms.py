"""The fields of a form in an RTF file: lists to choose from and boxes to tick."""

from __future__ import annotations

from dataclasses import dataclass, field

_BOX, _LIST = 1, 2  # kinds of fields; the third holds text, which the file has as its result
_UNSET = 25  # the result of a field that nobody has touched


@dataclass(slots=True)
class FormField:
    """A field while it is read."""

    values: dict[str, int] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)

    def shown(self) -> str:
        """The choice that is shown, or a box with or without its mark; "" for a field of text."""
        chosen = self.values.get("ffres", _UNSET)
        chosen = self.values.get("ffdefres", 0) if chosen == _UNSET else chosen
        kind = self.values.get("fftype", 0)
        if kind == _BOX:
            return "☒" if chosen == 1 else "☐"
        return self.choices[chosen] if kind == _LIST and 0 <= chosen < len(self.choices) else ""
