"""The same change to many resources: looked at first, made as one, taken back for a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from infrazen.db.queries import bulk_changes, resource_list
from infrazen.db.queries.resource_detail import BUSINESS_FIELDS
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.domain.bulk_changes import BulkChange, Changes, planned, taken_back
from infrazen.domain.roles import Permission
from infrazen.domain.text import one_line
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.services.resources import context_text
from infrazen.services.use_case import Work, use_case

MOST_FOUND = 5_000
"""How many resources one change may reach."""
MOST_TAGS = 50
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change would do: how many resources it reaches, how many it makes different.

    ``overwriting`` are those of the latter that have something else written there.
    """

    found: int
    changing: int
    overwriting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change that was made; ``id`` takes it back, None where it made nothing different."""

    id: UUID | None
    found: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Resources by their ids, or all that a filter finds."""

    ids: Sequence[UUID] = ()
    wanted: ResourceFilter | None = None


@use_case(Permission.RESOURCE_WRITE)
def preview_change(work: Work, *, which: Which, change: BulkChange) -> Preview:
    """What a change would do; nothing is written."""
    found, plan = _planned(work, which, _checked(change))
    overwriting = sum(
        any(before is not None for before, _ in fields.values()) for fields in plan.values()
    )
    return Preview(found=found, changing=len(plan), overwriting=overwriting)


@use_case(Permission.RESOURCE_WRITE, audit="resource.bulk-change")
def change_resources(work: Work, *, which: Which, change: BulkChange) -> Changed:
    """Write the same on many resources; on all of them or on none."""
    checked = _checked(change)
    found, plan = _planned(work, which, checked)
    work.target = str(len(plan))
    work.details.update(
        {
            "fields": sorted(checked.context),
            "put": sorted(checked.put),
            "remove": sorted(checked.remove),
        }
    )
    if checked.only_these:
        work.details["only_these"] = True
    if not plan:
        return Changed(id=None, found=found, changed=0)
    bulk_changes.write(work.session, organization_id=work.organization_id, changes=plan)
    bulk_changes.forget(
        work.session, organization_id=work.organization_id, before=work.now - UNDO_FOR
    )
    kept = bulk_changes.keep(
        work.session,
        organization_id=work.organization_id,
        author=work.actor.name,
        changes=plan,
        at=work.now,
    )
    return Changed(id=kept, found=found, changed=len(plan))


@use_case(Permission.RESOURCE_WRITE, audit="resource.undo-change")
def undo_change(work: Work, *, change_id: UUID) -> int:
    """Take a change back within a day; how many resources that changed.

    What somebody has changed again since stays.
    """
    work.target = str(change_id)
    made = bulk_changes.kept(
        work.session, organization_id=work.organization_id, change_id=change_id
    )
    if made.undone_at is not None or work.now - made.created_at > UNDO_FOR:
        raise Conflict("this change was taken back already, or is older than a day")
    now = bulk_changes.facts(
        work.session, organization_id=work.organization_id, resource_ids=made.changes
    )
    plan = {id_: taken_back(now.get(id_, {}), fields) for id_, fields in made.changes.items()}
    plan = {id_: fields for id_, fields in plan.items() if fields and id_ in now}
    bulk_changes.write(work.session, organization_id=work.organization_id, changes=plan)
    bulk_changes.mark_undone(work.session, change_id, at=work.now)
    return len(plan)


def _planned(work: Work, which: Which, change: BulkChange) -> tuple[int, dict[UUID, Changes]]:
    ids = _ids(work, which)
    facts = bulk_changes.facts(work.session, organization_id=work.organization_id, resource_ids=ids)
    if which.wanted is None and len(facts) != len(ids):
        raise NotFound("no such resource in this organization")
    plan = {id_: planned(before, change) for id_, before in facts.items()}
    return len(facts), {id_: fields for id_, fields in plan.items() if fields}


def _ids(work: Work, which: Which) -> list[UUID]:
    ids = list(dict.fromkeys(which.ids))
    if which.wanted is not None:
        ids = resource_list.ids(
            work.session, work.organization_id, which.wanted, limit=MOST_FOUND + 1
        )
    if not 1 <= len(ids) <= MOST_FOUND:
        raise Invalid(f"choose 1 to {MOST_FOUND} resources", field="resource_ids")
    return ids


def _checked(change: BulkChange) -> BulkChange:
    """``change`` with its texts as they are stored, or ``Invalid``."""
    if change.says_nothing:
        raise Invalid("say what to change", field="change")
    unknown = [name for name in change.context if name not in BUSINESS_FIELDS]
    if unknown:
        raise Invalid(f"no such field: {unknown[0]}", field=unknown[0])
    if len(change.put) > MOST_TAGS or len(change.remove) > MOST_TAGS:
        raise Invalid(f"change at most {MOST_TAGS} tags at once", field="tag")
    return replace(
        change,
        context={name: context_text(name, value) for name, value in change.context.items()},
        put={
            one_line(key, field="tag", longest=128): one_line(
                value, field="value", longest=256, shortest=0
            )
            for key, value in change.put.items()
        },
    )
