"""Listed, stated twice, payable: one equation a currency, and the lines behind it."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import provider_badge
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.states.dashboard import DashboardState


def ledger() -> rx.Component:
    """From what providers state to what there is to pay."""
    return card(
        section_header(
            t("dashboard.ledger.title"),
            note=rx.cond(
                DashboardState.has_twice,
                t("dashboard.ledger.note"),
                t("dashboard.ledger.note_plain"),
            ),
        ),
        rx.foreach(DashboardState.equations, _equation),
        rx.foreach(DashboardState.ledgers, _account),
        rx.el.p(t("dashboard.ledger.as_stated"), class_name="ledger-foot"),
        class_name="ledger",
    )


def _equation(one: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one["has_twice"],
            rx.fragment(
                _term(
                    t("dashboard.ledger.listed"), one["listed"], t("dashboard.ledger.listed_note")
                ),
                _sign("−", t("dashboard.ledger.minus")),
                _term(t("dashboard.ledger.twice"), one["twice"], t("dashboard.ledger.twice_note")),
                _sign("=", t("dashboard.ledger.equals")),
            ),
        ),
        _term(
            t("dashboard.ledger.payable"),
            one["payable"],
            t("dashboard.ledger.payable_note"),
            is_result=True,
        ),
        class_name="equation figures",
    )


def _term(label: Text, cost: Any, note: Text, *, is_result: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="term-label"),
        rx.el.strong(cost["day"], class_name="term-day"),
        rx.el.span(cost["month"], class_name="term-month"),
        rx.el.span(note, class_name="term-note"),
        class_name="term",
        data_result=is_result,
    )


def _sign(sign: str, word: Text) -> rx.Component:
    return rx.el.span(
        rx.el.span(sign, aria_hidden="true"),
        rx.el.span(word, class_name="sr-only"),
        class_name="sign",
    )


def _account(one: Any) -> rx.Component:
    """One account; its lines unfold, and are open where it is the only one."""
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", class_name="chevron"),
            provider_badge(one["provider"], size=24),
            rx.el.span(
                rx.el.span(one["name"], class_name="collapsible-title"),
                rx.el.span(one["explained"], class_name="ledger-explained"),
                class_name="ledger-who",
            ),
            rx.cond(
                one["percent_text"] != "",
                rx.el.span(
                    rx.el.span(
                        rx.el.span(class_name="cover-fill", style={"width": f"{one['percent']}%"}),
                        class_name="cover-track",
                        aria_hidden="true",
                    ),
                    one["percent_text"],
                    class_name="cover",
                ),
            ),
            class_name="collapsible-summary",
        ),
        rx.el.div(_lines(one), class_name="collapsible-body"),
        class_name="collapsible",
        open=~some(DashboardState.ledgers, more_than=1),
    )


def _lines(one: Any) -> rx.Component:
    return rx.el.table(
        rx.el.caption(t("dashboard.ledger.lines"), class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(t("dashboard.ledger.line"), scope="col"),
                rx.el.th(t("dashboard.ledger.day"), scope="col", data_align="end"),
                rx.el.th(t("dashboard.ledger.month"), scope="col", data_align="end"),
            )
        ),
        rx.el.tbody(rx.foreach(one["lines"], _line)),
        class_name="ledger-lines figures",
    )


def _line(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line["name"], " "),
            rx.cond(line["note"] != "", rx.el.span(line["note"], class_name="ledger-note")),
            scope="row",
        ),
        rx.el.td(line["day"], data_align="end"),
        rx.el.td(line["month"], data_align="end"),
        data_kind=line["kind"],
    )
