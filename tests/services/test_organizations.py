"""Organizations, as people and the operator see them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infrazen.domain.roles import Role
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.services import organizations


def test_ensuring_makes_once_and_finds_afterwards(database):
    made = organizations.ensure_organization("Рога и копыта")
    assert made.slug == "roga-i-kopyta"
    assert organizations.ensure_organization("Other name", slug="roga-i-kopyta") == made
    assert organizations.organization_by_slug("roga-i-kopyta") == made
    assert organizations.list_organizations() == [made]


def test_ensuring_at_the_same_time_makes_one(database):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(organizations.ensure_organization, ["Acme"] * 16))
    assert len({each.id for each in made}) == 1


def test_the_default_is_the_only_one(database):
    with pytest.raises(NotFound):
        organizations.default_organization()
    acme = organizations.ensure_organization("Acme")
    assert organizations.default_organization() == acme
    organizations.ensure_organization("Bolt")
    with pytest.raises(Conflict, match="acme, bolt"):
        organizations.default_organization()


def test_an_unknown_slug_names_the_known_ones(database):
    organizations.ensure_organization("Acme")
    with pytest.raises(NotFound, match="there are acme"):
        organizations.organization_by_slug("bolt")


@pytest.mark.parametrize("slug", ["Acme", "-a", "a-", "a b", "x" * 64, "рога"])
def test_bad_slugs_are_refused(database, slug):
    with pytest.raises(Invalid):
        organizations.ensure_organization("Acme", slug=slug)


def test_owners_change_name_and_time_zone(world):
    owner = world.alpha.actor(Role.OWNER)
    changed = organizations.change_organization(owner, name="Alpha Ltd", time_zone="Asia/Omsk")
    assert (changed.name, changed.time_zone) == ("Alpha Ltd", "Asia/Omsk")
    assert organizations.current_organization(owner) == changed
    assert organizations.change_organization(owner, time_zone="UTC").name == "Alpha Ltd"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "/etc/passwd", "x" * 5000])
def test_unknown_time_zones_are_refused(world, zone):
    with pytest.raises(Invalid) as refusal:
        organizations.change_organization(world.alpha.actor(Role.OWNER), time_zone=zone)
    assert refusal.value.field == "time_zone"


def test_owners_choose_what_currency_comes_first(world):
    owner = world.alpha.actor(Role.OWNER)
    assert organizations.change_organization(owner, currency="KZT").currency == "KZT"
    assert organizations.change_organization(owner, name="Alpha").currency == "KZT"
    for strange in ("rub", "XXX", ""):
        with pytest.raises(Invalid) as refusal:
            organizations.change_organization(owner, currency=strange)
        assert refusal.value.field == "currency"
