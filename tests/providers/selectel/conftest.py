"""A fresh Selectel account for each test."""

from collections.abc import Callable

import pytest

from infrazen.provider_kit.simulation.control import SimulatorControl


@pytest.fixture
def selectel(
    simulators: Callable[[str], SimulatorControl], private_endpoints: None
) -> SimulatorControl:
    """Selectel's simulator with its reference account; ``url`` is its address."""
    control = simulators("selectel")
    control.reset()
    return control
