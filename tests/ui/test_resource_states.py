"""The resource pages' states: what addresses and browsers may send, and what goes back."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from reflex_base.utils.format import json_dumps

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services import resources
from infrazen.services.audit import list_events
from infrazen.services.connections import add_connection
from infrazen.sync.engine import Order
from infrazen.sync.engine import run as run_sync
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.recommendations import RecommendationsState
from infrazen_ui.states.resource_edits import ResourceEditsState
from infrazen_ui.states.resource_page import ResourceState
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person, sign_in_colleague
from tests.sync.account import draft
from tests.ui.browsers import connect, drain, run, tab
from tests.world import World

ODD = [None, 3, True, ["x"], {"$": 1}, "' or 1=1 --", "x" * 5000]


@pytest.fixture
def synced(database: Database, owner: Person, beget_simulator: SimulatorControl) -> Person:
    """The owner, with the reference account read."""
    with database.writing() as session:
        ensure_master_key(session)
    card = asyncio.run(add_connection(owner.actor, draft=draft(beget_simulator), sync_now=False))
    order = Order(organization_id=owner.actor.organization_id, connection_id=card.connection.id)
    run_sync(database, order)
    return owner


def state_of(browser, kind):
    return run(browser.get_state(kind))


def table(person: Person, address: str = "/resources") -> ResourcesState:
    """The table at an address, loaded."""
    state = state_of(tab(person.cookie, address=address), ResourcesState)
    drain(ResourcesState.load.fn(state))
    return state


def id_of(person: Person, name: str) -> UUID:
    found = resources.search_resources(
        person.actor, wanted=resources.ResourceFilter(text=name), limit=1
    )
    return found.lines[0].id


def at(person: Person, resource: object) -> tuple[ResourceState, ResourceEditsState]:
    """The page of a resource, loaded, and what edits it."""
    browser = tab(person.cookie, address=f"/resources/{resource}")
    page = state_of(browser, ResourceState)
    drain(ResourceState.load.fn(page))
    return page, state_of(browser, ResourceEditsState)


def led_to(said) -> str:
    """Where a handler's answer leads."""
    (path,) = [str(value) for key, value in said.args if str(key) == "path"]
    return path.strip('"')


def cells_of(state: ResourcesState) -> dict[str, dict[str, str]]:
    """The cells of the first row, by their columns."""
    keys = [column["key"] for column in state.columns]
    return dict(zip(keys, state.rows[0]["cells"], strict=True))


def plain(shown: str) -> str:
    return shown.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def names(state: ResourcesState) -> list[str]:
    return [row["name"] for row in state.rows]


def test_the_whole_inventory(synced):
    state = table(synced)
    assert (state.phase, len(state.rows), state.count) == ("ready", 10, "10 ресурсов")
    assert names(state)[:4] == [
        "Cloud database 1",
        "Objective Perrin",
        "runner rus",
        "Humane Orrin",
    ]
    (total,) = state.totals
    assert "60,73" in total["per_day"]
    assert "821,90" in total["per_month"]
    assert total["note"]
    assert plain(total["payable"]) == (
        "Ресурсы 1 821,90 ₽ + остальная плата за аккаунт 25,10 ₽ = 1 847,00 ₽/мес к оплате"
    )
    assert not state.is_busy


@pytest.mark.parametrize("query", ["type=vps", "q=runner", "presence=all"])
def test_of_some_resources_nobody_says_what_there_is_to_pay(synced, query):
    assert [total["payable"] for total in table(synced, f"/resources?{query}").totals] == [""]


@pytest.mark.parametrize("query", ["sort=name&order=asc", "size=25", "column=zone"])
def test_another_order_of_all_resources_comes_to_the_same(synced, query):
    (total,) = table(synced, f"/resources?{query}").totals
    assert "847,00" in total["payable"]


def test_the_address_decides_what_shows(synced):
    state = table(synced, "/resources?type=vps&sort=name&order=asc&size=25")
    assert names(state) == ["Objective Perrin", "runner rus"]
    assert (state.sort, state.direction, state.size) == ("name", "asc", "25")
    assert [(chip["facet"], chip["value"]) for chip in state.chips] == [("type", "vps")]
    assert "type=vps" in state.export_href
    assert "31,73" in state.totals[0]["per_day"]


