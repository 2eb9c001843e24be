"""Saved views in the table: opened, changed, kept, taken away, and asked for in vain."""

from uuid import uuid4

import pytest

from infrazen.db.queries.resource_filter import ResourceFilter, SortKey
from infrazen.db.queries.saved_views import Definition
from infrazen.domain.resource_columns import USUAL
from infrazen.domain.roles import Role
from infrazen.services import saved_views
from infrazen_ui.backend.palette import find
from infrazen_ui.states.resource_columns import ResourceColumnsState
from infrazen_ui.states.resource_views import ResourceViewsState
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person, sign_in_colleague
from tests.ui.browsers import connect, drain, run, tab
from tests.ui.test_resource_states import ODD, led_to, names, state_of, synced

__all__ = ["synced"]

SERVERS = Definition(
    wanted=ResourceFilter(types=("vps",)),
    sort=SortKey.NAME,
    descending=False,
    columns=("status", "cost"),
)


class Table:
    """The table in a tab, with its menu of views."""

    def __init__(self, person: Person, address: str) -> None:
        self.person = person
        self.browser = tab(person.cookie, address=address)
        self.rows: ResourcesState = state_of(self.browser, ResourcesState)
        self.menu: ResourceViewsState = state_of(self.browser, ResourceViewsState)
        self.chooser: ResourceColumnsState = state_of(self.browser, ResourceColumnsState)

    def load(self) -> str:
        """Show what the address says; where it leads instead."""
        said = drain(ResourcesState.load.fn(self.rows))
        return led_to(said[-1]) if said[-1] is not None else ""

    def go(self, address: str) -> str:
        connect(self.browser, self.person.cookie, address=address)
        return self.load()

    def save(self, form: object, *, kind: str = "save") -> list[object]:
        ResourceViewsState.ask.fn(self.menu, kind)
        return drain(ResourceViewsState.save.fn(self.menu, form))


def opened(person: Person, view_id: object) -> Table:
    """The table with a view open, by its short address."""
    table = Table(person, f"/resources?view={view_id}")
    whole = table.load()
    assert whole.startswith(f"/resources?view={view_id}&")
    table.go(whole)
    return table


def keep(person: Person, name: str = "Серверы", definition: Definition = SERVERS, **how):
    return saved_views.save_view(person.actor, name=name, definition=definition, **how)


def test_a_view_opens_by_its_id_alone(synced):
    view = keep(synced)
    table = opened(synced, view.id)
    assert names(table.rows) == ["Objective Perrin", "runner rus"]
    assert [column["key"] for column in table.rows.columns] == ["status", "cost"]
    assert (table.menu.name, table.menu.current) == ("Серверы", str(view.id))
    assert not table.menu.is_changed
    assert [line["is_current"] for line in table.menu.own] == [True]
    assert table.rows.odd == ""


def test_what_is_shown_is_saved_and_opened(synced):
    table = Table(synced, "/resources?type=vps&sort=name&order=asc&column=status&column=cost")
    table.load()
    *_, said = table.save({"name": " Серверы "})
    (kept,) = saved_views.list_views(synced.actor)
    assert (kept.name, kept.definition, kept.is_shared) == ("Серверы", SERVERS, False)
    assert led_to(said).startswith(f"/resources?view={kept.id}&type=vps&sort=name&order=asc")
    assert table.menu.asked == ""


def test_the_usual_columns_are_kept_by_name(synced):
    table = Table(synced, "/resources")
    table.load()
    table.save({"name": "Все", "is_shared": "on"})
    (kept,) = saved_views.list_views(synced.actor)
    assert (kept.definition.columns, kept.is_shared) == (USUAL, True)


@pytest.mark.parametrize(
    "more", ["&q=x", "&type=domain", "&sort=cost&order=desc", "&column=region", "&presence=all"]
)
def test_a_change_shows_and_goes(synced, more):
    table = opened(synced, keep(synced).id)
    address = f"/resources?{table.rows.router.url.query}"
    changed = (
        "&".join([address.replace("sort=name&order=asc", ""), more])
        if "sort" in more
        else (address + more)
    )
    table.go(changed)
    assert table.menu.is_changed
    table.go(address)
    assert not table.menu.is_changed
    table.go(f"{address}&page=1&size=25")
    assert not table.menu.is_changed


def test_everything_taken_back_is_a_change_of_the_view(synced):
    view = keep(synced)
    table = opened(synced, view.id)
    there = led_to(ResourcesState.clear.fn(table.rows))
    assert table.go(there) == ""
    assert len(table.rows.rows) == 10
    assert table.menu.is_changed
    said = run(ResourceViewsState.overwrite.fn(table.menu))
    assert "Представление сохранено" in str(said)
    assert not table.menu.is_changed
    (kept,) = saved_views.list_views(synced.actor)
    assert kept.definition.wanted == ResourceFilter()


