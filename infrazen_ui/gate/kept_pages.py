"""What is written down of an open page: not the headers that its browser sent.

The session's cookie is among them. Whoever comes back brings it anew, with the first event of
the new connection.
"""

from typing import Any

from reflex.constants import StateManagerMode
from reflex.state import BaseState, State
from reflex_base.config import get_config

_HEADERS = "headers"


def keep_no_cookies() -> None:
    """Where states are written to files, leave out what opens a session.

    In Redis they stay whole: there each event reads its state anew, and background ones bring
    no headers of their own.
    """
    if get_config().state_manager_mode == StateManagerMode.DISK:
        State.__getstate__ = without_headers  # type: ignore[method-assign]


def without_headers(state: BaseState) -> dict[str, Any]:
    """What is pickled of a state; the state itself stays whole."""
    kept: dict[str, Any] = dict(BaseState.__getstate__(state))  # type: ignore[no-untyped-call]
    kept.pop("rx_router_headers", None)
    if sent := kept.get("router_data"):
        kept["router_data"] = {name: value for name, value in sent.items() if name != _HEADERS}
    return kept
