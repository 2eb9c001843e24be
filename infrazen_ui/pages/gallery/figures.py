"""Samples of figures, tables and charts."""

import reflex as rx

from infrazen_ui.components import choices, filters, forms, tables
from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.cards import card, kpi_card, per, section_header, trend_mark
from infrazen_ui.components.charts.marked import marked_bars, marks
from infrazen_ui.components.charts.series import Series, area_chart, bar_chart, line_chart
from infrazen_ui.components.charts.sparkline import sparkline
from infrazen_ui.components.charts.stacks import stacked_bars
from infrazen_ui.components.facets import facet
from infrazen_ui.components.links import download_button
from infrazen_ui.components.usage import usage_bar
from infrazen_ui.pages.gallery.state import GalleryState, SampleRow
from infrazen_ui.present.sparkline import sparkline_path

_COLUMNS = [
    tables.Column(key="name", title="Ресурс", is_sortable=True),
    tables.Column(key="type", title="Тип"),
    tables.Column(key="status", title="Статус", is_sortable=True),
    tables.Column(key="cost", title="Стоимость", is_sortable=True, align="end"),
]
_SERIES = [
    Series(key="compute", name="Вычисления", color=1),
    Series(key="storage", name="Хранение", color=2),
]
_USAGE: tuple[tuple[str, float, str, str, str, str | None], ...] = (
    ("Процессор", 67, "67 %", "medium", "средняя", "16,1 из 24 ядер"),
    ("Память", 81, "81 %", "high", "высокая", "51,8 из 64 ГБ"),
    ("Диски", 43, "43 %", "medium", "средняя", "430 ГБ из 1 ТБ"),
    ("Сеть", 9.5, "9,5 %", "low", "низкая", "29 из 300 Мбит/с"),
    ("Квота диска", 97, "97 %", "critical", "почти всё", None),
)


def figures() -> rx.Component:
    """The figures on top of a page."""
    return rx.el.div(
        kpi_card(
            "Расходы за 30 дней",
            per("117 150 ₽", "/мес"),
            secondary="3 905,00 ₽/день",
            trend=trend_mark("down", "success", "ниже на 12,5 %"),
            icon_name="wallet",
        ),
        kpi_card(
            "Возможная экономия",
            "10 400 ₽",
            secondary="3 рекомендации",
            trend=trend_mark("up", "danger", "выше на 4,0 %"),
            icon_name="piggy-bank",
        ),
        kpi_card(
            "Активные ресурсы",
            "8",
            secondary="из 10",
            trend=trend_mark("flat", "neutral", "без изменений"),
            icon_name="server",
        ),
        kpi_card(
            "Баланс Beget",
            "174,51 ₽",
            secondary="хватит на 2 дня",
            trend=sparkline(
                sparkline_path([5, 6, 5.5, None, 7, 9, 8, 10, 12]), label="Баланс растёт"
            ),
            icon_name="landmark",
        ),
        class_name="kpi-grid",
    )


def table() -> rx.Component:
    """A table with its tools."""
    return card(
        section_header(
            "Таблица",
            note="10 ресурсов",
            actions=[
                icon_button("Плотность", "rows-3", data_toggle="density"),
                download_button("Выгрузить CSV", href="/infrazen.js"),
            ],
        ),
        _toolbar(),
        filters.filter_chips(
            filters.filter_chip("Провайдер", "Beget", on_remove=GalleryState.toggle),
            on_clear=GalleryState.toggle,
        ),
        filters.chosen_chips(
            GalleryState.facets, on_remove=GalleryState.choose, on_clear=GalleryState.toggle
        ),
        tables.data_table(
            rx.foreach(GalleryState.rows, _table_row),
            label="Ресурсы",
            columns=_COLUMNS,
            sort=GalleryState.sort,
            direction=GalleryState.direction,
            on_sort=GalleryState.sort_by,
        ),
        choices.pagination(
            shown="1–5 из 312",
            has_previous=GalleryState.is_on,
            has_next=GalleryState.is_on,
            on_previous=GalleryState.toggle,
            on_next=GalleryState.toggle,
            page_size=GalleryState.period,
            on_page_size=GalleryState.choose_period,
        ),
        class_name="card-flush",
    )


def _toolbar() -> rx.Component:
    return filters.toolbar(
        filters.search_box("Найти ресурс", value=GalleryState.query, on_change=GalleryState.search),
        forms.select(
            forms.option("", "Все провайдеры"),
            forms.option("beget", "Beget"),
            aria_label="Провайдер",
        ),
        facet(
            "Статус",
            GalleryState.facets,
            id="facet-status",
            chosen=GalleryState.facets,
            on_toggle=GalleryState.choose,
        ),
    )


def _table_row(item: SampleRow) -> rx.Component:
    name, kind, state, cost = _COLUMNS
    return tables.row(
        tables.cell(
            name,
            rx.el.span(
                provider_badge(item["provider"], size=32),
                tables.two_lines(tables.name_link(item["name"], "/"), item["id"]),
                class_name="provider-line",
            ),
            is_main=True,
        ),
        tables.cell(kind, tables.or_dash(item["type"])),
        tables.cell(state, status(item["tone"], item["status"])),
        tables.cell(cost, tables.two_lines(item["per_day"], item["per_month"])),
    )


def charts() -> rx.Component:
    """Charts and bars of usage."""
    return rx.el.div(
        card(
            section_header("Динамика расходов", note="25 окт. – 23 нояб. 2026"),
            area_chart("Динамика расходов", GalleryState.days, _SERIES, is_stacked=True),
        ),
        card(section_header("Загрузка"), *_usage_bars()),
        card(
            section_header("Линии"),
            line_chart("Линии", GalleryState.days, _SERIES[:1], height=180),
        ),
        card(
            section_header("Столбцы"),
            bar_chart("Столбцы", GalleryState.days, _SERIES, height=180, is_stacked=True),
        ),
        card(
            section_header("Слои", note="Ряды становятся известны вместе с данными."),
            stacked_bars("Слои", GalleryState.days, GalleryState.series, when="День", unit="₽"),
        ),
        card(section_header("Столбцы с событиями"), _bars_with_events()),
        class_name="split",
    )


def _usage_bars() -> list[rx.Component]:
    return [
        usage_bar(
            label, percent=percent, shown=shown, tier=tier, tier_label=tier_label, detail=detail
        )
        for label, percent, shown, tier, tier_label, detail in _USAGE
    ]


def _bars_with_events() -> rx.Component:
    return marked_bars(
        "Столбцы с событиями",
        GalleryState.days,
        name="Стоимость",
        unit="₽",
        when="День",
        notes="Изменения",
        marks=marks(
            "События",
            wide=GalleryState.events,
            narrow=GalleryState.events,
            on_mark=lambda _: GalleryState.toggle,
        ),
    )
