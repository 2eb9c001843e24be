"""One connection: its state, its account, its history."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.cards import card
from infrazen_ui.components.choices import breadcrumbs
from infrazen_ui.components.connection_card import (
    connection_overview,
    more_menu,
    sync_button,
)
from infrazen_ui.components.connection_form import connection_dialog
from infrazen_ui.components.connection_history import sync_history, unread_records
from infrazen_ui.components.connection_removal import removal_dialog
from infrazen_ui.components.empty_states import failed, not_here, not_permitted
from infrazen_ui.components.loading import card_skeleton, loading_region, table_skeleton
from infrazen_ui.components.managed_connection import manifest_dialog
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.states.connection_history import ConnectionHistoryState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.managed import ManagedState


def trail() -> rx.Component:
    """The way back to the list, and the connection's name as the page's title."""
    return rx.el.div(
        breadcrumbs((t("connections.page"), "/connections"), (_name(), None)),
        rx.el.h1(_name(), class_name="sr-only"),
        class_name="connection-trail",
    )


def actions() -> list[rx.Component]:
    """Sync it, and the rest in a menu."""
    return [
        rx.el.div(
            rx.foreach(ConnectionsState.cards, sync_button),
            rx.foreach(ConnectionsState.cards, more_menu),
            class_name="connection-actions",
        )
    ]


def _waiting() -> rx.Component:
    return loading_region(card_skeleton(height="10rem"), table_skeleton(rows=4))


@page(
    "/connections/[connection_id]",
    "connections.one",
    waiting=_waiting,
    on_load=[
        ConnectionsState.load_one,
        ManagedState.load,
        ConnectionHistoryState.load,
        ConnectionSyncState.watch,
    ],
    actions=actions,
    trail=trail,
)
def connection() -> rx.Component:
    """State and account above, history beneath."""
    return rx.fragment(
        rx.match(
            ConnectionsState.phase,
            ("ready", _connection()),
            ("forbidden", card(not_permitted(level=2))),
            (
                "gone",
                card(
                    not_here(
                        t("connections.gone_title"),
                        t("connections.gone_text"),
                        way_out=button_link(
                            t("connections.all"), href="/connections", kind="primary"
                        ),
                    )
                ),
            ),
            (
                "failed",
                card(
                    failed(
                        ConnectionsState.problem,
                        ConnectionsState.advice,
                        on_retry=ConnectionsState.retry,
                    )
                ),
            ),
            _waiting(),
        ),
        connection_dialog(),
        removal_dialog(),
        manifest_dialog(),
    )


def _connection() -> rx.Component:
    return rx.el.div(
        rx.foreach(ConnectionsState.cards, connection_overview),
        unread_records(),
        sync_history(),
        class_name="stack",
    )


def _name() -> rx.Var[str]:
    """The name of the connection that is shown; a word for it until that is known."""
    cards: Any = ConnectionsState.cards
    return rx.cond(cards.length() > 0, cards[0]["name"], t("connections.one"))
