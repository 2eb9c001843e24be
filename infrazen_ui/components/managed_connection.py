"""What a connection's card says of the custom resource that manages it."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.buttons import button
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.disclosure import code_block, collapsible, copyable
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import progress_bar
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.present.connections import CardView
from infrazen_ui.present.managed import CommandView, ConditionView, ReleasedView
from infrazen_ui.states.managed import ManagedState, ManifestState

_VIEWS: Any = ManagedState.views


def is_told(item: CardView) -> rx.Var[Any]:
    """Whether the cluster has been asked about the connection."""
    return _VIEWS.contains(item["id"])


def can_sync(item: CardView) -> rx.Var[Any]:
    """Whether a sync by hand can be asked for from here."""
    return ~item["is_managed"] | (is_told(item) & _VIEWS[item["id"]]["can_sync"])


def own_state(item: CardView, other: rx.Component) -> rx.Component:
    """How the resource says it is, ``other`` where it does not say."""
    view = _VIEWS[item["id"]]
    return rx.cond(
        is_told(item) & (view["state"] != ""), status(view["tone"], view["state"]), other
    )


def managed_part(item: CardView, *, is_open: bool = False) -> rx.Component:
    """Where it is managed, what its conditions are, and how to get at it."""
    view = _VIEWS[item["id"]]
    return rx.cond(
        item["is_managed"],
        rx.el.section(
            rx.el.p(
                rx.el.span(
                    icon("ship-wheel", size=12), "Kubernetes", class_name="tag", data_tone="info"
                ),
                copyable(item["managed_by"]),
                class_name="managed-origin",
            ),
            rx.el.p(t("managed.read_only"), class_name="managed-note"),
            rx.cond(is_told(item), rx.fragment(_note(view), _problem(view), _removal(view))),
            collapsible(
                t("managed.details"),
                rx.cond(
                    is_told(item) & some(view["conditions"]),
                    rx.el.ul(
                        rx.foreach(view["conditions"], _condition),
                        class_name="managed-conditions",
                        aria_label=t("managed.conditions"),
                    ),
                ),
                rx.el.div(rx.foreach(item["commands"], _command), class_name="managed-commands"),
                is_open=is_open,
            ),
            class_name="managed",
            aria_label=t("managed.section"),
        ),
        rx.fragment(),
    )


def released_connections() -> rx.Component:
    """Connections whose resources were deleted and left their data."""
    return rx.cond(
        some(ManagedState.released),
        rx.el.section(
            rx.el.h2(t("managed.released.title"), class_name="connection-add-title"),
            rx.el.p(t("managed.released.note"), class_name="section-note"),
            rx.el.ul(rx.foreach(ManagedState.released, _released), class_name="released"),
            class_name="card",
        ),
    )


def _released(one: ReleasedView) -> rx.Component:
    return rx.el.li(
        provider_badge(one["provider"], size=28),
        rx.el.span(one["name"], class_name="released-name"),
        copyable(one["managed_by"]),
        rx.el.span(one["since"], title=one["since_at"], class_name="managed-since"),
        rx.el.a(t("managed.released.link"), href=one["href"]),
        class_name="released-line",
    )


def manifest_dialog() -> rx.Component:
    """The manifest of a connection, and the way to hand it over where that is allowed."""
    return dialog(
        t("managed.manifest.title", name=ManifestState.name),
        code_block(ManifestState.yaml, label=t("managed.manifest.label")),
        rx.cond(
            ManagedState.writes_to != "",
            rx.el.p(
                t("managed.manifest.hand_over_text", namespace=ManagedState.writes_to),
                class_name="managed-note",
            ),
        ),
        is_open=ManifestState.is_open,
        on_open_change=ManifestState.set_open,
        description=t("managed.manifest.text"),
        size="lg",
        footer=[
            button(t("action.close"), on_click=ManifestState.set_open(False)),
            rx.cond(
                (ManagedState.writes_to != "") & may(Permission.CONNECTION_WRITE),
                button(
                    t("managed.manifest.hand_over"),
                    kind="primary",
                    icon_name="ship-wheel",
                    on_click=ManifestState.hand_over,
                    is_loading=ManifestState.is_handing_over,
                ),
            ),
        ],
    )


def _note(view: Any) -> rx.Component:
    """Why nothing is known of the resource."""
    return rx.cond(
        view["note"] != "",
        rx.el.div(
            rx.cond(
                view["note_tone"] == "warning",
                icon("triangle-alert", size=18, class_name="callout-icon"),
                icon("info", size=18, class_name="callout-icon"),
            ),
            rx.el.p(view["note"], class_name="callout-text"),
            class_name="callout",
            data_tone=view["note_tone"],
            role="note",
        ),
    )


def _problem(view: Any) -> rx.Component:
    """What somebody has to mend before a sync starts again."""
    return rx.cond(
        view["problem"] != "",
        rx.el.div(
            icon("circle-alert", size=18, class_name="callout-icon"),
            rx.el.div(
                rx.el.p(view["problem"], class_name="callout-title"),
                rx.cond(view["action"] != "", rx.el.p(view["action"])),
                class_name="callout-text",
            ),
            class_name="callout",
            data_tone="danger",
            role="note",
        ),
    )


def _removal(view: Any) -> rx.Component:
    """How far the data is gone that goes with the resource."""
    return rx.cond(
        view["removal"] != "",
        rx.el.div(
            progress_bar(view["removal"], value=view["removed"], note=view["removal_note"]),
            class_name="connection-progress",
        ),
    )


def _condition(one: ConditionView) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one["title"], class_name="managed-condition-name"),
            status(one["tone"], one["state"]),
            rx.el.span(one["since"], title=one["since_at"], class_name="managed-since"),
            class_name="managed-condition-head",
        ),
        rx.cond(
            one["reason"] != "",
            rx.el.p(
                rx.el.span(one["reason"]),
                rx.cond(one["reason"] != one["code"], rx.el.code(one["code"])),
                class_name="managed-reason",
            ),
        ),
        rx.cond(one["action"] != "", rx.el.p(one["action"])),
        rx.cond(one["message"] != "", rx.el.p(one["message"], class_name="managed-message")),
        class_name="managed-condition",
    )


def _command(one: CommandView) -> rx.Component:
    return rx.el.div(
        rx.el.p(one["title"], class_name="managed-command-title"),
        code_block(one["command"], label=one["title"]),
    )
