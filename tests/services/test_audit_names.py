"""The audit log calls things as people do, and as they were called when it happened."""

from decimal import Decimal
from uuid import uuid4

import pytest

from infrazen.db.queries import audit as audit_queries
from infrazen.db.queries import connections
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.money import Period
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Role
from infrazen.services import audit, organizations, overrides, resources, syncs
from infrazen.services.connections import remove_connection, set_suspended
from tests.statements import noted


@pytest.fixture
def owner(world):
    return world.alpha.actor(Role.OWNER)


def latest(owner):
    """What the latest event is about: its target, its name, its id."""
    event = audit.list_events(owner)[0]
    return event.target, event.called, event.subject


def rename(database, world, name):
    with database.writing() as session:
        connections.change(
            session,
            organization_id=world.alpha.organization_id,
            connection_id=world.alpha.connection_id,
            values={"display_name": name},
        )


def append(database, organization_id, action, target, **details):
    """An event as it was written before names were kept."""
    with database.writing() as session:
        audit_queries.append(
            session,
            organization_id=organization_id,
            actor="somebody",
            actor_kind="user",
            action=action,
            target=target,
            outcome="done",
            address="",
            details=details,
            at=utc_now(),
        )


def test_a_connection_keeps_the_name_that_it_had_then(world, owner, database):
    alpha = world.alpha
    rename(database, world, "Основной аккаунт")
    set_suspended(owner, connection_id=alpha.connection_id, suspended=True)
    rename(database, world, "Старый аккаунт")
    target, called, subject = latest(owner)
    assert (called, subject) == ("Основной аккаунт", str(alpha.connection_id))
    assert target != called
    remove_connection(owner, connection_id=alpha.connection_id, keep_history=False)
    removal, suspension, *_ = audit.list_events(owner)
    assert (removal.called, removal.subject) == ("Старый аккаунт", "")
    assert (suspension.called, suspension.subject) == ("Основной аккаунт", "")
    assert audit.verify_log(owner) is None


def test_what_people_write_on_a_resource_names_it(world, owner, database):
    resource = world.alpha.resource_id
    with database.reading() as session:
        name = session.get_one(ResourceRow, resource).name
    note = resources.annotate(owner, resource_id=resource, text="A note.")
    assert latest(owner) == (str(resource), name, str(resource))
    resources.remove_annotation(owner, annotation_id=note)
    assert latest(owner) == (str(note), name, str(resource))
    resources.set_tags(owner, resource_ids=[resource], put={"team": "web"})
    assert latest(owner) == (str(resource), name, str(resource))
    overrides.set_name(owner, resource_id=resource, name="Shop")
    assert latest(owner)[1:] == (name, str(resource))
    overrides.set_price(
        owner, resource_id=resource, amount=Decimal(5), period=Period.DAY, reason="a contract"
    )
    assert latest(owner)[1:] == ("Shop", str(resource))


def test_an_organization_is_called_by_its_name(world, owner):
    organizations.change_organization(owner, name="Alpha Ltd")
    assert latest(owner)[1] != latest(owner)[0]
    organizations.change_organization(owner, name="Beta Ltd")
    assert latest(owner)[1] == "Alpha Ltd"


def test_events_from_before_are_looked_up(world, owner, database):
    alpha = world.alpha
    with database.reading() as session:
        row = session.get_one(ResourceRow, alpha.resource_id)
    rename(database, world, "Основной аккаунт")
    known = connections_of(database, alpha)
    stranger = uuid4()
    for action, target in (
        ("sync.request", known.name),
        ("connection.edit", "gone"),
        ("resource.tags", str(row.id)),
        ("resource.context", f"{row.id}, {stranger} and 3 more"),
        ("resource.price", f"{row.type}/{row.external_id}"),
        ("secret.reveal", f"{row.type}/{row.name}"),
        ("user.add", "anna@example.com"),
    ):
        append(database, alpha.organization_id, action, target)
    found = {event.action: (event.called, event.subject) for event in audit.list_events(owner)}
    assert found["sync.request"] == ("Основной аккаунт", str(known.id))
    assert found["connection.edit"] == ("gone", "")
    assert found["resource.tags"] == (row.name, str(row.id))
    assert found["resource.context"] == (f"{row.name}, {stranger} and 3 more", "")
    assert found["resource.price"] == (row.name, str(row.id))
    assert found["secret.reveal"] == (row.name, "")
    assert found["user.add"] == ("", "")


def connections_of(database, tenant):
    with database.reading() as session:
        return connections.get(
            session, organization_id=tenant.organization_id, connection_id=tenant.connection_id
        )


def test_nothing_is_called_as_in_another_organization(world, owner, database):
    alpha, beta = world.alpha, world.beta
    theirs = connections_of(database, beta)
    append(database, alpha.organization_id, "resource.tags", str(beta.resource_id))
    assert latest(owner) == (str(beta.resource_id), str(beta.resource_id), "")
    append(database, alpha.organization_id, "sync.request", "x", id=str(theirs.id))
    assert latest(owner) == ("x", "x", "")


def test_a_full_page_takes_as_many_statements_as_one_event(world, owner, database):
    alpha = world.alpha

    def asked():
        with noted(database) as statements:
            audit.list_events(owner, limit=200)
        return len(statements)

    def happen():
        syncs.request_sync(owner, connection_id=alpha.connection_id)
        resources.annotate(owner, resource_id=alpha.resource_id, text="A note.")
        overrides.set_name(owner, resource_id=alpha.resource_id, name="Shop")

    happen()
    once = asked()
    for _ in range(20):
        happen()
    assert asked() == once
