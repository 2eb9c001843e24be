"""What one sees only when something is odd: in trouble, at first, not set up, on paper."""

from collections.abc import Iterator

from playwright.sync_api import Page
from screen import Act, Screen, enter, nothing, over, pause, press, press_within, steps
from unlucky_accounts import REFUSED, SILENT, SLOW

PAGES = ("dashboard", "connections", "resources", "recommendations", "settings")


def odd_screens() -> Iterator[Screen]:
    """All of them."""
    yield from _in_trouble()
    yield from _at_first()
    yield from _not_set_up()
    yield from _broken()
    yield from _tested()
    yield from _on_paper()


def _address(page: str) -> str:
    return "/" if page == "dashboard" else f"/{page}"


def _in_trouble() -> Iterator[Screen]:
    """Failed syncs, one that goes on, one that Git manages, names beyond reason."""
    for page in PAGES:
        yield Screen(
            name=f"{page}: unlucky",
            path=_address(page),
            who="unlucky",
            in_english=page != "settings",
        )
    for name, title in (("refused", REFUSED), ("at work", SLOW), ("unreachable", SILENT)):
        yield Screen(
            name=f"connection: {name}", path="/connections", act=_open(title), who="unlucky"
        )
    for section in ("organization", "people", "profile", "audit"):
        yield Screen(
            name=f"settings: {section}, unlucky", path=f"/settings/{section}", who="unlucky"
        )
    yield over(
        "profile menu: unlucky", "/settings", press("Профиль:"), who="unlucky", only_on="desktop"
    )
    yield over(
        "phone menu: unlucky", "/settings", press("Открыть меню"), who="unlucky", only_on="phone"
    )


def _at_first() -> Iterator[Screen]:
    for page in PAGES[:-1]:
        yield Screen(
            name=f"{page}: first sync",
            path=_address(page),
            who="beginner",
            in_english=page == "dashboard",
        )
    yield Screen(
        name="connection: first sync", path="/connections", act=_open("Beget"), who="beginner"
    )


def _not_set_up() -> Iterator[Screen]:
    yield Screen(
        name="recommendations: not configured",
        path="/recommendations",
        who="quiet",
        in_english=True,
    )
    yield Screen(name="dashboard: not configured", path="/", who="quiet")
    yield Screen(name="recommendations: viewer", path="/recommendations", who="viewer")
    yield Screen(name="settings: audit, none found", path="/settings/audit?area=secret")


def _broken() -> Iterator[Screen]:
    """The server says that it could not."""
    for page in ("dashboard", "connections"):
        yield Screen(name=f"{page}: broken", path=_address(page), who="broken", in_english=True)


def _tested() -> Iterator[Screen]:
    """A connection that is being tested, that was accepted, that was refused."""
    test = press("Проверить подключение")
    for name, who, title, wait in (
        ("under way", "unlucky", SLOW, nothing),
        ("refused", "unlucky", REFUSED, _answered),
        ("unreachable", "unlucky", SILENT, _answered),
        ("accepted", "owner", "Beget", _answered),
    ):
        act = steps(_edit(title), test, pause, wait)
        yield over(f"connections: test {name}", "/connections", act, who=who)
    own = steps(
        enter("#connection-form [name=display_name]", "Основной аккаунт"),
        lambda page: page.get_by_label("Синхронизация").select_option("custom"),
    )
    yield over("connections: own schedule", "/connections?add=beget", own)


def _on_paper() -> Iterator[Screen]:
    for page in PAGES[:-1]:
        yield Screen(
            name=f"{page}: printed", path=_address(page), is_printed=True, only_on="desktop-light"
        )


def _open(title: str) -> Act:
    return lambda page: page.get_by_role("link", name=title, exact=True).first.click()


def _edit(title: str) -> Act:
    card = f"article[aria-label='{title}']"
    return steps(press_within(card, "Ещё действия"), press("Изменить и проверить"))


def _answered(page: Page) -> None:
    """Wait for what the provider says to it."""
    page.get_by_role("dialog").locator(".callout").first.wait_for()
