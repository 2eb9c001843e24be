"""What other connections of the organization read already, where several can see the same."""

from collections import defaultdict
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import components, connections
from infrazen.db.queries.connections import Connection
from infrazen.provider_kit.contract import ProviderSpec


def read_elsewhere(session: Session, connection: Connection, spec: ProviderSpec) -> dict[str, str]:
    """Ids of what is not the connection's to read, with the names of those that read it.

    Who has read a thing keeps it. Where two have, as they may have begun at once, it is the one
    that was connected first.
    """
    if not spec.read_once:
        return {}
    all_ = connections.every(session, organization_id=connection.organization_id)
    rivals = [one for one in all_ if _is_rival(one, connection)]
    if not rivals:
        return {}
    read = _read(session, connection, spec)
    own = read[connection.id]
    return {
        id_: one.display_name
        for one in reversed(rivals)
        for id_ in read[one.id]
        if id_ not in own or _age(one) < _age(connection)
    }


def _is_rival(one: Connection, connection: Connection) -> bool:
    same_cloud = (one.provider, one.endpoint) == (connection.provider, connection.endpoint)
    return same_cloud and one.id != connection.id


def _age(connection: Connection) -> tuple[object, ...]:
    return connection.created_at, connection.id


def _read(session: Session, connection: Connection, spec: ProviderSpec) -> dict[UUID, set[str]]:
    """Ids of what each connection of the organization was told of last."""
    found: dict[UUID, set[str]] = defaultdict(set)
    stored = components.component_details(
        session, organization_id=connection.organization_id, kinds=spec.read_once
    )
    for connection_id, details in stored:
        if isinstance(id_ := details.get("id"), str):
            found[connection_id].add(id_)
    return found
