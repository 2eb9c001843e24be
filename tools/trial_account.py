"""A simulated account of every provider in a fresh product, one of them with a history."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any

from product import Person, signed_in
from steps import step

from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from infrazen.security.access import Actor
from infrazen.services import setup
from infrazen.services.connection_drafts import Draft
from infrazen.services.connections import add_connection
from infrazen.serving.trial import simulated_cloud
from infrazen.sync.engine import Order, run

DAYS = 60
ADDED_BEFORE = 12
"""The dearer of the two servers came so many days ago."""
OTHERS = ("selectel", "yandex")
LONG_NAME = "Очень длинное имя, какое дают серверам там, где имён не жалеют " + "без-пробелов" * 6


def first_owner() -> Person:
    """Go through the first start."""
    signed = setup.complete_setup(
        code=setup.issue_setup_code() or "",
        organization_name="Нейрокола",
        name="Анна Петрова",
        email="anna@example.com",
        password=os.urandom(16).hex(),
    )
    return signed_in(signed.cookie)


@contextmanager
def trial_accounts(store: Database, owner: Person) -> Iterator[None]:
    """Connect them all and sync them; their simulators end with the block."""
    with ExitStack() as stack:
        cloud = stack.enter_context(simulated_cloud("beget"))
        cloud.wait()
        with step(f"{DAYS} days of syncs"), SimulatorControl(cloud.url) as control:
            order = connect(owner.actor, "beget", cloud.url)
            _live_through(store, order, control)
            control.change("vps", control.ids("vps")[-1], {"display_name": LONG_NAME})
            run(store, order)
        for slug in OTHERS:
            other = stack.enter_context(simulated_cloud(slug))
            other.wait()
            with step(f"The account at {slug}"):
                run(store, connect(owner.actor, slug, other.url))
        yield


def connect(by: Actor, slug: str, endpoint: str, *, title: str = "") -> Order:
    """Connect a provider's simulated account; the sync to be asked of it."""
    draft = Draft(
        provider=slug,
        display_name=title or provider(slug).title,
        credentials=provider(slug).trial,
        endpoint=endpoint,
    )
    card = asyncio.run(add_connection(by, draft=draft, sync_now=False))
    return Order(organization_id=by.organization_id, connection_id=card.connection.id)


def _live_through(store: Database, order: Order, control: SimulatorControl) -> None:
    """Sync once for each day, the last time now; one server comes on the way."""
    server = control.ids("vps")[0]
    later, account = control.record("vps", server), control.record("account", "account")
    control.remove("vps", server)
    control.change("account", "account", _without(account, later["configuration"]))
    for back in range(DAYS - 1, -1, -1):
        if back == ADDED_BEFORE:
            control.put("vps", server, later)
            control.put("account", "account", account)
        run(store, order, clock=earlier(days=back))


def _without(account: dict[str, Any], machine: dict[str, Any]) -> dict[str, float]:
    """The account's rates before it had the machine."""
    return {
        "user_rate_current": round(account["user_rate_current"] - machine["price_day"], 2),
        "user_rate_month": account["user_rate_month"] - machine["price_month"],
    }


def earlier(*, days: int) -> Clock:
    """A clock that goes as many days after the real one."""

    def then() -> datetime:
        return utc_now() - timedelta(days=days)

    return Clock(now=then)
