"""Choosing rows and doing the same with all of them: what is chosen, done and taken back."""

import pytest

from infrazen.domain.roles import Role
from infrazen.services.resources import ResourceFilter, search_resources
from infrazen_ui.present.resource_changes import change_of_fields, change_of_tags
from infrazen_ui.states.resource_changes import ResourceChangesState
from infrazen_ui.states.resource_selection import ResourceSelectionState
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person, sign_in_colleague
from tests.ui.browsers import connect, drain, run, tab
from tests.ui.test_resource_states import synced

__all__ = ["synced"]

PLAIN: dict[str, object] = {"shift_key": False}
SHIFT: dict[str, object] = {"shift_key": True}


def owner_of(table: "Table", number: int) -> str:
    """What the table shows as the owner of a row."""
    keys = [column["key"] for column in table.rows.columns]
    return table.rows.rows[number]["cells"][keys.index("owner")]["text"]


class Table:
    """The table in a tab, and what is chosen in it."""

    def __init__(self, person: Person, address: str = "/resources") -> None:
        self.person = person
        self.browser = tab(person.cookie, address=address)
        self.rows = run(self.browser.get_state(ResourcesState))
        self.chosen = run(self.browser.get_state(ResourceSelectionState))
        self.changes = run(self.browser.get_state(ResourceChangesState))
        self.load()

    def load(self) -> None:
        drain(ResourcesState.load.fn(self.rows))

    def go(self, address: str) -> None:
        connect(self.browser, self.person.cookie, address=address)
        self.load()

    def tick(self, number: int, click: object = PLAIN) -> None:
        ResourceSelectionState.tick.fn(self.chosen, self.rows.rows[number]["id"], click)

    def do(self, name: str) -> None:
        getattr(ResourceSelectionState, name).fn(self.chosen)

    def save(self, kind: str, inputs: object) -> str:
        self.changes.asked = kind
        found = drain(ResourceChangesState.save.fn(self.changes, inputs))
        self.load()
        return " ".join(str(one) for one in found if one is not None)

    def look(self, kind: str, inputs: object) -> str:
        self.changes.asked = kind
        run(ResourceChangesState.look_ahead.fn(self.changes, inputs))
        return self.changes.preview

    @property
    def marked(self) -> list[int]:
        ids = [row["id"] for row in self.rows.rows]
        return [ids.index(one) for one in self.chosen.marked]


def owners(person: Person) -> list[str | None]:
    lines = search_resources(person.actor, wanted=ResourceFilter()).lines
    return sorted((line.owner for line in lines), key=str)


def test_rows_are_chosen_one_by_one_in_ranges_and_by_the_page(synced):
    table = Table(synced)
    table.tick(1)
    table.tick(4, SHIFT)
    assert table.marked == [1, 2, 3, 4]
    table.tick(2)
    assert table.marked == [1, 3, 4]
    assert table.chosen.label == "Выбрано: 3 ресурса"
    table.do("tick_page")
    assert (table.chosen.count, table.chosen.is_whole_page) == (10, True)
    table.do("tick_page")
    assert table.chosen.count == 0


def test_the_choice_lasts_over_pages_and_ends_with_the_filter(synced):
    table = Table(synced, "/resources?size=25&sort=name&order=asc")
    table.tick(0)
    table.go("/resources?size=25&sort=name&order=desc")
    assert table.chosen.count == 1
    assert table.marked == [9]
    table.go("/resources?type=vps")
    assert (table.chosen.count, table.marked) == (0, [])


def test_everything_that_is_found_is_offered_and_changed(synced, monkeypatch):
    monkeypatch.setattr("infrazen_ui.backend.resource_query.SIZES", (2, 25, 50, 100))
    table = Table(synced, "/resources?size=2")
    table.do("tick_page")
    assert table.chosen.offer == "Выбрать все 10"
    table.do("choose_everything")
    assert (table.chosen.count, table.chosen.offer, table.marked) == (10, "", [0, 1])
    assert table.look("fields", {"owner": "Анна"}) == "Изменится 10 из 10."
    table.save("fields", {"owner": "Анна"})
    assert owners(synced) == ["Анна"] * 10
    assert table.changes.done == "Изменено: 10 ресурсов"


def test_a_change_is_taken_back(synced):
    table = Table(synced)
    table.tick(0)
    table.save("fields", {"owner": "Анна", "project": "  "})
    table.tick(0)
    table.tick(1)
    assert table.look("fields", {"owner": "Борис"}) == (
        "Изменится 2 из 2. Из них сейчас с другим значением: 1."
    )
    table.save("fields", {"owner": "Борис"})
    assert owners(synced)[8:] == ["Борис"] * 2 or owners(synced).count("Борис") == 2
    assert owner_of(table, 0) == "Борис"
    drain(ResourceChangesState.undo.fn(table.changes))
    table.load()
    assert [owner_of(table, n) for n in (0, 1)] == ["Анна", ""]
    assert table.changes.done == ""


def test_nothing_filled_in_changes_nothing(synced):
    table = Table(synced)
    table.tick(0)
    assert table.save("fields", {"owner": " "}) == ""
    assert table.changes.preview == "Сначала заполните хотя бы одно поле."
    assert table.changes.asked == "fields"


@pytest.mark.parametrize("strange", [None, 3, ["x"], {"$": 1}, "x" * 5000])
def test_odd_events_change_nothing(synced, strange):
    table = Table(synced)
    table.tick(0, strange)
    ResourceSelectionState.tick.fn(table.chosen, strange, strange)
    table.do("clear")
    ResourceChangesState.ask.fn(table.changes, strange)
    table.save("tags", strange)
    table.save("fields", strange)
    table.look("tags", strange)
    drain(ResourceChangesState.undo.fn(table.changes))
    assert owners(synced) == [None] * 10
    assert table.chosen.count == 0


def test_who_may_only_read_is_refused(synced):
    table = Table(sign_in_colleague(synced, Role.VIEWER))
    table.tick(0)
    assert "error" in table.save("fields", {"owner": "Анна"})
    assert owners(synced) == [None] * 10


def test_what_a_form_asks():
    assert change_of_fields({"owner": " Анна ", "clear.project": "on"}).context == {
        "owner": "Анна",
        "project": None,
    }
    put = change_of_tags({"way": "put", "key": "team", "value": ""})
    assert (put.put, put.only_these) == ({"team": ""}, False)
    assert change_of_tags({"way": "only", "key": "team", "value": "web"}).only_these
    assert change_of_tags({"way": "remove", "key": "team"}).remove == ("team",)
    assert change_of_tags({"way": "burn", "key": "team"}).says_nothing
