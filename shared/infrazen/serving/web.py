"""The web server: pages, websocket and API of one process, on one port."""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn

from infrazen.errors import StorageUnavailable
from infrazen.settings import settings

APPLICATION = "infrazen_ui.infrazen_ui"
DRAIN_SECONDS = 2
"""How long answers that are under way may take after a stop."""
MOST_MESSAGE_BYTES = 1 << 20
"""Of one websocket message; the pages send a few hundred bytes."""

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of mallopt(3)."""
_LARGE_BLOCK = 1 << 20

# The two with leading underscores are Reflex's own names for "serve what was built": it is
# pinned to one version, and a test starts the server.
REFLEX = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
}


def serve(listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``on_ready`` is called once ``listener`` answers."""
    config = uvicorn.Config(
        load(),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `api.client` reads them, as the settings say whom to trust
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=MOST_MESSAGE_BYTES,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    asyncio.run(_Server(config, on_ready).serve(sockets=[listener]))


def load() -> Any:
    """The ASGI application, ready to serve the built pages.

    Raises ``StorageUnavailable`` where the pages are not built.
    """
    root = _root()
    web = Path(os.environ.setdefault("REFLEX_WEB_WORKDIR", str(root / ".web")))
    if not (web / "build/client/index.html").exists():
        raise StorageUnavailable("the pages are not built yet: run `make frontend` first")
    for name, value in REFLEX.items() | _kept_states().items():
        os.environ.setdefault(name, value)
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))  # where `rxconfig` is
    _give_large_blocks_back()
    # What an import makes stays for good; collecting garbage meanwhile only costs time.
    gc.disable()
    try:
        return import_module(APPLICATION).app()
    finally:
        gc.enable()
        gc.freeze()


def _kept_states() -> dict[str, str]:
    """Where open pages outlast a restart of the server, with what is begun on them.

    Redis does that itself where there is one. Else Reflex writes them within two seconds and
    when it is told to stop, and removes those that nobody has used for an hour.
    """
    if os.environ.get("REFLEX_REDIS_URL"):
        return {}
    folder = settings().data_dir / "pages"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"REFLEX_STATE_MANAGER_MODE": "disk", "REFLEX_STATES_WORKDIR": str(folder.absolute())}


def _give_large_blocks_back() -> None:
    """Have glibc return large blocks to the system as soon as they are free.

    Left alone it keeps those that were freed once, in every thread: checking a password
    takes 19 MB, and each worker thread that ever checked one would hold on to them.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BLOCK)


def _root() -> Path:
    """The folder that holds ``infrazen_ui``, ``rxconfig.py`` and the built pages."""
    spec = find_spec("infrazen_ui")
    if spec is None or spec.origin is None:
        raise StorageUnavailable("the dashboard is not installed: install `infrazen[ui]`")
    return Path(spec.origin).parent.parent


class _Server(uvicorn.Server):
    """Says when it is ready, and takes a stop for the good end that it is."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        await super().startup(*args, **kwargs)
        if not self.should_exit:
            self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike the original, don't raise the signal again once all is closed."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, self.handle_exit, sign, None)
        yield
