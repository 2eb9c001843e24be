"""Organizations that one meets when something is odd, for pictures of it.

One whose accounts are in trouble, each in its own way; one that waits for its first data; one
with every rule switched off; one that cannot be shown at all.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from trial_account import connect, earlier

from infrazen.db.queries import connections
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import Progress, Trigger
from infrazen.finops.rules import rules
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.security.access import Actor, system_actor
from infrazen.services.connections import set_suspended
from infrazen.services.organizations import ensure_organization, organization_by_slug
from infrazen.services.rules import set_rule
from infrazen.serving.trial import SimulatedCloud, simulated_cloud
from infrazen.sync.engine import Order, run
from infrazen.sync.lease import Heartbeat, claim

LONG_COMPANY = "Научно-производственное объединение «Северо-Западные вычислительные системы»"
LONG_ACCOUNT = "Тестовые стенды отдела интеграции, второй аккаунт, до переезда в новый центр"
REFUSED, SLOW, SILENT = "Хостинг сайтов", "Облако разработки", "Резервная площадка"
"""Accounts whose password is refused, whose cloud takes its time, and where nobody answers."""
NOWHERE = "http://127.0.0.1:9"
SLOW_SECONDS = 60.0
QUIET_DAYS = 9
"""So long ago the account that is refused now was read for the last time."""


@contextmanager
def unlucky_organizations(store: Database) -> Iterator[dict[str, Actor]]:
    """All of them by the name of who looks at them; what runs in them ends with the block."""
    with ExitStack() as running:
        yield {
            "unlucky": _in_trouble(store, running),
            "beginner": _at_first(store, running),
            "quiet": _without_rules(store, running),
            "broken": _unreadable(store, running),
        }


def _organization(name: str, slug: str) -> Actor:
    ensure_organization(name, slug=slug)
    return system_actor(organization_by_slug(slug).id)


def _in_trouble(store: Database, running: ExitStack) -> Actor:
    by = _organization(LONG_COMPANY, "unlucky")
    refused = _cloud(running, "beget")
    order = connect(by, "beget", refused.url, title=REFUSED)
    run(store, order, clock=earlier(days=QUIET_DAYS))
    _fault(refused, "wrong_password")
    run(store, order)
    slow = _cloud(running, "yandex")
    order = connect(by, "yandex", slow.url, title=SLOW)
    run(store, order, clock=earlier(days=1))
    _fault(slow, "slow", seconds=SLOW_SECONDS)
    _hold(store, running, order, endpoint="compute.instances", done=3, total=8, items=40)
    run(store, connect(by, "selectel", NOWHERE, title=SILENT))
    order = connect(by, "selectel", _cloud(running, "selectel").url, title=LONG_ACCOUNT)
    run(store, order)
    set_suspended(by, connection_id=order.connection_id, suspended=True)
    order = connect(by, "selectel", _cloud(running, "selectel").url, title="Витрина")
    run(store, order)
    _change(store, order, managed_by="finops/selectel-storefront")
    return by


def _at_first(store: Database, running: ExitStack) -> Actor:
    by = _organization("Первые шаги", "beginner")
    order = connect(by, "beget", _cloud(running, "beget").url, title="Beget")
    _hold(store, running, order, endpoint="modern.vps", done=2, total=7, items=1)
    return by


def _without_rules(store: Database, running: ExitStack) -> Actor:
    by = _organization("Без советов", "quiet")
    for rule in rules():
        set_rule(by, rule=rule, is_enabled=False)
    run(store, connect(by, "beget", _cloud(running, "beget").url, title="Beget"))
    return by


def _unreadable(store: Database, running: ExitStack) -> Actor:
    """Its connection is to a provider that InfraZen knows nothing of."""
    by = _organization("Нечитаемая", "broken")
    order = connect(by, "beget", _cloud(running, "beget").url, title="Beget")
    run(store, order)
    _change(store, order, provider="elsewhere")
    return by


def _cloud(running: ExitStack, slug: str) -> SimulatedCloud:
    cloud = running.enter_context(simulated_cloud(slug))
    cloud.wait()
    return cloud


def _fault(cloud: SimulatedCloud, kind: Any, **options: float) -> None:
    with SimulatorControl(cloud.url) as control:
        control.fault(kind, **options)


def _change(store: Database, order: Order, **values: object) -> None:
    """Write to a connection what no form offers."""
    with store.writing() as session:
        connections.change(
            session,
            organization_id=order.organization_id,
            connection_id=order.connection_id,
            values=values,
        )


def _hold(
    store: Database,
    running: ExitStack,
    order: Order,
    *,
    endpoint: str,
    done: int,
    total: int,
    items: int,
) -> None:
    """A sync that goes on for as long as pictures are taken."""
    with store.reading() as session:
        connection = connections.get(
            session, organization_id=order.organization_id, connection_id=order.connection_id
        )
    held = claim(
        store,
        connection,
        trigger=Trigger.MANUAL,
        requested_by="",
        started_at=utc_now() - timedelta(seconds=12),
    )
    heart = running.enter_context(Heartbeat(store, held))
    heart.tell(
        Progress(
            stage="reading",
            endpoint=endpoint,
            endpoints_done=done,
            endpoints_total=total,
            items=items,
        )
    )
