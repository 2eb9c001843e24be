"""Organizations: the one a person acts in, and what the local operator needs of all."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from infrazen.db.queries import instance, organizations
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.money import CURRENCIES
from infrazen.domain.people import Organization, OrganizationKind
from infrazen.domain.roles import Permission
from infrazen.domain.text import one_line, slug_of
from infrazen.domain.text import slug as checked_slug
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.services.open_doors import local
from infrazen.services.use_case import Work, use_case

_WHY = "finds the organization that a command acts in"


@use_case(Permission.SELF)
def current_organization(work: Work) -> Organization:
    """The organization that one acts in."""
    return organization_of(work)


@use_case(Permission.ORGANIZATION_WRITE, audit="organization.change")
def change_organization(
    work: Work,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    currency: str | None = None,
) -> Organization:
    """Change name, time zone (IANA) or main currency, whichever is not None.

    The currency says what comes first where there are several; no amount is converted.
    """
    plain = None if name is None else one_line(name, field="name", longest=200)
    zone = None if time_zone is None else _zone(time_zone)
    if currency is not None and currency not in CURRENCIES:
        raise Invalid(f"currency is one of {', '.join(CURRENCIES)}", field="currency")
    before = organization_of(work)
    work.about(before.slug, called=before.name)
    wanted = {"name": plain, "time_zone": zone, "currency": currency}
    work.details.update({name: to or getattr(before, name) for name, to in wanted.items()})
    organizations.change(
        work.session, work.organization_id, name=plain, time_zone=zone, currency=currency
    )
    return organization_of(work)


@local("makes tenants")
def ensure_organization(name: str, *, slug: str | None = None) -> Organization:
    """The organization with this slug (made from ``name`` where not given), made if missing."""
    title = one_line(name, field="name", longest=200)
    handle = checked_slug(slug or slug_of(title))
    with database().writing(patience_ms=ANSWER_MS) as session:
        instance.hold(session, "organizations")
        known = organizations.by_slug(session, handle)
        if known is not None and known.kind is not OrganizationKind.REGULAR:
            raise Conflict(f"{handle} is the demo: choose another slug")
        return known or organizations.add(session, name=title, slug=handle)


@local(_WHY)
def organization_by_slug(slug: str) -> Organization:
    """The organization called ``slug``, or ``NotFound``."""
    with database().reading() as session:
        found = organizations.by_slug(session, slug)
        if found is None:
            raise NotFound(f"no organization is called {slug!r}{_known(session)}")
        return found


@local(_WHY)
def default_organization() -> Organization:
    """The only organization; ``NotFound`` where there is none, ``Conflict`` for several.

    The demo is no choice: who means it says so.
    """
    with database().reading() as session:
        found = organizations.all_organizations(session, limit=2)
        if not found:
            raise NotFound("there is no organization yet: start InfraZen and set it up first")
        if len(found) > 1:
            raise Conflict(f"say which organization with --organization{_known(session)}")
        return found[0]


@local(_WHY)
def list_organizations() -> list[Organization]:
    """Every organization but the demo, by slug."""
    with database().reading() as session:
        return organizations.all_organizations(session)


def organization_of(work: Work) -> Organization:
    """The organization that the actor of ``work`` acts in."""
    found = organizations.organization(work.session, work.organization_id)
    if found is None:
        raise NotFound("this organization is gone")
    return found


def _known(session: Session) -> str:
    slugs = [each.slug for each in organizations.all_organizations(session, limit=10)]
    return f"; there are {', '.join(slugs)}" if slugs else ""


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "time_zone is an IANA name such as Europe/Moscow", field="time_zone"
        ) from error
