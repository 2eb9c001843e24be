"""Screens that one meets only when something is odd: long names, what is gone, what Git manages."""

import pytest
from playwright.sync_api import Page, expect

from infrazen.db.queries import connections
from infrazen.provider_kit.simulation.control import SimulatorControl
from tests.e2e.accounts import apart
from tests.e2e.test_accessibility import findings, turn
from tests.sync.account import Account

LONG = "<b>Сервер</b> 🚀 שרת " + "безпробелов" * 12
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
WIDTHS = (1440, 1280, 1024, 820, 641, 390, 320)


@pytest.fixture(scope="module")
def account(account: Account, cloud: SimulatorControl) -> Account:
    """An account in which a server was renamed beyond reason, and another is gone."""
    renamed, gone = cloud.ids("vps")
    cloud.change("vps", renamed, {"display_name": LONG})
    cloud.remove("vps", gone)
    apart(account.sync)
    return account


def fits_everywhere(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(FITS, timeout=5_000)


def test_a_long_name_pushes_nothing_out_of_sight(visit, server, account):
    page = visit("/resources")
    link = page.get_by_role("main").get_by_role("link", name=LONG)
    expect(link).to_have_text(LONG)
    fits_everywhere(page)
    for path in ("/", f"/connections/{account.connection_id}", link.get_attribute("href")):
        page.goto(server.url + path)
        expect(page.get_by_text(LONG).first).to_be_visible()
        fits_everywhere(page)


def test_what_is_gone_says_since_when(visit):
    page = visit("/resources?presence=deleted")
    page.get_by_role("link", name="runner rus").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("runner rus")
    note = page.get_by_role("main").get_by_text("Ресурс удалён")
    expect(note).to_be_visible()
    expect(page.get_by_text("История и расходы сохранены.")).to_be_visible()
    expect(page.get_by_text("Ресурс исчез из аккаунта")).to_be_visible()


def test_a_connection_of_our_own_is_shown_as_a_manifest(visit, server, account):
    page = visit("/connections")
    card = page.get_by_role("article", name="Beget")
    card.get_by_role("button", name="Ещё действия").click()
    page.get_by_role("button", name="Манифест для Kubernetes").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("kind: CloudConnection")).to_be_visible()
    expect(dialog.get_by_text('password: ""')).to_be_visible()
    expect(dialog.get_by_role("button", name="Передать в кластер")).to_have_count(0)
    for theme in ("light", "dark"):
        turn(page, theme)
        assert findings(page, "[role=dialog]") == [], theme
    fits_everywhere(page)


def test_a_connection_that_git_manages_is_read_only(visit, server, store, owner, account):
    where = {
        "organization_id": owner.actor.organization_id,
        "connection_id": account.connection_id,
    }
    with store.writing() as session:
        connections.change(session, **where, values={"managed_by": "finops/beget-main"})
    page = visit("/connections")
    card = page.get_by_role("article", name="Beget")
    expect(card.get_by_text("finops/beget-main", exact=True)).to_be_visible()
    expect(card.get_by_role("button", name="Ещё действия")).to_have_count(0)
    # What asks for a sync is a command here: this installation knows no cluster.
    expect(card.get_by_role("button", name="Синхронизировать")).to_have_count(0)
    card.get_by_text("Состояние и команды").click()
    expect(card.get_by_text("kubectl annotate cloudconnection beget-main")).to_be_visible()
    for theme in ("light", "dark"):
        turn(page, theme)
        assert findings(page) == [], theme
    fits_everywhere(page)
    page.goto(f"{server.url}/connections/{account.connection_id}")
    expect(page.get_by_text("kubectl describe cloudconnection beget-main")).to_be_visible()
    fits_everywhere(page)


def test_a_page_that_waits_for_the_server_shows_its_shape(visit, server, browser, owner):
    with browser.new_context() as context:
        cookie = {"name": "infrazen_session", "value": owner.cookie, "url": server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.route_web_socket("**/_event/**", lambda _socket: None)
        for path in ("/", "/connections", "/resources", f"/resources/{UNKNOWN}"):
            page.goto(server.url + path)
            expect(page.locator("main [role='status'] .skeleton").first).to_be_visible()
