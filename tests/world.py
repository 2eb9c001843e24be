"""Rows that tests need before they can begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import Session, col

from infrazen.db.columns import utc_now
from infrazen.db.queries import bulk_changes, people, resource_totals, saved_views, sign_ins
from infrazen.db.queries.resource_detail import annotate
from infrazen.db.queries.saved_views import Definition
from infrazen.db.queries.scope import resource_id
from infrazen.db.session import Database
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.people import OrganizationRow
from infrazen.db.tables.recommendations import OptimizationRecommendationRow
from infrazen.db.tables.resources import ResourceRow
from infrazen.db.tables.snapshots import SyncSnapshotRow
from infrazen.domain.recommendations import Action, Category, Confidence, State
from infrazen.domain.resources import ResourceStatus, ServiceCategory
from infrazen.domain.roles import SCOPES, Permission, Role
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.secret_store.connection_secrets import store_connection_secrets
from infrazen.secret_store.resource_secrets import ResourceSecret, store_resource_secrets
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import Actor, ActorKind
from infrazen.security.passwords import hash_password
from infrazen.security.tokens import digest

PASSWORD = "everybody's password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One organization with a person in each role; ``slug`` marks everything of it.

    ``cookies`` and ``tokens`` are raw secrets by role; a token has all scopes.
    """

    slug: str
    organization_id: UUID
    users: Mapping[Role, UUID]
    cookies: Mapping[Role, str]
    tokens: Mapping[Role, str]
    token_ids: Mapping[Role, UUID]
    connection_id: UUID
    resource_id: UUID
    snapshot_id: UUID
    recommendation_id: UUID
    annotation_ids: Mapping[Role, UUID]
    change_id: UUID
    view_ids: Mapping[Role, UUID]

    def email(self, role: Role) -> str:
        """The e-mail address of the tenant's person with ``role``."""
        return f"{role}@{self.slug}.example"

    def actor(self, role: Role) -> Actor:
        """The tenant's person with ``role``, signed in."""
        return Actor(
            organization_id=self.organization_id,
            role=role,
            kind=ActorKind.USER,
            name=self.email(role),
            user_id=self.users[role],
            address="192.0.2.7",
        )

    def token_actor(self, role: Role, scopes: frozenset[Permission]) -> Actor:
        """The same person through an API token with ``scopes``."""
        return Actor(
            organization_id=self.organization_id,
            role=role,
            kind=ActorKind.TOKEN,
            name=f"{self.email(role)} (token)",
            user_id=self.users[role],
            scopes=scopes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Two organizations that must know nothing of each other."""

    alpha: Tenant
    beta: Tenant


def make_world(database: Database) -> World:
    """Two tenants alike in everything but their names."""
    with database.writing() as session:
        ensure_master_key(session)
        return World(alpha=_tenant(session, "alpha"), beta=_tenant(session, "beta"))


def add_organization(session: Session, slug: str, *, parent_id: UUID | None = None) -> UUID:
    """An organization called like its slug; returns its id."""
    row = OrganizationRow(name=slug.title(), slug=slug, parent_id=parent_id)
    session.add(row)
    session.flush()
    return row.id


def add_user(session: Session, organization_id: UUID, email: str, role: Role) -> UUID:
    """A person with ``PASSWORD`` and a place in the organization; returns their id."""
    user_id = people.add_person(
        session, email=email, name=email.title(), password_hash=_hashed(), at=utc_now()
    )
    people.add_member(session, organization_id, user_id, role)
    return user_id


def add_connection(session: Session, organization_id: UUID, name: str) -> UUID:
    """A Beget connection without secrets; returns its id."""
    row = CloudConnectionRow(
        organization_id=organization_id,
        name=name,
        display_name=name.title(),
        provider="beget",
        credentials={"login": name},
        settings={},
    )
    session.add(row)
    session.flush()
    return row.id


def add_resource(session: Session, organization_id: UUID, connection_id: UUID, name: str) -> UUID:
    """A bare VPS; returns its id."""
    external_id = uuid4().hex
    row = ResourceRow(
        id=resource_id(connection_id, f"vps/{external_id}"),
        organization_id=organization_id,
        connection_id=connection_id,
        provider="beget",
        external_id=external_id,
        type="vps",
        name=name,
        service="VPS",
        category=ServiceCategory.COMPUTE,
        status=ResourceStatus.RUNNING,
        listing="modern.vps",
        provider_config={},
        fingerprint=b"",
        search=name,
    )
    session.add(row)
    session.flush()
    resource_totals.refresh(session, connection_id)
    return row.id


def add_recommendation(
    session: Session,
    organization_id: UUID,
    connection_id: UUID,
    resource_id: UUID,
    *,
    rule: str = "oversized_cpu",
    saving: str = "120",
    **facts: object,
) -> UUID:
    """An open recommendation to make the resource smaller; returns its id."""
    known: dict[str, object] = {
        "organization_id": organization_id,
        "connection_id": connection_id,
        "resource_id": resource_id,
        "subject": resource_id.hex,
        "rule": rule,
        "category": Category.RIGHTSIZE,
        "action": Action.RESIZE,
        "monthly_saving": Decimal(saving),
        "own_saving": Decimal(saving),
        "currency": "RUB",
        "confidence": Confidence.LOW,
        "evidence": {"metric": "cpu", "busiest": 14.86, "threshold_percent": 30},
        "change": {"cpu": [2, 1], "memory_mb": [2048, 2048]},
        "state": State.OPEN,
    }
    row = OptimizationRecommendationRow(**{**known, **facts})
    session.add(row)
    session.flush()
    return row.id


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def _tenant(session: Session, slug: str) -> Tenant:
    organization_id = add_organization(session, slug)
    users = {
        role: add_user(session, organization_id, f"{role}@{slug}.example", role) for role in Role
    }
    connection_id = add_connection(session, organization_id, f"{slug}-main")
    resource_id = add_resource(session, organization_id, connection_id, f"{slug}-vps")
    place = {"organization_id": organization_id, "connection_id": connection_id}
    store_connection_secrets(session, **place, values={"password": f"{slug}-canary-password"})
    handed = ResourceSecret(
        resource_id=resource_id, field="admin", label=f"{slug} admin", value=f"{slug}-canary-admin"
    )
    store_resource_secrets(session, **place, secrets=[handed])
    cookies = {role: _cookie(session, slug, organization_id, role, users[role]) for role in Role}
    tokens = {role: f"izt_{slug}-{role}" for role in Role}
    return Tenant(
        slug=slug,
        organization_id=organization_id,
        users=users,
        cookies=cookies,
        tokens=tokens,
        token_ids={
            role: _token(session, organization_id, users[role], tokens[role]) for role in Role
        },
        connection_id=connection_id,
        resource_id=resource_id,
        snapshot_id=add_snapshot(session, organization_id, connection_id),
        recommendation_id=add_recommendation(session, organization_id, connection_id, resource_id),
        annotation_ids={
            role: annotate(
                session,
                organization_id=organization_id,
                resource_id=resource_id,
                author_id=users[role],
                author=f"{role}@{slug}.example",
                text=f"a note of {slug}",
            )
            for role in Role
        },
        change_id=bulk_changes.keep(
            session,
            organization_id=organization_id,
            author=f"owner@{slug}.example",
            changes={resource_id: {"owner": (f"{slug} before", None)}},
            at=utc_now(),
        ),
        view_ids={
            role: saved_views.add(
                session,
                organization_id=organization_id,
                keeper=str(users[role]),
                author=f"{role}@{slug}.example",
                name=f"a view of {slug}",
                is_shared=False,
                definition=Definition(),
                at=utc_now(),
            )
            for role in Role
        },
    )


def _cookie(session: Session, slug: str, organization_id: UUID, role: Role, user_id: UUID) -> str:
    raw = f"session-of-{role}-at-{slug}"
    sign_ins.add_session(
        session,
        digest=digest(raw),
        user_id=user_id,
        organization_id=organization_id,
        at=utc_now(),
        expires_at=utc_now() + timedelta(hours=1),
        address="192.0.2.7",
        agent=f"{slug} browser",
    )
    return raw


def _token(session: Session, organization_id: UUID, user_id: UUID, raw: str) -> UUID:
    return sign_ins.add_token(
        session,
        organization_id=organization_id,
        user_id=user_id,
        name=raw.removeprefix("izt_"),
        prefix=raw[:12],
        digest=digest(raw),
        scopes=SCOPES,
        expires_at=utc_now() + timedelta(hours=1),
    )


def add_snapshot(session: Session, organization_id: UUID, connection_id: UUID) -> UUID:
    """A sync that went well, and is the connection's latest; returns its id."""
    row = SyncSnapshotRow(
        organization_id=organization_id,
        connection_id=connection_id,
        trigger=Trigger.MANUAL,
        status=SyncStatus.SUCCESS,
        fence=uuid4(),
        finished_at=utc_now(),
        duration_ms=1_500,
        config={},
    )
    session.add(row)
    session.flush()
    session.execute(
        update(CloudConnectionRow)
        .where(col(CloudConnectionRow.id) == connection_id)
        .values(last_snapshot_id=row.id)
    )
    return row.id
