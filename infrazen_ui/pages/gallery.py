"""Every part of the interface on one page, for looking at and for accessibility checks.

Built only where ``INFRAZEN_UI_GALLERY`` is true. Its texts are samples, not translated.
"""

from datetime import date, timedelta
from decimal import Decimal
from math import sin
from typing import Any, TypedDict

import reflex as rx

from infrazen.domain.money import Money
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import provider
from infrazen_ui.components import choices, filters, forms, menus, tables
from infrazen_ui.components.badges import provider_badge, status, tag
from infrazen_ui.components.buttons import button, button_link, copy_button, icon_button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, facts, kpi_card, section_header, trend_mark
from infrazen_ui.components.charts.series import Series, area_chart, bar_chart, line_chart
from infrazen_ui.components.charts.sparkline import sparkline
from infrazen_ui.components.disclosure import code_block, collapsible, copyable
from infrazen_ui.components.empty_states import (
    failed,
    first_sync_running,
    no_connection_yet,
    no_data_for_period,
    not_permitted,
    nothing_matches,
)
from infrazen_ui.components.links import download_button
from infrazen_ui.components.loading import (
    card_skeleton,
    kpi_skeleton,
    loading_region,
    progress_bar,
    spinner,
    table_skeleton,
)
from infrazen_ui.components.overlays import confirm_dialog, dialog, drawer
from infrazen_ui.components.provider_fields import provider_field
from infrazen_ui.components.timeline import timeline, timeline_entry
from infrazen_ui.components.usage import usage_bar
from infrazen_ui.layout.account import language_choice, theme_choice
from infrazen_ui.layout.page import page, public_page
from infrazen_ui.locales import Language
from infrazen_ui.present import dates
from infrazen_ui.present.money import money
from infrazen_ui.present.sparkline import sparkline_path
from infrazen_ui.states.notices import notify

_COLUMNS = [
    tables.Column(key="name", title="Ресурс", is_sortable=True),
    tables.Column(key="type", title="Тип"),
    tables.Column(key="status", title="Статус", is_sortable=True),
    tables.Column(key="cost", title="Стоимость", is_sortable=True, align="end"),
]


class SampleRow(TypedDict):
    """A row of the sample table."""

    name: str
    id: str
    provider: str
    type: str
    tone: str
    status: str
    per_day: str
    per_month: str


_ROWS: list[SampleRow] = [
    SampleRow(
        name=name,
        id=f"vps-{n}04f1",
        provider=provider,
        type=kind,
        tone=tone,
        status=word,
        per_day=f"{price} ₽/день",
        per_month=f"{month} ₽/мес",
    )
    for n, (name, provider, kind, tone, word, price, month) in enumerate(
        [
            ("Objective Perrin", "beget", "VPS", "success", "Работает", "22,00", "660,00"),
            ("runner rus", "beget", "VPS", "success", "Работает", "9,73", "291,90"),
            ("Cloud database 1", "yandex", "MySQL", "warning", "Запускается", "29,00", "870,00"),
            ("Humane Orrin", "selectel", "S3", "neutral", "Остановлен", "0,00", "0,00"),
            ("blog.neurocola.com", "vk", "Домен", "danger", "Сбой", "0,00", "0,00"),
        ]
    )
]


def _days() -> list[dict[str, Any]]:
    first = date(2026, 10, 25)
    rows: list[dict[str, Any]] = []
    for n in range(30):
        day = first + timedelta(days=n)
        missing = n in (11, 12)
        row: dict[str, Any] = {
            "label": dates.short_day(day, language=Language.RU),
            "title": dates.day(day, language=Language.RU),
        }
        for key, base in (("compute", 2400), ("storage", 900)):
            value = None if missing else round(base + base * 0.25 * sin(n / 3 + len(key)), 2)
            row[key] = value
            row[f"{key}_text"] = (
                "—"
                if value is None
                else money(Money(Decimal(str(value)), "RUB"), language=Language.RU)
            )
        rows.append(row)
    return rows


