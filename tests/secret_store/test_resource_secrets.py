"""Secrets that providers hand out: by the thousand, and only what changed."""

import pytest

from infrazen.errors import NotFound, SecretUnreadable
from infrazen.secret_store.resource_secrets import (
    ResourceSecret,
    resource_secret_facts,
    reveal,
    store_resource_secrets,
)
from tests.world import add_organization, add_resource


@pytest.fixture
def resource(database, account):
    with database.writing() as session:
        return add_resource(session, **account.place, name="vps")


def secret(resource, field="admin", value="canary-of-admin", label="Admin password"):
    return ResourceSecret(resource_id=resource, field=field, label=label, value=value)


def store(database, account, *secrets):
    with database.writing() as session:
        return store_resource_secrets(session, **account.place, secrets=secrets)


def revealed(database, organization_id, resource, field="admin"):
    with database.reading() as session:
        return reveal(session, organization_id=organization_id, resource_id=resource, field=field)


def test_a_secret_is_revealed_where_it_belongs(database, account, resource):
    assert store(database, account, secret(resource)) == 1
    assert revealed(database, account.organization_id, resource) == "canary-of-admin"
    with pytest.raises(NotFound):
        revealed(database, account.organization_id, resource, "other")


def test_another_organization_finds_nothing(database, account, resource):
    store(database, account, secret(resource))
    with database.writing() as session:
        other = add_organization(session, "other")
    with pytest.raises(NotFound):
        revealed(database, other, resource)
    with database.reading() as session:
        assert resource_secret_facts(session, organization_id=other, resource_id=resource) == []


def test_facts_show_label_and_fingerprint(database, account, resource):
    store(database, account, secret(resource))
    with database.reading() as session:
        (fact,) = resource_secret_facts(
            session, organization_id=account.organization_id, resource_id=resource
        )
    assert (fact.field, fact.label, len(fact.fingerprint)) == ("admin", "Admin password", 8)
    assert "canary" not in repr(fact)
    assert "canary" not in repr(secret(resource))


def test_only_what_changed_is_written(database, account):
    with database.writing() as session:
        resources = [add_resource(session, **account.place, name="vps") for _ in range(3)]
    same = [secret(each, value=f"canary-{n}") for n, each in enumerate(resources)]
    assert store(database, account, *same) == 3
    assert store(database, account, *same) == 0
    changed = secret(resources[0], value="canary-new")
    renamed = secret(resources[1], value="canary-1", label="Root password")
    assert store(database, account, changed, renamed, same[2]) == 2
    assert revealed(database, account.organization_id, resources[0]) == "canary-new"


def test_the_last_of_two_for_one_field_wins(database, account, resource):
    store(
        database, account, secret(resource, value="first-value"), secret(resource, value="second")
    )
    assert revealed(database, account.organization_id, resource) == "second"


def test_a_secret_does_not_open_for_another_resource(database, account):
    with database.writing() as session:
        one, two = (
            add_resource(session, **account.place, name="vps"),
            add_resource(session, **account.place, name="vps"),
        )
    store(database, account, secret(one), secret(two, value="canary-two"))
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE resource_secret SET ciphertext = (SELECT ciphertext FROM resource_secret AS o"
            " WHERE o.resource_id <> resource_secret.resource_id)"
        )
    with pytest.raises(SecretUnreadable):
        revealed(database, account.organization_id, one)


def test_hundreds_are_kept_at_once(database, account):
    with database.writing() as session:
        resources = [add_resource(session, **account.place, name="vps") for _ in range(300)]
    wanted = [secret(each, value=f"canary-{n}") for n, each in enumerate(resources)]
    assert store(database, account, *wanted) == 300
    assert revealed(database, account.organization_id, resources[-1]) == "canary-299"
