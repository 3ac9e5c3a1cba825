"""The page "Check a reply" in Gradio: its frame. What it shows comes from ``ui.reply_check.routes`` by the scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from ui.reply_check import results
from ui.text.english import say

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


def build(assistant: Assistant) -> gr.Blocks:
    """Return the page on which a reply is checked before it goes out."""
    with gr.Blocks(title=say("app.title.check"), analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            str(results.page()),
            js_on_load="window.tandem.check(element);",
            apply_default_css=False,
            elem_id="t-frame",
        )
    return page.queue(max_size=20)