class GalleryState(rx.State):
    """What the samples need to move."""

    is_dialog_open: bool = False
    is_confirm_open: bool = False
    is_drawer_open: bool = False
    period: str = "30"
    tab: str = "config"
    sort: str = "cost"
    direction: str = "desc"
    query: str = ""
    is_on: bool = True
    days: list[dict[str, Any]] = _days()
    rows: list[SampleRow] = _ROWS

    @rx.event
    def show_dialog(self, is_open: bool) -> None:  # noqa: FBT001
        """Open or close the sample dialog."""
        self.is_dialog_open = is_open

    @rx.event
    def show_confirm(self, is_open: bool) -> None:  # noqa: FBT001
        """Open or close the sample question."""
        self.is_confirm_open = is_open

    @rx.event
    def show_drawer(self, is_open: bool) -> None:  # noqa: FBT001
        """Open or close the sample drawer."""
        self.is_drawer_open = is_open

    @rx.event
    def choose_period(self, period: str) -> None:
        """Choose a period."""
        self.period = period

    @rx.event
    def choose_tab(self, tab: str) -> None:
        """Choose a tab."""
        self.tab = tab

    @rx.event
    def sort_by(self, key: str) -> None:
        """Sort, the other way round where it is sorted so already."""
        same = self.sort == key and self.direction == "asc"
        self.sort, self.direction = key, "desc" if same else "asc"

    @rx.event
    def search(self, query: str) -> None:
        """Search."""
        self.query = query

    @rx.event
    def toggle(self) -> None:
        """Turn the switch."""
        self.is_on = not self.is_on

    @rx.event
    def say(self, tone: str) -> rx.event.EventSpec:
        """Show a notice."""
        return notify("Подключение сохранено", "Первая синхронизация начнётся сама.", tone=tone)


@public_page("_components", "gallery.page")
def gallery() -> rx.Component:
    """All of it."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1("Компоненты InfraZen"),
            rx.el.div(language_choice(), theme_choice(), class_name="toolbar"),
            class_name="section-header",
        ),
        _figures(),
        _controls(),
        _marks(),
        _forms(),
        _provider_form(),
        _messages(),
        _table(),
        _charts(),
        _details(),
        _loading(),
        _empty(),
        _overlays(),
        class_name="gallery",
    )


@page(
    "/_components/shell",
    "gallery.shell",
    icon="component",
    order=90,
    actions=lambda: [
        icon_button("Обновить", "refresh-cw"),
        button("Добавить", kind="primary", icon_name="plus"),
    ],
)
def shell_sample() -> rx.Component:
    """The frame around the product's pages, with something in it."""
    return rx.el.div(_figures(), _table(), _charts(), class_name="stack")


