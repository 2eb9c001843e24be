"""A sync may be of an earlier moment: that is how a history is made."""

from datetime import timedelta

from sqlmodel import select

from infrazen.db.queries import connections
from infrazen.db.tables.costs import CostRecordRow
from infrazen.db.tables.snapshots import ResourceStateRow
from infrazen.domain.periods import local_day, utc_now
from infrazen.provider_kit.clock import Clock
from tests.sync.account import connect


def test_all_that_it_writes_is_of_that_moment(database, beget_simulator):
    account = connect(beget_simulator)
    moment = utc_now() - timedelta(days=40)
    snapshot = account.sync(Clock(now=lambda: moment))
    assert (snapshot.started_at, snapshot.finished_at) == (moment, moment)
    with database.reading() as session:
        known = connections.get(
            session,
            organization_id=account.actor.organization_id,
            connection_id=account.connection_id,
        )
        observed = set(session.exec(select(ResourceStateRow.observed_at)))
        days = set(session.exec(select(CostRecordRow.day)))
    assert known.last_success_at == moment
    assert observed == {moment}
    assert days == {local_day(moment, "Europe/Moscow")}
