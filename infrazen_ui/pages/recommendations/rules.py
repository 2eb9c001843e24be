"""Rules: what each found and why it is silent, how they are set, and what was saved."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import tag
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.charts.series import Series, bar_chart
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.forms import switch
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.present.recommendations import SavedChart
from infrazen_ui.present.rules import ParameterField, RuleLine
from infrazen_ui.states.recommendations import RecommendationsState
from infrazen_ui.states.rules import RulesState

_FORM = "rule-form"


def rules() -> rx.Component:
    """Every rule with what it found and what it cannot judge."""
    return card(
        section_header(
            t("recommendations.rules.title"),
            note=t("recommendations.rules.note"),
            actions=[
                rx.cond(
                    may(Permission.CONNECTION_SYNC),
                    button(
                        t("recommendations.rules.check"),
                        size="sm",
                        icon_name="refresh-cw",
                        is_loading=RulesState.is_checking,
                        on_click=RulesState.check,
                    ),
                )
            ],
        ),
        rx.cond(RulesState.saved != "", _saved_rule()),
        rx.el.ul(rx.foreach(RecommendationsState.rules, _rule), class_name="rule-lines"),
        id="rules",
    )


def _saved_rule() -> rx.Component:
    return callout(
        RulesState.saved,
        tone="success",
        actions=[
            button(
                t("recommendations.undo"), size="sm", icon_name="undo-2", on_click=RulesState.undo
            )
        ],
    )


def _rule(one: RuleLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one["title"], class_name="rule-title"),
            rx.el.p(one["why"], class_name="muted"),
            class_name="rule-names",
        ),
        rx.el.div(
            rx.cond(
                one["is_enabled"],
                rx.cond(
                    one["is_idle"],
                    rx.el.span(t("recommendations.rules.idle"), class_name="muted"),
                    rx.fragment(
                        rx.el.span(one["found"], class_name="figures"),
                        rx.cond(
                            some(one["silent"]),
                            rx.foreach(
                                one["silent"],
                                lambda words: tag(words, tone="warning"),
                            ),
                            rx.el.span(t("recommendations.rules.all_known"), class_name="muted"),
                        ),
                    ),
                ),
                tag(t("recommendations.rules.off")),
            ),
            class_name="rule-said",
        ),
        rx.cond(
            may(Permission.RESOURCE_WRITE),
            button(
                t("recommendations.rules.set"),
                size="sm",
                icon_name="sliders-horizontal",
                on_click=RulesState.ask(one["id"]),
                aria_label=t("recommendations.rules.set_one", rule=one["title"]),
            ),
        ),
        class_name="rule-line",
        key=one["id"],
    )


def rule_dialog() -> rx.Component:
    """The form of one rule."""
    return dialog(
        RulesState.title,
        switch(
            t("recommendations.rules.enabled"),
            is_on=RulesState.is_enabled,
            on_change=RulesState.toggle,
        ),
        rx.el.form(
            rx.foreach(RulesState.fields, _field),
            id=_FORM,
            no_validate=True,
            on_submit=RulesState.save,
            class_name="stack rule-form",
            aria_label=t("recommendations.rules.parameters"),
        ),
        is_open=RulesState.is_open,
        on_open_change=RulesState.set_open,
        description=RulesState.why,
        footer=[
            button(t("recommendations.rules.reset"), kind="ghost", on_click=RulesState.restore),
            button(t("recommendations.rules.save"), kind="primary", type="submit", form=_FORM),
        ],
    )


def _field(one: ParameterField) -> rx.Component:
    return rx.el.div(
        rx.el.label(one["label"], html_for="rule-" + one["name"], class_name="field-label"),
        rx.el.input(
            id="rule-" + one["name"],
            name=one["name"],
            default_value=one["value"],
            input_mode="decimal",
            auto_complete="off",
            class_name="input figures",
            aria_invalid=RulesState.wrong == one["name"],
            aria_describedby="rule-" + one["name"] + "-help",
        ),
        rx.el.p(one["help"], id="rule-" + one["name"] + "-help", class_name="field-help"),
        rx.cond(
            RulesState.wrong == one["name"],
            rx.el.p(RulesState.error, class_name="field-error", role="alert"),
        ),
        class_name="field",
        key=one["name"],
    )


def saved() -> rx.Component:
    """What accepted recommendations promised and saved by day, once there is something."""
    return rx.cond(
        some(RecommendationsState.saved),
        card(
            section_header(t("recommendations.saved.title"), note=t("recommendations.saved.note")),
            rx.foreach(RecommendationsState.saved, _saved_in),
        ),
    )


def _saved_in(one: SavedChart) -> rx.Component:
    points: Any = one["points"]
    every: Any = RecommendationsState.saved
    return rx.el.div(
        rx.cond(
            every.length() > 1,
            rx.el.h3(one["title"], class_name="recommendation-part-title"),
        ),
        bar_chart(
            one["title"],
            points,
            [
                Series(key="promised", name=t("recommendations.saved.promised"), color=8),
                Series(key="realised", name=t("recommendations.saved.realised"), color=2),
            ],
            height=200,
            unit=one["unit"],
        ),
        key=one["currency"],
    )
