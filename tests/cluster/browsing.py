"""A browser before a dashboard on a node."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright


@contextmanager
def browsing(address: str = "") -> Iterator[Page]:
    """A page in Debian's Chromium, for somebody who reads Russian."""
    with sync_playwright() as playwright:
        program = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
        browser = playwright.chromium.launch(**program)
        yield browser.new_page(locale="ru-RU", base_url=address or None)
        browser.close()


def sign_up(page: Page, link: str) -> None:
    """Make the first account by the link that the log tells."""
    page.goto(link)
    page.get_by_label("Организация").fill("Пример")
    page.get_by_label("Ваше имя").fill("Анна Петрова")
    page.get_by_label("Электронная почта").fill("anna@example.com")
    page.get_by_label("Пароль", exact=True).fill("long-enough-for-a-test")
    page.get_by_role("button", name="Создать и войти").click()
