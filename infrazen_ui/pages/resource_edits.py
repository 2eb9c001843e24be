"""Of one resource's page: what people write on it, and the secrets that came with it."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.cards import card, fact, section_header
from infrazen_ui.components.conditions import may
from infrazen_ui.components.forms import field, form_actions, text_area
from infrazen_ui.components.icons import icon
from infrazen_ui.components.overlays import confirm_dialog
from infrazen_ui.components.secret_panel import secret_panel
from infrazen_ui.components.texts import t
from infrazen_ui.present.resource_detail import CONTEXT_FIELDS, Note, SecretMark, TagMark
from infrazen_ui.states.resource_edits import ResourceEditsState
from infrazen_ui.states.resource_page import ResourceState

SECRET_SECONDS = 30
_LONGEST = {"environment": 64}


def belongs() -> rx.Component:
    """Business context: to be read by all, written by those who may."""
    values: Any = ResourceState.belongs
    return card(
        section_header(t("resource.context"), note=t("resource.context_note")),
        rx.cond(
            may(Permission.RESOURCE_WRITE),
            _belongs_form(),
            rx.el.dl(
                *[
                    fact(
                        t(f"resource.owner_field.{name}"),
                        rx.cond(
                            values[name] != "",
                            rx.fragment(values[name]),
                            rx.el.span(t("resource.context_none"), class_name="muted"),
                        ),
                    )
                    for name in CONTEXT_FIELDS
                ],
                class_name="facts",
            ),
        ),
    )


def _belongs_form() -> rx.Component:
    values: Any = ResourceState.belongs
    return rx.el.form(
        rx.el.div(
            *[_belongs_field(name, values[name]) for name in CONTEXT_FIELDS],
            class_name="context-fields",
        ),
        form_actions(
            rx.cond(
                ResourceEditsState.is_undoable,
                button(
                    t("resource.context_undo"),
                    kind="ghost",
                    icon_name="undo-2",
                    on_click=ResourceEditsState.undo_context,
                ),
            ),
            button(t("resource.context_save"), kind="primary", type="submit"),
        ),
        key=ResourceState.version.to_string(),  # pyright: ignore[reportAttributeAccessIssue]
        class_name="form",
        on_submit=ResourceEditsState.save_context,
    )


def _belongs_field(name: str, value: Any) -> rx.Component:
    """A line of text without the mark "optional": all of them are."""
    control_id = f"context-{name}"
    return field(
        t(f"resource.owner_field.{name}"),
        rx.el.input(
            id=control_id,
            name=name,
            default_value=value,
            max_length=_LONGEST.get(name, 200),
            auto_complete="off",
            class_name="input",
        ),
        control_id=control_id,
        is_required=True,
    )


def tags() -> rx.Component:
    """The provider's tags to read, our own to add and take away."""
    found: Any = ResourceState.tags
    return card(
        section_header(t("resource.tags"), note=t("resource.tags_own")),
        rx.cond(
            found.length() > 0,
            rx.el.ul(rx.foreach(found, _tag), class_name="tag-list"),
            rx.el.p(t("resource.tags_none"), class_name="muted"),
        ),
        rx.cond(may(Permission.RESOURCE_WRITE), _tag_form()),
    )


def _tag(mark: TagMark) -> rx.Component:
    words = rx.fragment(
        rx.el.span(mark["key"], class_name="tag-key"),
        rx.cond(mark["value"] != "", rx.el.span(mark["value"], class_name="tag-value")),
    )
    return rx.el.li(
        rx.el.a(words, href=mark["href"], class_name="tag-link"),
        rx.cond(
            mark["is_own"],
            rx.cond(
                may(Permission.RESOURCE_WRITE),
                rx.el.button(
                    icon("x", size=14),
                    type="button",
                    class_name="chip-remove",
                    aria_label=t("resource.tag_remove", name=mark["key"]),
                    on_click=ResourceEditsState.remove_tag(mark["key"]),
                ),
            ),
            rx.el.span(
                icon("lock", size=12),
                rx.el.span(t("resource.tag_provider"), class_name="sr-only"),
                title=t("resource.tag_provider"),
                class_name="tag-lock",
            ),
        ),
        class_name="own-tag",
        data_own=mark["is_own"],
    )


