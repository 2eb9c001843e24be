"""Of the inventory: the menu of saved views, its forms and its notices."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.forms import text_field
from infrazen_ui.components.icons import icon
from infrazen_ui.components.menus import (
    menu,
    menu_heading,
    menu_item,
    menu_line,
    menu_link,
    opener,
)
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.present.resource_views import ViewLine
from infrazen_ui.states.resource_views import ResourceViewsState

_STATE = ResourceViewsState
_MENU = "views-menu"
_FORM = "view-form"
_ASKED: Any = ResourceViewsState.asked


def view_menu() -> rx.Component:
    """The button with the open view's name and a mark where it was changed; the menu."""
    return rx.el.div(
        rx.el.button(
            icon("bookmark", size=16, class_name="views-icon"),
            rx.el.span(
                rx.cond(_STATE.current != "", _STATE.name, t("views.menu")),
                class_name="views-name",
            ),
            rx.cond(
                _STATE.is_changed,
                rx.el.span(
                    rx.el.span(t("views.changed"), class_name="sr-only"),
                    class_name="facet-mark",
                    title=t("views.changed"),
                ),
            ),
            icon("chevron-down", size=14, class_name="facet-chevron"),
            type="button",
            class_name="button button-secondary button-md facet-button views-button",
            data_views="true",
            aria_keyshortcuts="v",
            title=t("views.menu"),
            **opener(_MENU),
        ),
        menu(
            menu_link(t("views.all"), href=_STATE.plain_href, icon_name="list"),
            _group(t("views.own"), _STATE.own),
            _group(t("views.shared"), _STATE.shared),
            rx.cond(
                ~(some(_STATE.own) | some(_STATE.shared)),
                rx.el.p(t("views.none"), class_name="views-none"),
            ),
            menu_line(),
            *_doings(),
            id=_MENU,
            label=t("views.menu"),
            class_name="views-menu",
        ),
        class_name="facet views",
    )


def _group(title: Any, lines: Any) -> rx.Component:
    return rx.cond(some(lines), rx.fragment(menu_heading(title), rx.foreach(lines, _line)))


def _line(line: ViewLine) -> rx.Component:
    return rx.el.a(
        rx.el.span(
            rx.el.span(line["name"], class_name="views-line-name"),
            rx.cond(line["note"] != "", rx.el.span(line["note"], class_name="views-line-note")),
            class_name="menu-label views-line",
        ),
        rx.cond(
            line["is_default"],
            rx.el.span(
                icon("star", size=14),
                rx.el.span(t("views.is_default"), class_name="sr-only"),
                title=t("views.is_default"),
                class_name="views-star",
            ),
        ),
        rx.cond(line["is_current"], icon("check", size=16)),
        href=line["href"],
        class_name="menu-item",
        aria_current=rx.cond(line["is_current"], "true", "false"),
        data_closes_menu="true",
        key=line["id"],
    )


def _doings() -> list[rx.Component]:
    is_open = _STATE.current != ""
    return [
        rx.cond(
            is_open & _STATE.is_changed,
            rx.fragment(
                rx.cond(
                    _STATE.may_change,
                    menu_item(t("views.overwrite"), icon_name="save", on_click=_STATE.overwrite),
                ),
                menu_link(
                    t("views.revert"),
                    href=f"/resources?view={_STATE.current}",
                    icon_name="undo-2",
                ),
            ),
        ),
        menu_item(t("views.save_as"), icon_name="bookmark-plus", on_click=_STATE.ask("save")),
        rx.cond(
            is_open & _STATE.may_have_default,
            menu_item(
                t("views.default"),
                icon_name="star",
                is_chosen=_STATE.is_default,
                on_click=_STATE.make_default,
            ),
        ),
        rx.cond(
            is_open & _STATE.may_change,
            rx.fragment(
                menu_item(t("views.rename"), icon_name="pencil", on_click=_STATE.ask("rename")),
                rx.cond(
                    _STATE.is_own & may(Permission.RESOURCE_WRITE),
                    menu_item(
                        t("views.share"),
                        icon_name="users",
                        is_chosen=_STATE.is_shared,
                        on_click=_STATE.share,
                    ),
                ),
                menu_item(
                    t("views.remove"), icon_name="trash-2", tone="danger", on_click=_STATE.remove
                ),
            ),
        ),
    ]


def view_notices() -> rx.Component:
    """What the open view asks for in vain, and the way back to a removed one."""
    return rx.fragment(
        rx.cond(_STATE.vanished != "", callout(_STATE.vanished, tone="warning")),
        rx.cond(
            _STATE.removed != "",
            callout(
                t("views.removed", name=_STATE.removed),
                tone="info",
                actions=[
                    button(
                        t("views.restore"),
                        size="sm",
                        icon_name="undo-2",
                        on_click=_STATE.restore,
                    ),
                    button(t("action.close"), size="sm", kind="ghost", on_click=_STATE.forget),
                ],
            ),
        ),
    )


def view_dialogs() -> rx.Component:
    """A name for what the table shows, or another one for the open view."""
    return rx.fragment(
        _dialog("save", t("views.save_title"), t("views.save_note"), ""),
        _dialog("rename", t("views.rename_title"), t("views.rename_note"), _STATE.name),
    )


def _dialog(kind: str, title: Any, note: Any, name: Any) -> rx.Component:
    share = rx.cond(
        may(Permission.RESOURCE_WRITE),
        rx.el.label(
            rx.el.input(type="checkbox", name="is_shared", class_name="checkbox"),
            rx.el.span(t("views.share")),
            class_name="checkbox-row",
        ),
    )
    return dialog(
        title,
        rx.el.form(
            text_field(
                t("views.name"),
                name="name",
                prefix="view-",
                error=_STATE.wrong,
                is_required=True,
                default_value=name,
                max_length=100,
                auto_complete="off",
                auto_focus=True,
            ),
            *([share] if kind == "save" else []),
            id=f"{_FORM}-{kind}",
            class_name="form",
            no_validate=True,
            on_submit=_STATE.save,
        ),
        is_open=kind == _ASKED,
        on_open_change=_STATE.set_open,
        description=note,
        size="sm",
        footer=[
            button(t("action.cancel"), on_click=_STATE.set_open(False)),
            button(
                t("views.save"),
                kind="primary",
                type="submit",
                form=f"{_FORM}-{kind}",
                is_loading=_STATE.is_saving,
            ),
        ],
    )
