"""The audit log: who did what to what, when, from where, and how it ended."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components import tables
from infrazen_ui.components.badges import tag
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.choices import pagination, segmented
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.empty_states import failed, not_permitted, nothing_matches
from infrazen_ui.components.facets import facet, facet_frame
from infrazen_ui.components.filters import chosen_chips, toolbar
from infrazen_ui.components.forms import field
from infrazen_ui.components.links import download_button
from infrazen_ui.components.loading import loading_region, table_skeleton
from infrazen_ui.components.tables import Column
from infrazen_ui.components.texts import t
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.present.audit_log import AuditRow
from infrazen_ui.states.audit_log import AuditState

_WHEN = Column(key="when", title=t("audit.when"))
_WHAT = Column(key="what", title=t("audit.what"))
_WHO = Column(key="who", title=t("audit.who"))
_WHERE = Column(key="where", title=t("audit.where"))


def actions() -> list[rx.Component]:
    """What one can do from the page's head."""
    return [
        rx.cond(
            may(Permission.AUDIT_READ),
            download_button(t("audit.export"), href=AuditState.export_href),
        )
    ]


def _waiting() -> rx.Component:
    return loading_region(table_skeleton(rows=10))


@settings_page("audit", waiting=_waiting, on_load=[AuditState.load], actions=actions, is_wide=True)
def audit() -> rx.Component:
    """The log, or why there is none to see."""
    return rx.fragment(
        rx.match(
            AuditState.phase,
            ("forbidden", card(not_permitted(who=t("audit.who_can"), level=2))),
            (
                "failed",
                card(failed(AuditState.problem, AuditState.advice, on_retry=AuditState.load)),
            ),
            ("loading", _waiting()),
            _log(),
        )
    )


def _log() -> rx.Component:
    return card(
        rx.cond(AuditState.odd != "", callout(AuditState.odd, tone="warning")),
        section_header(
            t("audit.title"),
            note=t("audit.note"),
            actions=[
                button(t("audit.verify"), icon_name="shield-check", on_click=AuditState.verify)
            ],
        ),
        _filters(),
        rx.cond(some(AuditState.chips), _chips()),
        rx.cond(
            AuditState.phase == "nothing",
            nothing_matches(on_reset=AuditState.clear),
            rx.fragment(_table(), _pages()),
        ),
        class_name="card-flush audit",
    )


def _filters() -> rx.Component:
    return toolbar(
        segmented(
            t("audit.outcome"),
            [
                ("", t("audit.outcome_all")),
                ("done", t("audit.outcome_done")),
                ("refused", t("audit.outcome_refused")),
            ],
            chosen=AuditState.outcome,
            on_choose=AuditState.choose_outcome,
        ),
        rx.el.div(
            _facet("area", AuditState.areas),
            _facet("actor", AuditState.actors),
            _period(),
            class_name="facets",
        ),
    )


def _facet(name: str, choices: Any) -> rx.Component:
    return facet(
        t(f"audit.{name}"),
        choices,
        id=f"facet-{name}",
        chosen=AuditState.chips,
        on_toggle=AuditState.toggle,
    )


def _period() -> rx.Component:
    return facet_frame(
        t("audit.period"),
        rx.el.form(
            _day("since", t("audit.since"), AuditState.since),
            _day("until", t("audit.until"), AuditState.until),
            button(t("audit.show"), type="submit", kind="primary", data_closes_menu="true"),
            class_name="audit-days",
            on_submit=AuditState.choose_days,
        ),
        id="facet-period",
    )


def _day(name: str, label: Any, value: Any) -> rx.Component:
    control_id = f"audit-{name}"
    return field(
        label,
        rx.el.input(
            type="date",
            id=control_id,
            name=name,
            default_value=value,
            key=value,
            min="2000-01-01",
            max="2999-12-31",
            class_name="input",
        ),
        control_id=control_id,
        is_required=True,
    )


def _chips() -> rx.Component:
    return chosen_chips(AuditState.chips, on_remove=AuditState.toggle, on_clear=AuditState.clear)


def _table() -> rx.Component:
    return tables.data_table(
        rx.foreach(AuditState.rows, _row),
        label=t("audit.table"),
        columns=[_WHEN, _WHAT, _WHO, _WHERE],
    )


def _row(event: AuditRow) -> rx.Component:
    return tables.row(
        tables.cell(
            _WHEN,
            tables.two_lines(
                rx.el.span(event["at"], title=event["ago"], class_name="settings-short figures"),
                event["number"],
            ),
        ),
        tables.cell(_WHAT, _what(event), is_main=True),
        tables.cell(_WHO, _who(event)),
        tables.cell(_WHERE, tables.or_dash(event["address"])),
        key=event["id"],
    )


def _what(event: AuditRow) -> rx.Component:
    words = rx.cond(
        event["href"] != "",
        rx.fragment(rx.el.a(event["sentence"], href=event["href"]), _only_this(event)),
        rx.cond(
            event["target"] != "",
            rx.el.button(
                event["sentence"],
                type="button",
                class_name="audit-filter",
                title=t("audit.only_target", target=event["called"]),
                on_click=AuditState.toggle("target", event["target"]),
            ),
            event["sentence"],
        ),
    )
    return tables.two_lines(
        rx.fragment(
            words,
            rx.cond(event["is_refused"], tag(t("audit.refused"), tone="danger"), ""),
        ),
        rx.fragment(
            event["details"],
            rx.cond(
                event["is_refused"],
                rx.fragment(rx.cond(event["details"] != "", " · ", ""), event["outcome"]),
                "",
            ),
        ),
    )


def _only_this(event: AuditRow) -> rx.Component:
    return icon_button(
        t("audit.only_target", target=event["called"]),
        "list-filter",
        size="sm",
        class_name="audit-only",
        on_click=AuditState.toggle("target", event["target"]),
    )


def _who(event: AuditRow) -> rx.Component:
    return tables.two_lines(
        rx.el.button(
            event["actor_name"],
            type="button",
            class_name="audit-filter",
            title=t("audit.only_target", target=event["actor_name"]),
            on_click=AuditState.toggle("actor", event["actor"]),
        ),
        event["actor_note"],
    )


def _pages() -> rx.Component:
    return pagination(
        shown=AuditState.shown,
        has_previous=AuditState.has_newer,
        has_next=AuditState.has_older,
        on_previous=AuditState.go(-1),
        on_next=AuditState.go(1),
    )
