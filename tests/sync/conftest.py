"""Simulated clouds for whole syncs, on both databases."""

from collections.abc import Callable

import pytest

from infrazen.provider_kit.simulation.control import SimulatorControl


@pytest.fixture
def yandex(
    simulators: Callable[[str], SimulatorControl],
    each_database: object,
    private_endpoints: None,
) -> SimulatorControl:
    """Yandex Cloud with its reference account."""
    control = simulators("yandex")
    control.reset()
    return control
