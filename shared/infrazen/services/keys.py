"""Master keys of this installation: made, counted, rotated and retired while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from infrazen.db.session import database
from infrazen.errors import SecretUnreadable
from infrazen.secret_store import rotation
from infrazen.secret_store.rotation import KeyPlace, KeyUse
from infrazen.security.key_ring import KeyFile, key_source
from infrazen.services.open_doors import local

_WHY = "keys belong to whoever runs the installation, not to an organization"
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did: the primary key in force, data keys re-wrapped and not readable."""

    primary: str
    rewrapped: int
    unreadable: int


@local(_WHY)
def ensure_master_key() -> KeyPlace:
    """Where the key ring is; made on the first run (``created``), never overwritten.

    A fresh key must be backed up: without it no stored secret can ever be read again.
    """
    with database().writing() as session:
        return rotation.ensure_master_key(session)


@local(_WHY)
def require_master_key() -> None:
    """Raise ``SecretUnreadable`` where there is no master key yet: for what must not make one."""
    source = key_source()
    if isinstance(source, KeyFile) and not source.exists():
        raise SecretUnreadable(
            "there is no master key here: give this process the installation's own in"
            " INFRAZEN_MASTER_KEYS, or a key made now would be lost with it"
        )


@local(_WHY)
def key_status() -> list[KeyUse]:
    """Every master key, primary first, with how many data keys it protects."""
    with database().reading() as session:
        return rotation.key_uses(session)


@local(_WHY)
def rotate_keys(*, add_key: bool = True, on_progress: OnProgress | None = None) -> Rotation:
    """Put every data key under the primary master key, in batches, while everything runs.

    With ``add_key`` a fresh primary is made first; ``Conflict`` where the ring comes from
    the environment or a read-only file, which only the operator can change.
    ``on_progress`` gets how many are done of how many.
    """
    store = database()
    if add_key:
        with store.writing() as session:
            rotation.add_primary(session)
    with store.reading() as session:
        total = rotation.waiting_for_rewrap(session)
    done = unreadable = 0
    last = None
    while True:
        with store.writing() as session:
            batch = rotation.rewrap_batch(session, after=last)
        if batch.last is None:
            break
        last, done, unreadable = batch.last, done + batch.done, unreadable + batch.unreadable
        if on_progress is not None:
            on_progress(done + unreadable, total)
    return Rotation(primary=key_status()[0].id, rewrapped=done, unreadable=unreadable)


@local(_WHY)
def retire_key(key_id: str) -> None:
    """Take a master key out of the ring once nothing is protected by it (else ``Conflict``)."""
    with database().writing() as session:
        rotation.retire(session, key_id)
