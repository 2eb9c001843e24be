"""The pictures in docs/images: the real product over the demo's organization.

It is built as visitors' is, by real syncs of simulated accounts, and looked at by somebody of
its own. ``make screenshots`` runs this; `every_screen` is for looking at everything.
"""

import os
import sys
import tempfile
from pathlib import Path
from uuid import UUID

from frontend import ensure_frontend
from playwright.sync_api import Page, sync_playwright
from png import repacked
from product import CHROMIUM, Person, fresh_product, newcomer, served
from steps import ROOT, StepFailed, step

from infrazen.db.session import Database
from infrazen.db.tables.people import OrganizationRow
from infrazen.demo.build import build
from infrazen.demo.company import ACCOUNTS
from infrazen.domain.people import OrganizationKind
from infrazen.domain.roles import Role
from infrazen.security.access import system_actor
from infrazen.services.me import update_profile

IMAGES = ROOT / "docs" / "images"
PAGES = (
    ("dashboard", "/", 1165),
    ("connections", "/connections", 900),
    ("resources", "/resources", 900),
    ("recommendations", "/recommendations", 900),
)
"""Name, address and height of each picture."""
LANGUAGES = (("en", ""), ("ru", ".ru"))
WIDTH = 1440
PATIENCE_MS = 90_000
MOST_BYTES = 300 * 1024
NOWHERE = "http://127.0.0.1:9"
"""Where the demo's accounts are once it is built: nothing is synced any more."""


def main() -> int:
    """Make every picture anew."""
    os.environ["INFRAZEN_DEMO"] = "true"
    try:
        ensure_frontend()
        with tempfile.TemporaryDirectory() as folder, fresh_product(Path(folder)) as store:
            with step("The demo's organization"):
                built = build(home={account.provider: NOWHERE for account in ACCOUNTS})
            anna = inhabitant(store, built.organization_id)
            with step("Pictures"), served() as address:
                take(address, anna)
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def inhabitant(store: Database, organization_id: UUID) -> Person:
    """An owner of the organization, which is nobody's demo from now on: pictures show no visit."""
    with store.writing() as session:
        row = session.get(OrganizationRow, organization_id)
        if row is None:
            raise StepFailed("the demo is gone")
        row.kind = OrganizationKind.REGULAR
    return newcomer(
        system_actor(organization_id),
        email="anna@example.com",
        name="Анна Петрова",
        role=Role.OWNER,
    )


def take(address: str, person: Person) -> None:
    """Take every picture in both languages."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language, ending in LANGUAGES:
            update_profile(person.actor, language=language)
            context = browser.new_context(
                viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce"
            )
            context.add_cookies(
                [{"name": "infrazen_session", "value": person.cookie, "url": address}]
            )
            context.add_init_script("localStorage.setItem('infrazen_steps', 'hidden')")
            context.set_default_timeout(PATIENCE_MS)
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
    page.locator("main .skeleton").first.wait_for(state="detached")
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