def test_what_makes_no_sense_in_an_address_is_said(synced):
    state = table(synced, "/resources?type=vps&status=burning&page=x&hack=1")
    assert len(state.rows) == 2
    assert all(name in state.odd for name in ("status", "page", "hack"))


def test_a_page_beyond_the_last_leads_to_the_last(synced):
    state = state_of(tab(synced.cookie, address="/resources?page=7"), ResourcesState)
    *_, said = drain(ResourcesState.load.fn(state))
    assert led_to(said) == "/resources"


def test_a_filter_that_finds_nothing_says_so(synced):
    assert table(synced, "/resources?q=no-such-thing").phase == "nothing"
    assert table(synced, "/resources?presence=deleted").phase == "nothing"


def test_an_empty_inventory_leads_to_the_first_connection(owner):
    assert table(owner).phase == "empty"


def test_connections_that_were_never_read_and_those_with_nothing_in_them(
    database, owner, beget_simulator
):
    with database.writing() as session:
        ensure_master_key(session)
    quiet = draft(beget_simulator)
    card = asyncio.run(add_connection(owner.actor, draft=quiet, sync_now=False))
    assert table(owner).phase == "unread"
    beget_simulator.reset("empty")
    order = Order(organization_id=owner.actor.organization_id, connection_id=card.connection.id)
    assert run_sync(database, order).status is SyncStatus.SUCCESS
    assert table(owner).phase == "nothing_there"


def test_the_first_sync_on_its_way(database, owner, beget_simulator):
    with database.writing() as session:
        ensure_master_key(session)
    asyncio.run(add_connection(owner.actor, draft=draft(beget_simulator), sync_now=True))
    state = state_of(tab(owner.cookie, address="/resources"), ResourcesState)
    *_, said = drain(ResourcesState.load.fn(state))
    assert state.phase == "first_sync"
    assert said is ResourcesState.wait
    assert ResourcesState.look_again.fn(state, "/resources/") is ResourcesState.load
    for elsewhere in ("/", "/login", *ODD):
        assert ResourcesState.look_again.fn(state, elsewhere) is None


def test_recommendations_say_that_the_first_sync_is_on_its_way(database, owner, beget_simulator):
    with database.writing() as session:
        ensure_master_key(session)
    asyncio.run(add_connection(owner.actor, draft=draft(beget_simulator), sync_now=True))
    state = state_of(tab(owner.cookie, address="/recommendations"), RecommendationsState)
    *_, said = drain(RecommendationsState.load.fn(state))
    assert state.phase == "first_sync"
    assert said is RecommendationsState.wait
    assert (
        RecommendationsState.look_again.fn(state, "/recommendations") is RecommendationsState.load
    )
    assert RecommendationsState.look_again.fn(state, "/") is None


def test_who_waits_for_nothing_looks_no_more(owner):
    state = table(owner)
    assert ResourcesState.look_again.fn(state, "/resources/") is None


def test_a_stranger_gets_no_rows(synced):
    state = state_of(tab("made-up", address="/resources"), ResourcesState)
    drain(ResourcesState.load.fn(state))
    assert state.phase == "failed"
    assert state.rows == []


def test_the_table_speaks_english(synced):
    browser = tab(synced.cookie, address="/resources?type=vps")
    state_of(browser, LanguageState).language = "en"
    state = state_of(browser, ResourcesState)
    drain(ResourcesState.load.fn(state))
    assert state.count == "2 resources"
    cells = cells_of(state)
    assert cells["status"]["text"] == "Running"
    assert "₽22.00/day" in cells["cost"]["text"]


