"""What syncs changed lately is found however many changed nothing."""

from datetime import timedelta

from infrazen.db.queries import snapshots
from infrazen.domain.periods import utc_now
from tests.statements import plans_of
from tests.sync.made_up import made_up, server


def test_what_changed_something_is_found_in_an_index(each_database):
    account = made_up(each_database)
    account.sync(server(1))
    for _ in range(20):
        account.sync(server(1))
    since = utc_now() - timedelta(days=1)
    wanted = {"organization_id": account.organization_id, "since": since}
    (plan,) = plans_of(each_database, snapshots.changing, **wanted)
    assert "ix_sync_snapshot_news" in plan
    with each_database.reading() as session:
        assert [one.created for one in snapshots.changing(session, **wanted)] == [1]
