"""Wrapped data keys and sealed secrets, as the database keeps them: nothing here is readable."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from infrazen.db import bulk
from infrazen.db.queries import instance
from infrazen.db.tables.connections import ConnectionKeyRow, ConnectionSecretRow
from infrazen.db.tables.resources import ResourceSecretRow
from infrazen.db.upsert import insert_missing, insert_or_replace, primary_key

_RING = "key_ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A connection's data key, wrapped by ``master_key_id``."""

    organization_id: UUID
    connection_id: UUID
    master_key_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFact:
    """That a secret is set: its field, fingerprint and when it last changed (UTC)."""

    field: str
    fingerprint: str
    set_at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """One secret, sealed; ``label`` is what people see (resource secrets only)."""

    field: str
    ciphertext: bytes
    fingerprint: str
    label: str = ""
    resource_id: UUID | None = None


def hold_key_ring(session: Session, *, exclusively: bool) -> None:
    """Keep the set of keys in use from changing until the transaction ends.

    Whoever makes a data key holds it with others, whoever retires a master key alone, so
    that no data key appears under a master key on its way out.
    """
    instance.hold(session, _RING, exclusively=exclusively)


def connection_key(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> KeyRecord | None:
    """The connection's data key, None where it has none yet."""
    row = session.exec(
        select(ConnectionKeyRow)
        .where(
            ConnectionKeyRow.organization_id == organization_id,
            ConnectionKeyRow.connection_id == connection_id,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else _record(row)


def add_connection_key(session: Session, key: KeyRecord, *, at: datetime) -> None:
    """Keep ``key``, unless the connection has got one meanwhile."""
    row = {
        "organization_id": key.organization_id,
        "connection_id": key.connection_id,
        "master_key_id": key.master_key_id,
        "wrapped": key.wrapped,
        "wrapped_at": at,
    }
    insert_missing(session, ConnectionKeyRow, [row])


def keys_by_master(session: Session) -> dict[str, int]:
    """How many data keys each master key wraps."""
    column = col(ConnectionKeyRow.master_key_id)
    return dict(session.exec(select(column, func.count()).group_by(column)).all())


def keys_not_under(
    session: Session, master_key_id: str, *, after: UUID | None, limit: int
) -> list[KeyRecord]:
    """Data keys that another master key wraps, by connection id, beyond ``after``."""
    statement = (
        select(ConnectionKeyRow)
        .where(ConnectionKeyRow.master_key_id != master_key_id)
        .order_by(col(ConnectionKeyRow.connection_id))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(ConnectionKeyRow.connection_id) > after)
    return [_record(row) for row in session.exec(statement)]


def rewrap(session: Session, old: KeyRecord, new: KeyRecord, *, at: datetime) -> bool:
    """Replace ``old`` by ``new``; False where somebody else was faster or it is gone."""
    row = session.exec(
        select(ConnectionKeyRow)
        .where(
            ConnectionKeyRow.connection_id == old.connection_id,
            ConnectionKeyRow.master_key_id == old.master_key_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.wrapped != old.wrapped:
        return False
    row.master_key_id, row.wrapped, row.wrapped_at = new.master_key_id, new.wrapped, at
    session.add(row)
    return True


def connection_secrets(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> list[SealedSecret]:
    """Every sealed secret of a connection."""
    rows = session.exec(_secrets_of(organization_id, connection_id))
    return [
        SealedSecret(field=row.field, ciphertext=row.ciphertext, fingerprint=row.fingerprint)
        for row in rows
    ]


def connection_secret_facts(
    session: Session, *, organization_id: UUID, connections: Collection[UUID]
) -> dict[UUID, list[SecretFact]]:
    """Which secrets of each of ``connections`` are set, by field; none without any."""
    row = ConnectionSecretRow
    rows = session.exec(
        select(row.connection_id, row.field, row.fingerprint, row.set_at)
        .where(row.organization_id == organization_id, col(row.connection_id).in_(connections))
        .order_by(col(row.field))
    )
    found: dict[UUID, list[SecretFact]] = {}
    for connection_id, field, fingerprint, set_at in rows:
        fact = SecretFact(field=field, fingerprint=fingerprint, set_at=set_at)
        found.setdefault(connection_id, []).append(fact)
    return found


def put_connection_secrets(
    session: Session,
    secrets: Iterable[SealedSecret],
    *,
    organization_id: UUID,
    connection_id: UUID,
    at: datetime,
) -> None:
    """Add or overwrite secrets of a connection."""
    rows = [
        {
            "organization_id": organization_id,
            "connection_id": connection_id,
            "field": each.field,
            "ciphertext": each.ciphertext,
            "fingerprint": each.fingerprint,
            "set_at": at,
        }
        for each in secrets
    ]
    insert_or_replace(session, ConnectionSecretRow, rows)


def drop_connection_secrets(
    session: Session, *, organization_id: UUID, connection_id: UUID, fields: Collection[str]
) -> None:
    """Forget secrets of a connection by field."""
    session.exec(
        delete(ConnectionSecretRow).where(
            col(ConnectionSecretRow.organization_id) == organization_id,
            col(ConnectionSecretRow.connection_id) == connection_id,
            col(ConnectionSecretRow.field).in_(fields),
        )
    )


def forget_connection(session: Session, *, organization_id: UUID, connection_id: UUID) -> None:
    """Drop a connection's data key and every secret under it; nothing can be read again."""
    for table in (ResourceSecretRow, ConnectionSecretRow, ConnectionKeyRow):
        session.exec(
            delete(table).where(
                col(table.organization_id) == organization_id,
                col(table.connection_id) == connection_id,
            )
        )


def resource_fingerprints(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> dict[tuple[UUID, str], tuple[str, str]]:
    """Fingerprint and label of every resource secret of a connection, by resource and field."""
    rows = session.exec(
        select(
            ResourceSecretRow.resource_id,
            ResourceSecretRow.field,
            ResourceSecretRow.fingerprint,
            ResourceSecretRow.label,
        ).where(
            ResourceSecretRow.organization_id == organization_id,
            ResourceSecretRow.connection_id == connection_id,
        )
    )
    return {(resource, field): (mark, label) for resource, field, mark, label in rows}


def put_resource_secrets(
    session: Session,
    secrets: Iterable[SealedSecret],
    *,
    organization_id: UUID,
    connection_id: UUID,
    at: datetime,
) -> None:
    """Add or overwrite resource secrets, thousands at a time."""
    columns = (
        "organization_id",
        "connection_id",
        "resource_id",
        "field",
        "label",
        "ciphertext",
        "fingerprint",
        "set_at",
    )
    bulk.insert(
        session,
        ResourceSecretRow,
        columns,
        (
            (
                organization_id,
                connection_id,
                each.resource_id,
                each.field,
                each.label,
                each.ciphertext,
                each.fingerprint,
                at,
            )
            for each in secrets
        ),
        on_conflict=bulk.replace(primary_key(ResourceSecretRow), columns),
    )


def resource_secret_facts(
    session: Session, *, organization_id: UUID, resource_id: UUID
) -> list[SecretFact]:
    """Which secrets the provider handed out with a resource, by field."""
    rows = session.exec(
        select(ResourceSecretRow)
        .where(
            ResourceSecretRow.organization_id == organization_id,
            ResourceSecretRow.resource_id == resource_id,
        )
        .order_by(col(ResourceSecretRow.field))
    )
    return [
        SecretFact(field=row.field, fingerprint=row.fingerprint, set_at=row.set_at, label=row.label)
        for row in rows
    ]


def resource_secret(
    session: Session, *, organization_id: UUID, resource_id: UUID, field: str
) -> tuple[UUID, SealedSecret] | None:
    """One resource secret with the connection whose key sealed it."""
    row = session.exec(
        select(ResourceSecretRow).where(
            ResourceSecretRow.organization_id == organization_id,
            ResourceSecretRow.resource_id == resource_id,
            ResourceSecretRow.field == field,
        )
    ).one_or_none()
    if row is None:
        return None
    return row.connection_id, SealedSecret(
        field=row.field,
        ciphertext=row.ciphertext,
        fingerprint=row.fingerprint,
        label=row.label,
        resource_id=row.resource_id,
    )


def _secrets_of(organization_id: UUID, connection_id: UUID) -> Any:
    return (
        select(ConnectionSecretRow)
        .where(
            ConnectionSecretRow.organization_id == organization_id,
            ConnectionSecretRow.connection_id == connection_id,
        )
        .order_by(col(ConnectionSecretRow.field))
        .execution_options(populate_existing=True)
    )


def _record(row: ConnectionKeyRow) -> KeyRecord:
    return KeyRecord(
        organization_id=row.organization_id,
        connection_id=row.connection_id,
        master_key_id=row.master_key_id,
        wrapped=row.wrapped,
    )
