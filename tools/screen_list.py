"""Every page in every state, as a list."""

from collections.abc import Iterator

from odd_screens import odd_screens
from playwright.sync_api import Page
from screen import UNKNOWN, Screen, choose, enter, mark, over, press, press_within, steps


def every_screen() -> Iterator[Screen]:
    """All of them, page by page."""
    yield from _dashboard()
    yield from _connections()
    yield from _resources()
    yield from _recommendations()
    yield from _settings()
    yield from _entry()
    yield from _frame()
    yield from odd_screens()


def _dashboard() -> Iterator[Screen]:
    yield Screen(name="dashboard", path="/", in_english=True)
    yield Screen(name="dashboard: week", path="/?days=7")
    yield Screen(name="dashboard: year", path="/?days=365")
    yield Screen(name="dashboard: as a table", path="/", act=choose("figure summary"))
    yield Screen(name="dashboard: viewer", path="/", who="viewer")
    yield Screen(name="dashboard: no connection", path="/", who="newcomer", in_english=True)
    yield Screen(name="dashboard: loading", path="/", is_waiting=True)


def _connections() -> Iterator[Screen]:
    path = "/connections"
    yield Screen(name="connections", path=path, in_english=True)
    yield Screen(name="connections: viewer", path=path, who="viewer")
    yield Screen(name="connections: none", path=path, who="newcomer")
    yield Screen(name="connections: loading", path=path, is_waiting=True)
    yield over("connections: menu", path, press("Ещё действия"))
    yield Screen(
        name="connections: choice",
        path=f"{path}?add",
        act=press("Добавить", exact=True),
        is_tall=False,
    )
    for slug in ("beget", "selectel", "yandex"):
        yield over(f"connections: form of {slug}", f"{path}?add={slug}")
    wrong = press("Подключить", exact=True)
    yield over("connections: form refused", f"{path}?add=beget", wrong)
    remove = steps(press("Ещё действия"), press("Удалить", exact=True))
    yield over("connections: removal", path, remove)
    first = choose("article h2 a")
    yield Screen(name="connection", path=path, act=first, in_english=True)
    yield Screen(name="connection: gone", path=f"{path}/{UNKNOWN}")
    yield Screen(name="connection: loading", path=f"{path}/{UNKNOWN}", is_waiting=True)


def _resources() -> Iterator[Screen]:
    path = "/resources"
    first, pick = choose("[data-row] a"), choose("[data-row] [data-pick]")
    yield Screen(name="resources", path=path, in_english=True)
    yield Screen(name="resources: none found", path=f"{path}?q=nothing-like-this")
    yield over("resources: facet", path, press("Тип"))
    yield Screen(name="resources: chosen", path=path, act=pick)
    yield over("resources: columns", path, press("Столбцы"))
    yield over("resources: views", path, press("Представления"))
    save = steps(press("Представления"), press("Сохранить как новое"))
    yield over("resources: saving a view", path, save)
    for name, button in (("owners", "Кому принадлежит"), ("tags", "Теги")):
        yield over(
            f"resources: {name} of many", path, steps(pick, press_within(".bulk-bar", button))
        )
    yield Screen(name="resources: none", path=path, who="newcomer")
    yield Screen(name="resources: viewer", path=path, who="viewer")
    yield Screen(name="resources: loading", path=path, is_waiting=True)
    yield Screen(name="resource", path=path, act=first, in_english=True)
    yield over("resource: renaming", path, steps(first, press("Переименовать")))
    yield over("resource: price by hand", path, steps(first, press("Указать цену вручную")))
    yield Screen(name="comparison", path=path, act=_compare, in_english=True)
    yield Screen(name="comparison: too few", path=f"{path}/compare")
    yield Screen(name="resource: gone", path=f"{path}/{UNKNOWN}")
    yield Screen(name="resource: loading", path=f"{path}/{UNKNOWN}", is_waiting=True)


def _compare(page: Page) -> None:
    """Choose three rows and compare them."""
    for row in range(3):
        page.locator("[data-row] [data-pick]").nth(row).click()
        page.wait_for_timeout(400)
    choose(".bulk-bar button")(page)
    page.wait_for_url("**/compare**")


def _recommendations() -> Iterator[Screen]:
    path = "/recommendations"
    yield Screen(name="recommendations", path=path, in_english=True)
    yield Screen(name="recommendations: table", path=f"{path}?view=table")
    yield over("recommendations: detail", path, choose(".recommendation-title a"))
    yield over("recommendations: dismissal", path, press("Отклонить"))
    yield over("recommendations: rule", path, press("Настроить правило"))
    yield Screen(name="recommendations: none found", path=f"{path}?q=nothing-like-this")
    yield Screen(name="recommendations: none", path=path, who="newcomer")
    yield Screen(name="recommendations: loading", path=path, is_waiting=True)


def _settings() -> Iterator[Screen]:
    path = "/settings"
    yield Screen(name="settings", path=path, in_english=True)
    sections = ("profile", "appearance", "sessions", "tokens", "organization", "people", "audit")
    for section in sections:
        yield Screen(name=f"settings: {section}", path=f"{path}/{section}", in_english=True)
        yield Screen(name=f"settings: {section}, viewer", path=f"{path}/{section}", who="viewer")
    yield Screen(name="settings: loading", path=f"{path}/people", is_waiting=True)
    yield over("settings: new token", f"{path}/tokens?new=1")
    yield over("settings: new person", f"{path}/people?new=1")
    role = steps(press("Действия:"), press("Сменить роль"))
    yield Screen(
        name="settings: menu of a person",
        path=f"{path}/people",
        act=press("Действия:"),
        is_tall=False,
    )
    yield over("settings: role", f"{path}/people", role)
    yield over("settings: audit facet", f"{path}/audit", press("Раздел"))
    line = choose("[data-row] button")
    yield Screen(name="settings: audit line", path=f"{path}/audit", act=line)


def _entry() -> Iterator[Screen]:
    wrong = steps(
        enter("input[type=email]", "anna@example.com"),
        enter("input[type=password]", "not-a-real-password"),
        choose("button[type=submit]"),
        lambda page: page.locator("[role=alert]").first.wait_for(),
    )
    yield Screen(name="sign-in", path="/login", who="stranger", in_english=True)
    yield Screen(name="sign-in: refused", path="/login", who="stranger", act=wrong)
    yield Screen(name="set-up: old link", path="/setup?code=x", who="stranger")
    yield Screen(name="welcome", path="/welcome", who="stranger", in_english=True)
    yield Screen(name="not found", path="/no-such-page", in_english=True)


def _frame() -> Iterator[Screen]:
    palette = steps(lambda page: page.keyboard.press("Control+k"))
    yield over("search", "/", palette)
    for name, words in (("found", "vps"), ("in vain", "nothing-like-this")):
        typed = steps(
            palette, enter("#palette input", words), lambda page: page.wait_for_timeout(1200)
        )
        yield over(f"search: {name}", "/", typed)
    yield over("profile menu", "/", press("Профиль:"), only_on="desktop")
    yield over("phone menu", "/", press("Открыть меню"), only_on="phone")
    for name in ("slow", "interrupted"):
        yield over(f"connection {name}", "/settings", mark(name))
