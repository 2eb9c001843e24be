"""Of the inventory: boxes to choose rows by, and what can be done with all chosen ones."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components import tables
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.conditions import may
from infrazen_ui.components.forms import select_field, text_field
from infrazen_ui.components.icons import icon
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import flag
from infrazen_ui.present.resource_changes import FIELDS, TAG_WAYS
from infrazen_ui.present.resource_rows import ResourceRow
from infrazen_ui.states.resource_changes import FORM, ResourceChangesState
from infrazen_ui.states.resource_selection import ResourceSelectionState

_CHOSEN = ResourceSelectionState
_MARKED: Any = ResourceSelectionState.marked
_TICK: Any = ResourceSelectionState.tick
_ASKED: Any = ResourceChangesState.asked
_LONGEST = {"environment": 64}


def _page_box() -> rx.Component:
    return rx.el.input(
        type="checkbox",
        class_name="checkbox pick-box",
        checked=_CHOSEN.is_whole_page,
        aria_label=t("bulk.choose_page"),
        title=t("bulk.choose_page"),
        on_change=lambda _checked: _CHOSEN.tick_page(),
    )


PICK = tables.Column(key="pick", title=t("bulk.choose"), control=_page_box())


def pick(item: ResourceRow) -> rx.Component:
    """The box of a row; ``x`` ticks it from the keyboard, Shift takes all between."""
    return tables.cell(
        PICK,
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="checkbox pick-box",
                checked=_MARKED.contains(item["id"]),
                aria_label=t("bulk.choose_row", name=item["name"]),
                read_only=True,
                data_pick="true",
                on_click=_TICK(item["id"]),
            ),
            class_name="pick",
        ),
    )


def bulk_bar() -> rx.Component:
    """How many are chosen and what to do with them; else what was done last."""
    return rx.cond(
        _CHOSEN.count > 0,
        _bar(),
        rx.cond(ResourceChangesState.done != "", _done()),
    )


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(_CHOSEN.label, class_name="bulk-count figures", role="status"),
            rx.cond(
                _CHOSEN.offer != "",
                rx.el.button(
                    _CHOSEN.offer,
                    type="button",
                    class_name="bulk-offer",
                    on_click=_CHOSEN.choose_everything,
                ),
            ),
            rx.cond(_CHOSEN.note != "", rx.el.span(_CHOSEN.note, class_name="bulk-note")),
            class_name="bulk-who",
        ),
        rx.el.div(
            button(
                t("compare.action"),
                icon_name="columns-2",
                title=t("compare.how_many"),
                on_click=_CHOSEN.compare,
                is_disabled=~flag(_CHOSEN.may_compare),
            ),
            rx.cond(
                may(Permission.RESOURCE_WRITE),
                rx.fragment(
                    button(
                        t("bulk.fields"),
                        icon_name="users",
                        on_click=ResourceChangesState.ask("fields"),
                    ),
                    button(
                        t("bulk.tags"), icon_name="tag", on_click=ResourceChangesState.ask("tags")
                    ),
                ),
            ),
            icon_button(t("bulk.clear"), "x", on_click=_CHOSEN.clear, data_unpick="true"),
            class_name="bulk-actions",
        ),
        class_name="bulk-bar",
        role="region",
        aria_label=t("bulk.bar"),
    )


def _done() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            icon("circle-check", size=18, class_name="bulk-done"),
            rx.el.span(ResourceChangesState.done, role="status"),
            class_name="bulk-who",
        ),
        rx.el.div(
            button(t("bulk.undo"), icon_name="undo-2", on_click=ResourceChangesState.undo),
            icon_button(t("action.close"), "x", on_click=ResourceChangesState.forget),
            class_name="bulk-actions",
        ),
        class_name="bulk-bar",
        role="region",
        aria_label=t("bulk.bar"),
    )


def bulk_dialogs() -> rx.Component:
    """Both forms; one is open at most."""
    return rx.fragment(
        _dialog("fields", *[_field(name) for name in FIELDS]),
        _dialog("tags", *_tag_inputs()),
    )


def _field(name: str) -> rx.Component:
    return rx.el.div(
        text_field(
            t(f"resource.owner_field.{name}"),
            name=name,
            prefix="bulk-",
            is_required=True,
            placeholder=t("bulk.stays"),
            max_length=_LONGEST.get(name, 200),
            auto_complete="off",
            on_blur=_LOOK,
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name=f"clear.{name}",
                class_name="checkbox",
                on_change=lambda _checked: _LOOK,
            ),
            t("bulk.empty"),
            class_name="bulk-empty",
        ),
        class_name="bulk-field",
    )


def _tag_inputs() -> list[rx.Component]:
    return [
        select_field(
            t("bulk.way"),
            name="way",
            prefix="bulk-",
            options=[(way, t(f"bulk.ways.{way}")) for way in TAG_WAYS],
            on_change=lambda _chosen: _LOOK,
        ),
        rx.el.div(
            text_field(
                t("resource.tag_key"),
                name="key",
                prefix="bulk-",
                is_required=True,
                max_length=128,
                auto_complete="off",
                on_blur=_LOOK,
            ),
            text_field(
                t("resource.tag_value"),
                name="value",
                prefix="bulk-",
                is_required=True,
                max_length=256,
                auto_complete="off",
                on_blur=_LOOK,
            ),
            class_name="bulk-tag",
        ),
    ]


_LOOK: Any = rx.call_script(
    f"window.infrazen.inputs('{FORM}')", callback=ResourceChangesState.look_ahead
)
"""Say what the form would do as it is filled in now."""


def _dialog(kind: str, *inputs: rx.Component) -> rx.Component:
    return dialog(
        t(f"bulk.title.{kind}"),
        rx.el.form(
            *inputs,
            rx.el.p(
                rx.cond(
                    ResourceChangesState.preview != "",
                    ResourceChangesState.preview,
                    t("bulk.preview_none"),
                ),
                class_name="bulk-preview",
                role="status",
            ),
            id=FORM,
            no_validate=True,
            class_name="form",
            on_submit=rx.call_script(
                f"window.infrazen.inputs('{FORM}')", callback=ResourceChangesState.save
            ).prevent_default,
        ),
        is_open=kind == _ASKED,
        on_open_change=ResourceChangesState.set_open,
        description=_CHOSEN.label,
        size="sm",
        footer=[
            button(t("action.cancel"), on_click=ResourceChangesState.set_open(False)),
            button(
                t("bulk.apply"),
                kind="primary",
                type="submit",
                form=FORM,
                is_loading=ResourceChangesState.is_saving,
            ),
        ],
    )
