"""The secrets that a provider hands out with its resources: admin passwords, S3 keys."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlmodel import Session

from infrazen.db.queries import sealed
from infrazen.db.queries.sealed import SealedSecret, SecretFact
from infrazen.domain.periods import utc_now
from infrazen.errors import NotFound, SecretUnreadable
from infrazen.logs import register_secret
from infrazen.secret_store.data_keys import data_key, existing_data_key
from infrazen.security.vault import DataKey, Place


class ResourceSecret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A secret of one resource; ``label`` is what people see instead of it."""

    resource_id: UUID
    field: str
    label: str
    value: str

    def __repr__(self) -> str:
        return f"ResourceSecret(field={self.field!r}, value=<hidden>)"


def store_resource_secrets(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    secrets: Iterable[ResourceSecret],
) -> int:
    """Seal and keep what is new or changed; return how many that were.

    The resources' rows must be there already.
    """
    wanted = list(secrets)
    if not wanted:
        return 0
    place = {"organization_id": organization_id, "connection_id": connection_id}
    key = data_key(session, **place)
    known = sealed.resource_fingerprints(session, **place)
    changed = {
        (each.resource_id, each.field): (each, mark)
        for each in wanted
        if known.get((each.resource_id, each.field))
        != ((mark := key.fingerprint(each.value)), each.label)
    }
    rows = [_sealed(key, each, mark, **place) for each, mark in changed.values()]
    if rows:
        sealed.put_resource_secrets(session, rows, at=utc_now(), **place)
    return len(rows)


def resource_secret_facts(
    session: Session, *, organization_id: UUID, resource_id: UUID
) -> list[SecretFact]:
    """Which secrets came with a resource: label, fingerprint and when each last changed."""
    return sealed.resource_secret_facts(
        session, organization_id=organization_id, resource_id=resource_id
    )


def reveal(session: Session, *, organization_id: UUID, resource_id: UUID, field: str) -> str:
    """One resource secret in clear, for an audited use case only.

    Raises ``NotFound`` where there is none, ``SecretUnreadable`` where its key is lost.
    """
    found = sealed.resource_secret(
        session, organization_id=organization_id, resource_id=resource_id, field=field
    )
    if found is None:
        raise NotFound("this resource has no such secret")
    connection_id, row = found
    key = existing_data_key(session, organization_id=organization_id, connection_id=connection_id)
    if key is None:
        raise SecretUnreadable("the connection's data key is gone: sync it again")
    value = key.open(row.ciphertext, Place(organization_id, connection_id, field, resource_id))
    register_secret(value)
    return value


def _sealed(
    key: DataKey, each: ResourceSecret, mark: str, *, organization_id: UUID, connection_id: UUID
) -> SealedSecret:
    place = Place(organization_id, connection_id, each.field, each.resource_id)
    return SealedSecret(
        field=each.field,
        ciphertext=key.seal(each.value, place),
        fingerprint=mark,
        label=each.label,
        resource_id=each.resource_id,
    )
