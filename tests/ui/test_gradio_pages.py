"""The pages are put together with whatever Gradio of the required versions is installed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI

from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from ui.app import _one_app_a_page, create_app
from ui.chat.model_status import Board
from ui.web.cancellation import RunningQuestions


def test_each_page_has_its_own_application_also_where_more_routes_are_mounted_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gradio as gr

    mount, mounted = gr.mount_gradio_app, []

    def mount_more(app: FastAPI, page: gr.Blocks, path: str, **more: Any) -> FastAPI:
        mount(app, page, path, **more)
        app.add_api_route(f"/more{len(mounted)}", lambda: "")
        mounted.append(page)
        return app

    monkeypatch.setattr(gr, "mount_gradio_app", mount_more)
    assistant = open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url="none"))
    create_app(assistant, assistant.catalog, Board(assistant), RunningQuestions())  # type: ignore[arg-type]
    assistant.close()
    assert len(mounted) == 3
    for page in mounted:
        assert isinstance(page.app, gr.routes.App) and page.app.get_blocks() is page
        assert page._queue.sleep_when_free >= 0.01, (
            "a server that nobody asks would use a tenth of a core"
        )


def test_a_gradio_that_makes_its_applications_otherwise_is_left_alone() -> None:
    other: Any = ModuleType("gradio")
    other.routes = ModuleType("gradio.routes")
    other.routes.App = type("App", (), {})
    with _one_app_a_page(other):
        assert not hasattr(other.routes.App, "create_app")
