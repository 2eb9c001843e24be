"""Which organization is the demo, and that it is never taken for somebody's own."""

from uuid import uuid4

import pytest

from infrazen.db.tables.people import OrganizationRow
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.services import demo, installation, organizations, setup
from tests.demo_world import add_demo


@pytest.fixture
def built(database):
    """A demo organization that nobody sees yet; returns its id."""
    return add_demo(database, "demo")


def test_there_is_no_demo_until_one_is_published(built):
    assert demo.demo_organization() is None
    demo.publish_demo(built)
    assert demo.demo_organization() == built


def test_another_one_takes_its_place_and_the_first_can_go(each_database):
    first, second = add_demo(each_database), add_demo(each_database, "second")
    demo.publish_demo(first)
    demo.publish_demo(second)
    assert demo.demo_organization() == second
    with each_database.writing() as session:
        session.delete(session.get_one(OrganizationRow, first))
    assert demo.demo_organization() == second


def test_a_demo_that_is_gone_is_none(built, database):
    demo.publish_demo(built)
    with database.writing() as session:
        session.delete(session.get_one(OrganizationRow, built))
    assert demo.demo_organization() is None


def test_nobodys_own_organization_can_be_published(database):
    own = organizations.ensure_organization("Acme")
    for wrong in (own.id, uuid4()):
        with pytest.raises(Invalid):
            demo.publish_demo(wrong)
    assert demo.demo_organization() is None


def test_commands_never_take_the_demo_for_the_only_organization(built):
    assert organizations.list_organizations() == []
    with pytest.raises(NotFound):
        organizations.default_organization()
    own = organizations.ensure_organization("Acme")
    assert organizations.default_organization() == own
    assert organizations.list_organizations() == [own]
    assert organizations.organization_by_slug("demo").id == built


def test_a_mistyped_slug_does_not_name_the_demo(built):
    organizations.ensure_organization("Acme")
    with pytest.raises(NotFound) as refusal:
        organizations.organization_by_slug("bolt")
    assert "demo" not in str(refusal.value)


def test_nobody_moves_into_the_demo_by_its_slug(built):
    with pytest.raises(Conflict):
        organizations.ensure_organization("Demo", slug="demo")


def test_a_start_makes_its_own_organization_beside_the_demo(built):
    installation.prepare()
    assert [each.slug for each in organizations.list_organizations()] == ["main"]


def test_setup_does_not_take_the_demo_over(built):
    demo.publish_demo(built)
    assert setup.setup_needed()
    setup.complete_setup(
        code=setup.issue_setup_code() or "",
        organization_name="Рога и копыта",
        name="Анна",
        email="anna@example.com",
        password="correct horse battery",
    )
    assert organizations.organization_by_slug("demo").name == "Demo"
    assert organizations.default_organization().name == "Рога и копыта"
