"""What the latest syncs changed, from the whole path."""

import pytest

from infrazen.services import news
from infrazen.services.costs import get_dashboard
from infrazen.services.syncs import sync_activity
from tests.sync.account import connect


@pytest.fixture
def account(each_database, beget_simulator):
    account = connect(beget_simulator)
    account.sync()
    return account


def test_the_first_reading_is_told_as_one(account):
    (found,) = get_dashboard(account.actor).news
    assert found.is_first
    assert (found.snapshot.created, found.unnamed) == (10, 7)


def test_a_sync_that_changed_nothing_is_no_news(account):
    account.sync()
    assert len(get_dashboard(account.actor).news) == 1


def test_changes_are_named_and_counted(account, beget_simulator):
    beget_simulator.remove("vps", beget_simulator.ids("vps")[0])
    account.sync()
    latest, first = get_dashboard(account.actor).news
    assert first.is_first
    assert not latest.is_first
    assert latest.snapshot.deleted == 1
    assert "deleted" in {change.change.value for change in latest.changes}


def test_of_very_many_changes_only_the_counts_are_told(account, monkeypatch):
    monkeypatch.setattr(news, "MOST_NAMED", 5)
    (found,) = get_dashboard(account.actor).news
    assert (found.changes, found.unnamed) == ((), 10)


def test_what_goes_on_now(account):
    assert sync_activity(account.actor).waiting == frozenset()
