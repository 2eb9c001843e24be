"""The column chooser: in the address, remembered, and what a browser may send."""

import json

import pytest

from infrazen.db.queries.resource_filter import SortKey
from infrazen.domain.resource_columns import USUAL, ResourceColumn
from infrazen.services import resources
from infrazen_ui.locales import Language, text
from infrazen_ui.present.resource_columns import shown_columns
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.resource_columns import ResourceColumnsState, remembered
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person
from tests.ui.browsers import drain, run, tab
from tests.ui.test_resource_states import (
    ODD,
    cells_of,
    id_of,
    led_to,
    state_of,
    synced,
    table,
)

__all__ = ["synced"]


def keys(state: ResourcesState) -> list[str]:
    return [column["key"] for column in state.columns]


def at(person: Person, address: str, kept: str = "") -> tuple[ResourcesState, ResourceColumnsState]:
    """The table at an address in a browser that remembers ``kept``."""
    browser = tab(person.cookie, address=address)
    chooser = state_of(browser, ResourceColumnsState)
    chooser.remembered = kept
    state = state_of(browser, ResourcesState)
    drain(ResourcesState.load.fn(state))
    return state, chooser


def test_the_usual_columns_show_where_nobody_chose(synced):
    state, chooser = at(synced, "/resources")
    assert tuple(keys(state)) == USUAL
    assert state.is_usual
    assert chooser.is_usual
    assert "column" not in state.export_href
    assert len(chooser.shown) + len(chooser.others) == len(ResourceColumn)


def test_the_address_decides_and_the_file_follows(synced):
    state, chooser = at(synced, "/resources?q=runner&column=cost_day&column=zone&column=tag:env")
    assert keys(state) == ["cost_day", "zone", "tag:env"]
    assert state.columns[2]["title"] == "Тег env"
    assert "9,73" in cells_of(state)["cost_day"]["text"]
    assert not state.is_usual
    assert [one["key"] for one in chooser.shown] == keys(state)
    assert state.export_href.endswith("column=cost_day&column=zone&column=tag%3Aenv")


def test_a_tag_has_a_column(synced):
    resources.set_tags(
        synced.actor, resource_ids=[id_of(synced, "runner rus")], put={"env": "prod"}
    )
    state = table(synced, "/resources?q=runner&column=tag:env")
    assert state.rows[0]["cells"] == [{"text": "prod"}]


def test_what_is_no_column_is_said(synced):
    state, _ = at(synced, "/resources?column=secret&column=cost")
    assert keys(state) == ["cost"]
    assert "column" in state.odd


def test_the_browser_remembers_until_the_address_says_otherwise(synced):
    kept = json.dumps(["project", "cost"])
    assert keys(at(synced, "/resources", kept)[0]) == ["project", "cost"]
    assert keys(at(synced, "/resources?column=zone", kept)[0]) == ["zone"]


def test_choosing_moving_and_going_back(synced):
    _, chooser = at(synced, "/resources?type=vps")
    shown, _ = run(ResourceColumnsState.toggle.fn(chooser, "region"))
    assert led_to(shown).startswith("/resources?type=vps&column=type&column=status&column=owner")
    assert json.loads(chooser.remembered) == ["type", "status", "owner", "changed", "cost"]
    assert chooser.shown[2]["key"] == "owner"
    there = at(synced, "/resources?column=type&column=cost")[1]
    moved, follows = run(ResourceColumnsState.move.fn(there, "cost", -1))
    assert led_to(moved) == "/resources?column=cost&column=type"
    assert "column-cost-back" in str(follows)
    back = run(ResourceColumnsState.reset_columns.fn(there))
    assert led_to(back) == "/resources"
    assert (there.remembered, there.is_usual) == ("", True)


def test_choosing_the_usual_ones_leaves_the_address_plain(synced):
    names = "&".join(f"column={one}" for one in USUAL[:-1])
    _, chooser = at(synced, f"/resources?{names}")
    said, *_ = run(ResourceColumnsState.toggle.fn(chooser, "cost"))
    assert (led_to(said), chooser.remembered) == ("/resources", "")


def test_a_tag_is_added_once(synced):
    _, chooser = at(synced, "/resources?column=cost")
    (said,) = run(ResourceColumnsState.add_tag.fn(chooser, {"key": " env "}))
    assert led_to(said) == "/resources?column=tag%3Aenv&column=cost"
    _, chooser = at(synced, "/resources?column=tag:env&column=cost")
    assert run(ResourceColumnsState.add_tag.fn(chooser, {"key": "env"})) is None


@pytest.mark.parametrize("odd", ODD)
def test_what_makes_no_sense_changes_nothing(synced, odd):
    _, chooser = at(synced, "/resources?column=cost")
    assert run(ResourceColumnsState.toggle.fn(chooser, odd)) is None
    assert run(ResourceColumnsState.move.fn(chooser, "cost", odd)) is None
    assert run(ResourceColumnsState.add_tag.fn(chooser, odd)) is None
    assert remembered(odd) == ()


def test_every_column_has_a_title_and_a_cell(synced):
    for language in Language:
        shown = shown_columns([*ResourceColumn], language=language)
        assert all(column["title"] for column in shown)
        assert text("resources.column.cost", language)
    names = "&".join(f"column={one.value}" for one in ResourceColumn)
    state = table(synced, f"/resources?q=runner&{names}")
    cells = cells_of(state)
    assert cells["provider"]["text"] == "Beget"
    assert "291,90" in cells["cost_month"]["text"]
    assert cells["last_seen"]["hint"]
    assert cells["external_id"]["text"]


def test_what_sorts_is_what_lists_sort_by():
    sorts = {column["sort"] for column in shown_columns([*ResourceColumn], language=Language.RU)}
    assert sorts - {""} <= {key.value for key in SortKey}
    assert len(sorts) == len(SortKey)  # all but the name's, and none


@pytest.mark.parametrize("language", Language)
def test_a_phone_sorts_by_whatever_the_address_may_sort_by(synced, language):
    browser = tab(synced.cookie, address="/resources?sort=changed&column=zone")
    state_of(browser, LanguageState).language = language.value
    state = state_of(browser, ResourcesState)
    drain(ResourcesState.load.fn(state))
    assert [one["key"] for one in state.orders] == [key.value for key in SortKey]
    assert (state.sort, state.direction) in {(one["key"], "desc") for one in state.orders}
    titles = {one["key"]: one["title"] for one in state.orders}
    assert titles["changed"] == {"ru": "Дата изменения", "en": "Date changed"}[language.value]
