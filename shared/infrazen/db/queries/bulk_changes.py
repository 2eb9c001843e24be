"""Writing on many resources at once, and keeping what was there before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.queries import resource_totals
from infrazen.db.queries.resource_detail import BUSINESS_FIELDS, USER_TAG
from infrazen.db.queries.scope import chunks
from infrazen.db.tables.resources import ResourceBulkChangeRow, ResourceRow, ResourceTagRow
from infrazen.db.upsert import insert_or_replace
from infrazen.domain.bulk_changes import TAG, Changes, Facts
from infrazen.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A change that was made: by resource what it did, and when it was taken back."""

    changes: dict[UUID, Changes]
    created_at: datetime
    undone_at: datetime | None


def facts(
    session: Session, *, organization_id: UUID, resource_ids: Iterable[UUID]
) -> dict[UUID, Facts]:
    """What people wrote on resources of the organization; others are left out."""
    found: dict[UUID, dict[str, str | None]] = {}
    for some in chunks(resource_ids):
        columns = [col(getattr(ResourceRow, name)) for name in BUSINESS_FIELDS]
        rows = session.execute(
            select(col(ResourceRow.id), *columns).where(
                col(ResourceRow.organization_id) == organization_id, col(ResourceRow.id).in_(some)
            )
        )
        for id_, *values in rows:
            found[id_] = dict(zip(BUSINESS_FIELDS, values, strict=True))
        tags = session.execute(
            select(
                col(ResourceTagRow.resource_id), col(ResourceTagRow.key), col(ResourceTagRow.value)
            ).where(
                col(ResourceTagRow.organization_id) == organization_id,
                col(ResourceTagRow.resource_id).in_(some),
                col(ResourceTagRow.source) == USER_TAG,
            )
        )
        for id_, key, value in tags:
            found[id_][f"{TAG}{key}"] = value
    return dict(found)


def write(session: Session, *, organization_id: UUID, changes: Mapping[UUID, Changes]) -> None:
    """Write what each resource's fields say after; alike ones in one statement."""
    held = resource_totals.hold(session, _counted(changes))
    alike: dict[tuple[str, str | None], list[UUID]] = defaultdict(list)
    for id_, fields in changes.items():
        for name, (_, after) in fields.items():
            alike[name, after].append(id_)
    for (name, after), ids in alike.items():
        for some in chunks(ids):
            if not name.startswith(TAG):
                _write_field(session, some, name, after)
            elif after is None:
                _remove_tag(session, some, name.removeprefix(TAG))
            else:
                tag = {"key": name.removeprefix(TAG), "value": after}
                _put_tag(session, organization_id, some, tag)
    for connection_id in held:
        resource_totals.refresh(session, connection_id)


def _counted(changes: Mapping[UUID, Changes]) -> list[UUID]:
    """The resources of which anything changes that totals know."""
    return [
        id_
        for id_, fields in changes.items()
        if any(name in fields for name in resource_totals.WRITTEN)
    ]


def _write_field(session: Session, ids: list[UUID], name: str, value: str | None) -> None:
    session.execute(update(ResourceRow).where(col(ResourceRow.id).in_(ids)).values({name: value}))


def _remove_tag(session: Session, ids: list[UUID], key: str) -> None:
    session.execute(
        delete(ResourceTagRow).where(
            col(ResourceTagRow.resource_id).in_(ids),
            col(ResourceTagRow.source) == USER_TAG,
            col(ResourceTagRow.key) == key,
        )
    )


def _put_tag(session: Session, organization_id: UUID, ids: list[UUID], tag: dict[str, str]) -> None:
    common = {"organization_id": organization_id, "source": USER_TAG, **tag}
    insert_or_replace(session, ResourceTagRow, [{**common, "resource_id": id_} for id_ in ids])


def keep(
    session: Session,
    *,
    organization_id: UUID,
    author: str,
    changes: Mapping[UUID, Changes],
    at: datetime,
) -> UUID:
    """Keep what a change did, so that it can be taken back; its id."""
    row = ResourceBulkChangeRow(
        id=new_id(),
        organization_id=organization_id,
        created_at=at,
        author=author,
        changes={str(id_): fields for id_, fields in changes.items()},
    )
    session.add(row)
    session.flush()
    return row.id


def kept(session: Session, *, organization_id: UUID, change_id: UUID) -> Kept:
    """A change that was kept, or ``NotFound``."""
    row = session.get(ResourceBulkChangeRow, change_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound("no such change in this organization")
    changes = {
        UUID(id_): {name: (before, after) for name, (before, after) in fields.items()}
        for id_, fields in row.changes.items()
    }
    return Kept(changes=changes, created_at=row.created_at, undone_at=row.undone_at)


def mark_undone(session: Session, change_id: UUID, *, at: datetime) -> None:
    """Remember that a change was taken back."""
    session.execute(
        update(ResourceBulkChangeRow)
        .where(col(ResourceBulkChangeRow.id) == change_id)
        .values(undone_at=at)
    )


def forget(session: Session, *, organization_id: UUID, before: datetime) -> None:
    """Let go of changes that nobody takes back any more."""
    session.execute(
        delete(ResourceBulkChangeRow).where(
            col(ResourceBulkChangeRow.organization_id) == organization_id,
            col(ResourceBulkChangeRow.created_at) < before,
        )
    )
