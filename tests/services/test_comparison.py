"""Resources side by side: what is found, what is not, and what is to be paid."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import CostSource, Period
from infrazen.domain.roles import Permission, Role
from infrazen.errors import Invalid, NotFound
from infrazen.services.comparison import compare_resources
from tests.world import add_resource


@pytest.fixture
def more(world, database):
    """Two more servers of alpha: one with a price, one within the account's charge."""
    alpha = world.alpha
    with database.writing() as session:
        ids = [
            add_resource(session, alpha.organization_id, alpha.connection_id, f"alpha-{name}")
            for name in ("priced", "contained")
        ]
        for id_, contained in zip(ids, (False, True), strict=True):
            session.execute(
                update(ResourceRow)
                .where(col(ResourceRow.id) == id_)
                .values(
                    daily_cost=Decimal(22),
                    monthly_cost=Decimal(660),
                    currency="RUB",
                    original_cost=Decimal(660),
                    cost_period=Period.MONTH,
                    cost_source=CostSource.PRICED,
                    in_account_rate=contained,
                )
            )
    return ids


def test_they_stand_in_the_order_they_were_asked_for(world, more):
    alpha = world.alpha
    found = compare_resources(
        alpha.actor(Role.VIEWER), resource_ids=[more[1], alpha.resource_id, more[0], more[1]]
    )
    assert [one.view.resource.id for one in found.found] == [more[1], alpha.resource_id, more[0]]
    assert found.missing == ()


def test_what_is_to_be_paid(world, more):
    asked = [more[0], more[1], world.alpha.resource_id]
    found = compare_resources(world.alpha.actor(Role.VIEWER), resource_ids=asked)
    assert [one.payable for one in found.found] == [
        Rate(Decimal(22), Decimal(660)),
        ZERO_RATE,
        None,
    ]


def test_foreign_and_made_up_ones_look_alike_and_harm_nothing(world, more):
    made_up = uuid4()
    asked = [world.beta.resource_id, more[0], made_up]
    found = compare_resources(world.alpha.actor(Role.OWNER), resource_ids=asked)
    assert [one.view.resource.id for one in found.found] == [more[0]]
    assert found.missing == (world.beta.resource_id, made_up)
    with pytest.raises(NotFound):
        compare_resources(world.alpha.actor(Role.OWNER), resource_ids=[world.beta.resource_id])


def test_what_is_recommended_is_for_those_who_see_costs(world):
    alpha = world.alpha
    found = compare_resources(alpha.actor(Role.VIEWER), resource_ids=[alpha.resource_id])
    assert [one.id for one in found.found[0].recommendations] == [alpha.recommendation_id]
    reader = alpha.token_actor(Role.OWNER, frozenset({Permission.RESOURCE_READ}))
    found = compare_resources(reader, resource_ids=[alpha.resource_id])
    assert found.found[0].recommendations == ()


@pytest.mark.parametrize("count", [0, 5])
def test_so_many_cannot_be_compared(world, count):
    with pytest.raises(Invalid) as refusal:
        compare_resources(
            world.alpha.actor(Role.OWNER), resource_ids=[uuid4() for _ in range(count)]
        )
    assert refusal.value.field == "resource_id"
