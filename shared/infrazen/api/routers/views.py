"""Saved views of the resource table."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, Limit, Page, Place, page_of
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.resource_query import ResourceQuery, TagWord
from infrazen.api.schemas import Answer, Flag, Line, Question
from infrazen.db.queries.resource_filter import SortKey
from infrazen.db.queries.saved_views import Definition
from infrazen.domain.resource_columns import MOST_COLUMNS
from infrazen.domain.roles import Permission
from infrazen.services import saved_views
from infrazen.services.saved_views import SavedView

router = APIRouter(prefix="/views", tags=["views"])

Name = Annotated[Line, Field(max_length=saved_views.LONGEST_NAME)]
Columns = Annotated[list[TagWord], Field(max_length=MOST_COLUMNS)]
Order = Literal["asc", "desc"]

_name = Field(examples=["Без владельца"])
_filter = Field(
    description="As the list of resources takes it.", examples=[{"type": ["vps"], "owner": [""]}]
)
_sort = Field(examples=["cost"])
_order = Field(examples=["desc"])
_columns = Field(
    description="Columns after the name, in their order; none for the usual ones.",
    examples=[["type", "tag:env", "cost"]],
)
_shared = Field(description="Whether all of the organization see it.", examples=[False])

_reads = needs(Permission.RESOURCE_READ)
_one = documented(404)
_named = documented(404, 409)


class NewView(Question):
    """A view to keep under a name."""

    name: Annotated[Name, _name]
    filter: Annotated[ResourceQuery, _filter] = ResourceQuery()
    sort: Annotated[SortKey, _sort] = SortKey.COST
    order: Annotated[Order, _order] = "desc"
    columns: Annotated[Columns, _columns] = Field(default_factory=list)
    is_shared: Annotated[Flag, _shared] = False


class ViewChange(Question):
    """What to change of a view; of filter, sort, order and columns all or none."""

    name: Annotated[Name | None, _name] = None
    filter: Annotated[ResourceQuery | None, _filter] = None
    sort: Annotated[SortKey | None, _sort] = None
    order: Annotated[Order | None, _order] = None
    columns: Annotated[Columns | None, _columns] = None
    is_shared: Annotated[Flag | None, _shared] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        parts = [self.filter, self.sort, self.order, self.columns]
        if any(one is None for one in parts) and any(one is not None for one in parts):
            raise ValueError("say filter, sort, order and columns together")
        return self


class DefaultView(Question):
    """The view that one's table opens with; null for none."""

    view_id: Annotated[UUID | None, Field(examples=["019ab1c2-7f40-7cc3-98c4-dc0c0c07398f"])]


class View(Answer):
    """A saved view; `may_change` says whether the caller may write it anew."""

    id: UUID
    name: str
    author: str
    is_own: bool
    is_shared: bool
    is_default: bool
    may_change: bool
    filter: ResourceQuery
    sort: SortKey
    order: Order
    columns: list[str]
    created_at: datetime
    updated_at: datetime


class _ByName(Place):
    name: str
    id: UUID


@router.get("", openapi_extra=_reads)
def list_views(caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> Page[View]:
    """One's own views and the organization's shared ones, by name."""
    found = saved_views.list_views(caller.actor)
    items, following = page_of(found, _place, _ByName, cursor=cursor, limit=limit)
    return Page(items=[view_of(one) for one in items], next_cursor=following)


@router.post("", status_code=201, responses=documented(409), openapi_extra=_reads)
def save_view(caller: Caller, form: NewView) -> View:
    """Keep a view under a name. A shared one needs `resource:write`."""
    return view_of(
        saved_views.save_view(
            caller.actor,
            name=form.name,
            definition=_definition(form.filter, form.sort, form.order, form.columns),
            is_shared=form.is_shared,
        )
    )


@router.put("/default", status_code=204, responses=_one, openapi_extra=_reads)
def choose_default_view(caller: Caller, form: DefaultView) -> None:
    """Choose the view that one's table opens with."""
    saved_views.choose_default_view(caller.actor, view_id=form.view_id)


@router.get("/{view_id:uuid}", responses=_one, openapi_extra=_reads)
def get_view(caller: Caller, view_id: UUID) -> View:
    """One view."""
    return view_of(saved_views.get_view(caller.actor, view_id=view_id))


@router.patch("/{view_id:uuid}", responses=_named, openapi_extra=_reads)
def change_view(caller: Caller, view_id: UUID, form: ViewChange) -> View:
    """Rename a view, let it show something else, or share it."""
    changes: dict[str, Any] = {"name": form.name, "is_shared": form.is_shared}
    if form.filter is not None and form.sort is not None and form.columns is not None:
        changes["definition"] = _definition(form.filter, form.sort, form.order, form.columns)
    return view_of(saved_views.change_view(caller.actor, view_id=view_id, **changes))


@router.delete("/{view_id:uuid}", status_code=204, responses=_one, openapi_extra=_reads)
def remove_view(caller: Caller, view_id: UUID) -> None:
    """Take a view away; for a day it can be restored."""
    saved_views.remove_view(caller.actor, view_id=view_id)


@router.post("/{view_id:uuid}/restore", responses=_named, openapi_extra=_reads)
def restore_view(caller: Caller, view_id: UUID) -> View:
    """Bring a removed view back."""
    return view_of(saved_views.restore_view(caller.actor, view_id=view_id))


def view_of(found: SavedView) -> View:
    """A view as programs see it."""
    definition = found.definition
    plain = ("id", "name", "author", "is_own", "is_shared", "is_default", "may_change")
    return View(
        **{name: getattr(found, name) for name in plain},
        filter=ResourceQuery.of(definition.wanted),
        sort=definition.sort,
        order="desc" if definition.descending else "asc",
        columns=list(definition.columns),
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _definition(
    wanted: ResourceQuery, sort: SortKey, order: Order | None, columns: list[str]
) -> Definition:
    return Definition(
        wanted=wanted.wanted, sort=sort, descending=order == "desc", columns=tuple(columns)
    )


def _place(view: SavedView) -> _ByName:
    return _ByName(name=view.name.lower(), id=view.id)
