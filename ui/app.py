"""The web application: both pages, their routes and the guard in front, and the server that runs it.

Knows how the parts are put together, and nothing of what they show.
"""

from __future__ import annotations

import inspect
import logging
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from chatbot.errors import ChatError
from chatbot.settings import is_loopback, names_in
from ui.accounts.sign_in import Access
from ui.chat.model_status import Board
from ui.text.english import say
from ui.web.cancellation import DisconnectMiddleware, RunningQuestions
from ui.web.document import PageDocument
from ui.web.gate import Gate
from ui.web.security import Guard, Hosts, load_secret

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn

    from chatbot.assistant import Assistant
    from chatbot.settings import Settings
    from knowledge.library import Library

log = logging.getLogger(__name__)
LOOKS = 0.02  # seconds between two looks of a Gradio queue for what is asked; it would look a thousand times a second
_ADDRESS = "address"  # the file of the data folder that says where a server serves it


class NobodyToSignIn(ChatError):
    """Other machines would be let in where nobody can sign in."""

    hint = "Make the first admin: run.py users add NAME --role admin"


class PortTaken(ChatError):
    """Another program listens where the pages are to be served."""

    hint = "Stop the other program, or choose another port with --port."


@contextmanager
def quick_gradio() -> Iterator[None]:
    """Import gradio in this block 1.7 s of CPU faster: it writes type stubs for each component on each import.

    It reads each component's source for that, and by design goes on without when there is none.
    """
    original = inspect.getfile

    def getfile(item: Any) -> str:
        if isinstance(item, type) and item.__module__.startswith("gradio."):
            raise OSError("no stubs are needed")
        return original(item)

    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # exactly so written, or it is ignored
    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = original


@contextmanager
def _one_app_a_page(gr: ModuleType) -> Iterator[None]:
    """Build pages in this block .3 s of CPU faster each: Gradio makes an application of 90 routes at each of three steps.

    All but the one that is mounted are thrown away; ``_mount`` gives it to the page.
    """
    original = getattr(gr.routes.App, "create_app", None)
    if original is None:  # another Gradio makes its pages in its own way
        yield
        return
    gr.routes.App.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        gr.routes.App.create_app = staticmethod(original)


def create_app(
    assistant: Assistant, library: Library, board: Board, stops: RunningQuestions
) -> FastAPI:
    """Return the application: our routes, the manuals page at /admin/, the check at /check/, the chat page at /."""
    with quick_gradio():
        import gradio as gr

        from ui.chat import page as chat
        from ui.manuals import page as manuals
        from ui.reply_check import page as draft_page
    from ui.accounts.audit import audit_routes
    from ui.accounts.people import people_routes
    from ui.accounts.provider import add_provider
    from ui.accounts.routes import account_routes, sign_in_routes, welcome_routes
    from ui.approved.routes import approved_routes
    from ui.approved.training_data import training_data_routes
    from ui.chat import routes
    from ui.manuals import routes as manual_routes
    from ui.models.routes import model_routes
    from ui.reply_check import routes as draft_routes
    from ui.sources.routes import source_routes
    from ui.trials.routes import comparison_routes
    from ui.web.faults import add_fault_pages

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_fault_pages(app)
    for router in (
        routes.conversation_routes(assistant),
        routes.answer_routes(assistant, stops),
        source_routes(assistant),
        routes.page_routes(assistant, board),
        draft_routes.draft_routes(assistant),
        manual_routes.manual_routes(assistant, library),
        sign_in_routes(assistant),
        welcome_routes(assistant),
        account_routes(assistant),
        people_routes(assistant),
        audit_routes(assistant),
        approved_routes(assistant),
        training_data_routes(assistant),
        comparison_routes(assistant),
        model_routes(assistant),
    ):
        app.include_router(router)

    secret = load_secret(assistant.settings.folder)
    add_provider(app, assistant, secret)

    _add_short_addresses(app)
    with _one_app_a_page(gr):
        pages = manuals.build(assistant), draft_page.build(assistant), chat.build(assistant, stops)
    for page, path in zip(pages, ("/admin", "/check", "/"), strict=True):
        _mount(app, gr, page, path)  # "/" last, because it takes every other address
    app.add_middleware(Gate, functions=tuple(pages[-1].fns), stops=stops)
    app.add_middleware(PageDocument)
    app.add_middleware(DisconnectMiddleware, stops=stops)
    app.add_middleware(Access, assistant=assistant, secret=secret)
    app.add_middleware(Guard, hosts=hosts_of(assistant.settings))
    return app