@pytest.mark.parametrize(
    ("call", "address"),
    [
        (lambda s: ResourcesState.search.fn(s, "runner"), "/resources?q=runner&type=vps"),
        (lambda s: ResourcesState.toggle.fn(s, "type", "vps"), "/resources"),
        (lambda s: ResourcesState.toggle.fn(s, "type", "s3"), "/resources?type=vps&type=s3"),
        (ResourcesState.clear.fn, "/resources"),
        (lambda s: ResourcesState.go.fn(s, 1), "/resources?type=vps&page=4"),
        (lambda s: ResourcesState.go.fn(s, -1), "/resources?type=vps&page=2"),
        (lambda s: ResourcesState.choose_size.fn(s, "25"), "/resources?type=vps&size=25"),
        (
            lambda s: ResourcesState.sort_by.fn(s, "name"),
            "/resources?type=vps&sort=name&order=asc",
        ),
        (
            lambda s: ResourcesState.choose_presence.fn(s, "all"),
            "/resources?type=vps&presence=all",
        ),
        (
            lambda s: ResourcesState.add_tag.fn(s, {"tag": "env=prod"}),
            "/resources?type=vps&tag=env%3Dprod",
        ),
    ],
)
def test_every_choice_leads_to_an_address(owner, call: Callable, address):
    state = state_of(tab(owner.cookie, address="/resources?type=vps&page=3"), ResourcesState)
    assert led_to(call(state)) == address


@pytest.mark.parametrize("sent", ODD)
def test_handlers_of_the_table_take_anything(owner, sent):
    state = state_of(tab(owner.cookie, address="/resources"), ResourcesState)
    for handler in ("search", "sort_by", "choose_size", "choose_presence", "go", "add_tag"):
        getattr(ResourcesState, handler).fn(state, sent)
    ResourcesState.toggle.fn(state, sent, sent)
    drain(ResourcesState.load.fn(state))


def test_a_server_in_full(synced):
    page, _ = at(synced, id_of(synced, "runner rus"))
    assert page.phase == "ready"
    assert page.face["name"] == "runner rus"
    cards = {card["key"]: card for card in page.metrics}
    assert "7,66" in cards["cpu"]["headline"]
    assert "108 замеров" in cards["cpu"]["window"]
    assert "48,41" in cards["memory"]["detail"]
    assert all(cards[key]["points"] for key in ("cpu", "memory", "disk_read", "network_in"))
    assert page.components[0]["name"] == "n8n"
    assert {fact["name"] for fact in page.configuration} >= {"Процессор", "Память", "Диск"}


def test_a_longer_reach(synced):
    page, _ = at(synced, id_of(synced, "runner rus"))
    drain(ResourceState.choose_reach.fn(page, "week"))
    assert page.reach == "week"
    assert page.metrics[0]["points"]


@pytest.mark.parametrize("sent", ODD)
def test_handlers_of_the_page_take_anything(synced, sent):
    page, edits = at(synced, id_of(synced, "runner rus"))
    drain(ResourceState.choose_reach.fn(page, sent))
    for handler in ("add_tag", "save_context", "add_note", "remove_note", "remove_tag"):
        run(getattr(ResourceEditsState, handler).fn(edits, sent))
    ResourceEditsState.ask_secret.fn(edits, sent, sent)
    ResourceEditsState.close_question.fn(edits, sent)
    run(ResourceEditsState.reveal.fn(edits))
    assert page.reach == "window"
    assert page.tags == []


@pytest.mark.parametrize("resource", ["no-uuid", "", uuid4()])
def test_a_resource_that_is_not_there(synced, resource):
    page, edits = at(synced, resource)
    assert page.phase == "gone"
    assert run(ResourceEditsState.save_context.fn(edits, {"owner": "x"})) is None or resource


def browser_of(world: World, address: str):
    return tab(world.alpha.cookies[Role.OWNER], address=address)


