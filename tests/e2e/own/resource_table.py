"""The resource table as one reads it and finds one's way in it."""

from playwright.sync_api import Locator, Page, expect

LIST = "/resources"


def rows(page: Page) -> Locator:
    return page.locator("[data-row]")


def names(page: Page) -> list[str]:
    return page.locator("[data-row] .line-large a").all_inner_texts()


def shows(page: Page, count: int) -> None:
    """Wait until the table has so many rows."""
    expect(rows(page)).to_have_count(count)


def plain(text: str) -> str:
    """``text`` with one kind of space."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def open_resource(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def choose(page: Page, facet: str, choice: str) -> None:
    page.get_by_role("search").get_by_role("button", name=facet).click()
    page.locator(".facet-menu:popover-open").get_by_role("button", name=choice).click()


def fits(page: Page) -> None:
    """Wait until nothing stands beside the screen."""
    page.wait_for_function(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
