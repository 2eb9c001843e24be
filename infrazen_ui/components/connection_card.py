"""A connection as a card: what it is, what it costs, how its syncs go."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.buttons import button, button_link
from infrazen_ui.components.conditions import may
from infrazen_ui.components.connection_account import account_alert, account_information
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import progress_bar
from infrazen_ui.components.managed_connection import can_sync, managed_part, own_state
from infrazen_ui.components.menus import menu, menu_item, menu_line
from infrazen_ui.components.texts import t
from infrazen_ui.present.connections import CardView, MoneyView, TroubleView
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_removal import ConnectionRemovalState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.managed import ManifestState


def connection_card(item: CardView) -> rx.Component:
    """A card of the list: leads to its own page."""
    return rx.el.article(
        _head(item, rx.el.a(item["name"], href=f"/connections/{item['id']}")),
        _money(item),
        _times(item),
        sync_progress(item),
        _trouble(item),
        managed_part(item),
        account_alert(item["account"]),
        account_information(item["account"]),
        rx.el.footer(
            sync_button(item),
            button_link(
                t("connections.history.short"),
                href=f"/connections/{item['id']}",
                kind="ghost",
                icon_name="history",
            ),
            more_menu(item),
            class_name="connection-foot",
        ),
        class_name="card connection",
        aria_label=item["name"],
    )


def connection_overview(item: CardView) -> rx.Component:
    """The head of a connection's own page."""
    return rx.el.div(
        rx.el.section(
            _head(item, item["name"]),
            rx.el.div(_money(item), _times(item), class_name="connection-figures"),
            sync_progress(item),
            managed_part(item, is_open=True),
            account_alert(item["account"]),
            account_information(item["account"]),
            class_name="card connection",
        ),
        class_name="stack",
    )


def sync_button(item: CardView) -> rx.Component:
    """Starts a sync; turns while one goes on."""
    return rx.cond(
        may(Permission.CONNECTION_SYNC) & can_sync(item),
        button(
            t("connections.sync"),
            icon_name="refresh-cw",
            is_loading=is_at_work(item),
            on_click=ConnectionSyncState.ask(item["id"]),
        ),
        rx.fragment(),
    )


def more_menu(item: CardView) -> rx.Component:
    """Everything else that one may do with a connection."""
    menu_id = f"more-{item['id']}"
    return rx.cond(
        may(Permission.CONNECTION_WRITE) & ~item["is_managed"],
        rx.fragment(
            rx.el.button(
                icon("ellipsis", size=18),
                type="button",
                class_name="icon-button icon-button-md connection-more",
                aria_label=t("connections.more", name=item["name"]),
                custom_attrs={"popoverTarget": menu_id, "aria-haspopup": "true"},
            ),
            menu(
                menu_item(
                    t("connections.edit"),
                    icon_name="pencil",
                    on_click=ConnectionFormState.edit(item["id"]),
                ),
                rx.cond(
                    item["is_suspended"],
                    menu_item(
                        t("connections.resume"),
                        icon_name="play",
                        on_click=ConnectionsState.set_suspended(item["id"], False),  # noqa: FBT003
                    ),
                    menu_item(
                        t("connections.suspend"),
                        icon_name="pause",
                        on_click=ConnectionsState.set_suspended(item["id"], True),  # noqa: FBT003
                    ),
                ),
                menu_item(
                    t("managed.manifest.action"),
                    icon_name="file-code",
                    on_click=ManifestState.show(item["id"]),
                ),
                menu_line(),
                menu_item(
                    t("connections.remove.action"),
                    icon_name="trash-2",
                    tone="danger",
                    on_click=ConnectionRemovalState.ask(item["id"]),
                ),
                id=menu_id,
                label=t("connections.more", name=item["name"]),
            ),
        ),
        rx.fragment(),
    )


def sync_progress(item: CardView) -> rx.Component:
    """How far a sync at work is."""
    at: Any = ConnectionSyncState.progress[item["id"]]
    return rx.cond(
        is_at_work(item),
        rx.el.div(
            rx.cond(
                at["maximum"] > 0,
                progress_bar(
                    at["title"], value=at["value"], maximum=at["maximum"], note=at["note"]
                ),
                progress_bar(at["title"], note=at["note"]),
            ),
            class_name="connection-progress",
            custom_attrs={"aria-live": "off"},
        ),
        rx.fragment(),
    )


def is_at_work(item: CardView) -> rx.Var[Any]:
    """Whether a sync of it waits or runs now."""
    progress: Any = ConnectionSyncState.progress
    return progress.contains(item["id"])


def _head(item: CardView, name: rx.Component | str) -> rx.Component:
    return rx.el.header(
        provider_badge(item["provider"], size=40),
        rx.el.div(
            rx.el.h2(name, class_name="connection-name"),
            rx.el.p(
                rx.el.span(item["provider_title"]),
                rx.el.span("·", aria_hidden="true"),
                rx.el.a(item["resources"], href=f"/resources?connection={item['id']}"),
                class_name="connection-what",
            ),
            class_name="connection-title",
        ),
        rx.el.div(
            rx.cond(
                is_at_work(item),
                status("info", t("connections.syncing"), is_live=True),
                own_state(item, status(item["tone"], item["status"])),
            ),
            class_name="connection-status",
            role="status",
        ),
        class_name="connection-head",
    )


def _money(item: CardView) -> rx.Component:
    money: Any = item["money"]
    return rx.cond(
        money.length() > 0,
        rx.el.div(rx.foreach(money, _rate), class_name="connection-money"),
        rx.el.p(t("connections.card.no_cost"), class_name="connection-month"),
    )


def _rate(one: MoneyView) -> rx.Component:
    return rx.el.div(
        rx.el.p(one["per_day"], class_name="connection-day figures"),
        rx.el.p(one["per_month"], class_name="connection-month figures"),
    )


def _times(item: CardView) -> rx.Component:
    return rx.el.dl(
        _time(t("connections.card.last"), item["last_sync"], item["last_sync_at"]),
        rx.cond(
            item["next_sync"] != item["schedule"],  # both say it where there is none
            _time(t("connections.card.next"), item["next_sync"], item["next_sync_at"]),
        ),
        _time(t("connections.card.schedule"), item["schedule"], ""),
        class_name="connection-times",
    )


def _time(name: Any, value: Any, exact: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name),
        rx.el.dd(value, title=exact, class_name="figures"),
        class_name="connection-time",
    )


def _trouble(item: CardView) -> rx.Component:
    troubles: Any = item["troubles"]
    return rx.cond(
        (item["trouble_title"] != "") & ~is_at_work(item),
        rx.el.div(
            rx.cond(
                item["trouble_tone"] == "danger",
                icon("circle-alert", size=18, class_name="callout-icon"),
                icon("triangle-alert", size=18, class_name="callout-icon"),
            ),
            rx.el.div(
                rx.el.p(item["trouble_title"], class_name="callout-title"),
                rx.cond(item["trouble_text"] != "", rx.el.p(item["trouble_text"])),
                rx.cond(
                    troubles.length() > 0,
                    rx.el.ul(rx.foreach(troubles, _part), class_name="connection-parts"),
                ),
                rx.cond(item["unread"] != "", rx.el.p(item["unread"])),
                rx.el.a(t("connections.card.why"), href=f"/connections/{item['id']}"),
                class_name="callout-text",
            ),
            class_name="callout",
            data_tone=item["trouble_tone"],
            role="note",
        ),
        rx.fragment(),
    )


def _part(one: TroubleView) -> rx.Component:
    return rx.el.li(rx.el.span(one["title"]), rx.el.code(one["name"]))
