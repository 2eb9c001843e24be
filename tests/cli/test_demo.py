"""``infrazen demo`` builds it and says what it built."""

from infrazen.cli.exits import Exit
from infrazen.domain.people import OrganizationKind
from infrazen.services.demo import demo_organization
from infrazen.services.organizations import default_organization


def test_the_demo_is_built_told_of_and_nobodys_default(infrazen):
    ran = infrazen("demo", "--json")
    assert ran.code == Exit.DONE
    assert ran.json["organization_id"] == str(demo_organization())
    assert ran.json["syncs"] == 12
    assert default_organization().kind is OrganizationKind.REGULAR


def test_publishing_needs_the_large_one(infrazen):
    assert infrazen("demo", "--publish").code == Exit.USAGE
