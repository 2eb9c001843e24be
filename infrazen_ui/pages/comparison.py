"""A few resources side by side: what they cost, how they are made and used, whose they are."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import provider_badge, status, tag
from infrazen_ui.components.buttons import button_link, icon_button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card
from infrazen_ui.components.choices import breadcrumbs
from infrazen_ui.components.conditions import some
from infrazen_ui.components.empty_states import failed, none_made, not_here, not_permitted
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import loading_region, skeleton, table_skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.present.comparison import Head, Line, Section, Value
from infrazen_ui.states.comparison import ComparisonState

_DROP: Any = ComparisonState.drop
_HEADS: Any = ComparisonState.heads


def _trail() -> rx.Component:
    return breadcrumbs((t("resources.page"), "/resources"), (t("compare.page"), None))


def _waiting() -> rx.Component:
    return loading_region(
        rx.el.div(skeleton(width="12rem", height="1.75rem"), class_name="card stack"),
        table_skeleton(rows=10),
    )


@page(
    "/resources/compare",
    "compare.page",
    on_load=[ComparisonState.load],
    trail=_trail,
    waiting=_waiting,
)
def comparison() -> rx.Component:
    """All of it, or why not."""
    return rx.fragment(
        rx.el.h1(t("compare.page"), class_name="sr-only"),
        rx.match(
            ComparisonState.phase,
            ("ready", _whole()),
            ("few", card(_few())),
            ("gone", card(not_here(t("resource.gone_title"), t("compare.gone"), way_out=_out()))),
            ("forbidden", card(not_permitted(level=2))),
            ("failed", _failed()),
            _waiting(),
        ),
    )


def _few() -> rx.Component:
    return none_made("columns-2", t("compare.few_title"), t("compare.few_text"), actions=[_out()])


def _out() -> rx.Component:
    return button_link(t("resource.to_list"), href="/resources", kind="primary")


def _failed() -> rx.Component:
    return card(
        failed(
            ComparisonState.failure_title,
            ComparisonState.failure_action,
            on_retry=ComparisonState.load,
            level=2,
        )
    )


def _whole() -> rx.Component:
    return card(
        rx.cond(ComparisonState.odd != "", callout(ComparisonState.odd, tone="warning")),
        rx.cond(ComparisonState.missing != "", callout(ComparisonState.missing, tone="warning")),
        rx.el.div(
            rx.el.p(ComparisonState.differences, class_name="compare-count figures", role="status"),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="checkbox",
                    checked=ComparisonState.only,
                    on_change=lambda _checked: ComparisonState.switch_only(),
                ),
                rx.el.span(t("compare.only")),
                class_name="checkbox-row",
            ),
            class_name="compare-tools",
        ),
        rx.el.div(
            rx.el.div(
                _heads(),
                rx.foreach(ComparisonState.sections, _section),
                class_name="compare-table",
                role="table",
                aria_label=t("compare.page"),
                style={"--columns": _HEADS.length().to_string()},
            ),
            class_name="compare-frame",
            data_wide=_HEADS.length() > 3,
            role="region",
            aria_label=t("compare.page"),
            tab_index=0,
        ),
        rx.cond(
            ~some(ComparisonState.sections),
            rx.el.p(t("compare.same"), class_name="compare-same"),
        ),
        class_name="card-flush compare",
    )


def _heads() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(t("compare.fact"), class_name="sr-only"),
                role="columnheader",
                class_name="compare-name",
            ),
            rx.foreach(ComparisonState.heads, _head),
            role="row",
            class_name="compare-row compare-heads",
        ),
        role="rowgroup",
    )


def _head(head: Head) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            provider_badge(head["provider"], size=32),
            icon_button(
                t("compare.drop", name=head["name"]), "x", size="sm", on_click=_DROP(head["id"])
            ),
            class_name="compare-top",
        ),
        rx.el.a(head["name"], href=head["href"], class_name="compare-link"),
        rx.el.span(head["type"], " · ", head["connection"], class_name="compare-note"),
        status(head["tone"], head["status"]),
        role="columnheader",
        class_name="compare-value compare-head",
        key=head["id"],
    )


def _section(section: Section) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(section["title"], role="cell", class_name="compare-title"),
            role="row",
            class_name="compare-titles",
        ),
        rx.foreach(section["lines"], _line),
        role="rowgroup",
        class_name="compare-section",
        data_section=section["key"],
        key=section["key"],
    )


def _line(line: Line) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(line["name"]),
            rx.cond(
                line["is_different"],
                rx.el.span(
                    icon("equal-not", size=14),
                    rx.el.span(t("compare.different"), class_name="sr-only"),
                    title=t("compare.different"),
                    class_name="compare-mark",
                ),
            ),
            role="rowheader",
            class_name="compare-name",
        ),
        rx.foreach(line["values"], _value),
        role="row",
        class_name="compare-row",
        data_different=line["is_different"],
    )


def _value(value: Value) -> rx.Component:
    return rx.el.div(
        rx.cond(
            value["href"] != "",
            rx.el.a(value["text"], href=value["href"], class_name="compare-link"),
            rx.el.span(value["text"], class_name="compare-text"),
        ),
        rx.cond(
            value["mark"] != "",
            tag(value["mark"], tone=value["tone"]),
        ),
        rx.cond(value["note"] != "", rx.el.span(value["note"], class_name="compare-note")),
        role="cell",
        class_name="compare-value figures",
    )
