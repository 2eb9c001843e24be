"""Account information: collapsed on the card, with limits, server and how the money adds up."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import status
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import fact
from infrazen_ui.components.disclosure import collapsible
from infrazen_ui.components.texts import t
from infrazen_ui.components.usage import share_bar, usage_bar
from infrazen_ui.components.values import Child, Text
from infrazen_ui.present.connection_accounts import LimitView, LineView, ReconciliationView


def account_alert(account: Any) -> rx.Component:
    """That the money runs out, where it does soon."""
    return rx.cond(
        account["alert"] != "",
        callout(account["alert"], account["alert_text"], tone="warning"),
        rx.fragment(),
    )


def account_information(account: Any) -> rx.Component:
    """All that the provider says of the account; nothing before the first sync."""
    return rx.cond(
        account["is_known"],
        collapsible(
            t("connections.account.title"),
            rx.el.div(
                _facts(t("connections.account.account"), account["facts"]),
                _limits(account),
                rx.foreach(account["reconciliations"], reconciliation),
                _facts(t("connections.account.server"), account["server"]),
                _facts(t("connections.account.software"), account["software"]),
                _facts(t("connections.account.security"), account["security"]),
                class_name="account",
            ),
            note=status(account["tone"], account["status"]),
        ),
        rx.fragment(),
    )


def reconciliation(one: ReconciliationView) -> rx.Component:
    """Every line as the provider states it, and what there is to pay."""
    return rx.el.section(
        _heading(one["title"]),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    _column(rx.el.span(t("connections.money.line"), class_name="sr-only")),
                    _column(t("connections.money.day")),
                    _column(t("connections.money.month")),
                    role="row",
                ),
                role="rowgroup",
            ),
            rx.el.tbody(rx.foreach(one["lines"], _line), role="rowgroup"),
            class_name="money-table",
            role="table",
        ),
        rx.cond(
            one["explained"] != "",
            rx.el.div(
                share_bar(one["percent"], aria_hidden="true"),
                rx.el.p(one["explained"], class_name="account-note figures"),
                class_name="money-explained",
            ),
        ),
        rx.cond(
            one["billed"] != "",
            rx.el.p(one["billed"], class_name="account-note figures"),
        ),
        class_name="account-part account-wide",
    )


def _line(line: LineView) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line["name"], class_name="money-name"),
            rx.el.span(line["note"], class_name="money-note"),
            scope="row",
            role="rowheader",
        ),
        rx.el.td(line["per_day"], class_name="figures", role="cell"),
        rx.el.td(line["per_month"], class_name="figures", role="cell"),
        role="row",
        data_kind=line["kind"],
    )


def _column(title: Child) -> rx.Component:
    return rx.el.th(title, scope="col", role="columnheader")


def _limits(account: Any) -> rx.Component:
    return rx.cond(
        account["limits"].length() > 0,
        rx.el.section(
            _heading(t("connections.account.limits")),
            rx.el.div(rx.foreach(account["limits"], _limit), class_name="account-limits"),
            class_name="account-part account-wide",
        ),
    )


def _limit(limit: LimitView) -> rx.Component:
    return rx.cond(
        limit["is_bounded"],
        usage_bar(
            limit["name"],
            percent=limit["percent"],
            shown=limit["shown"],
            tier=limit["tier"],
            tier_label=limit["tier_label"],
            detail=limit["detail"],
        ),
        rx.el.div(
            rx.el.span(limit["name"], class_name="usage-label"),
            rx.el.span(limit["detail"], class_name="usage-detail figures"),
            class_name="limit-unbounded",
        ),
    )


def _facts(title: Text, facts: Any) -> rx.Component:
    return rx.cond(
        facts.length() > 0,
        rx.el.section(
            _heading(title),
            rx.el.dl(
                rx.foreach(facts, lambda one: fact(one["name"], one["value"])), class_name="facts"
            ),
            class_name="account-part",
        ),
    )


def _heading(title: Text) -> rx.Component:
    return rx.el.h3(title, class_name="account-heading")
