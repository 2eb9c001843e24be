"""Facts of this installation by name, and locks that a transaction holds by name."""

import hashlib

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from infrazen.db.tables.people import InstanceRow
from infrazen.db.upsert import insert_or_replace


def fact(session: Session, name: str) -> str | None:
    """The value kept as ``name``, None where there is none."""
    return session.exec(select(InstanceRow.value).where(InstanceRow.name == name)).one_or_none()


def put(session: Session, name: str, value: str) -> None:
    """Keep ``value`` as ``name``, whatever was there."""
    insert_or_replace(session, InstanceRow, [{"name": name, "value": value}])


def drop(session: Session, name: str) -> None:
    """Forget ``name``."""
    session.exec(delete(InstanceRow).where(col(InstanceRow.name) == name))


def hold(session: Session, name: str, *, exclusively: bool = True) -> None:
    """Wait for, then hold the lock called ``name`` until the transaction ends.

    Without ``exclusively`` others may hold it the same way. On SQLite every writer is
    alone anyway.
    """
    if session.connection().dialect.name == "postgresql":
        kind = "" if exclusively else "_shared"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.connection().execute(
            text(f"SELECT pg_advisory_xact_lock{kind}(:number)"), {"number": number}
        )
