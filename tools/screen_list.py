"""Every page in every state, as a list: where it is, who looks, what they do there first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

UNKNOWN = "00000000-0000-4000-8000-000000000000"
Act = Callable[[Page], object]


def nothing(page: Page) -> None:
    """Take the page as it comes."""
    del page


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One picture: ``act`` is done on the page at ``path`` before it is taken.

    ``who`` looks: ``owner``, ``viewer`` of the same organization, ``newcomer`` to an empty one,
    or ``stranger``. ``is_waiting`` is a page whose server says nothing, ``is_tall`` takes all
    of it and not only what fits the window; ``in_english`` takes it in English, too, and
    ``only_on`` is desktop or phone where the other has no such thing.
    """

    name: str
    path: str
    act: Act = nothing
    who: str = "owner"
    is_waiting: bool = False
    is_tall: bool = True
    in_english: bool = False
    only_on: str = ""


def every_screen() -> Iterator[Screen]:
    """All of them, page by page."""
    yield from _dashboard()
    yield from _connections()
    yield from _resources()
    yield from _recommendations()
    yield from _settings()
    yield from _entry()
    yield from _frame()


def press(name: str, *, exact: bool = False) -> Act:
    """Press the first button of that name that is in sight."""

    def pressing(page: Page) -> None:
        page.get_by_role("button", name=name, exact=exact).locator("visible=true").first.click()

    return pressing


def choose(selector: str) -> Act:
    """Click the first element that a selector finds in sight."""
    return lambda page: page.locator(selector).locator("visible=true").first.click()


def pause(page: Page) -> None:
    """Give the server a moment."""
    page.wait_for_timeout(1200)


def mark(name: str) -> Act:
    """Have the browser know something that it tells by a class of the document."""
    return lambda page: page.evaluate(f"document.documentElement.classList.add({name!r})")


def steps(*acts: Act) -> Act:
    """One after the other."""

    def doing(page: Page) -> None:
        for act in acts:
            act(page)
            page.wait_for_timeout(400)

    return doing


def enter(selector: str, words: str) -> Act:
    """Type into an input."""
    return lambda page: page.locator(selector).locator("visible=true").first.fill(words)


def _over(name: str, path: str, act: Act = nothing, *, only_on: str = "") -> Screen:
    """What lies over a page, as the window shows it."""
    return Screen(name=name, path=path, act=act, is_tall=False, only_on=only_on)


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
    yield _over("connections: menu", path, press("Ещё действия"))
    yield Screen(
        name="connections: choice",
        path=f"{path}?add",
        act=press("Добавить", exact=True),
        is_tall=False,
    )
    for slug in ("beget", "selectel", "yandex"):
        yield _over(f"connections: form of {slug}", f"{path}?add={slug}")
    wrong = press("Подключить", exact=True)
    yield _over("connections: form refused", f"{path}?add=beget", wrong)
    remove = steps(press("Ещё действия"), press("Удалить", exact=True))
    yield _over("connections: removal", path, remove)
    first = choose("article h2 a")
    yield Screen(name="connection", path=path, act=first)
    yield Screen(name="connection: gone", path=f"{path}/{UNKNOWN}")
    yield Screen(name="connection: loading", path=f"{path}/{UNKNOWN}", is_waiting=True)


def _resources() -> Iterator[Screen]:
    path = "/resources"
    first, pick = choose("[data-row] a"), choose("[data-row] [data-pick]")
    yield Screen(name="resources", path=path, in_english=True)
    yield Screen(name="resources: none found", path=f"{path}?q=nothing-like-this")
    yield _over("resources: facet", path, press("Тип"))
    yield Screen(name="resources: chosen", path=path, act=pick)
    yield Screen(name="resources: none", path=path, who="newcomer")
    yield Screen(name="resources: viewer", path=path, who="viewer")
    yield Screen(name="resources: loading", path=path, is_waiting=True)
    yield Screen(name="resource", path=path, act=first, in_english=True)
    yield Screen(name="resource: gone", path=f"{path}/{UNKNOWN}")
    yield Screen(name="resource: loading", path=f"{path}/{UNKNOWN}", is_waiting=True)


def _recommendations() -> Iterator[Screen]:
    path = "/recommendations"
    yield Screen(name="recommendations", path=path, in_english=True)
    yield Screen(name="recommendations: table", path=f"{path}?view=table")
    yield Screen(name="recommendations: detail", path=path, act=choose(".recommendation-title a"))
    yield _over("recommendations: dismissal", path, press("Отклонить"))
    yield _over("recommendations: rule", path, press("Настроить правило"))
    yield Screen(name="recommendations: none found", path=f"{path}?q=nothing-like-this")
    yield Screen(name="recommendations: none", path=path, who="newcomer")
    yield Screen(name="recommendations: loading", path=path, is_waiting=True)


def _settings() -> Iterator[Screen]:
    path = "/settings"
    yield Screen(name="settings", path=path, in_english=True)
    sections = ("profile", "appearance", "sessions", "tokens", "organization", "people", "audit")
    for section in sections:
        yield Screen(name=f"settings: {section}", path=f"{path}/{section}")
        yield Screen(name=f"settings: {section}, viewer", path=f"{path}/{section}", who="viewer")
    yield Screen(name="settings: loading", path=f"{path}/people", is_waiting=True)
    yield _over("settings: new token", f"{path}/tokens?new=1")
    yield _over("settings: new person", f"{path}/people?new=1")
    role = steps(press("Действия:"), press("Сменить роль"))
    yield Screen(
        name="settings: menu of a person",
        path=f"{path}/people",
        act=press("Действия:"),
        is_tall=False,
    )
    yield _over("settings: role", f"{path}/people", role)
    yield _over("settings: audit facet", f"{path}/audit", press("Раздел"))
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
    yield _over("search", "/", palette)
    for name, words in (("found", "vps"), ("in vain", "nothing-like-this")):
        typed = steps(
            palette, enter("#palette input", words), lambda page: page.wait_for_timeout(1200)
        )
        yield _over(f"search: {name}", "/", typed)
    yield _over("profile menu", "/", press("Профиль:"), only_on="desktop")
    yield _over("phone menu", "/", press("Открыть меню"), only_on="phone")
    for name in ("slow", "interrupted"):
        yield _over(f"connection {name}", "/settings", mark(name))
