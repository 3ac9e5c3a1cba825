"""The words that the scripts in the browser show. Data only; ``ui.texts`` says how they are used."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # the browser's own
    "js.panel.nearest": "Choose a passage to see where it stands.",
    "js.panel.none": "The page of a source appears here.",
    "js.copied": "Copied",
    "js.copied.one": "Copied with 1 source",
    "js.copied.other": "Copied with {n} sources",
    "js.copied.quote": "Quote copied",
    "js.copy.failed": "The browser refused to copy. Select the text instead.",
    "js.searching": "Searching the manuals",
    "js.stopping": "Stopping",
    "js.ready": "Answer ready.",
    "js.ready.one": "Answer ready, 1 source.",
    "js.ready.other": "Answer ready, {n} sources.",
    "js.rated.good": "Thank you. Marked as good",
    "js.rated.bad": "Thank you. Marked as bad",
    "js.missing": "Reported. An admin sees what the manuals do not answer",
    "js.deleted": "Deleted “{title}”",
    "js.undo": "Undo",
    "js.restored": "Restored",
    "js.renamed": "Renamed",
    "js.rename": "New name",
    "js.offline": "No answer from the server. Your text is kept. Is Tandem still running?",
    "js.offline.page": "This could not be loaded. Reload the page when the server answers again.",
    "js.unheard": "The server did not take the question. Your text is kept; ask again.",
    "js.interrupted": "The connection broke. What was written is kept.",
    "js.uploading": "Uploading, {n} %",
    "js.summary.one": "1 file received.",
    "js.summary.other": "{n} files received.",
    "js.summary.bad": "{n} not accepted.",
    "js.large": "{name} is larger than {n} MB. Split the file, or raise TANDEM_MAX_UPLOAD_MB.",
    "js.remove.title": "Remove “{name}”?",
    "js.remove.body": "{size} will no longer be searched. {cited}",
    "remove.cited.none": "No past answer cites it.",
    "remove.cited.one": "1 past answer cites it; it keeps its quote.",
    "remove.cited.other": "{n} past answers cite it; they keep their quotes.",
    "js.remove.yes": "Remove",
    "js.remove.done": "Removed “{name}”",
    "js.cancel": "Cancel",
    "js.close": "Close",
    "js.dismiss": "Dismiss",
    "js.save": "Save",
    "js.saved": "Saved",
    "js.edit.title": "Name and product",
    "js.samples": "The sample manuals are being read",
    "js.busy": "One question at a time. Stop the running one first.",
    "js.states.title": "What is checked",
    "js.states": "Word for word|The sentence stands in the manual as it is, at the place that its number opens.\n"
    "In other words|One place of the manual says it: same figures, names, conditions and order. It is checked by rule, so open the place "
    "before you rely on it.\nNot in the manuals|No passage that was found says it. It may still be true; it is never given a source.\n"
    "The manual says|A manual says the same with another figure or the opposite word.",
    "js.keys.title": "Keyboard keys",
    "js.keys": "Enter|Ask\nShift Enter|New line\nEsc|Stop, or close the source\nCtrl K|New conversation\n"
    "1 – 9|Open that source of the last answer\n↑|Edit the last question\n/|Go to the question box\n?|Show these keys",
}
