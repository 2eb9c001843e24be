"""What people say of a resource on its page: forms, refusals, and what is shown of it after."""

from decimal import Decimal

import pytest

from infrazen.domain.roles import Role
from infrazen_ui.present.resource_overrides import amount_of
from infrazen_ui.states.resource_lifecycle import ResourceLifecycleState
from infrazen_ui.states.resource_overrides import ResourceOverridesState
from infrazen_ui.states.resource_page import ResourceState
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person, sign_in_colleague
from tests.ui.browsers import drain, run, tab
from tests.ui.test_resource_states import cells_of, id_of, synced, table

__all__ = ["synced"]

PRICE = {"amount": "1 200,50", "period": "month", "reason": "Скидка по договору"}


class Page:
    """The page of one resource in a tab."""

    def __init__(self, person: Person, resource: object) -> None:
        self.browser = browser = tab(person.cookie, address=f"/resources/{resource}")
        self.shown = run(browser.get_state(ResourceState))
        self.forms = run(browser.get_state(ResourceOverridesState))
        drain(ResourceState.load.fn(self.shown))

    def send(self, handler: str, *arguments: object) -> str:
        """What a handler leads to, as text."""
        found = drain(getattr(ResourceOverridesState, handler).fn(self.forms, *arguments))
        return " ".join(str(one) for one in found if one is not None)


def server(person: Person) -> Page:
    return Page(person, id_of(person, "runner rus"))


def test_a_name_is_said_shown_marked_and_taken_back(synced):
    page = server(synced)
    assert page.shown.said["is_named"] is False
    said = page.send("save_name", {"name": " Раннер сборок ", "reason": ""})
    assert "Имя сохранено" in said
    assert page.shown.face["name"] == "Раннер сборок"
    assert page.shown.said["provided_name"] == "В Beget: runner rus"
    (row,) = table(synced, "/resources?q=раннер").rows
    assert row["provided_name"] == "В Beget: runner rus"
    page.send("take_back", "name")
    assert page.shown.face["name"] == "runner rus"
    assert [word["what"] for word in page.shown.words] == ["Имя: Раннер сборок"]
    assert "Отменено" in page.shown.words[0]["ended"]


def test_a_price_stands_beside_the_providers(synced):
    page = server(synced)
    assert "Цена сохранена" in page.send("save_price", PRICE)
    face, said = page.shown.face, page.shown.said
    assert face["per_day"].startswith("40,02")
    assert face["source"] == "вручную"
    assert "9,73" in said["provided_price"]
    assert (said["amount"], said["period"]) == ("1200,5", "month")
    lifecycle = run(page.browser.get_state(ResourceLifecycleState))
    drain(ResourceLifecycleState.load.fn(lifecycle))
    assert lifecycle.chart["points"][-1]["cost"] == pytest.approx(40.016667)
    assert lifecycle.entries[0]["who"].endswith(PRICE["reason"])
    cost = cells_of(table(synced, "/resources?q=runner"))["cost"]
    assert (cost["mark"], cost["tone"]) == ("вручную", "info")
    assert "9,73" in cost["hint"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "много"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(synced, wrong, field):
    page = server(synced)
    page.forms.asked = "price"
    assert page.send("save_price", PRICE | wrong) == ""
    assert [name for name, said in page.forms.errors.items() if said] == [field]
    assert page.forms.asked == "price"
    assert page.shown.said["is_priced"] is False


@pytest.mark.parametrize("strange", [None, 3, ["x"], {"$": 1}, "x" * 5000])
def test_odd_events_change_nothing(synced, strange):
    page = server(synced)
    page.send("save_name", strange)
    page.send("save_price", {**PRICE, "period": strange})
    page.send("save_price", strange)
    page.send("take_back", strange)
    assert (page.shown.said["is_named"], page.shown.said["is_priced"]) == (False, False)


def test_who_may_only_read_is_refused(synced):
    viewer = sign_in_colleague(synced, Role.VIEWER)
    page = server(viewer)
    assert "error" in page.send("save_name", {"name": "Моё"})
    assert "error" in page.send("save_price", PRICE)
    assert page.shown.face["name"] == "runner rus"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1500", "1500"),
        ("1 500,50", "1500.50"),
        ("1\N{NO-BREAK SPACE}500.5", "1500.5"),
        ("0", "0"),
        ("", None),
        (".", None),
        ("1,5,0", None),
        ("1e3", None),
        ("-1", None),
        ("0,0000001", None),
        ("٣", None),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, meant):
    assert amount_of(typed) == (None if meant is None else Decimal(meant))


def test_the_table_of_another_tab_shows_it_too(synced):
    server(synced).send("save_name", {"name": "Раннер сборок"})
    state = run(tab(synced.cookie, address="/resources").get_state(ResourcesState))
    drain(ResourcesState.load.fn(state))
    assert "Раннер сборок" in [row["name"] for row in state.rows]
