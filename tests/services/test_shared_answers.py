"""Many open dashboards: one looks, all of them see it, until something is written."""

import subprocess
import sys
from dataclasses import replace

import pytest

from infrazen.db.queries.resource_filter import Presence
from infrazen.db.session import Database
from infrazen.errors import Forbidden, Unauthenticated
from infrazen.security.access import system_actor
from infrazen.services import shared_answers
from infrazen.services.costs import get_dashboard
from infrazen.services.resources import ResourceFilter, list_facets, list_resources, set_tags
from tests.statements import noted
from tests.sync.made_up import made_up, server
from tests.world import add_organization


@pytest.fixture
def account(each_database):
    account = made_up(each_database)
    account.sync(server(1))
    account.actor = system_actor(account.organization_id)
    return account


def asked(account, actor=None, **how):
    """The dashboard, and how many questions it took."""
    with noted(account.store) as questions:
        shown = get_dashboard(actor or account.actor, **how)
    return shown, len(questions)


def test_a_dashboard_is_worked_out_once_for_all_who_look(account):
    first, many = asked(account)
    second, few = asked(account)
    assert second is first
    assert few <= 1 < many


def test_each_period_is_an_answer_of_its_own(account):
    assert len(asked(account, days=7)[0].days) == 7
    assert len(asked(account, days=90)[0].days) == 90


def test_a_sync_is_seen_at_once(account):
    assert asked(account)[0].resources == 1
    account.sync(server(1), server(2))
    assert asked(account)[0].resources == 2


def test_what_a_use_case_writes_is_seen_at_once(account):
    first, _ = asked(account)
    (line,) = list_resources(account.actor, wanted=ResourceFilter())
    set_tags(account.actor, resource_ids=[line.id], put={"team": "core"}, remove=[])
    assert asked(account)[0] is not first


WRITE = """
import sys
from sqlalchemy import text
from infrazen.db.queries.resource_filter import Presence
from infrazen.db.session import Database
with Database(sys.argv[1]).writing() as session:
    session.execute(text("UPDATE resource_total SET resources = 41"))
"""


def test_what_another_process_writes_is_seen_at_once(account):
    first, _ = asked(account)
    subprocess.run([sys.executable, "-c", WRITE, account.store.url], check=True)
    assert asked(account)[0].resources == 41
    assert first.resources == 1


def test_choices_are_counted_once_for_every_page_of_a_search(account):
    account.sync(server(1), server(2, region="ru2"))
    one, other = ResourceFilter(text="server 1"), ResourceFilter(text="server 2")
    (first,) = list_facets(account.actor, wanted=one)
    with noted(account.store) as questions:
        assert list_facets(account.actor, wanted=replace(one, types=("vps",))) == [first]
    assert len(questions) <= 1
    (second,) = list_facets(account.actor, wanted=other)
    assert (first.region, second.region) == ("ru1", "ru2")
    assert list_facets(account.actor, wanted=replace(one, presence=Presence.DELETED)) == []
    assert list_facets(account.actor, wanted=replace(one, tags={"env": "prod"})) == []


def test_an_answer_grows_old(account, monkeypatch):
    monkeypatch.setattr(shared_answers, "SECONDS", 0.0)
    first, _ = asked(account)
    assert asked(account)[0] is not first


def test_organizations_share_nothing(account):
    asked(account)
    with account.store.writing() as session:
        other = system_actor(add_organization(session, "other"))
    assert asked(account, actor=other)[0].resources == 0
    assert asked(account)[0].resources == 1


def test_whoever_may_not_look_is_refused_what_others_have_seen(account):
    asked(account)
    nobody = replace(account.actor, scopes=frozenset())
    with pytest.raises(Forbidden):
        get_dashboard(nobody)
    with pytest.raises(Unauthenticated):
        get_dashboard(None)


def test_an_answer_that_fails_is_not_kept(account, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("infrazen.services.costs.news.latest", lambda _work: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            get_dashboard(account.actor)
    assert asked(account)[0].resources == 1


def test_a_file_that_is_no_database_has_no_version(tmp_path):
    file = tmp_path / "broken.db"
    file.write_bytes(b"no database at all" * 1000)
    store = Database(f"sqlite:///{file}")
    with store.reading() as session:
        assert store.version(session) != store.version(session)
    store.dispose()
