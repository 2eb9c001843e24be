"""The recommendations that a filter finds, as cards or as a table."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components import tables
from infrazen_ui.components.advice import category_icon
from infrazen_ui.components.badges import provider_badge, status, tag
from infrazen_ui.components.buttons import button
from infrazen_ui.components.cards import card
from infrazen_ui.components.choices import pagination, segmented
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.empty_states import (
    first_sync_running,
    no_connection_yet,
    no_data_yet,
    not_configured,
    not_here,
    nothing_matches,
)
from infrazen_ui.components.facets import facet
from infrazen_ui.components.filters import chosen_chips, search_box, toolbar
from infrazen_ui.components.icons import icon
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.menus import menu, menu_item
from infrazen_ui.components.texts import t
from infrazen_ui.present.recommendations import Advised
from infrazen_ui.states.recommendations import RecommendationsState

_SHELVES = ("active", "snoozed", "done", "dismissed", "closed")

_WHAT = tables.Column(key="what", title=t("recommendations.column.what"))
_RESOURCE = tables.Column(key="resource", title=t("recommendations.column.resource"))
_WHY = tables.Column(key="why", title=t("recommendations.column.why"))
_STATE = tables.Column(key="state", title=t("recommendations.column.state"))
_SAVING = tables.Column(key="saving", title=t("recommendations.column.saving"), align="end")


def found() -> rx.Component:
    """Filter, list, pages."""
    return card(
        _filters(),
        rx.cond(some(RecommendationsState.chips), _chips()),
        rx.match(
            RecommendationsState.phase,
            ("nothing", nothing_matches(on_reset=RecommendationsState.clear, level=2)),
            ("newcomer", no_connection_yet(href="/connections?add=any", level=2)),
            ("first_sync", first_sync_running(level=2)),
            ("unread", no_data_yet(level=2)),
            ("unconfigured", _unconfigured()),
            ("empty", _nothing()),
            rx.fragment(
                rx.cond(RecommendationsState.look == "table", _table(), _cards()),
                _pages(),
            ),
        ),
        class_name="card-flush recommendations-list",
        aria_busy=RecommendationsState.is_busy,
    )


def _unconfigured() -> rx.Component:
    return not_configured(
        t("recommendations.unconfigured.title"),
        t("recommendations.unconfigured.text"),
        actions=[plain_link(t("recommendations.unconfigured.action"), href="#rules")],
        level=2,
    )


def _nothing() -> rx.Component:
    """Words of the shelf's own."""
    words = [
        (
            shelf,
            not_here(
                t(f"recommendations.nothing.{shelf}"),
                t(f"recommendations.nothing.{shelf}_text"),
                way_out=rx.fragment(),
                level=2,
            ),
        )
        for shelf in _SHELVES
    ]
    return rx.fragment(rx.match(RecommendationsState.shelf, *words, rx.fragment()))


def _filters() -> rx.Component:
    return toolbar(
        search_box(
            t("recommendations.search"),
            value=RecommendationsState.query,
            on_change=RecommendationsState.search,
            max_length=200,
        ),
        segmented(
            t("recommendations.shelf_label"),
            [(shelf, t(f"recommendations.shelf.{shelf}")) for shelf in _SHELVES],
            chosen=RecommendationsState.shelf,
            on_choose=RecommendationsState.choose_shelf,
        ),
        rx.el.div(
            _facet("category", RecommendationsState.categories),
            _facet("rule", RecommendationsState.rule_options),
            _facet("connection", RecommendationsState.connections),
            segmented(
                t("recommendations.look_label"),
                [("cards", t("recommendations.cards")), ("table", t("recommendations.table"))],
                chosen=RecommendationsState.look,
                on_choose=RecommendationsState.choose_look,
            ),
            class_name="facets",
        ),
    )


def _facet(name: str, choices: Any) -> rx.Component:
    return facet(
        t(f"recommendations.facet.{name}"),
        choices,
        id=f"facet-{name}",
        chosen=RecommendationsState.chips,
        on_toggle=RecommendationsState.toggle,
    )


def _chips() -> rx.Component:
    return chosen_chips(
        RecommendationsState.chips,
        on_remove=RecommendationsState.toggle,
        on_clear=RecommendationsState.clear,
    )


def _cards() -> rx.Component:
    return rx.el.ul(
        rx.foreach(RecommendationsState.items, _card),
        class_name="recommendation-cards",
        aria_label=t("recommendations.list"),
    )


