"""The settings, by mouse and by keyboard, wide and narrow, for those who may and who may not."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from infrazen.domain.roles import Role
from infrazen.services import people
from infrazen.services.me import update_profile
from infrazen.services.sign_in import actor_for_session, actor_for_token, sign_in
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_accessibility import findings, turn
from tests.people import PASSWORD, Person, sign_in_colleague

SECTIONS = {
    "profile": "Профиль",
    "appearance": "Оформление",
    "sessions": "Сеансы",
    "tokens": "API-токены",
    "organization": "Организация",
    "people": "Пользователи",
    "audit": "Журнал действий",
}


@pytest.fixture
def viewer(owner) -> Iterator[Person]:
    """Somebody who only looks."""
    person = sign_in_colleague(owner, Role.VIEWER, "viewer@example.com")
    yield person
    remaining = {member.email: member for member in people.list_people(owner.actor)}
    for email in {person.email, "vera@example.com", "moved@example.com"} & set(remaining):
        people.remove_person(owner.actor, user_id=remaining[email].user_id)


def panel(page: Page):
    return page.locator("#secret-panel")


def test_the_list_leads_to_every_section_and_back(visit):
    page = visit("/settings")
    for slug, title in SECTIONS.items():
        page.get_by_role("main").get_by_role("link", name=title).first.click()
        expect(page).to_have_url(re.compile(f"/settings/{slug}"))
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        current = page.get_by_role("navigation", name="Разделы настроек").get_by_role("link")
        expect(current.and_(page.locator("[aria-current=page]"))).to_have_text(title)
        page.get_by_role("link", name="Все настройки").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Настройки")


def test_on_a_phone_the_list_opens_sections(visit):
    page = visit("/settings", viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("link", name="Сеансы").tap()
    expect(page.get_by_text("этот сеанс")).to_be_visible()
    expect(page.get_by_role("navigation", name="Разделы настроек")).to_be_hidden()
    page.get_by_role("link", name="Все настройки").tap()
    expect(page.get_by_role("link", name="Профиль")).to_be_visible()


@pytest.mark.parametrize("slug", ["", *SECTIONS])
def test_axe_finds_nothing_and_nothing_runs_out(visit, slug):
    page = visit(f"/settings/{slug}".rstrip("/"))
    expect(page.locator(".skeleton")).to_have_count(0)
    for theme in ("light", "dark"):
        turn(page, theme)
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            assert findings(page) == [], (theme, viewport)
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    for width in (1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(fits, timeout=5_000)


def test_the_settings_in_english(visit, viewer):
    update_profile(viewer.actor, language="en")
    page = visit("/settings/people", cookie=viewer.cookie, language="en")
    expect(page.get_by_role("heading", name="What the roles may do")).to_be_visible()
    assert not re.search("[а-яё]", page.get_by_role("main").inner_text().lower())
    page.goto(page.url.replace("people", "sessions"))
    expect(page.get_by_text("this session")).to_be_visible()


def test_a_person_is_added_and_the_password_is_shown_once(visit, viewer):
    page = visit("/settings/people")
    page.get_by_role("button", name="Добавить пользователя").click()
    dialog = page.get_by_role("dialog", name="Добавить пользователя")
    expect(dialog.get_by_label("Электронная почта")).to_be_focused()
    page.wait_for_timeout(300)
    assert findings(page, "[role=dialog]") == []
    page.keyboard.type("vera@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("Вера")
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    assert findings(page, "#secret-panel") == []
    password = panel(page).locator("code").inner_text()
    assert sign_in(email="vera@example.com", password=password)
    page.mouse.click(5, 5)  # a click beside does not lose it
    expect(panel(page)).to_be_visible()
    panel(page).get_by_role("button", name="Скрыть").click()
    expect(panel(page)).to_be_hidden()
    assert password not in page.content()
    row = page.get_by_role("row", name=re.compile("Вера"))
    expect(row).to_contain_text("Наблюдатель")
    page.reload()
    expect(row).to_be_visible()
    assert password not in page.content()


def test_a_role_changes_and_a_question_comes_before_a_loss(visit, viewer):
    page = visit("/settings/people")
    page.get_by_role("button", name="Действия: Борис").click()
    page.get_by_role("button", name="Сменить роль").locator("visible=true").click()
    dialog = page.get_by_role("dialog", name="Роль: Борис")
    expect(dialog.get_by_label("Наблюдатель")).to_be_checked()
    dialog.get_by_role("radio", name=re.compile("^Финансы")).check()
    dialog.get_by_role("button", name="Сменить роль").click()
    row = page.get_by_role("row", name=re.compile("Борис"))
    expect(row).to_contain_text("Финансы")
    page.get_by_role("button", name="Действия: Борис").click()
    page.get_by_role("button", name="Отключить").locator("visible=true").click()
    question = page.get_by_role("dialog", name="Отключить: Борис?")
    question.get_by_role("button", name="Отмена").click()
    expect(question).to_be_hidden()
    expect(row).to_contain_text("Активен")
    assert actor_for_session(viewer.cookie)
    page.get_by_role("button", name="Действия: Борис").click()
    page.get_by_role("button", name="Отключить").locator("visible=true").click()
    question.get_by_role("button", name="Отключить").click()
    expect(row).to_contain_text("Отключён")
    assert actor_for_session(viewer.cookie) is None


def test_who_only_looks_is_told_so_in_plain_words(visit, viewer, server):
    page = visit("/settings/people", cookie=viewer.cookie)
    said = page.get_by_role("heading", name="Недостаточно прав")
    expect(said).to_be_visible()
    expect(page.get_by_text("Доступ может дать владелец или администратор")).to_be_visible()
    expect(page.get_by_role("button", name="Добавить пользователя")).to_have_count(0)
    for slug in ("audit", "tokens"):
        page.goto(f"{server.url}/settings/{slug}")
        expect(said).to_be_visible()
    page.goto(f"{server.url}/settings/organization")
    expect(page.get_by_text("Менять их может только владелец")).to_be_visible()
    expect(page.get_by_role("button", name="Сохранить")).to_have_count(0)


def test_a_password_changes_and_other_sessions_end(visit, viewer):
    other = sign_in(email=viewer.email, password=PASSWORD).cookie
    page = visit("/settings/profile", cookie=viewer.cookie)
    form = page.locator("#password-form")
    form.get_by_label("Текущий пароль").fill("not the password")
    form.get_by_label("Новый пароль").fill("correct horse battery")
    with page.expect_response("**/api/v1/me/password") as refused:
        form.get_by_role("button", name="Сменить пароль").click()
    assert refused.value.status == 422
    expect(form.get_by_text("Пароль не подошёл")).to_be_visible()
    expect(form.get_by_label("Текущий пароль")).to_be_focused()
    form.get_by_label("Текущий пароль").fill(PASSWORD)
    form.get_by_role("button", name="Сменить пароль").click()
    expect(page.get_by_text("Остальные сеансы завершены.")).to_be_visible()
    expect(form.get_by_label("Новый пароль")).to_have_value("")
    assert actor_for_session(other) is None
    assert sign_in(email=viewer.email, password="correct horse battery")


def test_a_name_and_an_address_change(visit, viewer):
    page = visit("/settings/profile", cookie=viewer.cookie)
    page.get_by_label("Имя").fill("Борис Новый")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".profile-button").get_by_text("Борис Новый")).to_be_visible()
    form = page.locator("#email-form")
    form.get_by_label("Новый адрес").fill("moved@example.com")
    form.get_by_label("Текущий пароль").fill(PASSWORD)
    form.get_by_role("button", name="Сменить адрес").click()
    expect(page.get_by_text("В следующий раз входите с moved@example.com.")).to_be_visible()
    expect(page.locator(".settings-value")).to_have_text("moved@example.com")
    assert sign_in(email="moved@example.com", password=PASSWORD)


def test_a_session_elsewhere_ends(visit, viewer):
    other = sign_in(email=viewer.email, password=PASSWORD, agent="curl/8").cookie
    page = visit("/settings/sessions", cookie=viewer.cookie)
    page.get_by_role("button", name="Завершить сеанс: curl").click()
    expect(page.get_by_text("Других открытых сеансов нет.")).to_be_visible()
    assert actor_for_session(other) is None
    assert actor_for_session(viewer.cookie)


def test_a_token_is_made_shown_once_copied_and_revoked(visit):
    page = visit("/settings/tokens", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Создать токен").click()
    dialog = page.get_by_role("dialog", name="Создать токен")
    page.wait_for_timeout(300)
    assert findings(page, "[role=dialog]") == []
    dialog.get_by_label("Название").fill("Ночная выгрузка")
    dialog.get_by_label("Срок").select_option("30")
    dialog.get_by_label("Выгружать данные").check()
    dialog.get_by_role("button", name="Создать токен").click()
    expect(panel(page)).to_be_visible()
    panel(page).get_by_role("button", name="Скопировать").click()
    expect(panel(page)).to_contain_text("Скопировано")
    secret = page.evaluate("navigator.clipboard.readText()")
    assert actor_for_token(secret)
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    assert secret not in page.content()
    page.get_by_role("button", name="Отозвать токен «Ночная выгрузка»").click()
    question = page.get_by_role("dialog", name="Отозвать токен «Ночная выгрузка»?")
    question.get_by_role("button", name="Отозвать").click()
    row = page.get_by_role("row", name=re.compile("Ночная выгрузка"))
    expect(row).to_contain_text("Отозван")
    assert actor_for_token(secret) is None


def test_the_organization_changes_and_is_put_back(visit):
    page = visit("/settings/organization")
    page.get_by_label("Название").fill("Рога и копыта")
    page.get_by_role("button", name="Сохранить").click()
    shown = page.locator(".profile-button").get_by_text("Рога и копыта")
    expect(shown).to_be_visible()
    page.get_by_role("button", name="Вернуть прежнее").click()
    expect(page.get_by_label("Название")).to_have_value("Нейрокола")
    expect(shown).to_be_hidden()


def test_the_look_is_chosen_and_stays(visit):
    page = visit("/settings/appearance")
    page.get_by_role("button", name="Тёмная").click()
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    page.get_by_label("Плотная").check(force=True)
    expect(page.locator("html")).to_have_class(re.compile(r"\bdense\b"))
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile(r"\bdense\b"))
    expect(page.get_by_label("Плотная")).to_be_checked()
    page.get_by_label("Свободная").focus()
    page.keyboard.press("Space")
    expect(page.locator("html")).not_to_have_class(re.compile(r"\bdense\b"))


def test_the_log_is_filtered_in_its_address(visit, viewer):
    page = visit("/settings/audit")
    page.get_by_role("button", name="Раздел").click()
    page.locator("#facet-area").get_by_role("button", name="Пользователи").click()
    expect(page).to_have_url(re.compile(r"area=user"))
    row = page.get_by_role("row", name=re.compile("Добавлен пользователь viewer@example.com"))
    expect(row.first).to_contain_text("роль: Наблюдатель")
    page.keyboard.press("Escape")
    row.first.get_by_role("button", name="Добавлен пользователь viewer@example.com").click()
    expect(page).to_have_url(re.compile(r"target=viewer%40example.com"))
    page.reload()
    expect(page.get_by_role("group", name="Действующие фильтры")).to_contain_text(
        "viewer@example.com"
    )
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Выгрузить CSV").click()
    lines = fetched.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + page.locator("[data-row]").count()
    assert all("viewer@example.com" in line for line in lines[1:])
    page.get_by_role("button", name="Период").click()
    page.get_by_label("По", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.get_by_role("heading", name="Ничего не нашлось")).to_be_visible()
    page.get_by_role("button", name="Сбросить фильтры").click()
    expect(page).to_have_url(re.compile(r"/settings/audit/?$"))
    page.get_by_role("button", name="Проверить целостность").click()
    expect(page.get_by_text("Журнал цел")).to_be_visible()
