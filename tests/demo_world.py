"""A small demo organization, beside whatever else a test has in its database."""

from uuid import UUID, uuid4

from sqlmodel import Session

from infrazen.db.queries import bulk_changes, organizations, saved_views
from infrazen.db.queries.resource_detail import annotate
from infrazen.db.queries.saved_views import Definition
from infrazen.db.session import Database
from infrazen.domain.people import OrganizationKind
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Role
from infrazen.secret_store.connection_secrets import store_connection_secrets
from infrazen.secret_store.resource_secrets import ResourceSecret, store_resource_secrets
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.demo import publish_demo
from tests.world import Tenant, add_connection, add_recommendation, add_resource, add_snapshot


def publish_small_demo(database: Database, slug: str = "showroom") -> Tenant:
    """A demo with one of everything, published; ``slug`` marks everything of it.

    It has no people: the ids of its users and tokens name nobody, its cookies open nothing.
    """
    with database.writing() as session:
        ensure_master_key(session)
        made = _make(session, slug)
    publish_demo(made.organization_id)
    return made


def add_demo(database: Database, slug: str = "showroom") -> UUID:
    """A demo organization with nothing in it, which nobody sees yet; returns its id."""
    with database.writing() as session:
        kind = OrganizationKind.DEMO
        return organizations.add(session, name=slug.title(), slug=slug, kind=kind).id


def _make(session: Session, slug: str) -> Tenant:
    kind = OrganizationKind.DEMO
    home = organizations.add(session, name=slug.title(), slug=slug, kind=kind)
    connection_id = add_connection(session, home.id, f"{slug}-main")
    resource_id = add_resource(session, home.id, connection_id, f"{slug}-vps")
    place = {"organization_id": home.id, "connection_id": connection_id}
    store_connection_secrets(session, **place, values={"password": f"{slug}-canary-password"})
    handed = ResourceSecret(
        resource_id=resource_id, field="admin", label=f"{slug} admin", value=f"{slug}-canary-admin"
    )
    store_resource_secrets(session, **place, secrets=[handed])
    note = annotate(
        session,
        organization_id=home.id,
        resource_id=resource_id,
        author_id=None,
        author="demo",
        text=f"a note of {slug}",
    )
    changed = bulk_changes.keep(
        session,
        organization_id=home.id,
        author="demo",
        changes={resource_id: {"owner": (f"{slug} before", None)}},
        at=utc_now(),
    )
    view = saved_views.add(
        session,
        organization_id=home.id,
        keeper="demo",
        author="demo",
        name=f"a view of {slug}",
        is_shared=False,
        definition=Definition(),
        at=utc_now(),
    )
    return Tenant(
        slug=slug,
        organization_id=home.id,
        users={role: uuid4() for role in Role},
        cookies={role: f"no-session-of-{role}" for role in Role},
        tokens={role: f"izt_no-token-of-{role}" for role in Role},
        token_ids={role: uuid4() for role in Role},
        connection_id=connection_id,
        resource_id=resource_id,
        snapshot_id=add_snapshot(session, home.id, connection_id),
        recommendation_id=add_recommendation(session, home.id, connection_id, resource_id),
        annotation_ids=dict.fromkeys(Role, note),
        change_id=changed,
        view_ids=dict.fromkeys(Role, view),
    )