def test_renaming_sharing_and_the_names_that_are_taken(synced):
    keep(synced, "Домены")
    table = opened(synced, keep(synced).id)
    table.save({"name": "домены"}, kind="rename")
    assert table.menu.wrong == "Представление с таким названием уже есть."
    table.save({"name": "  "}, kind="rename")
    assert "Введите название" in table.menu.wrong
    table.save({"name": "VPS"}, kind="rename")
    assert (table.menu.name, table.menu.asked) == ("VPS", "")
    run(ResourceViewsState.share.fn(table.menu))
    assert table.menu.is_shared
    assert [line["note"] for line in table.menu.shared] == ["ваше"]
    run(ResourceViewsState.share.fn(table.menu))
    assert not table.menu.is_shared


def test_a_view_to_begin_with_and_the_way_around_it(synced):
    view = keep(synced)
    table = opened(synced, view.id)
    run(ResourceViewsState.make_default.fn(table.menu))
    assert table.menu.is_default
    table = Table(synced, "/resources")
    assert table.load().startswith(f"/resources?view={view.id}&type=vps")
    assert table.go("/resources?type=domain") == ""
    there = led_to(ResourcesState.toggle.fn(table.rows, "type", "domain"))
    assert there == table.menu.plain_href == "/resources?view=all"
    assert table.go(there) == ""
    assert len(table.rows.rows) == 10
    assert table.menu.current == ""
    run(ResourceColumnsState.reset_columns.fn(table.chooser))
    opened_again = opened(synced, view.id)
    run(ResourceViewsState.make_default.fn(opened_again.menu))
    assert Table(synced, "/resources").load() == ""


def test_removing_and_the_way_back(synced):
    view = keep(synced)
    table = opened(synced, view.id)
    there = led_to(run(ResourceViewsState.remove.fn(table.menu)))
    assert there.startswith("/resources?view=all&type=vps")
    table.go(there)
    assert (table.menu.removed, table.menu.current, table.menu.own) == ("Серверы", "", [])
    back = led_to(run(ResourceViewsState.restore.fn(table.menu)))
    assert table.go(back) == ""
    assert (table.menu.name, table.menu.removed) == ("Серверы", "")
    assert run(ResourceViewsState.restore.fn(table.menu)) is None


def test_a_view_that_is_gone_or_anothers_is_said_and_the_rest_shown(synced):
    colleague = sign_in_colleague(synced, Role.FINOPS)
    theirs = keep(colleague, "Чужое")
    for view_id in (theirs.id, uuid4()):
        table = Table(synced, f"/resources?view={view_id}&type=vps")
        assert table.load() == ""
        assert len(table.rows.rows) == 2
        assert "Такого представления больше нет" in table.rows.odd
        assert table.menu.current == ""
        assert Table(synced, f"/resources?view={view_id}").load() == ""


def test_a_view_that_names_what_vanished_opens_and_says_so(synced):
    wanted = ResourceFilter(types=("vps", "quantum"), owners=("Анна",), tags={"env": "prod"})
    table = opened(synced, keep(synced, definition=Definition(wanted=wanted)).id)
    assert table.rows.phase == "nothing"
    said = table.menu.vanished
    assert "Тип «quantum»" in said
    assert "Владелец «Анна»" in said
    assert "Тег «env = prod»" in said
    assert "Виртуальный сервер" not in said
    table.go("/resources?type=quantum")
    assert table.menu.vanished == ""


def test_a_reader_opens_shared_ones_and_keeps_their_own(synced):
    shared = keep(synced, is_shared=True)
    viewer = sign_in_colleague(synced, Role.VIEWER)
    table = opened(viewer, shared.id)
    assert (table.menu.may_change, table.menu.is_own) == (False, False)
    assert table.menu.shared[0]["note"] == synced.actor.name
    said = run(ResourceViewsState.overwrite.fn(table.menu))
    assert "Представление сохранено" not in str(said)
    run(ResourceViewsState.remove.fn(table.menu))
    assert len(saved_views.list_views(synced.actor)) == 1
    table.save({"name": "Моё", "is_shared": "on"})
    assert table.menu.wrong
    table.save({"name": "Моё"})
    assert [one.name for one in saved_views.list_views(viewer.actor) if one.is_own] == ["Моё"]


def test_the_palette_finds_views_by_name(synced):
    keep(synced, "Серверы без владельца")
    state = state_of(tab(synced.cookie, address="/"), ResourceViewsState)
    found = run(find(state, "без вла"))
    assert [one.name for one in found.views] == ["Серверы без владельца"]
    assert run(find(state, "ещё что-то")).views == ()


@pytest.mark.parametrize("odd", ODD)
def test_what_makes_no_sense_keeps_nothing(synced, odd):
    table = Table(synced, "/resources")
    table.load()
    ResourceViewsState.ask.fn(table.menu, odd)
    assert table.menu.asked == ""
    if odd != "' or 1=1 --":
        table.save({"name": odd})
        table.save(odd)
    ResourceViewsState.ask.fn(table.menu, "rename")
    drain(ResourceViewsState.save.fn(table.menu, {"name": "Имя"}))
    assert all(one.name == "Имя" for one in saved_views.list_views(synced.actor))
