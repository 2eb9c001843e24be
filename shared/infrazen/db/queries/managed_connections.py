"""Connections that custom resources manage: whose they are, and taking one up again."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from infrazen.db.queries import connections, instance
from infrazen.db.queries.connections import Connection
from infrazen.db.tables.connections import CloudConnectionRow


def hold(session: Session) -> None:
    """Let nobody else make or take up a managed connection until this transaction ends.

    Two Jobs of a new resource would else make its connection twice.
    """
    instance.hold(session, "managed connections")


def in_use(session: Session, managed_by: str, *, uid: str = "") -> list[Connection]:
    """What a custom resource (``namespace/name``) manages, in whichever organization.

    With ``uid`` that of this very resource alone, and what was managed before uids were kept.
    """
    row = CloudConnectionRow
    found = session.scalars(
        select(col(row.id))
        .where(col(row.managed_by) == managed_by, col(row.removed_at).is_(None))
        .order_by(col(row.created_at), col(row.id))
    )
    known = (connections.find(session, id_) for id_ in found)
    return [one for one in known if one is not None and (not uid or one.managed_uid in ("", uid))]


def handles(session: Session) -> list[str]:
    """Every resource, as ``namespace/name``, that manages a connection in use."""
    row = CloudConnectionRow
    found = session.scalars(
        select(col(row.managed_by))
        .where(col(row.managed_by) != "", col(row.removed_at).is_(None))
        .distinct()
        .order_by(col(row.managed_by))
    )
    return list(found)


def released(
    session: Session, *, organization_id: UUID, managed_by: str, provider: str
) -> UUID | None:
    """The connection that the resource left last with its history, None where there is none."""
    row = CloudConnectionRow
    return session.scalars(
        select(col(row.id))
        .where(
            col(row.organization_id) == organization_id,
            col(row.managed_by) == managed_by,
            col(row.provider) == provider,
            col(row.removed_at).is_not(None),
        )
        .order_by(col(row.removed_at).desc(), col(row.id))
        .limit(1)
    ).one_or_none()


def take_up(session: Session, connection_id: UUID, *, name: str) -> None:
    """Use a released connection again, under a name that is free."""
    row = session.get(CloudConnectionRow, connection_id)
    if row is not None:
        row.removed_at = None
        row.name = name
        session.add(row)
        session.flush()
