"""Every page renders, and the outside reaches only the handlers we mean it to."""

import re

import pytest
from reflex_base.registry import RegistrationContext

from infrazen_ui.gate.events import FRAMEWORK_EVENTS, PUBLIC_EVENTS, is_ours
from infrazen_ui.layout.menu import MenuEntry, add, entries, is_within
from infrazen_ui.layout.page import PUBLIC_ROUTES

PUBLIC = {
    "demo_door_state.again",
    "demo_door_state.look",
    "demo_door_state.turned_away",
    "entry_state.answered",
    "entry_state.begin",
    "entry_state.look",
    "language_state.choose",
    "welcome_state.look",
}
SIGNED_IN = {
    "session_state.load",
    "demo_state.look_again",
    "demo_state.rest",
    "connections_state.load",
    "connections_state.load_one",
    "connections_state.look_again",
    "connections_state.retry",
    "connections_state.set_suspended",
    "connection_form_state.add",
    "connection_form_state.edit",
    "connection_form_state.fill_trial",
    "connection_form_state.look_ahead",
    "connection_form_state.open_from_address",
    "connection_form_state.save",
    "connection_form_state.set_open",
    "connection_form_state.test",
    "connection_history_state.catch_up",
    "connection_history_state.compare",
    "connection_history_state.load",
    "connection_history_state.more",
    "connection_history_state.more_changes",
    "connection_history_state.unfold",
    "connection_removal_state.ask",
    "connection_removal_state.remove",
    "connection_removal_state.set_open",
    "connection_sync_state.ask",
    "connection_sync_state.ask_all",
    "connection_sync_state.go_on",
    "connection_sync_state.look_again",
    "connection_sync_state.watch",
    *(
        f"resources_state.{name}"
        for name in (
            "load",
            "search",
            "toggle",
            "add_tag",
            "choose_presence",
            "clear",
            "sort_by",
            "go",
            "choose_size",
            "look_again",
            "wait",
        )
    ),
    *(f"resource_columns_state.{name}" for name in ("toggle", "move", "add_tag", "reset_columns")),
    *(
        f"resource_views_state.{name}"
        for name in (
            "ask",
            "forget",
            "make_default",
            "overwrite",
            "remove",
            "restore",
            "save",
            "set_open",
            "share",
        )
    ),
    *(f"resource_state.{name}" for name in ("load", "choose_reach")),
    *(
        f"resource_lifecycle_state.{name}"
        for name in ("load", "choose_days", "choose_currency", "show_more", "go_to")
    ),
    *(
        f"resource_changes_state.{name}"
        for name in ("ask", "forget", "look_ahead", "save", "set_open", "undo")
    ),
    *(
        f"resource_selection_state.{name}"
        for name in ("tick", "tick_page", "choose_everything", "clear", "compare")
    ),
    *(f"comparison_state.{name}" for name in ("load", "drop", "switch_only")),
    *(
        f"resource_overrides_state.{name}"
        for name in ("ask", "forget", "save_name", "save_price", "set_open", "take_back")
    ),
    *(
        f"resource_edits_state.{name}"
        for name in (
            "forget",
            "add_tag",
            "remove_tag",
            "save_context",
            "undo_context",
            "add_note",
            "remove_note",
            "ask_secret",
            "close_question",
            "reveal",
        )
    ),
    "first_steps_state.load",
    *(f"palette_state.{name}" for name in ("begin", "search", "act")),
    *(f"profile_state.{name}" for name in ("load", "rename", "begin", "answered")),
    *(f"sign_ins_state.{name}" for name in ("load", "end", "ask", "close_question", "end_others")),
    *(
        f"people_state.{name}"
        for name in ("load", "ask", "close_question", "confirm", "change_role", "enable")
    ),
    *(f"person_form_state.{name}" for name in ("open_from_address", "set_open", "add")),
    *(f"organization_state.{name}" for name in ("load", "save", "undo")),
    *(
        f"tokens_state.{name}"
        for name in ("load", "set_open", "create", "ask", "close_question", "revoke")
    ),
    *(
        f"audit_state.{name}"
        for name in ("load", "toggle", "choose_outcome", "choose_days", "clear", "go", "verify")
    ),
    *(
        f"recommendations_state.{name}"
        for name in (
            "load",
            "wait",
            "look_again",
            "search",
            "toggle",
            "choose_shelf",
            "choose_look",
            "clear",
            "go",
            "decide",
            "snooze",
            "ask_dismiss",
            "set_dismissing",
            "dismiss",
            "undo",
        )
    ),
    "recommendation_detail_state.load",
    "recommendation_detail_state.set_open",
    *(
        f"rules_state.{name}"
        for name in ("ask", "set_open", "toggle", "save", "restore", "undo", "check")
    ),
    "advice_state.load_largest",
    "advice_state.load_of_resource",
    "dashboard_state.choose_currency",
    "dashboard_state.leave",
    "dashboard_state.look_into_cluster",
    "dashboard_state.load",
    "dashboard_state.refresh",
    "dashboard_state.search",
    "dashboard_state.sync_all",
    "dashboard_state.watch",
    "managed_state.load",
    "managed_state.load_released",
    "manifest_state.hand_over",
    "manifest_state.set_open",
    "manifest_state.show",
}


def handlers(app) -> set[str]:
    """Every event that a browser may name."""
    with app.set_contexts():
        return set(RegistrationContext.get().event_handlers)


def short(name: str) -> str:
    """``…infrazen_ui___states___entry____entry_state.look`` as ``entry_state.look``."""
    return name.rpartition("____")[2]


def test_every_page_renders(app):
    app._apply_decorated_pages()
    assert {"login", "resources", "resources/[resource_id]"} <= app._unevaluated_pages.keys()
    for route, page in app._unevaluated_pages.items():
        assert app._generate_component(page.component).render(), route


def test_public_pages_are_these():
    assert {"/demo", "/login", "/setup", "/welcome", "404", "_components"} == PUBLIC_ROUTES


def test_strangers_reach_these_events_only():
    assert {short(name) for name in PUBLIC_EVENTS} == PUBLIC


def test_the_event_surface_is_known(app):
    """A new public method of a State is a new door: add it here when it is meant to be one."""
    samples = re.compile("___(gallery___state|bare)____")
    ours = {short(name) for name in handlers(app) if is_ours(name) and not samples.search(name)}
    assert ours == PUBLIC | SIGNED_IN


def test_what_reflex_adds_to_states_is_no_door(app):
    added = {name for name in handlers(app) if name.endswith(".setvar")}
    assert added
    assert not any(is_ours(name) for name in added)
    assert not added & (FRAMEWORK_EVENTS | PUBLIC_EVENTS)


def test_the_menu_is_in_order():
    assert [entry.order for entry in entries()] == sorted(entry.order for entry in entries())
    with pytest.raises(RuntimeError):
        add(entries()[0])


@pytest.mark.parametrize(
    ("route", "is_current"),
    [("/resources", True), ("/resources/[id]", True), ("/resourceful", False), ("/", False)],
)
def test_a_detail_page_belongs_to_its_list(route, is_current):
    entry = MenuEntry(route="/resources", title_key="x", icon="server", order=1)
    assert is_within(route, entry) is is_current


def test_home_is_home_alone():
    home = MenuEntry(route="/", title_key="x", icon="house", order=0)
    assert is_within("/", home)
    assert not is_within("/resources", home)
