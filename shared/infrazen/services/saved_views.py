"""Saved views of the resource table: one's own, and those shared with the organization.

Whoever reads resources keeps views of their own; a shared one is written by whoever may write
on resources. Another's own view is not found, like one that never was.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from infrazen.db.queries import saved_views
from infrazen.db.queries.saved_views import Definition, StoredView
from infrazen.domain.resource_columns import columns_of
from infrazen.domain.roles import Permission
from infrazen.domain.text import one_line
from infrazen.errors import ClosedInDemo, Conflict, Forbidden, Invalid
from infrazen.security.access import Actor, ActorKind
from infrazen.services.use_case import Work, use_case

MOST_VIEWS = 200
"""How many views somebody keeps at most."""
LONGEST_NAME = 100
UNDO_FOR = timedelta(days=1)
_LARGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view as somebody sees it; ``may_change`` says whether they may write it anew."""

    id: UUID
    name: str
    author: str
    is_own: bool
    is_shared: bool
    is_default: bool
    may_change: bool
    definition: Definition
    created_at: datetime
    updated_at: datetime


@use_case(Permission.RESOURCE_READ)
def list_views(work: Work) -> list[SavedView]:
    """One's own views and the shared ones, by name."""
    keeper = keeper_of(work.actor)
    found = saved_views.visible(work.session, organization_id=work.organization_id, keeper=keeper)
    default = _default(work)
    return [_seen(work, one, default) for one in found]


@use_case(Permission.RESOURCE_READ)
def get_view(work: Work, *, view_id: UUID) -> SavedView:
    """One of them, or ``NotFound``."""
    return _seen(work, _stored(work, view_id), _default(work))


@use_case(Permission.RESOURCE_READ, audit="view.save")
def save_view(
    work: Work, *, name: str, definition: Definition, is_shared: bool = False
) -> SavedView:
    """Keep a view under a name; ``Conflict`` where another has it."""
    work.target = plain = one_line(name, field="name", longest=LONGEST_NAME)
    work.details["is_shared"] = is_shared
    _may_write(work, is_shared=is_shared)
    checked = _checked(definition)
    _check_name(work, plain, is_shared=is_shared)
    keeper = keeper_of(work.actor)
    _forget_removed(work)
    kept = saved_views.count(work.session, organization_id=work.organization_id, keeper=keeper)
    if kept >= MOST_VIEWS:
        raise Conflict(
            f"there are {MOST_VIEWS} of your views already, those removed within a day among"
            " them: remove some, or wait"
        )
    view_id = saved_views.add(
        work.session,
        organization_id=work.organization_id,
        keeper=keeper,
        author=work.actor.name,
        name=plain,
        is_shared=is_shared,
        definition=checked,
        at=work.now,
    )
    return _seen(work, _stored(work, view_id), _default(work))


@use_case(Permission.RESOURCE_READ, audit="view.change")
def change_view(
    work: Work,
    *,
    view_id: UUID,
    name: str | None = None,
    definition: Definition | None = None,
    is_shared: bool | None = None,
) -> SavedView:
    """Rename a view, let it show something else, share it or keep it to oneself."""
    before = _stored(work, view_id)
    work.target = before.name
    shared = before.is_shared if is_shared is None else is_shared
    _may_write(work, is_shared=before.is_shared or shared)
    if before.is_shared and not shared and before.keeper != keeper_of(work.actor):
        raise Forbidden("only whose view it is may keep it to themselves")
    plain = before.name if name is None else one_line(name, field="name", longest=LONGEST_NAME)
    _check_name(work, plain, is_shared=shared, besides=view_id)
    work.details.update({"name": plain, "is_shared": shared})
    saved_views.change(
        work.session,
        view_id,
        name=plain,
        is_shared=shared,
        definition=before.definition if definition is None else _checked(definition),
        at=work.now,
    )
    return _seen(work, _stored(work, view_id), _default(work))


