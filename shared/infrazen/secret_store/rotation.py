"""Changing master keys while everything runs, and the very first one."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import sealed
from infrazen.domain.periods import utc_now
from infrazen.errors import Conflict, NotFound, SecretUnreadable
from infrazen.secret_store.data_keys import open_record
from infrazen.security.key_ring import KeyFile, key_source, new_key

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """Where the key ring is; ``created`` says that it was made just now, so: back it up."""

    description: str
    path: Path | None
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """A master key, whether the ring has it, and how many data keys it wraps."""

    id: str
    is_primary: bool
    in_ring: bool
    data_keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step of re-wrapping did; ``last`` is where the next one goes on."""

    last: UUID | None
    done: int
    unreadable: int


def ensure_master_key(session: Session) -> KeyPlace:
    """Make the key file on the first run and return where the ring is.

    A file that is missing although the database holds secrets under it is never replaced
    by a fresh one: that raises ``SecretUnreadable``.
    """
    source = key_source()
    if not isinstance(source, KeyFile):
        source.load()
        return KeyPlace(description=source.description, path=None, created=False)
    if not source.exists() and (used := sealed.keys_by_master(session)):
        raise SecretUnreadable(
            f"the key file {source.path} is missing, but the database holds secrets under "
            f"{', '.join(sorted(used))}: restore the file from your backup"
        )
    created = False if source.exists() else source.create()
    source.load()
    return KeyPlace(description=source.description, path=source.path, created=created)


def key_uses(session: Session) -> list[KeyUse]:
    """Every master key of the ring, then those that only the database knows."""
    ring = key_source().load()
    used = sealed.keys_by_master(session)
    strangers = sorted(set(used) - set(ring.ids))
    return [
        KeyUse(
            id=key_id,
            is_primary=key_id == ring.primary.id,
            in_ring=key_id in ring.ids,
            data_keys=used.get(key_id, 0),
        )
        for key_id in (*ring.ids, *strangers)
    ]


def add_primary(session: Session) -> str:
    """Put a fresh key in front of the ring and return its id.

    ``Conflict`` where the ring comes from the environment or a read-only file.
    """
    sealed.hold_key_ring(session, exclusively=True)
    source = key_source()
    ring = source.load()
    fresh = new_key()
    source.replace(ring.with_primary(fresh))
    return fresh.id


def retire(session: Session, key_id: str) -> None:
    """Take ``key_id`` out of the ring for good.

    ``NotFound`` where the ring has no such key, ``Conflict`` while it is primary or wraps
    anything. Backups of the database from before the rotation still need it.
    """
    sealed.hold_key_ring(session, exclusively=True)
    source = key_source()
    ring = source.load()
    if ring.get(key_id) is None:
        raise NotFound(f"the key ring has no key {key_id!r}; it has {', '.join(ring.ids)}")
    in_use = sealed.keys_by_master(session).get(key_id, 0)
    remaining = ring.without(key_id)
    if in_use:
        raise Conflict(
            f"{in_use} connections are still protected by {key_id!r}: "
            "run `infrazen keys rotate --rewrap-only` first"
        )
    source.replace(remaining)


def rewrap_batch(session: Session, *, after: UUID | None, limit: int = BATCH) -> Batch:
    """Put the next data keys beyond ``after`` under the primary master key.

    The data keys stay the same, so readers never notice. One that cannot be opened is
    counted and left as it is.
    """
    sealed.hold_key_ring(session, exclusively=False)
    ring = key_source().load()
    records = sealed.keys_not_under(session, ring.primary.id, after=after, limit=limit)
    done = unreadable = 0
    for record in records:
        place = {"organization_id": record.organization_id, "connection_id": record.connection_id}
        try:
            wrapped = open_record(record).wrap(ring, **place)
        except SecretUnreadable:
            unreadable += 1
            continue
        fresh = sealed.KeyRecord(
            master_key_id=wrapped.master_key_id, wrapped=wrapped.wrapped, **place
        )
        done += sealed.rewrap(session, record, fresh, at=utc_now())
    return Batch(
        last=records[-1].connection_id if records else None, done=done, unreadable=unreadable
    )


def waiting_for_rewrap(session: Session) -> int:
    """How many data keys are not under the primary master key."""
    primary = key_source().load().primary.id
    used = sealed.keys_by_master(session)
    return sum(count for key_id, count in used.items() if key_id != primary)
