"""Saved views: whose they are, who sees and changes them, and the way back."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given

from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.db.queries.saved_views import Definition, definition_of, document_of
from infrazen.domain.periods import utc_now
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.roles import Permission, Role
from infrazen.errors import ClosedInDemo, Conflict, Forbidden, Invalid, NotFound
from infrazen.security.access import demo_actor, demo_reader, system_actor
from infrazen.services import audit, saved_views
from tests.services.definitions import definitions

SHOPS = Definition(
    wanted=ResourceFilter(
        text="shop",
        types=("vps",),
        owners=("",),
        statuses=(ResourceStatus.RUNNING,),
        tags={"env": "prod", "team": ""},
        presence=Presence.ALL,
    ),
    sort=SortKey.NAME,
    descending=False,
    columns=("type", "tag:env", "cost"),
)


def names(actor) -> list[str]:
    return [one.name for one in saved_views.list_views(actor)]


def save(actor, name="Shops", **options):
    return saved_views.save_view(actor, name=name, definition=SHOPS, **options)


@given(definitions)
def test_what_is_stored_comes_back(definition):
    assert definition_of(document_of(definition)) == definition


def test_what_nobody_knows_any_more_is_left_out():
    kept = document_of(SHOPS) | {"sort": "smell", "columns": ["type", "smell"], "presence": 3}
    found = definition_of(kept | {"statuses": ["burning", "running"], "connections": ["x"]})
    assert (found.sort, found.columns) == (SortKey.COST, ("type",))
    assert found.wanted.statuses == (ResourceStatus.RUNNING,)
    assert found.wanted.connections == ()
    assert found.wanted.presence is Presence.ACTIVE


def test_ones_own_is_seen_by_nobody_else(world):
    viewer, owner = world.alpha.actor(Role.VIEWER), world.alpha.actor(Role.OWNER)
    made = save(viewer, "Моё")
    assert made.is_own
    assert made.may_change
    assert made.definition == SHOPS
    assert "Моё" in names(viewer)
    assert "Моё" not in names(owner)
    for use_case in (saved_views.get_view, saved_views.remove_view, saved_views.restore_view):
        with pytest.raises(NotFound):
            use_case(owner, view_id=made.id)
    with pytest.raises(NotFound):
        saved_views.change_view(owner, view_id=made.id, name="Чужое")
    with pytest.raises(NotFound):
        saved_views.choose_default_view(owner, view_id=made.id)


def test_a_shared_one_is_seen_by_all_and_written_by_those_who_may(world):
    finops, viewer = world.alpha.actor(Role.FINOPS), world.alpha.actor(Role.VIEWER)
    made = save(finops, "Общее", is_shared=True)
    (seen,) = [one for one in saved_views.list_views(viewer) if one.id == made.id]
    assert (seen.is_own, seen.is_shared, seen.may_change) == (False, True, False)
    assert seen.author == finops.name
    with pytest.raises(Forbidden):
        saved_views.change_view(viewer, view_id=made.id, name="Моё")
    with pytest.raises(Forbidden):
        saved_views.remove_view(viewer, view_id=made.id)
    with pytest.raises(Forbidden):
        save(viewer, "Тоже", is_shared=True)
    admin = world.alpha.actor(Role.ADMIN)
    changed = saved_views.change_view(admin, view_id=made.id, name="Наше")
    assert (changed.name, changed.author, changed.definition) == ("Наше", finops.name, SHOPS)
    with pytest.raises(Forbidden):
        saved_views.change_view(admin, view_id=made.id, is_shared=False)
    kept = saved_views.change_view(finops, view_id=made.id, is_shared=False)
    assert not kept.is_shared
    assert "Наше" not in names(viewer)


def test_sharing_ones_own_needs_the_right(world):
    viewer = world.alpha.actor(Role.VIEWER)
    made = save(viewer)
    with pytest.raises(Forbidden):
        saved_views.change_view(viewer, view_id=made.id, is_shared=True)
    reader = world.alpha.token_actor(Role.OWNER, frozenset({Permission.RESOURCE_READ}))
    assert not save(reader).is_shared
    with pytest.raises(Forbidden):
        save(reader, "Общее", is_shared=True)


def test_a_token_sees_its_persons_views(world):
    save(world.alpha.actor(Role.FINOPS), "Моё")
    token = world.alpha.token_actor(Role.FINOPS, frozenset({Permission.RESOURCE_READ}))
    assert "Моё" in names(token)


def test_one_name_once_in_ones_own_and_once_in_the_shared(world):
    finops = world.alpha.actor(Role.FINOPS)
    made = save(finops, "Магазины")
    with pytest.raises(Conflict):
        save(finops, " магазины ")
    save(finops, "Магазины", is_shared=True)
    with pytest.raises(Conflict):
        saved_views.change_view(finops, view_id=made.id, is_shared=True)
    save(world.alpha.actor(Role.ADMIN), "Магазины")
    assert saved_views.change_view(finops, view_id=made.id, name="магазины").name == "магазины"


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "a\nb"}),
        ("columns", {"definition": Definition(columns=("smell",))}),
        ("columns", {"definition": Definition(columns=("type", "type"))}),
        ("filter", {"definition": Definition(wanted=ResourceFilter(owners=("x" * 200,) * 100))}),
    ],
)
def test_bad_input_names_its_field(world, field, options):
    with pytest.raises(Invalid) as refusal:
        saved_views.save_view(
            world.alpha.actor(Role.FINOPS), **({"name": "A", "definition": SHOPS} | options)
        )
    assert refusal.value.field == field


def test_a_removed_one_comes_back_for_a_day(world, monkeypatch):
    finops = world.alpha.actor(Role.FINOPS)
    made = save(finops)
    saved_views.choose_default_view(finops, view_id=made.id)
    saved_views.remove_view(finops, view_id=made.id)
    assert "Shops" not in names(finops)
    with pytest.raises(NotFound):
        saved_views.get_view(finops, view_id=made.id)
    back = saved_views.restore_view(finops, view_id=made.id)
    assert (back.name, back.is_default, back.definition) == ("Shops", True, SHOPS)
    assert saved_views.restore_view(finops, view_id=made.id) == back
    saved_views.remove_view(finops, view_id=made.id)
    save(finops)
    with pytest.raises(Conflict):
        saved_views.restore_view(finops, view_id=made.id)
    later = utc_now() + timedelta(days=2)
    monkeypatch.setattr("infrazen.services.use_case.utc_now", lambda: later)
    with pytest.raises(Conflict):
        saved_views.restore_view(finops, view_id=made.id)
    saved_views.remove_view(finops, view_id=save(finops, "Other").id)
    with pytest.raises(NotFound):
        saved_views.restore_view(finops, view_id=made.id)


def test_everybody_has_a_default_of_their_own(world):
    finops, viewer = world.alpha.actor(Role.FINOPS), world.alpha.actor(Role.VIEWER)
    shared = save(finops, "Общее", is_shared=True)
    saved_views.choose_default_view(viewer, view_id=shared.id)
    assert saved_views.get_view(viewer, view_id=shared.id).is_default
    assert not saved_views.get_view(finops, view_id=shared.id).is_default
    saved_views.choose_default_view(viewer, view_id=None)
    assert not any(one.is_default for one in saved_views.list_views(viewer))
    with pytest.raises(NotFound):
        saved_views.choose_default_view(viewer, view_id=uuid4())


def test_there_is_a_most_of_ones_own_and_removing_does_not_get_around_it(world, monkeypatch):
    finops = world.alpha.actor(Role.FINOPS)
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 4)
    for number in range(5):
        with suppress(Conflict):
            saved_views.remove_view(finops, view_id=save(finops, f"View {number}").id)
    with pytest.raises(Conflict):
        save(finops, "More")
    save(world.alpha.actor(Role.VIEWER), "Of another")
    monkeypatch.setattr(saved_views, "UNDO_FOR", timedelta())
    save(finops, "More")


def test_the_demo_keeps_views_but_no_default(world):
    visitor = demo_actor(world.alpha.organization_id)
    made = save(visitor)
    assert names(visitor) == ["Shops"]
    assert "Shops" not in names(world.alpha.actor(Role.OWNER))
    assert "Shops" not in names(system_actor(world.alpha.organization_id))
    assert "Shops" not in names(demo_actor(world.beta.organization_id))
    with pytest.raises(Forbidden):
        saved_views.choose_default_view(visitor, view_id=made.id)


def test_whoever_reads_the_demos_figures_keeps_nothing(world):
    with pytest.raises(ClosedInDemo):
        save(demo_reader(world.alpha.organization_id))


def test_the_log_tells_who_did_what(world):
    finops = world.alpha.actor(Role.FINOPS)
    made = save(finops)
    saved_views.remove_view(finops, view_id=made.id)
    told = audit.list_events(world.alpha.actor(Role.OWNER), limit=2)
    assert [(one.action, one.target) for one in told] == [
        ("view.remove", "Shops"),
        ("view.save", "Shops"),
    ]
