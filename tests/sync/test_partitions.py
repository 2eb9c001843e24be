"""Where PostgreSQL keeps a month's costs is made before anything else is held."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from infrazen.db.session import Database
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from tests.sync.account import connect


@pytest.mark.postgres
def test_a_long_history_makes_its_partitions_before_it_writes(
    postgres_database: Database,
    simulators: Callable[[str], SimulatorControl],
    private_endpoints: None,
):
    simulator = simulators("selectel")
    simulator.reset()
    account = connect(simulator, provider="selectel", credentials=provider("selectel").trial)
    told: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        told.append(statement)

    event.listen(postgres_database.engine, "before_cursor_execute", note)
    assert account.sync().status is SyncStatus.SUCCESS
    made = [n for n, sql in enumerate(told) if sql.startswith("CREATE TABLE IF NOT EXISTS cost_")]
    assert len(made) > 12
    # What waits for a partition while it holds rows may wait for whom it keeps waiting.
    assert max(made) < next(
        n for n, sql in enumerate(told) if "resource" in sql and "INSERT" in sql
    )
