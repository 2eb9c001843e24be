"""A tab in which somebody works with connections, and what its events lead to."""

import asyncio
import inspect
from typing import Any

from reflex.state import State

from infrazen.db.session import database
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.connections import list_connections
from infrazen.sync.engine import Order
from infrazen.sync.engine import run as run_engine
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_history import ConnectionHistoryState
from infrazen_ui.states.connection_removal import ConnectionRemovalState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from tests.people import Person
from tests.ui.browsers import tab

PASSWORD = "simulator-password"


class Tab:
    """One browser tab: send it events, look at its states."""

    def __init__(self, person: Person | None, path: str = "/connections") -> None:
        self.tree: State = tab(person.cookie if person else "")
        self.go(path)

    def go(self, path: str) -> None:
        """Open another page."""
        data = {**self.tree.router_data, "asPath": path, "pathname": path}
        self.tree._update_router_vars(data, {})
        self.tree.router_data = data

    def state(self, kind: type[State]) -> Any:
        return asyncio.run(self.tree.get_state(kind))

    def send(self, kind: type[State], name: str, *arguments: Any) -> list[str]:
        """Run a handler to its end; the events that it led to, as text."""
        handler = getattr(kind, name)
        given = handler.fn(self.state(kind), *arguments)
        return asyncio.run(_collected(given))

    @property
    def cards(self) -> Any:
        return self.state(ConnectionsState)

    @property
    def form(self) -> Any:
        return self.state(ConnectionFormState)

    @property
    def history(self) -> Any:
        return self.state(ConnectionHistoryState)

    @property
    def removal(self) -> Any:
        return self.state(ConnectionRemovalState)

    @property
    def sync(self) -> Any:
        return self.state(ConnectionSyncState)

    def everything(self) -> str:
        """All that the browser gets to know."""
        return repr(self.tree.dict())


async def _collected(given: Any) -> list[str]:
    if inspect.isasyncgen(given):
        events = [event async for event in given]
    elif inspect.isawaitable(given):
        events = [await given]
    else:
        events = [given]
    flat = [one for event in events for one in (event if isinstance(event, list) else [event])]
    return [str(one) for one in flat if one is not None]


def entered(simulator: SimulatorControl, **changes: Any) -> dict[str, Any]:
    """What a browser sends of a form that is filled in for the trial account."""
    values = {
        "display_name": "Beget, основной",
        "credential.login": "demo",
        "credential.password": PASSWORD,
        "credential.account_password": "",
        "credential.token": "",
        "schedule_choice": "0 */6 * * *",
        "schedule": "",
        "time_zone": "Europe/Moscow",
        "setting.collect_statistics": "on",
        "setting.statistics_seconds": "300",
        "setting.collect_mailboxes": "on",
        "setting.requests_per_second": "",
        "endpoint": simulator.url,
    }
    return values | {name.replace("__", "."): value for name, value in changes.items()}


def connected(person: Person, simulator: SimulatorControl) -> tuple[Tab, ConnectionCard]:
    """A tab in which the trial account was added through the form."""
    browser = Tab(person)
    browser.send(ConnectionsState, "load")
    browser.send(ConnectionFormState, "add", "beget")
    browser.send(ConnectionFormState, "save", entered(simulator))
    [card] = list_connections(person.actor)
    return browser, card


def synced(card: ConnectionCard) -> None:
    """Sync a connection here and now."""
    run_engine(
        database(),
        Order(organization_id=card.connection.organization_id, connection_id=card.connection.id),
    )
