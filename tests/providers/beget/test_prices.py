"""What other sizes would cost, from price lists and calculator."""

from decimal import Decimal

from infrazen.domain.kinds import Kind
from infrazen.domain.prices import family_of
from infrazen.domain.syncs import EndpointStatus
from infrazen.provider_kit.simulation.faults import Kind as Fault
from infrazen.providers.beget.mapper.prices import smaller
from infrazen.providers.beget.wire.cloud import Choice, Choices, Reach
from tests.simulators import read_account

CALCULATION = "/v1/vps/configurator/calculation"


def choices(*, least_memory: int = 1024, step: int = 1024) -> Choices:
    return Choices(
        cpu_settings=Choice(available_range=Reach(min=1, max=16)),
        memory_settings=Choice(available_range=Reach(min=least_memory, max=65536), step=step),
    )


def test_the_calculator_prices_both_servers_at_the_rate_they_were_bought_at(beget_simulator):
    reading = read_account("beget", beget_simulator.url)
    asked = {
        (offer.instead_of, offer.cpu, offer.memory_mb, offer.disk_mb): offer.price.amount
        for offer in reading.offers
        if offer.listing == "modern.calculator"
    }
    assert asked == {
        ("cfg-2-2-30", 1, 2048, 30720): Decimal(18),
        ("cfg-2-2-30", 2, 1024, 30720): Decimal(18),
        ("cfg-2-2-30", 1, 1024, 30720): Decimal(14),
        ("cfg-2-2-30-9.73", 1, 2048, 30720): Decimal("7.96"),
        ("cfg-2-2-30-9.73", 2, 1024, 30720): Decimal("7.96"),
        ("cfg-2-2-30-9.73", 1, 1024, 30720): Decimal("6.19"),
    }


def test_price_lists_name_the_family_as_resources_do(beget_simulator):
    reading = read_account("beget", beget_simulator.url)
    families = {(offer.kind, offer.family, offer.region) for offer in reading.offers}
    for resource in reading.resources:
        if resource.type in {"vps", "mysql"}:
            kind = Kind.SERVER if resource.type == "vps" else Kind.DATABASE
            assert (kind, family_of(resource.config), resource.region) in families


def test_servers_of_one_configuration_are_asked_for_once(beget_simulator):
    beget_simulator.reset("large", size=400)
    read_account("beget", beget_simulator.url, settings={"statistics_seconds": 10})
    asked = [one for one in beget_simulator.requests() if one["path"] == CALCULATION]
    assert 0 < len(asked) <= 60


def test_without_load_nobody_asks_for_prices(beget_simulator):
    reading = read_account("beget", beget_simulator.url, settings={"collect_statistics": False})
    assert reading.offers == []


def test_a_size_that_cannot_be_priced_costs_itself_and_proves_nothing_gone(beget_simulator):
    beget_simulator.fault(Fault.HTML, CALCULATION, times=1)
    reading = read_account("beget", beget_simulator.url)
    calculator = next(one for one in reading.endpoints if one.name == "modern.calculator")
    assert (calculator.status, calculator.listed) == (EndpointStatus.SUCCEEDED, False)
    assert calculator.message == "1 of 6 sizes could not be priced this time."
    assert sum(offer.listing == "modern.calculator" for offer in reading.offers) == 5


def ended(beget_simulator):
    reading = read_account("beget", beget_simulator.url)
    return {one.name: (one.status, one.listed) for one in reading.endpoints}


def test_prices_of_servers_that_could_not_be_listed_prove_nothing_gone(beget_simulator):
    beget_simulator.fault(Fault.FORBIDDEN, "/v1/vps/server/list")
    found = ended(beget_simulator)
    assert found["modern.prices"] == (EndpointStatus.SUCCEEDED, False)
    assert found["modern.calculator"] == (EndpointStatus.SKIPPED, False)


def test_where_nothing_could_be_listed_no_price_is_asked(beget_simulator):
    beget_simulator.fault(Fault.FORBIDDEN, "/v1/vps/server/list")
    beget_simulator.fault(Fault.FORBIDDEN, "/v1/cloud")
    found = ended(beget_simulator)
    assert found["modern.prices"] == (EndpointStatus.SKIPPED, False)
    assert found["modern.calculator"] == (EndpointStatus.SKIPPED, False)


def test_smaller_sizes_are_halves_that_the_configurator_takes():
    assert list(smaller(4, 4096, choices())) == [
        (2, 4096),
        (1, 4096),
        (4, 2048),
        (4, 1024),
        (2, 2048),
    ]
    assert list(smaller(1, 1024, choices())) == []
    assert list(smaller(1, 2048, choices(least_memory=2048))) == []
    assert list(smaller(3, 3072, choices())) == [(1, 3072)]