@use_case(Permission.RESOURCE_READ, audit="view.remove")
def remove_view(work: Work, *, view_id: UUID) -> None:
    """Take a view away; for a day it can be brought back."""
    before = _stored(work, view_id)
    work.target = before.name
    _may_write(work, is_shared=before.is_shared)
    _forget_removed(work)
    saved_views.mark_removed(work.session, view_id, at=work.now)


@use_case(Permission.RESOURCE_READ, audit="view.restore")
def restore_view(work: Work, *, view_id: UUID) -> SavedView:
    """Bring a removed view back, as it was."""
    found = saved_views.get(
        work.session,
        organization_id=work.organization_id,
        keeper=keeper_of(work.actor),
        view_id=view_id,
        even_removed=True,
    )
    work.target = found.name
    _may_write(work, is_shared=found.is_shared)
    if found.removed_at is not None:
        if work.now - found.removed_at > UNDO_FOR:
            raise Conflict("this view was removed more than a day ago")
        _check_name(work, found.name, is_shared=found.is_shared, besides=view_id)
        saved_views.mark_removed(work.session, view_id, at=None)
    return _seen(work, _stored(work, view_id), _default(work))


@use_case(Permission.RESOURCE_READ, writes=True)
def choose_default_view(work: Work, *, view_id: UUID | None) -> None:
    """Let one's table open with a view; None for the plain table."""
    if work.actor.kind is ActorKind.DEMO:
        raise ClosedInDemo("whoever looks at the demo has no view to begin with")
    if work.actor.user_id is None:
        raise Forbidden("only a person has a view to begin with")
    if view_id is not None:
        _stored(work, view_id)
    saved_views.set_default(
        work.session,
        organization_id=work.organization_id,
        keeper=keeper_of(work.actor),
        view_id=view_id,
    )


def keeper_of(actor: Actor) -> str:
    """Whose the views of ``actor`` are; without an account all that came by one door share."""
    return str(actor.user_id or actor.kind.value)


def _stored(work: Work, view_id: UUID) -> StoredView:
    return saved_views.get(
        work.session,
        organization_id=work.organization_id,
        keeper=keeper_of(work.actor),
        view_id=view_id,
    )


def _default(work: Work) -> UUID | None:
    return saved_views.default_of(
        work.session, organization_id=work.organization_id, keeper=keeper_of(work.actor)
    )


def _seen(work: Work, one: StoredView, default: UUID | None) -> SavedView:
    return SavedView(
        id=one.id,
        name=one.name,
        author=one.author,
        is_own=one.keeper == keeper_of(work.actor),
        is_shared=one.is_shared,
        is_default=one.id == default,
        may_change=not one.is_shared or work.actor.may(Permission.RESOURCE_WRITE),
        definition=one.definition,
        created_at=one.created_at,
        updated_at=one.updated_at,
    )


def _forget_removed(work: Work) -> None:
    saved_views.forget(
        work.session, organization_id=work.organization_id, before=work.now - UNDO_FOR
    )


def _may_write(work: Work, *, is_shared: bool) -> None:
    if work.actor.kind is ActorKind.DEMO and not work.actor.may(Permission.RESOURCE_WRITE):
        raise ClosedInDemo("the demo's figures are read and never written")
    if is_shared and not work.actor.may(Permission.RESOURCE_WRITE):
        raise Forbidden("a shared view needs the right to write on resources")


def _check_name(work: Work, name: str, *, is_shared: bool, besides: UUID | None = None) -> None:
    taken = saved_views.is_taken(
        work.session,
        organization_id=work.organization_id,
        keeper=keeper_of(work.actor),
        name=name,
        is_shared=is_shared,
        besides=besides,
    )
    if taken:
        raise Conflict("there is a view of this name already")


def _checked(definition: Definition) -> Definition:
    if columns_of(definition.columns) != tuple(definition.columns):
        raise Invalid("no such column", field="columns")
    kept = json.dumps(saved_views.document_of(definition))
    if len(kept) > _LARGEST:
        raise Invalid("a view can't hold so many choices", field="filter")
    return definition
