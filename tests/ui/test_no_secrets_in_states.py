"""No State of any page holds a secret, wherever somebody looks."""

import inspect

import pytest
from reflex_base.utils.format import json_dumps

from infrazen.db.session import Database
from infrazen.domain.roles import Permission
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services import resources
from infrazen.services.connections import add_connection
from infrazen.services.tokens import create_token
from infrazen.sync.engine import Order
from infrazen.sync.engine import run as run_sync
from tests.people import PASSWORD, Person
from tests.sync.account import draft
from tests.ui.browsers import connect, drain, run, tab
from tests.ui.connected import PASSWORD as CONNECTION_PASSWORD
from tests.ui.test_odd_events import ours

LOOKING = {
    "begin",
    "load",
    "load_largest",
    "load_of_resource",
    "load_one",
    "look",
    "more",
    "more_changes",
    "open_from_address",
    "refresh",
    "toggle",
}
"""Handlers that show something, and take nothing."""


class Account:
    """The reference account, its pages, and every secret that is stored of it."""

    def __init__(self, database: Database, owner: Person, cloud: SimulatorControl) -> None:
        with database.writing() as session:
            ensure_master_key(session)
        card = run(add_connection(owner.actor, draft=draft(cloud), sync_now=False))
        run_sync(
            database,
            Order(organization_id=owner.actor.organization_id, connection_id=card.connection.id),
        )
        self.pages = ["/", f"/connections/{card.connection.id}", "/recommendations"]
        token = create_token(owner.actor, name="ci", scopes=[Permission.COST_READ])
        self.secrets = [PASSWORD, CONNECTION_PASSWORD, token.secret]
        for line in resources.list_resources(owner.actor, wanted=resources.ResourceFilter()):
            self.pages.append(f"/resources/{line.id}")
            found = resources.get_resource(owner.actor, resource_id=line.id)
            self.secrets += [
                resources.reveal_secret(owner.actor, resource_id=line.id, field=one.field)
                for one in found.secrets
            ]


@pytest.fixture
def account(database, owner, beget_simulator) -> Account:
    return Account(database, owner, beget_simulator)


def look(state, kind) -> None:
    """Run all that shows something."""
    for name in LOOKING & kind.event_handlers.keys():
        handler = kind.event_handlers[name]
        if len(inspect.signature(handler.fn).parameters) == 1:
            said = handler.fn(state)
            if inspect.isasyncgen(said):
                drain(said)
            elif inspect.isawaitable(said):
                run(said)


def test_no_state_holds_a_secret_wherever_somebody_looks(app, owner, account):
    browser = tab(owner.cookie)
    shown = ""
    for address in account.pages:
        connect(browser, owner.cookie, address=address)
        for kind in ours():
            look(run(browser.get_state(kind)), kind)
        shown += json_dumps(browser.dict())
    assert "runner rus" in shown
    assert "n8n" in shown
    assert len(account.secrets) > 5
    for secret in account.secrets:
        assert secret not in shown
