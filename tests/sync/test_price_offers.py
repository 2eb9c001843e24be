"""What a provider asks for what could be had, from a reading to the table and back."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from infrazen.db.queries import price_offers
from infrazen.db.tables.prices import PriceOfferRow
from infrazen.domain.kinds import Kind
from infrazen.domain.money import Period
from infrazen.domain.prices import Measure, PriceOffer
from infrazen.domain.resources import StatedPrice
from tests.sync.made_up import DOMAINS, SERVERS, MadeUp, made_up, server


def offer(key: str, *, daily: str, listing: str = SERVERS) -> PriceOffer:
    price = Decimal(daily)
    return PriceOffer(
        listing=listing,
        key=key,
        kind=Kind.SERVER,
        measure=Measure.SIZE,
        cpu=1,
        memory_mb=2048,
        disk_mb=30720,
        family="normal",
        region="ru1",
        price=StatedPrice(
            amount=price,
            period=Period.DAY,
            currency="RUB",
            daily_micro=int(price * 10**6),
            monthly_micro=int(price * 30 * 10**6),
        ),
    )


@pytest.fixture
def cloud(each_database) -> MadeUp:
    return made_up(each_database)


def stored(cloud: MadeUp) -> dict[str, PriceOffer]:
    with cloud.store.reading() as session:
        return {o.key: o for o in price_offers.of_connection(session, cloud.connection_id)}


def stated_at(cloud: MadeUp) -> dict[str, datetime]:
    with cloud.store.reading() as session:
        statement = select(col(PriceOfferRow.key), col(PriceOfferRow.stated_at))
        return dict(session.execute(statement).all())


def test_what_was_read_is_what_is_stored(cloud):
    small, large = offer("a", daily="18"), offer("b", daily="22.5")
    cloud.sync(server(1), offers=(small, large))
    assert stored(cloud) == {"a": small, "b": large}


def test_an_offer_that_is_no_longer_listed_is_gone(cloud):
    cloud.sync(offers=(offer("a", daily="18"), offer("b", daily="22")))
    cloud.sync(offers=(offer("b", daily="22"),))
    assert set(stored(cloud)) == {"b"}


def test_offers_of_a_listing_that_failed_stay_and_others_are_replaced(cloud):
    theirs = offer("theirs", daily="9", listing=DOMAINS)
    cloud.sync(offers=(offer("a", daily="18"), theirs))
    cloud.sync(offers=(offer("b", daily="20"),), failed=(DOMAINS,))
    assert set(stored(cloud)) == {"b", "theirs"}


def test_only_an_offer_that_changed_is_written(cloud):
    cloud.sync(offers=(offer("a", daily="18"), offer("b", daily="22")))
    before = stated_at(cloud)
    cloud.sync(offers=(offer("a", daily="18"), offer("b", daily="23")))
    after = stated_at(cloud)
    assert before["a"] == after["a"]
    assert before["b"] < after["b"]
    assert stored(cloud)["b"].price.amount == Decimal(23)