def _add_short_addresses(app: FastAPI) -> None:
    """Lead addresses without their last stroke to the pages."""

    @app.get("/admin")
    def admin() -> RedirectResponse:
        return RedirectResponse("/admin/", 307)

    @app.get("/check")
    def check() -> RedirectResponse:
        return RedirectResponse("/check/", 307)


def hosts_of(settings: Settings) -> Hosts:
    """Return the names under which the pages may be opened: those that are set and, served to others, this machine's."""
    names = {name.lower() for name in names_in(settings.hosts)}
    if is_loopback(settings.host):
        return Hosts(frozenset(names))
    return Hosts(frozenset(names | {settings.host.lower(), socket.gethostname().lower()}), True)


def _mount(app: FastAPI, gr: ModuleType, page: gr.Blocks, path: str) -> None:
    from ui.web.assets import theme

    gr.mount_gradio_app(
        app,
        page,
        path,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=theme(gr),
    )
    mounted = (getattr(route, "app", None) for route in reversed(app.routes))
    # Its queue asks it.
    page.app = next((one for one in mounted if isinstance(one, gr.routes.App)), None)
    queue: Any = getattr(page, "_queue", None)
    if hasattr(queue, "sleep_when_free"):
        queue.sleep_when_free = LOOKS


def serve(
    assistant: Assistant,
    library: Library,
    host: str,
    port: int,
    *,
    open_browser: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages until interrupted; ``ready`` is called with the address once they can be opened.

    Raises NobodyToSignIn for an address that other machines reach while nobody has an account, and PortTaken.
    """
    import uvicorn

    settings = assistant.settings
    if settings.shared and not assistant.accounts.any():
        raise NobodyToSignIn(say("fault.host", host=settings.hosts or host))
    listener = listen(host, port)
    url = page_address(host, listener.getsockname()[1])
    board, stops = Board(assistant), RunningQuestions()

    class Server(uvicorn.Server):
        def capture_signals(self) -> Any:
            """Leave the signals to ``_stopped_by_signals``: uvicorn would raise them again before the worker has stopped."""
            return nullcontext()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            stops.end_all()  # or the end would wait for a model that is still writing
            await super().shutdown(sockets)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if ready:
                ready(url)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    with listener, _served_at(settings.folder, url):
        app = create_app(assistant, library, board, stops)
        library.start_worker()
        assistant.models.watch()
        threading.Thread(target=board.warm, name="warm", daemon=True).start()
        server = Server(_config(app, settings.proxies))
        with _stopped_by_signals(server):
            try:
                server.run(sockets=[listener])
            finally:
                library.stop_worker()
                assistant.close()


def _config(app: FastAPI, proxies: str) -> uvicorn.Config:
    import uvicorn

    from ui.web.connections import ImpatientProtocol

    # An open page always holds a stream, so that running out of this time is how every stop looks.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "graceful shutdown" not in record.getMessage()
    )
    return uvicorn.Config(
        app,
        http=ImpatientProtocol,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=1,
    )


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the server in good order, however often they come, until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        sign: signal.signal(sign, server.handle_exit) for sign in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def page_address(host: str, port: int) -> str:
    """Return the address at which a browser opens the pages; where every address is served, by this machine's name."""
    name = socket.gethostname() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


@contextmanager
def _served_at(data: Path, url: str) -> Iterator[None]:
    """Within it, commands beside the server know where the pages are opened, also by ``--port``."""
    file = data / _ADDRESS
    with suppress(OSError):  # a full disk keeps nobody from reading manuals
        file.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def served_at(data: Path) -> str:
    """Return the address of the server that serves a data folder on this machine, or "" where none answers."""
    try:
        url = (data / _ADDRESS).read_text(encoding="utf-8")
        at = urlsplit(url)
        socket.create_connection((at.hostname or "", at.port or 80), timeout=2).close()
    except (OSError, ValueError):  # also one that was killed
        return ""
    return url


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket. Raises PortTaken; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Of a socket whose protocol is not said, asyncio holds small packets back: 40 ms more for each request
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":  # on Windows this option would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(say("fault.port", port=port)) from error
    return listener
