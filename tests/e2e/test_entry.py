"""Coming in and going out, as a person does it."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infrazen.services.sign_in import sign_in
from tests.e2e.conftest import GALLERY, PHONE, watched
from tests.people import PASSWORD
from tests.served import Served, served

HOME = "/_components/shell"


@pytest.fixture
def empty_server(web, migrated_sqlite, tmp_path) -> Iterator[tuple[Served, str]]:
    """An installation without people, and the setup code that it printed."""
    path = tmp_path / "empty.db"
    shutil.copy(migrated_sqlite, path)
    with served(tmp_path, database=f"sqlite:///{path}", web=web, **GALLERY) as running:
        printed = re.search(r"/setup\?code=(\S+)", running.log.read_text())
        assert printed
        yield running, printed.group(1)


def fill_setup(page: Page, *, password: str = PASSWORD) -> None:
    page.get_by_label("Организация").fill("Нейрокола")
    page.get_by_label("Ваше имя").fill("Анна Петрова")
    page.get_by_label("Электронная почта").fill("anna@example.com")
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Создать и войти").click()


def test_the_first_start(empty_server, browser: Browser):
    server, code = empty_server
    with watched(browser, server) as context:
        page = context.new_page()
        page.goto(f"{server.url}/")
        expect(page).to_have_url(re.compile(r"/login"))
        expect(page.get_by_text("Здесь ещё никого нет")).to_be_visible()

        page.goto(f"{server.url}/setup?code=made-up")
        fill_setup(page)
        expect(page.get_by_role("alert")).to_contain_text("Ссылка больше не действует")

        page.goto(f"{server.url}/setup?code={code}&next={HOME}")
        fill_setup(page)
        expect(page).to_have_url(re.compile(rf"{HOME}/?$"))
        expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in context.cookies()}
        assert cookies["infrazen_session"]["httpOnly"]
        assert cookies["infrazen_session"]["sameSite"] == "Lax"

        again = context.new_page()
        again.goto(f"{server.url}/setup?code={code}")
        fill_setup(again)
        expect(again.get_by_role("alert")).to_contain_text("InfraZen уже настроен")


def test_a_stranger_signs_in_and_lands_where_they_wanted(visit):
    page = visit(f"{HOME}?q=диск", cookie="")
    expect(page).to_have_url(re.compile(r"/login/?\?next="))
    expect(page.get_by_label("Электронная почта")).to_be_focused()
    page.get_by_label("Электронная почта").fill("anna@example.com")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"{HOME}/?\?q="))
    expect(page.get_by_role("heading", level=1)).to_have_text("Страница")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/.//no-such-page.example"],
)
def test_signing_in_leads_to_no_other_site(visit, wanted):
    page = visit(f"/login?next={wanted}", cookie="")
    page.get_by_label("Электронная почта").fill("anna@example.com")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^http://localhost:\d+/(?!login)"))


def test_a_wrong_password_is_explained_and_kept_out_of_the_page(visit):
    page = visit("/login", cookie="")
    page.get_by_label("Электронная почта").fill("nobody@example.com")
    page.get_by_label("Пароль", exact=True).fill("wrong-password-1")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_contain_text("Неверная почта или пароль")
    expect(page.get_by_label("Электронная почта")).to_have_value("nobody@example.com")
    expect(page.get_by_label("Электронная почта")).to_be_focused()


def test_too_many_attempts_say_how_long_to_wait(visit):
    page = visit("/login", cookie="")
    page.get_by_label("Электронная почта").fill("guessed@example.com")
    page.get_by_label("Пароль", exact=True).fill("wrong-password-1")
    submit = page.get_by_role("button", name="Войти")
    alert = page.get_by_role("alert")
    for _ in range(5):
        with page.expect_response("**/api/auth/login") as answer:
            submit.click()
        assert answer.value.status == 401
        expect(alert).to_contain_text("Неверная почта")
    submit.click()
    expect(alert).to_contain_text("Слишком много попыток")
    expect(alert).to_contain_text("Подождите")


def test_a_typed_password_can_be_looked_at(visit):
    page = visit("/login", cookie="")
    password = page.get_by_label("Пароль", exact=True)
    password.fill("hidden")
    show = page.get_by_role("button", name="Показать или скрыть пароль")
    show.click()
    expect(password).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    show.click()
    expect(password).to_have_attribute("type", "password")


def test_signing_out_leaves_nothing_behind(visit, owner):
    page = visit(HOME, cookie=sign_in(email=owner.email, password=PASSWORD).cookie)
    before = page.evaluate("sessionStorage.getItem('token')")
    page.get_by_role("button", name="Профиль: Анна Петрова").click()
    page.get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile(r"/login"))
    expect(page.get_by_label("Электронная почта")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('token')")
    assert page.evaluate("sessionStorage.getItem('token')") != before
    assert "infrazen_session" not in {cookie["name"] for cookie in page.context.cookies()}
    assert "Анна" not in page.content()


def test_an_ended_session_leads_to_sign_in(visit):
    page = visit(HOME, cookie="ended-long-ago")
    expect(page).to_have_url(re.compile(r"/login"))


def test_an_address_that_leads_nowhere(visit):
    page = visit("/no-such-page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Такой страницы нет")
    expect(page).to_have_title("Страница не найдена · InfraZen")
    expect(page.get_by_role("link", name="На главную")).to_have_attribute("href", "/")


def test_signing_in_on_a_phone(visit):
    page = visit("/login", cookie="", viewport=PHONE, has_touch=True, is_mobile=True)
    button = page.get_by_role("button", name="Войти").bounding_box()
    assert button is not None
    assert button["height"] >= 40
    assert button["y"] + button["height"] < PHONE["height"]
