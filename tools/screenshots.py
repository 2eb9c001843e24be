"""The pictures in docs/images: the real product over a fresh database and a simulated account.

Two months of days are read through the real engine with its clock turned back, so that
there is something to draw; the last sync is of now. ``make screenshots`` runs this.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from frontend import ensure_frontend
from packages import VENV
from playwright.sync_api import Page, sync_playwright
from png import repacked
from steps import ROOT, StepFailed, step

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.domain.periods import utc_now
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import Actor
from infrazen.services import setup
from infrazen.services.connection_drafts import Draft
from infrazen.services.connections import add_connection
from infrazen.services.me import update_profile
from infrazen.services.sign_in import principal_for_session
from infrazen.serving.ports import hold_port, port_of
from infrazen.serving.trial import simulated_cloud
from infrazen.sync.engine import Order, run

IMAGES = ROOT / "docs" / "images"
PAGES = (
    ("dashboard", "/", 1165),
    ("connections", "/connections", 900),
    ("resources", "/resources", 900),
)
"""Name, address and height of each picture."""
LANGUAGES = (("en", ""), ("ru", ".ru"))
WIDTH = 1440
DAYS = 60
ADDED_BEFORE = 12
"""The dearer of the two servers came so many days ago."""
MOST_BYTES = 300 * 1024
CHROMIUM = "/usr/bin/chromium"
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is signed in."""

    actor: Actor
    cookie: str


def main() -> int:
    """Make every picture anew."""
    try:
        ensure_frontend()
        with tempfile.TemporaryDirectory() as folder, fresh_product(Path(folder)) as store:
            owner = first_owner()
            with simulated_cloud("beget") as cloud:
                cloud.wait()
                with step(f"{DAYS} days of syncs"), SimulatorControl(cloud.url) as control:
                    live_through(store, connect(owner, cloud.url), control)
                with step("Pictures"), served() as address:
                    take(address, owner)
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def fresh_product(folder: Path) -> Iterator[Database]:
    """An empty installation in ``folder``, in force for this process and its children."""
    os.environ["INFRAZEN_DATA_DIR"] = str(folder)
    os.environ["INFRAZEN_ALLOW_PRIVATE_ENDPOINTS"] = "true"
    store = Database(f"sqlite:///{folder / 'infrazen.db'}")
    upgrade(store)
    with using(store):
        with store.writing() as session:
            ensure_master_key(session)
        yield store
    store.dispose()


def first_owner() -> Owner:
    """Go through the first start."""
    signed_in = setup.complete_setup(
        code=setup.issue_setup_code() or "",
        organization_name="Neurocola",
        name="Anna Petrova",
        email="anna@example.com",
        password=os.urandom(16).hex(),
    )
    principal = principal_for_session(signed_in.cookie)
    if principal is None:
        raise StepFailed("the owner could not sign in")
    return Owner(principal.actor, signed_in.cookie)


def connect(owner: Owner, endpoint: str, *, slug: str = "beget") -> Order:
    """Connect a provider's simulated account; the sync to be asked of it."""
    draft = Draft(
        provider=slug,
        display_name=provider(slug).title,
        credentials=provider(slug).trial,
        endpoint=endpoint,
    )
    card = asyncio.run(add_connection(owner.actor, draft=draft, sync_now=False))
    return Order(organization_id=owner.actor.organization_id, connection_id=card.connection.id)


def live_through(store: Database, order: Order, control: SimulatorControl) -> None:
    """Sync once for each day, the last time now; one server comes on the way."""
    server = control.ids("vps")[0]
    later, account = control.record("vps", server), control.record("account", "account")
    control.remove("vps", server)
    control.change("account", "account", _without(account, later["configuration"]))
    for back in range(DAYS - 1, -1, -1):
        if back == ADDED_BEFORE:
            control.put("vps", server, later)
            control.put("account", "account", account)
        with clock_turned_back(days=back):
            run(store, order)


def _without(account: dict[str, Any], machine: dict[str, Any]) -> dict[str, float]:
    """The account's rates before it had the machine."""
    return {
        "user_rate_current": round(account["user_rate_current"] - machine["price_day"], 2),
        "user_rate_month": account["user_rate_month"] - machine["price_month"],
    }


@contextmanager
def clock_turned_back(*, days: int) -> Iterator[None]:
    """What the engine takes for now lies so many days ago."""

    def then() -> datetime:
        return utc_now() - timedelta(days=days)

    with (
        mock.patch("infrazen.sync.engine.utc_now", then),
        mock.patch("infrazen.sync.lease.utc_now", then),
    ):
        yield


@contextmanager
def served() -> Iterator[str]:
    """The address of the running product."""
    with hold_port(host="127.0.0.1", wanted=None, first=8100) as listener:
        port = port_of(listener)
    command = [VENV / "bin/infrazen", "up", "--no-schedules", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise StepFailed("InfraZen did not start: try `make run` by itself")


def take(address: str, owner: Owner) -> None:
    """Take every picture in both languages."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language, ending in LANGUAGES:
            update_profile(owner.actor, language=language)
            context = browser.new_context(
                viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce"
            )
            context.add_cookies(
                [{"name": "infrazen_session", "value": owner.cookie, "url": address}]
            )
            page = context.new_page()
            for name, path, height in PAGES:
                keep(f"{name}{ending}", picture(page, f"{address}{path}", height))
            context.close()
        browser.close()


def picture(page: Page, address: str, height: int) -> bytes:
    """The page at ``address`` once it has settled."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    return page.screenshot()


def keep(name: str, data: bytes) -> None:
    """Write a picture, as small as it gets without a loss."""
    small = repacked(data)
    if len(small) > MOST_BYTES:
        raise StepFailed(f"{name}.png has {len(small) // 1024} KB: make it less high")
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(small)


if __name__ == "__main__":
    sys.exit(main())
