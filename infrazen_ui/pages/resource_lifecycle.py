"""Of one resource's page: what it cost day by day and what happened to it meanwhile."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.cards import card, section_header, trend_mark
from infrazen_ui.components.charts.marked import marked_bars, marks
from infrazen_ui.components.choices import segmented, segmented_values
from infrazen_ui.components.conditions import some
from infrazen_ui.components.empty_states import failed
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import loading_region, skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.components.timeline import timeline, timeline_entry
from infrazen_ui.present.field_changes import Change
from infrazen_ui.present.lifecycle import Event, Move
from infrazen_ui.states.resource_lifecycle import DAYS, ResourceLifecycleState

_HEIGHT = 220
_LIFE = ResourceLifecycleState
_CHART: Any = ResourceLifecycleState.chart


def lifecycle() -> rx.Component:
    """The chart with its marks, and the list of what they mean."""
    return card(
        section_header(t("lifecycle.title"), note=_CHART["note"], actions=[_currencies(), _days()]),
        rx.match(
            _LIFE.phase,
            ("ready", rx.fragment(_chart(), _list())),
            (
                "failed",
                failed(_LIFE.failure_title, _LIFE.failure_action, on_retry=_LIFE.load, level=3),
            ),
            loading_region(*lifecycle_shape()),
        ),
        class_name="lifecycle",
        aria_busy=_LIFE.is_busy,
    )


def _days() -> rx.Component:
    return segmented(
        t("lifecycle.period"),
        [(days, t(f"lifecycle.days_{days}")) for days in DAYS],
        chosen=_LIFE.days,
        on_choose=_LIFE.choose_days,
    )


def _currencies() -> rx.Component:
    """The currencies to choose from, where there are several: they never add up."""
    return rx.cond(
        some(_LIFE.currencies, more_than=1),
        segmented_values(
            t("lifecycle.currency"),
            _LIFE.currencies,
            chosen=_LIFE.currency,
            on_choose=_LIFE.choose_currency,
        ),
    )


def _chart() -> rx.Component:
    drawn = marked_bars(
        t("lifecycle.costs"),
        _CHART["points"],
        name=t("lifecycle.cost"),
        unit=_CHART["unit"],
        when=_CHART["when"],
        notes=t("lifecycle.changes"),
        marks=marks(
            t("lifecycle.marks"),
            wide=_CHART["wide"],
            narrow=_CHART["narrow"],
            on_mark=_LIFE.go_to,
        ),
        height=_HEIGHT,
    )
    return rx.fragment(
        rx.cond(_CHART["has_costs"], drawn, rx.el.p(t("lifecycle.no_costs"), class_name="muted")),
        rx.cond(_LIFE.is_cut, rx.el.p(t("lifecycle.many"), class_name="muted")),
    )


def _list() -> rx.Component:
    return rx.cond(
        some(_LIFE.entries),
        rx.fragment(
            timeline(rx.foreach(_LIFE.entries, _entry), label=t("lifecycle.list")),
            rx.cond(
                _LIFE.has_more,
                button(
                    t("lifecycle.more"),
                    on_click=_LIFE.show_more,
                    is_loading=_LIFE.is_busy,
                    class_name="lifecycle-more",
                ),
            ),
        ),
        rx.el.p(t("lifecycle.nothing"), class_name="muted"),
    )


def _entry(event: Event) -> rx.Component:
    changes: Any = event["changes"]
    moves: Any = event["moves"]
    return timeline_entry(
        event["title"],
        rx.cond(
            changes.length() > 0,
            rx.el.ul(rx.foreach(changes, _change), class_name="event-changes"),
        ),
        rx.cond(moves.length() > 0, rx.fragment(rx.foreach(moves, _move))),
        rx.cond(event["who"] != "", rx.el.p(event["who"], class_name="event-who")),
        rx.cond(event["href"] != "", rx.el.a(t("lifecycle.open_advice"), href=event["href"])),
        when=rx.el.span(event["at"], title=event["when"]),
        tone=event["tone"],
        id=event["anchor"],
        tab_index=-1,
        key=event["anchor"],
    )


def _change(change: Change) -> rx.Component:
    return rx.el.li(
        rx.el.span(change["name"], class_name="event-name"),
        rx.el.span(change["before"], class_name="event-before"),
        icon("arrow-right", size=14),
        rx.el.span(change["after"], class_name="event-after"),
        class_name="event-change",
    )


def _move(move: Move) -> rx.Component:
    return rx.el.p(
        rx.el.span(t("lifecycle.move.label"), class_name="event-name"),
        rx.el.strong(move["text"], class_name="figures"),
        rx.cond(move["trend"] != "", trend_mark(move["direction"], move["tone"], move["trend"])),
        rx.cond(move["note"] != "", rx.el.span(move["note"], class_name="event-note")),
        class_name="event-move",
    )


def lifecycle_shape() -> list[rx.Component]:
    """What stands there before the data: as tall as the chart and the first entries."""
    return [
        skeleton(height=f"{_HEIGHT + 24}px", radius="8px"),
        *[skeleton(width=width, height="2.5rem") for width in ("70%", "55%", "64%")],
    ]
