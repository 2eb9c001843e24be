"""The people of the organization: who they are, what they may, how they get in."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission, Role
from infrazen_ui.components import tables
from infrazen_ui.components.badges import status, tag
from infrazen_ui.components.buttons import button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import may
from infrazen_ui.components.empty_states import failed, not_permitted
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import loading_region, table_skeleton
from infrazen_ui.components.menus import menu, menu_item, menu_line, opener
from infrazen_ui.components.overlays import confirm_dialog
from infrazen_ui.components.person_form import add_person_dialog, role_dialog
from infrazen_ui.components.secret_panel import shown_once
from infrazen_ui.components.tables import Column
from infrazen_ui.components.texts import t
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.present.people import PersonRow
from infrazen_ui.states.people import PeopleState, PersonFormState

_WHO = Column(key="who", title=t("people.who"))
_ROLE = Column(key="role", title=t("people.role"))
_STATE = Column(key="state", title=t("people.state"))
_LAST = Column(key="last", title=t("people.last"))
_SINCE = Column(key="since", title=t("people.since"))
_MORE = Column(key="more", title="", align="end")


def actions() -> list[rx.Component]:
    """What one can do from the page's head."""
    return [
        rx.cond(
            may(Permission.USER_WRITE),
            button(
                t("people.add"),
                kind="primary",
                icon_name="user-plus",
                on_click=PersonFormState.set_open(True),
            ),
        )
    ]


def _waiting() -> rx.Component:
    return loading_region(table_skeleton(rows=5))


@settings_page(
    "people",
    waiting=_waiting,
    on_load=[PeopleState.load, PersonFormState.open_from_address],
    actions=actions,
    is_wide=True,
)
def people() -> rx.Component:
    """The table, what the roles mean, and the questions before anything is lost."""
    return rx.fragment(
        rx.match(
            PeopleState.phase,
            ("ready", _table()),
            ("forbidden", card(not_permitted(who=t("people.who_can"), level=2))),
            (
                "failed",
                card(failed(PeopleState.problem, PeopleState.advice, on_retry=PeopleState.load)),
            ),
            _waiting(),
        ),
        _roles(),
        add_person_dialog(),
        role_dialog(),
        _question(),
        shown_once(t("people.reset")),
    )


def _table() -> rx.Component:
    return card(
        section_header(t("people.title"), note=PeopleState.count),
        tables.data_table(
            rx.foreach(PeopleState.rows, _row),
            label=t("people.table"),
            columns=[_WHO, _ROLE, _STATE, _LAST, _SINCE, _MORE],
        ),
        class_name="card-flush",
    )


def _row(person: PersonRow) -> rx.Component:
    return tables.row(
        tables.cell(
            _WHO,
            rx.el.span(
                rx.el.span(person["initials"], class_name="avatar", aria_hidden="true"),
                tables.two_lines(
                    rx.fragment(person["name"], rx.cond(person["is_me"], tag(t("people.you")), "")),
                    person["email"],
                ),
                class_name="person-who",
            ),
            is_main=True,
        ),
        tables.cell(_ROLE, person["role_name"]),
        tables.cell(_STATE, status(person["tone"], person["state"])),
        tables.cell(
            _LAST, rx.el.span(person["last"], title=person["last_at"], class_name="settings-short")
        ),
        tables.cell(_SINCE, rx.el.span(person["since"], class_name="settings-short")),
        tables.cell(
            _MORE,
            rx.cond(person["is_changeable"] & may(Permission.USER_WRITE), _more(person)),
        ),
        key=person["id"],
        class_name=rx.cond(person["is_disabled"], "person person-disabled", "person"),
    )


def _more(person: PersonRow) -> rx.Component:
    menu_id = f"person-{person['id']}"
    label = t("people.actions", name=person["name"])
    ask: Any = PeopleState.ask
    return rx.fragment(
        rx.el.button(
            icon("ellipsis", size=18),
            type="button",
            class_name="icon-button icon-button-md",
            aria_label=label,
            **opener(menu_id),
        ),
        menu(
            menu_item(
                t("people.change_role"),
                icon_name="shield-check",
                on_click=ask("role", person["id"]),
            ),
            rx.cond(
                person["is_me"],
                rx.fragment(),
                rx.fragment(
                    menu_item(
                        t("people.reset"),
                        icon_name="key-round",
                        on_click=ask("reset", person["id"]),
                    ),
                    rx.cond(
                        person["is_disabled"],
                        menu_item(
                            t("people.enable"),
                            icon_name="user-check",
                            on_click=PeopleState.enable(person["id"]),
                        ),
                        menu_item(
                            t("people.disable"),
                            icon_name="user-x",
                            on_click=ask("disable", person["id"]),
                        ),
                    ),
                    menu_line(),
                    menu_item(
                        t("people.remove"),
                        icon_name="trash-2",
                        tone="danger",
                        on_click=ask("remove", person["id"]),
                    ),
                ),
            ),
            id=menu_id,
            label=label,
        ),
    )


def _question() -> rx.Component:
    is_asked = (PeopleState.asked != "") & (PeopleState.asked != "role")
    return confirm_dialog(
        PeopleState.title,
        PeopleState.consequence,
        is_open=is_asked,
        on_open_change=PeopleState.close_question,
        confirm_label=PeopleState.action,
        on_confirm=PeopleState.confirm,
        is_loading=PeopleState.is_busy,
    )


def _roles() -> rx.Component:
    return card(
        section_header(t("people.roles"), note=t("people.roles_note")),
        rx.el.dl(
            *[
                rx.el.div(
                    rx.el.dt(t(f"role.{role.value}.name")),
                    rx.el.dd(t(f"role.{role.value}.can")),
                    class_name="role-line",
                )
                for role in Role
            ],
            class_name="role-lines",
        ),
    )
