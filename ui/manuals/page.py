"""The manuals page in Gradio: its frame. What moves in it is fetched from ``ui.manuals.routes`` by the scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from ui.manuals import manual_list
from ui.text.english import say

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


def build(assistant: Assistant) -> gr.Blocks:
    """Return the manuals page."""
    with gr.Blocks(
        title=say("app.title.manuals"), analytics_enabled=False, fill_width=True
    ) as page:
        gr.HTML(
            str(manual_list.manuals_page(assistant.settings.max_upload_mb)),
            js_on_load="window.tandem.manuals(element);",
            apply_default_css=False,
            elem_id="t-frame",
        )
    return page.queue(max_size=20)
