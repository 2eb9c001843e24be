"""The connected clouds, and the place for the next one."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen.providers import all_providers
from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.states.dashboard import DashboardState

FORM = "/connections?add="
"""The form for a new connection to the provider that is named next."""
ADD = f"{FORM}any"
"""The same for a provider that is chosen there: Reflex drops a name without a value."""


def clouds() -> rx.Component:
    """A card a connection, and the tile that adds one."""
    may_add = may(Permission.CONNECTION_WRITE)
    return rx.el.section(
        section_header(
            t("dashboard.clouds.title"),
            actions=[
                rx.cond(
                    may_add,
                    button_link(t("dashboard.clouds.add"), href=ADD, size="sm", icon_name="plus"),
                )
            ],
        ),
        rx.el.div(
            rx.foreach(DashboardState.clouds, _cloud),
            rx.cond(may_add, _add_tile()),
            class_name="clouds",
        ),
        class_name="clouds-section",
    )


def _cloud(one: Any) -> rx.Component:
    return card(
        rx.el.div(
            provider_badge(one["provider"]),
            rx.el.h3(
                rx.el.a(one["name"], href=one["href"], title=one["name"], class_name="cloud-link")
            ),
            status(one["tone"], one["state"], is_live=one["is_live"]),
            rx.el.p(one["provider_title"], " · ", one["added"], class_name="cloud-note"),
            class_name="cloud-head",
        ),
        rx.el.dl(
            _fact(t("dashboard.clouds.cost"), _prices(one)),
            _fact(t("dashboard.clouds.resources"), rx.el.span(one["resources"])),
            rx.cond(
                one["balance"] != "",
                _fact(t("dashboard.clouds.balance"), _balance(one)),
            ),
            class_name="cloud-facts figures",
        ),
        class_name="cloud",
    )


def _fact(name: Text, value: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))


def _prices(one: Any) -> rx.Component:
    return rx.cond(
        some(one["prices"]),
        rx.fragment(
            rx.foreach(
                one["prices"],
                lambda cost: rx.el.span(
                    cost["day"],
                    rx.el.span(cost["month"], class_name="cloud-small"),
                    class_name="cloud-cost",
                ),
            )
        ),
        rx.el.span(t("dashboard.clouds.no_cost"), class_name="muted"),
    )


def _balance(one: Any) -> rx.Component:
    return rx.el.span(
        one["balance"],
        rx.cond(
            one["balance_note"] != "",
            rx.el.span(
                one["balance_note"], class_name="cloud-small", data_tone=one["balance_tone"]
            ),
        ),
        class_name="cloud-cost",
    )


def _add_tile() -> rx.Component:
    """Leads to the form; a badge leads to the form of its provider."""
    return rx.el.div(
        rx.el.a(
            rx.el.span(icon("plus", size=20), class_name="add-icon"),
            rx.el.span(t("dashboard.clouds.add_tile"), class_name="add-title"),
            rx.el.span(t("dashboard.clouds.add_note"), class_name="cloud-note"),
            href=ADD,
            class_name="add-link",
        ),
        rx.el.div(
            *[
                rx.el.a(
                    provider_badge(spec.slug, size=24),
                    spec.title,
                    href=f"{FORM}{spec.slug}",
                    class_name="add-provider",
                )
                for spec in all_providers().values()
            ],
            class_name="add-providers",
        ),
        class_name="add-tile",
    )
