"""A connection as somebody enters it: what it decides, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import connections
from infrazen.db.queries.connections import Connection
from infrazen.domain.text import one_line, slug, slug_of
from infrazen.errors import Conflict, Invalid, SecretUnreadable
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import parse_credentials, parse_settings, secret_fields
from infrazen.provider_kit.opening import check_endpoint
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import connection_secrets
from infrazen.security.access import Actor
from infrazen.services.use_case import Work
from infrazen.sync import schedule

DEFAULT_SCHEDULE = "0 */6 * * *"
LONGEST_TIMEOUT = 24 * 3600
LONGEST_DEADLINE = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A connection as somebody enters it.

    A secret left blank keeps the stored one; ``forget`` names secrets to erase. ``endpoint``
    empty means the provider's own address. ``schedule`` is a cron line in ``time_zone``,
    empty for syncs by hand only.
    """

    provider: str
    display_name: str
    name: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    endpoint: str = ""
    schedule: str = DEFAULT_SCHEDULE
    time_zone: str = "Europe/Moscow"
    is_suspended: bool = False
    timeout_seconds: int = 1800
    starting_deadline_seconds: int = 3600
    forget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What a connection reads: the account by its mark, at which address, and what of it."""

    mark: str
    endpoint: str | None
    settings: Mapping[str, Any]


async def endpoint_of(spec: ProviderSpec, draft: Draft) -> str | None:
    """The address to ask, checked against the allow-list; None for the provider's own."""
    if not draft.endpoint.strip():
        return None
    return str(await check_endpoint(spec, draft.endpoint)).rstrip("/")


def stored_secrets(
    session: Session, actor: Actor, draft: Draft, connection_id: UUID | None
) -> dict[str, str]:
    """The secrets that blank fields stand for: none for a new connection or address."""
    if connection_id is None:
        return {}
    place = {"organization_id": actor.organization_id, "connection_id": connection_id}
    known = connections.get(session, **place)
    stored = connection_secrets(session, **place)
    if draft.endpoint.strip().rstrip("/") == (known.endpoint or ""):
        return stored
    left_blank = [name for name in stored if not draft.credentials.get(name, "").strip()]
    for name in left_blank:
        if name not in draft.forget:
            raise Invalid(
                "the address has changed: enter the secrets again, stored ones go only to"
                " the address they were meant for",
                field=name,
            )
    return {}


def values_of(work: Work, draft: Draft, spec: ProviderSpec) -> dict[str, Any]:
    """The columns that a draft decides, each checked."""
    schedule.check(draft.schedule, draft.time_zone, now=work.now)
    if not 1 <= draft.timeout_seconds <= LONGEST_TIMEOUT:
        raise Invalid("a sync's time limit is 1 s to 24 h", field="timeout_seconds")
    if not 0 <= draft.starting_deadline_seconds <= LONGEST_DEADLINE:
        raise Invalid("the deadline is 0 s to 7 days", field="starting_deadline_seconds")
    settings = parse_settings(spec, draft.settings)
    following = None
    if draft.schedule and not draft.is_suspended:
        following = schedule.next_due(draft.schedule, draft.time_zone, after=work.now)
    return {
        "display_name": one_line(draft.display_name, field="display_name", longest=200),
        "settings": settings.model_dump(mode="json", exclude_unset=True),
        "schedule": draft.schedule,
        "time_zone": draft.time_zone,
        "is_suspended": draft.is_suspended,
        "timeout_seconds": draft.timeout_seconds,
        "starting_deadline_seconds": draft.starting_deadline_seconds,
        "next_sync_at": following,
    }


def free_name(work: Work, draft: Draft) -> str:
    """The name that was asked for, or one made from the display name and not taken."""
    if draft.name:
        return slug(draft.name, field="name")
    every = connections.every(work.session, organization_id=work.organization_id)
    taken = {known.name for known in every}
    base = slug_of(draft.display_name)[:58]
    candidates = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(name for name in candidates if name not in taken)


def refuse_second(known: Connection | None) -> None:
    """Two connections to one account would count its money twice."""
    if known is not None:
        raise Conflict(f"this account is connected already as {known.display_name!r}")


def rival(
    work: Work, spec: ProviderSpec, reads: Reads, *, besides: UUID | None = None
) -> Connection | None:
    """A connection of the organization, but ``besides``, that reads the same of an account."""
    for known in connections.every(work.session, organization_id=work.organization_id):
        if known.id == besides or not is_account(work, known, spec, reads):
            continue
        if not _are_apart(spec, known.settings, reads.settings):
            return known
    return None


def new_rival(work: Work, known: Connection, spec: ProviderSpec, reads: Reads) -> Connection | None:
    """A connection that would read the same as ``known`` once that is changed so, if none did."""
    as_it_is = replace(reads, settings=known.settings)
    if is_account(work, known, spec, reads) and rival(work, spec, as_it_is, besides=known.id):
        return None
    return rival(work, spec, reads, besides=known.id)


def is_account(work: Work, known: Connection, spec: ProviderSpec, reads: Reads) -> bool:
    """Whether a connection reads the account with this mark (``ProviderSpec.account_mark``)."""
    if (known.provider, known.endpoint) != (spec.slug, reads.endpoint):
        return False
    return (known.account_mark or _mark_before(work, known, spec)) == reads.mark


def _are_apart(spec: ProviderSpec, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    try:
        return spec.are_apart(parse_settings(spec, one), parse_settings(spec, other))
    except Invalid:  # stored by a version with other settings
        return False


def _mark_before(work: Work, known: Connection, spec: ProviderSpec) -> str:
    """The mark of a connection that was made before marks were kept; empty if it cannot be told."""
    place = {"organization_id": work.organization_id, "connection_id": known.id}
    try:
        stored = connection_secrets(work.session, **place)
        missing = dict.fromkeys(secret_fields(spec.credentials), "-")  # no mark needs them all
        whole = {**missing, **known.credentials, **stored}
        return spec.account_mark(parse_credentials(spec, whole))
    except (Invalid, SecretUnreadable):
        return ""


def has_secrets(work: Work, known: Connection, secret: Mapping[str, str]) -> bool:
    """Whether these are the connection's secrets: of some accounts nothing else is known."""
    try:
        stored = connection_secrets(
            work.session, organization_id=work.organization_id, connection_id=known.id
        )
    except SecretUnreadable:
        return False
    return stored == secret


def changed_names(known: Connection, values: Mapping[str, Any], draft: Draft) -> list[str]:
    """Names of what an edit changes, for the audit log; of secrets the names alone."""
    plain = [
        name
        for name, value in values.items()
        if name != "next_sync_at" and getattr(known, name) != value
    ]
    entered = [name for name, value in draft.credentials.items() if value.strip()]
    secrets = [
        name for name in entered if name in secret_fields(provider(known.provider).credentials)
    ]
    return sorted({*plain, *secrets, *draft.forget})
