"""A worker that stops at a chosen stage of its sync, to be killed there.

A line on its standard input lets it go on.

Usage: python -m tests.sync.dying_worker STAGE ORGANIZATION CONNECTION
"""

import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from infrazen.db.queries import runs
from infrazen.db.session import database
from infrazen.domain.syncs import Progress
from infrazen.sync import apply, engine
from infrazen.sync.engine import Order

STAGES = (
    "claimed",
    "reading",
    "between endpoints",
    "read",
    "inventory written",
    "costs written",
    "closed, not committed",
)


def hang(stage: str) -> None:
    print(f"reached {stage}", flush=True)
    sys.stdin.readline()


def before(original: Callable[..., Any], stage: str) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        hang(stage)
        return original(*args, **kwargs)

    return wrapped


def after(original: Callable[..., Any], stage: str) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        hang(stage)
        return result

    return wrapped


def between_endpoints(progress: Progress) -> None:
    """Hang as soon as some endpoints have ended and others have not."""
    if progress.stage == "reading" and 3 <= progress.endpoints_done < progress.endpoints_total:
        hang("between endpoints")


def arrange(stage: str) -> None:
    """Let what is called at ``stage`` hang."""
    match stage:
        case "claimed":
            engine.claim = after(engine.claim, stage)
        case "reading":
            engine.connection_secrets = before(engine.connection_secrets, stage)
        case "read":
            engine.apply = before(engine.apply, stage)
        case "inventory written":
            apply.write_inventory = after(apply.write_inventory, stage)
        case "costs written":
            apply.write_day = after(apply.write_day, stage)
        case "closed, not committed":
            runs.close = after(runs.close, stage)
        case "between endpoints" | "committed" | "never":
            pass


def main(stage: str, organization_id: str, connection_id: str) -> None:
    arrange(stage)
    order = Order(organization_id=UUID(organization_id), connection_id=UUID(connection_id))
    listener = between_endpoints if stage == "between endpoints" else lambda _progress: None
    ended = engine.run(database(), order, listener=listener)
    if stage == "committed":
        hang(stage)
    print(ended.status, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
