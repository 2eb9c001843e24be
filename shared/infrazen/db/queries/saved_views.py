"""Saved views of the resource table: what people named, and which one opens first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.db.tables.views import DefaultViewRow, SavedViewRow
from infrazen.db.upsert import insert_or_replace
from infrazen.domain.resource_columns import columns_of
from infrazen.domain.resources import ResourceStatus
from infrazen.errors import NotFound

V = TypeVar("V")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a view shows: which resources, in which order, in which columns (none: as usual)."""

    wanted: ResourceFilter = field(default_factory=ResourceFilter)
    sort: SortKey = SortKey.COST
    descending: bool = True
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredView:
    """A view as it is stored; ``keeper`` is whose it is, ``author`` what they were called."""

    id: UUID
    keeper: str
    author: str
    name: str
    is_shared: bool
    definition: Definition
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None


def visible(session: Session, *, organization_id: UUID, keeper: str) -> list[StoredView]:
    """The views that ``keeper`` sees: their own and the shared ones, by name."""
    rows = session.scalars(
        select(SavedViewRow)
        .where(*_seen_by(organization_id, keeper), col(SavedViewRow.removed_at).is_(None))
        .order_by(func.lower(col(SavedViewRow.name)), col(SavedViewRow.id))
    )
    return [_view(row) for row in rows]


def get(
    session: Session,
    *,
    organization_id: UUID,
    keeper: str,
    view_id: UUID,
    even_removed: bool = False,
) -> StoredView:
    """One that ``keeper`` sees, or ``NotFound``, whoever else may have it."""
    statement = select(SavedViewRow).where(
        *_seen_by(organization_id, keeper), col(SavedViewRow.id) == view_id
    )
    if not even_removed:
        statement = statement.where(col(SavedViewRow.removed_at).is_(None))
    row = session.scalar(statement)
    if row is None:
        raise NotFound("no such view")
    return _view(row)


def count(session: Session, *, organization_id: UUID, keeper: str) -> int:
    """How many ``keeper`` made, those that they removed and may bring back among them."""
    row = SavedViewRow
    return (
        session.scalar(
            select(func.count())
            .select_from(row)
            .where(col(row.organization_id) == organization_id, col(row.keeper) == keeper)
        )
        or 0
    )


def is_taken(
    session: Session,
    *,
    organization_id: UUID,
    keeper: str,
    name: str,
    is_shared: bool,
    besides: UUID | None = None,
) -> bool:
    """Whether a shared view, or one of ``keeper``'s own, has ``name`` already."""
    theirs = visible(session, organization_id=organization_id, keeper=keeper)
    wanted = name.casefold()
    return any(
        one.name.casefold() == wanted and one.is_shared == is_shared and one.id != besides
        for one in theirs
    )


def add(
    session: Session,
    *,
    organization_id: UUID,
    keeper: str,
    author: str,
    name: str,
    is_shared: bool,
    definition: Definition,
    at: datetime,
) -> UUID:
    """Store a new one and return its id."""
    row = SavedViewRow(
        id=new_id(),
        organization_id=organization_id,
        keeper=keeper,
        author=author,
        name=name,
        is_shared=is_shared,
        definition=document_of(definition),
        created_at=at,
        updated_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def change(
    session: Session,
    view_id: UUID,
    *,
    name: str,
    is_shared: bool,
    definition: Definition,
    at: datetime,
) -> None:
    """Write a view anew."""
    session.execute(
        update(SavedViewRow)
        .where(col(SavedViewRow.id) == view_id)
        .values(
            name=name,
            is_shared=is_shared,
            definition=document_of(definition),
            updated_at=at,
        )
    )


def mark_removed(session: Session, view_id: UUID, *, at: datetime | None) -> None:
    """Take a view out of sight, or bring it back."""
    session.execute(
        update(SavedViewRow).where(col(SavedViewRow.id) == view_id).values(removed_at=at)
    )


def forget(session: Session, *, organization_id: UUID, before: datetime) -> None:
    """Erase what was removed ``before`` a moment."""
    session.execute(
        delete(SavedViewRow).where(
            col(SavedViewRow.organization_id) == organization_id,
            col(SavedViewRow.removed_at) < before,
        )
    )


def default_of(session: Session, *, organization_id: UUID, keeper: str) -> UUID | None:
    """The id of the view that ``keeper``'s list opens with."""
    return session.scalar(
        select(col(DefaultViewRow.view_id)).where(
            col(DefaultViewRow.organization_id) == organization_id,
            col(DefaultViewRow.keeper) == keeper,
        )
    )


def set_default(
    session: Session, *, organization_id: UUID, keeper: str, view_id: UUID | None
) -> None:
    """Let ``keeper``'s list open with a view, or with none."""
    here = {"organization_id": organization_id, "keeper": keeper}
    if view_id is None:
        session.execute(
            delete(DefaultViewRow).where(
                col(DefaultViewRow.organization_id) == organization_id,
                col(DefaultViewRow.keeper) == keeper,
            )
        )
    else:
        insert_or_replace(session, DefaultViewRow, [{**here, "view_id": view_id}])


def _seen_by(organization_id: UUID, keeper: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    mine_or_shared = or_(col(SavedViewRow.keeper) == keeper, col(SavedViewRow.is_shared))
    return col(SavedViewRow.organization_id) == organization_id, mine_or_shared


def _view(row: SavedViewRow) -> StoredView:
    return StoredView(
        id=row.id,
        keeper=row.keeper,
        author=row.author,
        name=row.name,
        is_shared=row.is_shared,
        definition=definition_of(row.definition),
        created_at=row.created_at,
        updated_at=row.updated_at,
        removed_at=row.removed_at,
    )


_WORDS = ("providers", "types", "services", "regions", "owners", "environments", "projects")


def document_of(definition: Definition) -> dict[str, Any]:
    """``definition`` as it is stored; what is empty is left out."""
    wanted = definition.wanted
    kept: dict[str, Any] = {
        "text": wanted.text,
        "connections": [str(one) for one in wanted.connections],
        **{name: list(getattr(wanted, name)) for name in _WORDS},
        "statuses": [one.value for one in wanted.statuses],
        "tags": wanted.tags,
        "columns": list(definition.columns),
    }
    return {name: value for name, value in kept.items() if value} | {
        "presence": wanted.presence.value,
        "sort": definition.sort.value,
        "descending": definition.descending,
    }


def definition_of(document: Mapping[str, Any]) -> Definition:
    """What was stored; what a later version no longer knows is left out."""
    words = {name: _each(document, name, str) for name in _WORDS}
    return Definition(
        wanted=ResourceFilter(
            text=str(document.get("text", "")),
            connections=_each(document, "connections", UUID),
            statuses=_each(document, "statuses", ResourceStatus),
            tags={str(key): str(value) for key, value in document.get("tags", {}).items()},
            presence=_one(document, "presence", Presence, Presence.ACTIVE),
            **words,
        ),
        sort=_one(document, "sort", SortKey, SortKey.COST),
        descending=document.get("descending") is not False,
        columns=columns_of(document.get("columns", ())),
    )


def _each(document: Mapping[str, Any], name: str, read: Callable[[str], V]) -> tuple[V, ...]:
    return tuple(_known(document.get(name, ()), read))


def _known(values: Iterable[str], read: Callable[[str], V]) -> Iterable[V]:
    for value in values:
        try:
            yield read(value)
        except ValueError:
            continue


def _one(document: Mapping[str, Any], name: str, kind: type[E], usual: E) -> E:
    return next(iter(_known([document.get(name, "")], kind)), usual)
