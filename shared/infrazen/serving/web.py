"""The web server: pages, websocket and API of one process, on one port."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from granian.constants import Interfaces
from granian.server.embed import Server

from infrazen.errors import StorageUnavailable
from infrazen.serving.lifespan import Application, lifespan

APPLICATION = "infrazen_ui.infrazen_ui"
DRAIN_SECONDS = 1.5
"""How long open connections may finish after a stop; websockets never do by themselves."""

# The two with leading underscores are Reflex's own names for "serve what was built": it is
# pinned to one version, and a test starts the server.
REFLEX = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_STATE_MANAGER_MODE": "memory",
}


def serve(*, host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``on_ready`` is called once the port answers."""
    application = load()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Not `asyncio.run`: it would wait for the websockets of pages that are still open, and
    # they end with the process. The loop stays open so that nothing complains of them.
    loop.run_until_complete(_serve(application, host=host, port=port, on_ready=on_ready))


def load() -> Application:
    """The application, ready to serve the built pages.

    Raises ``StorageUnavailable`` where the pages are not built.
    """
    root = _root()
    if not (root / ".web/build/client/index.html").exists():
        raise StorageUnavailable("the pages are not built yet: run `make frontend` first")
    for name, value in REFLEX.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("REFLEX_WEB_WORKDIR", str(root / ".web"))
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))  # where `rxconfig` is
    # What an import makes stays for good; collecting garbage meanwhile only costs time.
    gc.disable()
    try:
        factory = cast("Callable[[], Application]", import_module(APPLICATION).app)
        return factory()
    finally:
        gc.enable()
        gc.freeze()


def _root() -> Path:
    """The folder that holds ``infrazen_ui``, ``rxconfig.py`` and the built pages."""
    spec = find_spec("infrazen_ui")
    if spec is None or spec.origin is None:
        raise StorageUnavailable("the dashboard is not installed: install `infrazen[ui]`")
    return Path(spec.origin).parent.parent


async def _serve(
    application: Application, *, host: str, port: int, on_ready: Callable[[], None]
) -> None:
    logging.getLogger("_granian").setLevel(logging.ERROR)
    server = Server(
        application, address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False
    )
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with lifespan(application):
        serving = asyncio.ensure_future(server.serve())
        stopping = asyncio.ensure_future(stop.wait())
        ready = asyncio.ensure_future(_announce(host, port, on_ready))
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        stopping.cancel()
        if not serving.done():
            server.stop()  # type: ignore[no-untyped-call]
        with suppress(TimeoutError):
            await asyncio.wait_for(serving, DRAIN_SECONDS)


async def _announce(host: str, port: int, on_ready: Callable[[], None]) -> None:
    local = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared only)
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(local, port)
            writer.close()
            return on_ready()
        await asyncio.sleep(0.02)
