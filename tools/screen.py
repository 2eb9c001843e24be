"""One picture: where it is, who looks, and what they do there first."""

from collections.abc import Callable
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
    ``stranger``, or the owner of an organization of ``unlucky_accounts``. ``is_waiting`` is a
    page whose server says nothing, ``is_tall`` takes all of it and not only what fits the
    window, ``is_printed`` takes it as a printer does; ``in_english`` takes it in English, too,
    and ``only_on`` is desktop or phone where the other has no such thing.
    """

    name: str
    path: str
    act: Act = nothing
    who: str = "owner"
    is_waiting: bool = False
    is_tall: bool = True
    is_printed: bool = False
    in_english: bool = False
    only_on: str = ""


def press(name: str, *, exact: bool = False) -> Act:
    """Press the first button of that name that is in sight."""

    def pressing(page: Page) -> None:
        page.get_by_role("button", name=name, exact=exact).locator("visible=true").first.click()

    return pressing


def press_within(selector: str, name: str) -> Act:
    """Press the first button of that name inside what a selector finds."""

    def pressing(page: Page) -> None:
        page.locator(selector).get_by_role("button", name=name).locator(
            "visible=true"
        ).first.click()

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


def over(
    name: str, path: str, act: Act = nothing, *, who: str = "owner", only_on: str = ""
) -> Screen:
    """What lies over a page, as the window shows it."""
    return Screen(name=name, path=path, act=act, who=who, is_tall=False, only_on=only_on)
