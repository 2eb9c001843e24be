"""Of one resource's page: how much of it is used."""

from typing import Any

import reflex as rx

from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.charts.series import Series, line_chart
from infrazen_ui.components.choices import segmented
from infrazen_ui.components.loading import skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.components.usage import usage_bar
from infrazen_ui.present.metrics import MetricCard, MetricLine
from infrazen_ui.states.resource_page import ResourceState

_CHART_HEIGHT = 150


def metrics() -> rx.Component:
    """Figures of the last window that was read, and lines as far back as chosen."""
    found: Any = ResourceState.metrics
    return card(
        section_header(
            t("resource.metrics"),
            actions=[
                rx.cond(
                    found.length() > 0,
                    segmented(
                        t("resource.metrics_reach"),
                        [
                            ("window", t("resource.reach_window")),
                            ("day", t("resource.reach_day")),
                            ("week", t("resource.reach_week")),
                            ("month", t("resource.reach_month")),
                        ],
                        chosen=ResourceState.reach,
                        on_choose=ResourceState.choose_reach,
                    ),
                )
            ],
        ),
        rx.cond(
            found.length() > 0,
            rx.el.div(rx.foreach(found, _metric), class_name="metrics"),
            rx.el.p(t("resource.metrics_none"), class_name="muted"),
        ),
        aria_busy=ResourceState.is_charting,
    )


def _metric(metric: MetricCard) -> rx.Component:
    points: Any = metric["points"]
    return rx.el.article(
        rx.cond(
            metric["share_text"] != "",
            usage_bar(
                metric["title"],
                percent=metric["share"],
                shown=metric["headline"],
                tier=metric["tier"],
                tier_label=metric["tier_label"],
                detail=metric["detail"],
            ),
            rx.el.div(
                rx.el.span(metric["title"], class_name="usage-label"),
                rx.el.strong(metric["headline"], class_name="figures"),
                class_name="usage-head",
            ),
        ),
        rx.cond(points.length() > 0, _lines(metric), _no_lines(metric)),
        rx.cond(metric["lines"].length() > 0, _figures(metric)),  # pyright: ignore[reportAttributeAccessIssue]
        rx.el.p(metric["window"], class_name="metric-window figures"),
        class_name="metric",
    )


def _lines(metric: MetricCard) -> rx.Component:
    first = Series(key="first", name=metric["first"], shade=metric["paint"])
    second = Series(key="second", name=metric["second"], shade=metric["second_paint"])
    shared: dict[str, Any] = {
        "height": _CHART_HEIGHT,
        "when": t("resource.moment"),
        "unit": metric["unit"],
    }
    return rx.cond(
        metric["second"] != "",
        line_chart(metric["title"], metric["points"], [first, second], **shared),
        line_chart(metric["title"], metric["points"], [first], **shared),
    )


def _no_lines(metric: MetricCard) -> rx.Component:
    waiting = rx.cond(
        ResourceState.is_charting,
        skeleton(height=f"{_CHART_HEIGHT}px", radius="8px"),
        rx.el.p(t("resource.points_none"), class_name="muted"),
    )
    return rx.cond(metric["is_series"], waiting)


def _figures(metric: MetricCard) -> rx.Component:
    return rx.el.div(
        rx.foreach(metric["lines"], lambda line: _figure(line, metric)),
        class_name="metric-figures figures",
    )


def _figure(line: MetricLine, metric: MetricCard) -> rx.Component:
    return rx.el.div(
        rx.cond(metric["second"] != "", rx.el.p(line["name"], class_name="metric-name")),
        rx.el.dl(
            *[
                rx.el.div(rx.el.dt(title), rx.el.dd(value))
                for title, value in (
                    (t("resource.average"), line["average"]),
                    (t("resource.maximum"), line["maximum"]),
                    (t("resource.minimum"), line["minimum"]),
                    (t("resource.trend"), line["trend"]),
                )
            ],
        ),
    )