def test_another_organizations_resource_is_not_there(world):
    theirs = world.beta.resource_id
    browser = browser_of(world, f"/resources/{theirs}")
    page, edits = state_of(browser, ResourceState), state_of(browser, ResourceEditsState)
    drain(ResourceState.load.fn(page))
    assert page.phase == "gone"
    edits.asked, edits.asked_label = "admin", "admin"
    said = [
        run(ResourceEditsState.add_tag.fn(edits, {"key": "a", "value": "b"})),
        run(ResourceEditsState.save_context.fn(edits, {"owner": "me"})),
        run(ResourceEditsState.add_note.fn(edits, {"note": "hello"})),
        run(ResourceEditsState.remove_note.fn(edits, str(world.beta.annotation_ids[Role.OWNER]))),
        run(ResourceEditsState.reveal.fn(edits)),
    ]
    assert all("Этого здесь нет" in str(one) for one in said)
    assert "beta-canary" not in str(said) + json_dumps(browser.dict())
    untouched = resources.get_resource(world.beta.actor(Role.OWNER), resource_id=theirs)
    assert untouched.tags == ()
    assert untouched.resource.owner is None
    assert len(untouched.annotations) == len(Role)


def test_a_viewer_changes_nothing(synced):
    viewer = sign_in_colleague(synced, Role.VIEWER)
    chosen = id_of(synced, "runner rus")
    page, edits = at(viewer, chosen)
    assert page.phase == "ready"
    edits.asked = page.secrets[0]["field"]
    for call in (
        ResourceEditsState.add_tag.fn(edits, {"key": "a", "value": "b"}),
        ResourceEditsState.save_context.fn(edits, {"owner": "me"}),
        ResourceEditsState.add_note.fn(edits, {"note": "hello"}),
        ResourceEditsState.reveal.fn(edits),
    ):
        assert "Недостаточно прав" in str(run(call))
    view = resources.get_resource(synced.actor, resource_id=chosen)
    assert (view.tags, view.annotations, view.resource.owner) == ((), (), None)


def test_tags_context_and_notes_are_kept(synced):
    page, edits = at(synced, id_of(synced, "runner rus"))
    run(ResourceEditsState.add_tag.fn(edits, {"key": " команда ", "value": "веб"}))
    assert [(mark["key"], mark["value"]) for mark in page.tags] == [("команда", "веб")]
    run(ResourceEditsState.save_context.fn(edits, {"owner": "Анна", "project": "Сайт"}))
    assert (page.belongs["owner"], page.belongs["project"]) == ("Анна", "Сайт")
    assert edits.is_undoable
    run(ResourceEditsState.undo_context.fn(edits))
    assert page.belongs["owner"] == ""
    assert not edits.is_undoable
    run(ResourceEditsState.add_note.fn(edits, {"note": "Не трогать\nдо пятницы"}))
    assert page.notes[0]["text"] == "Не трогать\nдо пятницы"
    assert page.notes[0]["is_removable"]
    run(ResourceEditsState.remove_note.fn(edits, page.notes[0]["id"]))
    run(ResourceEditsState.remove_tag.fn(edits, "команда"))
    assert (page.notes, page.tags) == ([], [])


def test_an_undo_belongs_to_its_resource(synced):
    _, edits = at(synced, id_of(synced, "runner rus"))
    run(ResourceEditsState.save_context.fn(edits, {"owner": "Анна"}))
    other = id_of(synced, "Objective Perrin")
    connect(edits._get_root_state(), synced.cookie, address=f"/resources/{other}")
    assert run(ResourceEditsState.undo_context.fn(edits)) is None
    run(ResourceEditsState.forget.fn(edits))
    assert not edits.is_undoable


def test_a_secret_in_clear_is_an_event_once_and_never_state(synced):
    page, edits = at(synced, id_of(synced, "runner rus"))
    secret = page.secrets[0]
    ResourceEditsState.ask_secret.fn(edits, secret["field"], secret["label"])
    said = run(ResourceEditsState.reveal.fn(edits))
    value = resources.reveal_secret(
        synced.actor, resource_id=id_of(synced, "runner rus"), field=secret["field"]
    )
    assert value in str(said)
    root = edits._get_root_state()
    assert value not in json_dumps(root.dict())
    assert value not in json_dumps(root.get_delta())
    assert value not in str({name: vars(state) for name, state in root.substates.items()})
    assert edits.asked == ""
    assert run(ResourceEditsState.reveal.fn(edits)) is None
    entries = [entry for entry in list_events(synced.actor) if entry.action == "secret.reveal"]
    assert len(entries) == 2
    assert value not in str(entries)
