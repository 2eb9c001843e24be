"""Every connection, and the way to add one."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.cards import card
from infrazen_ui.components.conditions import may
from infrazen_ui.components.connection_card import connection_card
from infrazen_ui.components.connection_form import connection_dialog, provider_tiles
from infrazen_ui.components.connection_removal import removal_dialog
from infrazen_ui.components.empty_states import failed, not_permitted
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.managed_connection import manifest_dialog, released_connections
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.managed import ManagedState


def actions() -> list[rx.Component]:
    """What one can do from the page's head."""
    cards: Any = ConnectionsState.cards
    return [
        rx.cond(
            may(Permission.CONNECTION_SYNC) & (cards.length() > 1),
            icon_button(
                t("connections.sync_all"), "refresh-cw", on_click=ConnectionSyncState.ask_all
            ),
        ),
        rx.cond(
            may(Permission.CONNECTION_WRITE),
            button(
                t("connections.add"),
                kind="primary",
                icon_name="plus",
                on_click=ConnectionFormState.add(""),
            ),
        ),
    ]


def _waiting() -> rx.Component:
    return loading_region(
        card_skeleton(height="14rem"), card_skeleton(height="14rem"), class_name="connections"
    )


@page(
    "/connections",
    "connections.page",
    icon="plug",
    order=20,
    waiting=_waiting,
    on_load=[
        ConnectionsState.load,
        ManagedState.load,
        ManagedState.load_released,
        ConnectionFormState.open_from_address,
        ConnectionSyncState.watch,
    ],
    actions=actions,
)
def connections() -> rx.Component:
    """The cards, or why there are none."""
    return rx.fragment(
        rx.match(
            ConnectionsState.phase,
            ("ready", rx.el.div(_cards(), released_connections(), class_name="stack")),
            ("forbidden", card(not_permitted(level=2))),
            (
                "failed",
                card(
                    failed(
                        ConnectionsState.problem,
                        ConnectionsState.advice,
                        on_retry=ConnectionsState.retry,
                        level=2,
                    )
                ),
            ),
            _waiting(),
        ),
        connection_dialog(),
        removal_dialog(),
        manifest_dialog(),
    )


def _cards() -> rx.Component:
    cards: Any = ConnectionsState.cards
    return rx.cond(
        cards.length() > 0,
        rx.el.div(
            rx.foreach(cards, connection_card),
            rx.cond(may(Permission.CONNECTION_WRITE), _add_more()),
            class_name="connections",
        ),
        _first(),
    )


def _add_more() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("connections.add_cloud"), class_name="connection-add-title"),
        rx.el.p(t("connections.add_note"), class_name="section-note"),
        provider_tiles(),
        class_name="connection-add",
    )


def _first() -> rx.Component:
    """A newcomer: the tiles lead to the first connection."""
    return rx.el.div(
        rx.el.div(icon("cloud", size=26), class_name="empty-icon", data_tone="info"),
        rx.el.h2(t("empty.no_connection.title"), class_name="empty-title"),
        rx.el.p(t("empty.no_connection.text"), class_name="empty-text"),
        rx.cond(
            may(Permission.CONNECTION_WRITE),
            provider_tiles(),
            rx.el.p(t("connections.ask_admin"), class_name="empty-text"),
        ),
        class_name="card empty connections-empty",
    )