def _tag_form() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="key",
            class_name="input",
            placeholder=t("resource.tag_key"),
            aria_label=t("resource.tag_key"),
            required=True,
            max_length=128,
            auto_complete="off",
        ),
        rx.el.input(
            name="value",
            class_name="input",
            placeholder=t("resource.tag_value"),
            aria_label=t("resource.tag_value"),
            max_length=256,
            auto_complete="off",
        ),
        button(t("resource.tag_add"), type="submit", icon_name="plus"),
        class_name="tag-form",
        on_submit=ResourceEditsState.add_tag,
        reset_on_submit=True,
    )


def notes() -> rx.Component:
    """What people noted, and a place to note more."""
    found: Any = ResourceState.notes
    return card(
        section_header(t("resource.notes")),
        rx.cond(
            found.length() > 0,
            rx.el.ul(rx.foreach(found, _note), class_name="notes"),
            rx.el.p(t("resource.notes_none"), class_name="muted"),
        ),
        rx.cond(
            may(Permission.RESOURCE_WRITE),
            rx.el.form(
                text_area(
                    t("resource.note_label"),
                    name="note",
                    is_required=True,
                    max_length=4000,
                    rows="3",
                ),
                form_actions(button(t("resource.note_add"), type="submit")),
                class_name="form",
                on_submit=ResourceEditsState.add_note,
                reset_on_submit=True,
            ),
        ),
    )


def _note(note: Note) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(note["author"], class_name="note-author"),
            rx.el.span(note["when"], class_name="note-when"),
            rx.cond(
                note["is_removable"] & may(Permission.RESOURCE_WRITE),
                icon_button(
                    t("resource.note_remove"),
                    "trash-2",
                    size="sm",
                    on_click=ResourceEditsState.remove_note(note["id"]),
                ),
            ),
            class_name="note-head",
        ),
        rx.el.p(note["text"], class_name="note-text"),
        class_name="note",
    )


def secrets() -> rx.Component:
    """That they are set, and for those who may a way to see one, which is audited."""
    found: Any = ResourceState.secrets
    return rx.cond(
        found.length() > 0,
        card(
            section_header(t("resource.secrets"), note=t("resource.secrets_note")),
            rx.el.ul(rx.foreach(found, _secret), class_name="secrets"),
            confirm_dialog(
                t("resource.secret_title"),
                t("resource.secret_text"),
                rx.el.p(ResourceEditsState.asked_label, class_name="secret-label"),
                is_open=ResourceEditsState.asked != "",
                on_open_change=ResourceEditsState.close_question,
                confirm_label=t("resource.secret_show"),
                on_confirm=ResourceEditsState.reveal,
                kind="primary",
            ),
            secret_panel(t("resource.secrets"), seconds=SECRET_SECONDS),
        ),
    )


def _secret(mark: SecretMark) -> rx.Component:
    return rx.el.li(
        icon("key-round", size=18, class_name="component-icon"),
        rx.el.div(
            rx.el.p(mark["label"], class_name="secret-label"),
            rx.el.p(
                t("resource.secret_set", when=mark["when"]),
                " · ",
                t("resource.fingerprint", fingerprint=mark["fingerprint"]),
                class_name="secret-facts",
            ),
        ),
        rx.cond(
            may(Permission.SECRET_REVEAL),
            button(
                t("resource.secret_show"),
                size="sm",
                icon_name="eye",
                on_click=ResourceEditsState.ask_secret(mark["field"], mark["label"]),
            ),
        ),
        class_name="secret",
    )
