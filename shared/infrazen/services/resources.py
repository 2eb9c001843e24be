"""Resources: the table, one in full, and what people write on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from infrazen.db.queries import (
    connections,
    cost_history,
    overrides,
    resource_counts,
    resource_detail,
    resource_lines,
    resource_list,
    resource_log,
    resource_search,
    snapshot_changes,
)
from infrazen.db.queries.connections import Source
from infrazen.db.queries.cost_history import ResourceDay
from infrazen.db.queries.overrides import Override
from infrazen.db.queries.resource_counts import FacetCount, Summary
from infrazen.db.queries.resource_detail import (
    BUSINESS_FIELDS,
    Annotation,
    Component,
    Resource,
    Tag,
)
from infrazen.db.queries.resource_filter import ResourceFilter, SortKey
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.db.queries.resource_list import Place
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.domain.periods import last_days, local_day
from infrazen.domain.resource_columns import MOST_COLUMNS
from infrazen.domain.resources import LoggedOperation, MetricPoint
from infrazen.domain.roles import Permission, Role
from infrazen.domain.text import one_line
from infrazen.domain.usage import UsageSummary
from infrazen.errors import Forbidden, Invalid
from infrazen.secret_store.resource_secrets import (
    resource_secret_facts,
    reveal,
)
from infrazen.security.access import ActorKind
from infrazen.services.audit_names import about_note, about_resources
from infrazen.services.connection_views import SecretState
from infrazen.services.organizations import organization_of
from infrazen.services.shared_answers import shared
from infrazen.services.use_case import Work, use_case

LONGEST_PAGE = 200
MOST_BYTES = 400
MOST_AT_ONCE = 500
"""How many resources one bulk action may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage:
    """One page of the table, and what the whole filter finds.

    ``tags`` are the values of the tags that were asked for, by resource and key.
    """

    lines: tuple[ResourceLine, ...]
    summary: Summary
    tags: Mapping[UUID, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """A resource in full; ``overrides`` is what people say and ever said of it, latest first."""

    resource: Resource
    connection: str
    tags: tuple[Tag, ...]
    components: tuple[Component, ...]
    usage: tuple[UsageSummary, ...]
    annotations: tuple[Annotation, ...]
    overrides: tuple[Override, ...]
    secrets: tuple[SecretState, ...]
    last_seen_at: datetime | None


@use_case(Permission.RESOURCE_READ)
def search_resources(
    work: Work,
    *,
    wanted: ResourceFilter,
    sort: SortKey = SortKey.COST,
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
    tags: Sequence[str] = (),
) -> ResourcePage:
    """A page of what ``wanted`` finds, with how many there are and what they cost a day.

    The values of ``tags`` (keys) come with it.
    """
    lines, found = resource_search.search(
        work.session,
        work.organization_id,
        wanted,
        sort=sort,
        descending=descending,
        offset=max(0, offset),
        limit=max(1, min(limit, LONGEST_PAGE)),
    )
    values = resource_lines.tags_of(work.session, [line.id for line in lines], tags[:MOST_COLUMNS])
    return ResourcePage(lines=tuple(lines), summary=found, tags=values)


@use_case(Permission.RESOURCE_READ)
def list_resources(
    work: Work,
    *,
    wanted: ResourceFilter,
    sort: SortKey = SortKey.COST,
    descending: bool = True,
    after: Place | None = None,
    limit: int = 50,
) -> list[ResourceLine]:
    """What ``wanted`` finds, from the beginning or right ``after`` a place."""
    return resource_list.page(
        work.session,
        work.organization_id,
        wanted,
        sort=sort,
        descending=descending,
        after=after,
        limit=max(1, min(limit, LONGEST_PAGE)),
    )


@use_case(Permission.RESOURCE_READ)
def summarize_resources(work: Work, *, wanted: ResourceFilter) -> Summary:
    """How many resources ``wanted`` finds, and what they cost a day."""
    return resource_counts.summary(work.session, work.organization_id, wanted)


@use_case(Permission.RESOURCE_READ)
def list_facets(work: Work, *, wanted: ResourceFilter | None = None) -> list[FacetCount]:
    """How many resources there are of each combination of facts, for filters.

    Of ``wanted`` (active ones where None) only text, tags and presence count.
    """
    around = wanted or ResourceFilter()
    key = ("facets", around.text, tuple(around.tags.items()), around.presence)
    found = shared(
        work, key, lambda: tuple(resource_counts.facets(work.session, work.organization_id, wanted))
    )
    return list(found)


@use_case(Permission.RESOURCE_READ)
def list_sources(work: Work) -> list[Source]:
    """The connections that resources come from, oldest first, removed ones last."""
    return connections.sources(work.session, organization_id=work.organization_id)


@use_case(Permission.RESOURCE_READ)
def get_resource(work: Work, *, resource_id: UUID) -> ResourceView:
    """One resource in full, or ``NotFound``."""
    return resource_view(work, resource_id)


def resource_view(work: Work, resource_id: UUID) -> ResourceView:
    """The same within a transaction."""
    resource = _resource(work, resource_id)
    session = work.session
    connection = connections.even_removed(
        session, organization_id=work.organization_id, connection_id=resource.connection_id
    )
    secrets = resource_secret_facts(
        session, organization_id=work.organization_id, resource_id=resource_id
    )
    return ResourceView(
        resource=resource,
        connection=connection.display_name,
        tags=tuple(resource_detail.tags(session, resource_id)),
        components=tuple(resource_detail.components(session, resource_id)),
        usage=tuple(resource_detail.usage(session, resource_id)),
        annotations=tuple(resource_detail.annotations(session, resource_id)),
        overrides=tuple(overrides.history(session, resource_id)),
        secrets=tuple(
            SecretState(
                field=fact.field,
                label=fact.label,
                fingerprint=fact.fingerprint,
                set_at=fact.set_at,
            )
            for fact in secrets
        ),
        last_seen_at=resource.deleted_at or connection.last_success_at,
    )


@use_case(Permission.RESOURCE_READ)
def list_resource_history(
    work: Work,
    *,
    resource_id: UUID,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[ChangeLine]:
    """What happened to a resource, latest first; ``before`` goes on from (moment, snapshot)."""
    _resource(work, resource_id)
    return snapshot_changes.timeline(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        before=before,
        limit=max(1, min(limit, MOST_AT_ONCE)),
    )


@use_case(Permission.RESOURCE_READ)
def list_resource_log(
    work: Work,
    *,
    resource_id: UUID,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[LoggedOperation]:
    """What was done to a resource at its provider, latest first.

    ``before`` goes on from (moment, operation).
    """
    _resource(work, resource_id)
    return resource_log.entries(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        before=before,
        limit=max(1, min(limit, MOST_AT_ONCE)),
    )


@use_case(Permission.COST_READ)
def list_resource_costs(
    work: Work, *, resource_id: UUID, today: date | None = None, days: int = 30
) -> list[ResourceDay]:
    """What a resource cost on each of the last ``days`` days that have a record.

    They end with ``today``, the organization's own where it is not given.
    """
    resource = _resource(work, resource_id)
    last = today or local_day(work.now, organization_of(work).time_zone)
    return cost_history.resource_costs(
        work.session,
        organization_id=work.organization_id,
        connection_id=resource.connection_id,
        resource_id=resource_id,
        days=last_days(max(1, min(days, 400)), today=last),
    )


@use_case(Permission.RESOURCE_READ)
def list_readings(
    work: Work,
    *,
    resource_id: UUID,
    metric: str,
    hours: int = 24,
    after: datetime | None = None,
    limit: int | None = None,
) -> list[MetricPoint]:
    """A metric's readings of the last ``hours``, oldest first; ``after`` goes on from there."""
    _resource(work, resource_id)
    return resource_detail.readings(
        work.session,
        resource_id=resource_id,
        metric=metric,
        since=work.now - timedelta(hours=max(1, min(hours, 24 * 90))),
        until=work.now + timedelta(minutes=5),
        after=after,
        limit=limit,
    )


def context_text(name: str, value: str | None) -> str | None:
    """A business field's text as it is stored, None for nothing, or ``Invalid``.

    It goes into an index beside others, which takes so many bytes only.
    """
    if value is None or not value.strip():
        return None
    text = one_line(value, field=name, longest=64 if name == "environment" else 200)
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(f"{name} is too long", field=name)
    return text


@use_case(Permission.RESOURCE_WRITE, audit="resource.context")
def set_business_context(
    work: Work, *, resource_ids: list[UUID], values: Mapping[str, str | None]
) -> None:
    """Write whom resources belong to; fields not named stay, empty ones are cleared."""
    unknown = [name for name in values if name not in BUSINESS_FIELDS]
    if unknown:
        raise Invalid(f"no such field: {unknown[0]}", field=unknown[0])
    clean = {name: context_text(name, value) for name, value in values.items()}
    about_resources(work, resource_ids, target=_many(resource_ids))
    work.details["fields"] = sorted(clean)
    resource_detail.set_business_context(
        work.session,
        organization_id=work.organization_id,
        resource_ids=resource_ids,
        values=clean,
    )


@use_case(Permission.RESOURCE_WRITE, audit="resource.tags")
def set_tags(
    work: Work,
    *,
    resource_ids: list[UUID],
    put: Mapping[str, str],
    remove: list[str] | None = None,
) -> None:
    """Set and take away our own tags of resources; the provider's stay as they are."""
    clean = {
        one_line(key, field="tag", longest=128): one_line(value, field="value", longest=256)
        if value.strip()
        else ""
        for key, value in put.items()
    }
    about_resources(work, resource_ids, target=_many(resource_ids))
    work.details.update({"put": sorted(clean), "remove": sorted(remove or [])})
    resource_detail.set_user_tags(
        work.session,
        organization_id=work.organization_id,
        resource_ids=resource_ids,
        put=clean,
        remove=remove or [],
    )


@use_case(Permission.RESOURCE_WRITE, audit="resource.annotate")
def annotate(work: Work, *, resource_id: UUID, text: str) -> UUID:
    """Leave a note on a resource and return its id."""
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= 4000:
        raise Invalid("a note has 1 to 4000 characters", field="text")
    about_resources(work, [resource_id], target=str(resource_id))
    return resource_detail.annotate(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        author_id=work.actor.user_id,
        author=work.actor.name,
        text=trimmed,
    )


@use_case(Permission.RESOURCE_WRITE, audit="resource.remove-annotation")
def remove_annotation(work: Work, *, annotation_id: UUID) -> None:
    """Take a note away: one's own, or anybody's as an administrator.

    Whoever looks at the demo left theirs as nobody, and takes away what nobody left.
    """
    about_note(work, annotation_id)
    author = resource_detail.remove_annotation(
        work.session, organization_id=work.organization_id, annotation_id=annotation_id
    )
    is_visitor = work.actor.kind is ActorKind.DEMO
    is_own = author == work.actor.user_id and (author is not None or is_visitor)
    if not is_own and work.actor.role not in (Role.OWNER, Role.ADMIN):
        raise Forbidden("only its author or an administrator may remove a note")


@use_case(Permission.SECRET_REVEAL, audit="secret.reveal")
def reveal_secret(work: Work, *, resource_id: UUID, field: str) -> str:
    """A secret that the provider handed out with a resource, in clear; always audited."""
    resource = _resource(work, resource_id)
    work.about(f"{resource.type}/{resource.name}", called=resource.name, id=resource.id)
    work.details["secret"] = field
    return reveal(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        field=field,
    )


def _resource(work: Work, resource_id: UUID) -> Resource:
    return resource_detail.get(
        work.session, organization_id=work.organization_id, resource_id=resource_id
    )


def _many(resource_ids: list[UUID]) -> str:
    if not 1 <= len(resource_ids) <= MOST_AT_ONCE:
        raise Invalid(f"choose 1 to {MOST_AT_ONCE} resources", field="resource_ids")
    shown = ", ".join(str(one) for one in resource_ids[:5])
    return shown if len(resource_ids) <= 5 else f"{shown} and {len(resource_ids) - 5} more"
