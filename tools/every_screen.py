"""Pictures of every page in every state, to be looked at: desktop and phone, light and dark.

Of a fresh product over three simulated accounts, or of any product that runs: its data is
taken as it is, and what needs somebody who is not there is left out.

    python tools/every_screen.py                                    all of it
    python tools/every_screen.py --only resources --look phone      some of it
    python tools/every_screen.py --address http://localhost:8000 [--cookie VALUE]

They go to ``.data/screens`` with an ``index.html`` that shows them side by side.
"""

import argparse
import html
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from frontend import ensure_frontend
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from product import CHROMIUM, Person, fresh_product, newcomer, served
from screen_list import Screen, every_screen
from steps import ROOT, StepFailed
from trial_account import first_owner, trial_accounts
from unlucky_accounts import unlucky_organizations

from infrazen.domain.roles import Role
from infrazen.security.access import Actor, system_actor
from infrazen.services.organizations import ensure_organization, organization_by_slug

FOLDER = ROOT / ".data" / "screens"
LOOKS = {
    "desktop-light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone-light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
PAPER = {"width": 1047, "height": 703}
"""What fits a sheet of A4 within its margins, laid on its side."""
PATIENCE_MS = 30_000
LONG_NAME = "Константин Константинопольский-Переяславль-Залесский"


@dataclass(frozen=True, slots=True)
class Product:
    """A running product, and the cookies of those who may look: by the names of the screens."""

    address: str
    cookies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken, or why it was not."""

    screen: str
    look: str
    file: str
    problem: str = ""


def main() -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", default=[], help="screens called like this")
    parser.add_argument("--look", action="append", default=[], help="looks called like this")
    parser.add_argument("--address", help="a product that runs; without it a fresh one is started")
    parser.add_argument("--cookie", default="", help="its session cookie; else as a visitor")
    parser.add_argument("--into", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    screens = [one for one in every_screen() if _is_wanted(one.name, arguments.only)]
    looks = [name for name in LOOKS if _is_wanted(name, arguments.look)]
    try:
        with _product(arguments.address, arguments.cookie) as product:
            taken = list(_taken(product, screens, looks, arguments.into))
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    _index(taken, arguments.into)
    missing = sum(bool(one.problem) for one in taken)
    print(f"{len(taken) - missing} pictures in {arguments.into}/index.html, {missing} not taken")
    return 0


def _is_wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


@contextmanager
def _product(address: str | None, cookie: str) -> Iterator[Product]:
    """The one at ``address``, or a fresh one over three simulated accounts."""
    if address is not None:
        yield Product(address, {"owner": cookie, "stranger": ""})
        return
    ensure_frontend()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        store = stack.enter_context(fresh_product(Path(folder)))
        owner = first_owner()
        stack.enter_context(trial_accounts(store, owner))
        unlucky = stack.enter_context(unlucky_organizations(store))
        cookies = {"owner": owner.cookie, "stranger": "", **_others(owner, unlucky)}
        yield Product(stack.enter_context(served()), cookies)


def _others(owner: Person, unlucky: dict[str, Actor]) -> dict[str, str]:
    """Cookies of a viewer, of owners of other organizations, and of those who read English."""
    ensure_organization("Новая компания", slug="newcomers")
    empty = system_actor(organization_by_slug("newcomers").id)
    people = {"owner-en": (owner.actor, Role.OWNER), "viewer": (owner.actor, Role.VIEWER)}
    for who, by in {"newcomer": empty, **unlucky}.items():
        people |= {who: (by, Role.OWNER), f"{who}-en": (by, Role.OWNER)}
    names = {"unlucky": LONG_NAME}
    return {
        who: newcomer(
            by,
            email=f"{who}@example.com",
            name=names.get(who, "Борис Годунов"),
            role=role,
            language="en" if who.endswith("-en") else "ru",
        ).cookie
        for who, (by, role) in people.items()
    }


def _taken(
    product: Product, screens: list[Screen], looks: list[str], folder: Path
) -> Iterator[Picture]:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for screen in screens:
            if screen.who not in product.cookies:
                continue
            for look in (one for one in looks if screen.only_on in one):
                yield _taken_once(browser, product, screen, look=look, folder=folder)
            if screen.in_english:
                yield _taken_once(
                    browser, product, screen, look=looks[0], folder=folder, language="en"
                )
        browser.close()


def _taken_once(
    browser: Browser,
    product: Product,
    screen: Screen,
    *,
    look: str,
    folder: Path,
    language: str = "",
) -> Picture:
    shown = f"{look}-en" if language else look
    file = re.sub(r"[^a-z]+", "-", f"{screen.name} {shown}") + ".png"
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce", **LOOKS[look])
    context.set_default_timeout(PATIENCE_MS)
    cookie = product.cookies[screen.who]
    if language:
        cookie = product.cookies.get(f"{screen.who}-{language}", cookie)
        context.add_init_script(f"localStorage.setItem('infrazen_language', '{language}')")
    if cookie:
        context.add_cookies([{"name": "infrazen_session", "value": cookie, "url": product.address}])
    page = context.new_page()
    problem = ""
    try:
        _open(page, product.address, screen)
        screen.act(page)
        _settle(page, screen)
        if screen.is_printed:
            page.set_viewport_size(PAPER)
            page.emulate_media(media="print")
            page.wait_for_timeout(500)
    except BrowserError as error:
        problem = str(error).partition("\n")[0]
    page.screenshot(path=folder / file, full_page=screen.is_tall)
    context.close()
    print(f"  {'!' if problem else '✓'} {screen.name}, {shown} {problem}", flush=True)
    return Picture(screen.name, shown, file, problem)


def _open(page: Page, address: str, screen: Screen) -> None:
    if screen.who == "owner" and not page.context.cookies():
        page.goto(address)  # where a demo lets visitors in
    if screen.is_waiting:
        page.route_web_socket("**/_event/**", lambda _socket: None)
    page.goto(address + screen.path)
    if screen.is_waiting:
        page.locator(".skeleton").first.wait_for()
    else:
        page.locator("html[data-ready]").wait_for(state="attached")
        page.locator(".skeleton").first.wait_for(state="detached")


def _settle(page: Page, screen: Screen) -> None:
    """Wait until nothing moves any more; charts draw themselves for a moment."""
    page.wait_for_timeout(500)
    if not screen.is_waiting:
        page.locator("main .skeleton").first.wait_for(state="detached")
        page.wait_for_timeout(700)


def _index(taken: list[Picture], folder: Path) -> None:
    """One page that shows them side by side."""
    rows = []
    for name in dict.fromkeys(one.screen for one in taken):
        cells = "".join(
            f"<figure><a href='{one.file}'><img loading=lazy src='{one.file}'></a>"
            f"<figcaption>{one.look} <b>{html.escape(one.problem)}</b></figcaption></figure>"
            for one in taken
            if one.screen == name
        )
        rows.append(f"<h2>{html.escape(name)}</h2><section>{cells}</section>")
    style = (
        "body{font:15px system-ui;margin:2rem;background:#ddd}section{display:flex;gap:1rem;"
        "align-items:flex-start;overflow:auto}figure{margin:0}img{max-height:640px;background:#fff}"
        "b{color:#b00}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>"
    (folder / "index.html").write_text(page + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