def _card(one: Advised) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            category_icon(one["category"]),
            rx.el.div(
                rx.el.h3(
                    rx.el.a(one["title"], href=one["href"]), class_name="recommendation-title"
                ),
                rx.el.p(
                    rx.el.a(one["resource"], href=one["resource_href"], title=one["resource"]),
                    rx.el.span(one["connection"], class_name="muted"),
                    class_name="recommendation-about",
                ),
                class_name="recommendation-names",
            ),
            _saving(one),
            class_name="recommendation-head",
        ),
        rx.el.p(one["why"], class_name="recommendation-why"),
        rx.cond(
            one["change"] != "",
            rx.el.p(
                icon("arrow-right", size=14), one["change"], class_name="recommendation-change"
            ),
        ),
        rx.el.div(
            status(one["state_tone"], one["state"]),
            rx.cond(one["state_note"] != "", rx.el.span(one["state_note"], class_name="muted")),
            rx.cond(one["reason"] != "", rx.el.span(one["reason"], class_name="muted")),
            tag(one["confidence"], tone=one["confidence_tone"]),
            class_name="recommendation-marks",
        ),
        rx.cond(may(Permission.RESOURCE_WRITE), decisions(one, prefix="card")),
        class_name="recommendation",
        key=one["id"],
        data_row="true",
        tab_index=-1,
    )


def _saving(one: Advised) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one["saving"] != "",
            rx.el.span(one["saving"], class_name="recommendation-saving figures"),
        ),
        rx.cond(
            one["saving_note"] != "",
            rx.el.span(one["saving_note"], class_name="recommendation-note"),
        ),
        class_name="recommendation-money",
    )


def decisions(one: Any, *, prefix: str) -> rx.Component:
    """What may be done with it: the next step first."""
    decide, id_ = RecommendationsState.decide, one["id"]
    return rx.el.div(
        rx.cond(
            one["accept"],
            button(
                t("recommendations.action.accept"),
                kind="primary",
                size="sm",
                on_click=decide(id_, "accepted"),
            ),
        ),
        rx.cond(
            one["start"],
            button(
                t("recommendations.action.start"),
                kind="primary",
                size="sm",
                on_click=decide(id_, "in_progress"),
            ),
        ),
        rx.cond(
            one["finish"],
            button(t("recommendations.action.finish"), size="sm", on_click=decide(id_, "done")),
        ),
        rx.cond(one["snooze"], _snooze(id_, prefix)),
        rx.cond(
            one["dismiss"],
            button(
                t("recommendations.action.dismiss"),
                kind="ghost",
                size="sm",
                on_click=RecommendationsState.ask_dismiss(id_),
            ),
        ),
        rx.cond(
            one["reopen"] & ~one["accept"],
            button(
                t("recommendations.action.reopen"),
                kind="ghost",
                size="sm",
                on_click=decide(id_, "open"),
            ),
        ),
        class_name="recommendation-actions",
    )


def _snooze(id_: Any, prefix: str) -> rx.Component:
    name: Any = rx.Var.create(f"{prefix}-snooze-") + id_
    snooze = RecommendationsState.snooze
    return rx.fragment(
        button(
            t("recommendations.action.snooze"),
            kind="ghost",
            size="sm",
            custom_attrs={"popoverTarget": name, "aria-haspopup": "true"},
        ),
        menu(
            menu_item(t("recommendations.action.week"), on_click=snooze(id_, "week")),
            menu_item(t("recommendations.action.month"), on_click=snooze(id_, "month")),
            menu_item(t("recommendations.action.quarter"), on_click=snooze(id_, "quarter")),
            id=name,
            label=t("recommendations.action.snooze"),
        ),
    )


def _table() -> rx.Component:
    return tables.data_table(
        rx.foreach(RecommendationsState.items, _row),
        label=t("recommendations.list"),
        columns=[_WHAT, _RESOURCE, _WHY, _STATE, _SAVING],
    )


def _row(one: Advised) -> rx.Component:
    return tables.row(
        tables.cell(
            _WHAT,
            tables.two_lines(rx.el.a(one["title"], href=one["href"]), one["category_word"]),
            is_main=True,
        ),
        tables.cell(
            _RESOURCE,
            rx.el.span(
                provider_badge(one["provider"], size=28),
                tables.two_lines(
                    tables.name_link(one["resource"], one["resource_href"]), one["connection"]
                ),
                class_name="provider-line",
            ),
        ),
        tables.cell(_WHY, tables.two_lines(one["why"], one["change"])),
        tables.cell(
            _STATE,
            tables.two_lines(status(one["state_tone"], one["state"]), one["state_note"]),
        ),
        tables.cell(_SAVING, tables.two_lines(tables.or_dash(one["saving"]), one["saving_note"])),
        key=one["id"],
    )


def _pages() -> rx.Component:
    return pagination(
        shown=RecommendationsState.shown,
        has_previous=RecommendationsState.has_previous,
        has_next=RecommendationsState.has_next,
        on_previous=RecommendationsState.go(-1),
        on_next=RecommendationsState.go(1),
    )