def _figures() -> rx.Component:
    return rx.el.div(
        kpi_card(
            "Расходы за 30 дней",
            "117 150 ₽",
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


def _controls() -> rx.Component:
    return card(
        section_header("Кнопки и переключатели", note="Четыре вида, два размера."),
        rx.el.div(
            button("Добавить подключение", kind="primary", icon_name="plus"),
            button("Синхронизировать", icon_name="refresh-cw"),
            button("Отмена", kind="ghost"),
            button("Удалить", kind="danger", icon_name="trash-2"),
            button("Сохраняем", kind="primary", is_loading=True),
            button("Нельзя", is_disabled=True),
            button("Малая", size="sm", kind="primary"),
            button_link("Ссылка", href="/", icon_name="external-link"),
            icon_button("Обновить", "refresh-cw"),
            copy_button("beget-1"),
            class_name="row",
        ),
        rx.el.div(
            choices.segmented(
                "Период",
                [("7", "7 дней"), ("30", "30 дней"), ("90", "90 дней"), ("365", "Год")],
                chosen=GalleryState.period,
                on_choose=GalleryState.choose_period,
            ),
            rx.el.button(
                "Действия",
                type="button",
                class_name="button button-secondary button-md",
                **menus.opener("gallery-menu"),
            ),
            menus.menu(
                menus.menu_heading("Подключение"),
                menus.menu_item("Синхронизировать", icon_name="refresh-cw"),
                menus.menu_link("Изменить", href="/", icon_name="pencil"),
                menus.menu_item("Показать удалённые", is_chosen=GalleryState.is_on),
                menus.menu_line(),
                menus.menu_item("Удалить", icon_name="trash-2", tone="danger"),
                id="gallery-menu",
                label="Действия",
            ),
            button("Уведомление", on_click=GalleryState.say("success")),
            button("Ошибка", on_click=GalleryState.say("danger")),
            class_name="row",
        ),
    )


def _marks() -> rx.Component:
    return card(
        section_header("Статусы, метки, провайдеры"),
        rx.el.div(
            status("success", "Успешно"),
            status("warning", "Частично"),
            status("danger", "Ошибка"),
            status("info", "Идёт", is_live=True),
            status("neutral", "Остановлен"),
            tag("По счёту", tone="success"),
            tag("По цене", tone="info"),
            tag("Оценка", tone="warning", icon_name="calculator"),
            tag("production"),
            class_name="row",
        ),
        rx.el.div(
            *[
                rx.el.span(provider_badge(slug), slug, class_name="provider-line")
                for slug in (
                    "beget",
                    "yandex",
                    "selectel",
                    "vk",
                    "cloudru",
                    "aws",
                    "azure",
                    "gcp",
                    "other",
                )
            ],
            class_name="row",
        ),
    )


def _forms() -> rx.Component:
    return card(
        section_header("Форма"),
        rx.el.form(
            rx.el.div(
                forms.text_field("Название", name="title", is_required=True, prefix="g-"),
                forms.text_field(
                    "Логин",
                    name="login",
                    help="Логин панели управления.",
                    error="Облако не приняло логин.",
                    prefix="g-",
                ),
                forms.password_field(
                    "Пароль API",
                    name="secret",
                    help="Задан, отпечаток 3fa9c1d2. Оставьте пустым, чтобы не менять.",
                    prefix="g-",
                ),
                forms.select_field(
                    "Расписание",
                    name="schedule",
                    options=[("daily", "Каждый день"), ("hourly", "Каждый час")],
                    prefix="g-",
                ),
                forms.number_field("Порог", name="limit", unit="₽", prefix="g-"),
                forms.text_area("Заметка", name="note", prefix="g-"),
                class_name="form-grid",
            ),
            forms.switch(
                "Синхронизировать по расписанию",
                is_on=GalleryState.is_on,
                on_change=GalleryState.toggle,
                help="Иначе только вручную.",
            ),
            forms.checkbox("Читать статистику", name="metrics", prefix="g-"),
            forms.form_actions(button("Отмена", kind="ghost"), button("Сохранить", kind="primary")),
            class_name="form",
        ),
    )


def _provider_form() -> rx.Component:
    beget = provider("beget")
    return card(
        section_header("Форма провайдера", note="Из полей, которые описал сам провайдер."),
        rx.el.form(
            *[
                provider_field(of, prefix="p-", is_kept=GalleryState.is_on)
                for model in (beget.credentials, beget.settings)
                for of in form_fields(model)
            ],
            class_name="form-grid",
        ),
    )


def _messages() -> rx.Component:
    return card(
        section_header("Сообщения"),
        callout("Данные обновлены", "Прочитано 10 ресурсов.", tone="success"),
        callout("Синхронизация идёт", tone="info"),
        callout(
            "Баланса хватит на 2 дня",
            "Пополните счёт Beget, иначе серверы остановятся 25 нояб. 2026.",
            tone="warning",
            actions=[button("Открыть подключение", size="sm")],
        ),
        callout(
            "Облако не приняло учётные данные",
            "Проверьте логин и пароль и сохраните подключение заново.",
            tone="danger",
        ),
    )


def _table() -> rx.Component:
    return card(
        section_header(
            "Таблица",
            note="10 ресурсов",
            actions=[
                icon_button("Плотность", "rows-3", data_toggle="density"),
                download_button("Выгрузить CSV", href="/infrazen.js"),
            ],
        ),
        filters.toolbar(
            filters.search_box(
                "Найти ресурс", value=GalleryState.query, on_change=GalleryState.search
            ),
            forms.select(
                forms.option("", "Все провайдеры"),
                forms.option("beget", "Beget"),
                aria_label="Провайдер",
            ),
        ),
        filters.filter_chips(
            filters.filter_chip("Провайдер", "Beget", on_remove=GalleryState.toggle),
            filters.filter_chip("Статус", "Работает", on_remove=GalleryState.toggle),
            on_clear=GalleryState.toggle,
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


def _table_row(item: SampleRow) -> rx.Component:
    name, kind, state, cost = _COLUMNS
    return tables.row(
        tables.cell(
            name,
            rx.el.span(
                provider_badge(item["provider"], size=32),
                tables.two_lines(rx.el.a(item["name"], href="/"), item["id"]),
                class_name="provider-line",
            ),
            is_main=True,
        ),
        tables.cell(kind, item["type"]),
        tables.cell(state, status(item["tone"], item["status"])),
        tables.cell(cost, tables.two_lines(item["per_day"], item["per_month"])),
    )


def _charts() -> rx.Component:
    both = [
        Series(key="compute", name="Вычисления", color=1),
        Series(key="storage", name="Хранение", color=2),
    ]
    return rx.el.div(
        card(
            section_header("Динамика расходов", note="25 окт. – 23 нояб. 2026"),
            area_chart("Динамика расходов", GalleryState.days, both, is_stacked=True),
        ),
        card(
            section_header("Загрузка"),
            usage_bar(
                "Процессор",
                percent=67,
                shown="67 %",
                tier="medium",
                tier_label="средняя",
                detail="16,1 из 24 ядер",
            ),
            usage_bar(
                "Память",
                percent=81,
                shown="81 %",
                tier="high",
                tier_label="высокая",
                detail="51,8 из 64 ГБ",
            ),
            usage_bar(
                "Диски",
                percent=43,
                shown="43 %",
                tier="medium",
                tier_label="средняя",
                detail="430 ГБ из 1 ТБ",
            ),
            usage_bar(
                "Сеть",
                percent=9.5,
                shown="9,5 %",
                tier="low",
                tier_label="низкая",
                detail="29 из 300 Мбит/с",
            ),
            usage_bar(
                "Квота диска",
                percent=97,
                shown="97 %",
                tier="critical",
                tier_label="почти всё",
            ),
        ),
        card(
            section_header("Линии"),
            line_chart("Линии", GalleryState.days, both[:1], height=180),
        ),
        card(
            section_header("Столбцы"),
            bar_chart("Столбцы", GalleryState.days, both, height=180, is_stacked=True),
        ),
        class_name="split",
    )


def _details() -> rx.Component:
    return rx.el.div(
        card(
            section_header("Сведения"),
            choices.tabs(
                "Разделы ресурса",
                [
                    (
                        "config",
                        "Конфигурация",
                        facts(
                            ("Процессор", "2 ядра"),
                            ("Память", "2 ГБ"),
                            ("Идентификатор", copyable("f88ce2cf-8570-4ad0-bb67-824ac5308c34")),
                        ),
                    ),
                    ("history", "История", rx.el.p("Изменений нет.")),
                ],
                chosen=GalleryState.tab,
                on_choose=GalleryState.choose_tab,
            ),
            collapsible(
                "Информация об аккаунте",
                facts(("Тариф", "Blog"), ("Баланс", "174,51 ₽"), ("Дней до блокировки", "2")),
                note=status("success", "Активен"),
            ),
            code_block(
                "infrazen sync run beget --json\ninfrazen snapshot show 12", label="Команды"
            ),
        ),
        card(
            section_header("История"),
            choices.breadcrumbs(("Ресурсы", "/"), ("Objective Perrin", None)),
            timeline(
                timeline_entry(
                    "Синхронизация завершена частично",
                    rx.el.p("Методы mysql и ftp закрыты для этой учётной записи."),
                    when="5 минут назад",
                    tone="warning",
                ),
                timeline_entry("Создано 2 ресурса", when="вчера", tone="success"),
                timeline_entry("Облако не ответило", when="3 дня назад", tone="danger"),
                label="История",
            ),
        ),
        class_name="split",
    )


def _loading() -> rx.Component:
    return card(
        section_header("Ожидание"),
        progress_bar("Читаем аккаунт", value=7, maximum=14, note="7 из 14 разделов"),
        progress_bar("Подключаемся"),
        rx.el.div(spinner(), "Проверяем подключение", class_name="row"),
        loading_region(
            rx.el.div(kpi_skeleton(), kpi_skeleton(), class_name="kpi-grid"),
            card_skeleton(height="6rem"),
            table_skeleton(rows=3),
        ),
    )


def _empty() -> rx.Component:
    return rx.el.div(
        card(no_connection_yet(href="/")),
        card(nothing_matches(on_reset=GalleryState.toggle)),
        card(no_data_for_period()),
        card(first_sync_running(value=7, note="7 %")),
        card(not_permitted(who="Анна Петрова")),
        card(
            failed(
                "Облако недоступно",
                "Провайдер не отвечает; синхронизация повторится сама.",
                on_retry=GalleryState.toggle,
            )
        ),
        class_name="split",
    )


def _overlays() -> rx.Component:
    return card(
        section_header("Окна"),
        rx.el.div(
            button("Диалог", on_click=GalleryState.show_dialog(True)),  # noqa: FBT003
            button("Вопрос", on_click=GalleryState.show_confirm(True)),  # noqa: FBT003
            button("Панель", on_click=GalleryState.show_drawer(True)),  # noqa: FBT003
            class_name="row",
        ),
        dialog(
            "Новое подключение",
            rx.el.form(
                forms.text_field("Название", name="name", is_required=True, prefix="d-"),
                forms.password_field("Пароль API", name="password", prefix="d-"),
                class_name="form",
            ),
            is_open=GalleryState.is_dialog_open,
            on_open_change=GalleryState.show_dialog,
            description="Учётные данные шифруются и больше нигде не показываются.",
            footer=[button("Проверить"), button("Сохранить", kind="primary")],
        ),
        confirm_dialog(
            "Удалить подключение?",
            "Ресурсы и история расходов этого аккаунта исчезнут из InfraZen. В облаке ничего "
            "не изменится.",
            is_open=GalleryState.is_confirm_open,
            on_open_change=GalleryState.show_confirm,
            confirm_label="Удалить",
            on_confirm=GalleryState.show_confirm(False),  # noqa: FBT003
        ),
        drawer(
            "Фильтры",
            rx.el.h2("Фильтры"),
            is_open=GalleryState.is_drawer_open,
            on_open_change=GalleryState.show_drawer,
            description="Сужают список ресурсов.",
            side="right",
        ),
    )
