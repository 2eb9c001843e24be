"""The secrets that people enter: a connection's passwords and tokens."""

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import sealed
from infrazen.db.queries.sealed import SealedSecret, SecretFact
from infrazen.domain.periods import utc_now
from infrazen.errors import Conflict, SecretUnreadable
from infrazen.logs import register_secret
from infrazen.secret_store.data_keys import data_key, existing_data_key
from infrazen.security.vault import DataKey, Place


def store_connection_secrets(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    values: Mapping[str, str],
    remove: Collection[str] = (),
) -> None:
    """Seal and keep ``values`` by field and forget the fields of ``remove``.

    Fields not named stay. One whose value is what it was is not touched, so that "changed
    at" means what it says. Where the old secrets cannot be opened any more, they are all
    forgotten: what is entered now starts afresh.
    """
    place = {"organization_id": organization_id, "connection_id": connection_id}
    if remove:
        sealed.drop_connection_secrets(session, fields=remove, **place)
    if not values:
        return
    for value in values.values():
        register_secret(value)
    key = _key_for_new_secrets(session, organization_id, connection_id)
    facts = secret_facts(session, organization_id=organization_id, connections=[connection_id])
    known = {fact.field: fact.fingerprint for fact in facts.get(connection_id, ())}
    marks = {field: key.fingerprint(value) for field, value in values.items()}
    changed = [field for field, mark in marks.items() if known.get(field) != mark]
    secrets = [
        SealedSecret(
            field=field,
            ciphertext=key.seal(values[field], Place(organization_id, connection_id, field)),
            fingerprint=marks[field],
        )
        for field in changed
    ]
    sealed.put_connection_secrets(session, secrets, at=utc_now(), **place)


def connection_secrets(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> dict[str, str]:
    """The connection's secrets in clear, by field; logs will hide them from now on.

    Raises ``SecretUnreadable`` where the master key is gone or a row was tampered with.
    """
    place = {"organization_id": organization_id, "connection_id": connection_id}
    rows = sealed.connection_secrets(session, **place)
    if not rows:
        return {}
    key = existing_data_key(session, **place)
    if key is None:
        raise SecretUnreadable("the connection's data key is gone: enter the credentials again")
    values = {row.field: key.open(row.ciphertext, _place(place, row)) for row in rows}
    for value in values.values():
        register_secret(value)
    return values


def secrets_mark(
    session: Session, *, organization_id: UUID, connection_id: UUID, values: Mapping[str, str]
) -> str:
    """Eight hex digits that tell one set of a connection's secrets from another.

    Only who has its data key can work them out. Raises ``Conflict`` where it has no secrets.
    """
    place = {"organization_id": organization_id, "connection_id": connection_id}
    key = existing_data_key(session, **place)
    if key is None or not values:
        raise Conflict("no secrets of this connection are stored here: enter its credentials first")
    return key.fingerprint(json.dumps(values, sort_keys=True))


def secret_facts(
    session: Session, *, organization_id: UUID, connections: Collection[UUID]
) -> dict[UUID, list[SecretFact]]:
    """Which secrets of each connection are set, their fingerprints and when they last changed."""
    return sealed.connection_secret_facts(
        session, organization_id=organization_id, connections=connections
    )


def forget_connection_secrets(
    session: Session, *, organization_id: UUID, connection_id: UUID
) -> None:
    """Destroy the data key and every secret of the connection and its resources."""
    sealed.forget_connection(session, organization_id=organization_id, connection_id=connection_id)


def _key_for_new_secrets(session: Session, organization_id: UUID, connection_id: UUID) -> DataKey:
    place = {"organization_id": organization_id, "connection_id": connection_id}
    try:
        return data_key(session, **place)
    except SecretUnreadable:
        sealed.forget_connection(session, **place)
        return data_key(session, **place)


def _place(place: Mapping[str, UUID], row: SealedSecret) -> Place:
    return Place(place["organization_id"], place["connection_id"], row.field)
