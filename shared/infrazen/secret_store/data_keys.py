"""A connection's data key: read, or made when its first secret comes."""

from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import sealed
from infrazen.domain.periods import utc_now
from infrazen.errors import SecretUnreadable
from infrazen.security.key_ring import key_source
from infrazen.security.vault import DataKey, WrappedKey, new_data_key, unwrap


def existing_data_key(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> DataKey | None:
    """The connection's data key; None where no secret was ever kept."""
    record = sealed.connection_key(
        session, organization_id=organization_id, connection_id=connection_id
    )
    return None if record is None else open_record(record)


def data_key(session: Session, *, organization_id: UUID, connection_id: UUID) -> DataKey:
    """The connection's data key, made if there is none; ``SecretUnreadable`` if it is lost."""
    place = {"organization_id": organization_id, "connection_id": connection_id}
    known = existing_data_key(session, **place)
    if known is not None:
        return known
    sealed.hold_key_ring(session, exclusively=False)
    wrapped = new_data_key().wrap(key_source().load(), **place)
    record = sealed.KeyRecord(master_key_id=wrapped.master_key_id, wrapped=wrapped.wrapped, **place)
    sealed.add_connection_key(session, record, at=utc_now())
    winner = existing_data_key(session, **place)
    if winner is None:
        raise SecretUnreadable("the connection was removed meanwhile")
    return winner


def open_record(record: sealed.KeyRecord) -> DataKey:
    """The data key in ``record``, by the key ring as this process knows it."""
    return unwrap(
        WrappedKey(record.master_key_id, record.wrapped),
        key_source().known(),
        organization_id=record.organization_id,
        connection_id=record.connection_id,
    )
