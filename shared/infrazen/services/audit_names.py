"""The audit log's events with the names that people know their subjects by.

What was called something when it happened keeps that name: ``Work.about`` writes it into the
event. Of events without one the names of today are looked up, a page at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from infrazen.db.queries import audit_names
from infrazen.db.queries.audit import AuditEvent
from infrazen.services.use_case import Work

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_TYPE = ("resource.name", "resource.price", "resource.reset-override", "secret.reveal")
"""What they log names a resource as ``type/id``, or as ``type/name``."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is still known: names by handle and id, and ids by handle of what is there."""

    names: dict[str, str]
    ids: dict[str, UUID]


def with_names(work: Work, events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """``events``, each with what its subject is called and its id where that is there still."""
    connections = _connections(work, [one for one in events if _is_of_connection(one)])
    resources = _resources(work, [one for one in events if _is_of_resource(one)])
    return [
        _named(one, connections)
        if _is_of_connection(one)
        else _named(one, resources)
        if _is_of_resource(one)
        else one
        for one in events
    ]


def about_resources(work: Work, resource_ids: Sequence[UUID], *, target: str) -> None:
    """Log ``target``, which names some of the resources by id, with their present names."""
    found = audit_names.named_resources(
        work.session, organization_id=work.organization_id, ids=_ids(target)
    )
    names = {str(one.id): one.name for one in found}
    only = resource_ids[0] if len(resource_ids) == 1 else None
    work.about(target, called=_replaced(target, names), id=only)


def about_note(work: Work, annotation_id: UUID) -> None:
    """Log a note, with the resource that it is about."""
    work.target = str(annotation_id)
    for one in audit_names.annotated_resource(
        work.session, organization_id=work.organization_id, annotation_id=annotation_id
    ):
        work.about(work.target, called=one.name, id=one.id)


def _is_of_connection(event: AuditEvent) -> bool:
    return event.area in ("connection", "sync") or event.action == "recommendation.evaluate"


def _is_of_resource(event: AuditEvent) -> bool:
    return event.area in ("resource", "secret")


def _named(event: AuditEvent, known: _Known) -> AuditEvent:
    called = event.called or _replaced(event.target, known.names)
    if event.action in _BY_TYPE and not event.called and called == event.target:
        called = event.target.partition("/")[2]
    subject = known.ids.get(event.subject or event.target)
    return replace(event, called=called, subject="" if subject is None else str(subject))


def _connections(work: Work, events: Sequence[AuditEvent]) -> _Known:
    found = audit_names.named_connections(
        work.session,
        organization_id=work.organization_id,
        handles={one.target for one in events},
        ids=_ids(*(one.subject for one in events)),
    )
    removed_first = sorted(found, key=lambda one: one.removed_at is None)
    there = [one for one in found if one.removed_at is None]
    return _Known(
        names={one.handle: one.display_name for one in removed_first},
        ids={key: one.id for one in there for key in (one.handle, str(one.id))},
    )


def _resources(work: Work, events: Sequence[AuditEvent]) -> _Known:
    session, organization_id = work.session, work.organization_id
    ids = _ids(*(text for one in events for text in (one.target, one.subject)))
    by_type = [one.target.partition("/") for one in events if one.action in _BY_TYPE]
    pairs = {(type_, id_) for type_, _, id_ in by_type if type_ and id_}
    found = audit_names.named_resources(session, organization_id=organization_id, ids=ids)
    provided = audit_names.provided_resources(
        session, organization_id=organization_id, known_as=pairs
    )
    keyed = [(str(one.id), one) for one in found]
    keyed += [(f"{one.type}/{one.external_id}", one) for one in provided]
    return _Known(
        names={key: one.name for key, one in keyed}, ids={key: one.id for key, one in keyed}
    )


def _ids(*texts: str) -> set[UUID]:
    return {UUID(one) for text in texts for one in _ID.findall(text)}


def _replaced(target: str, names: dict[str, str]) -> str:
    if target in names:
        return names[target]
    return _ID.sub(lambda found: names.get(found[0], found[0]), target)
