"""The words of adding files and of working on several manuals at once; a part of ``english``."""

from __future__ import annotations

UPLOADS: dict[str, str] = {
    "manuals.folder": "Choose a folder",
    "js.folder.none": "No file in it is of a kind that can be read.",
    "js.folder.some": "{n} files were left out: they are of kinds that cannot be read.",
    "job.again": "Try again",
    "job.again.named": "Try {name} again",
    "job.dismiss.all": "Dismiss all that ended",
    "filter.label": "Show",
    "filter.all": "All manuals",
    "filter.product.none": "Without a product",
    "filter.warnings": "With warnings",
    "js.filter.products": "Of one product",
    "chosen.label": "Choose {name}",
    "chosen.all": "Choose all that are shown",
    "js.chosen.one": "1 manual chosen",
    "js.chosen.other": "{n} manuals chosen",
    "chosen.product": "Set their product",
    "chosen.remove": "Remove them",
    "js.chosen.product.title": "Product of the chosen manuals",
    "js.chosen.product": "Product",
    "js.chosen.remove.title": "Remove the chosen manuals?",
    "js.chosen.remove.body": "They are no longer searched. What was cited from them stays readable, and they can be restored.",
    "js.chosen.removed.one": "Removed 1 manual",
    "js.chosen.removed.other": "Removed {n} manuals",
}
