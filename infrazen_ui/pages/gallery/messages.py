"""Samples of what is said: messages, details, waiting, nothing, and windows."""

import reflex as rx

from infrazen_ui.components import choices, forms
from infrazen_ui.components.badges import status
from infrazen_ui.components.buttons import button, button_link
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, facts, section_header
from infrazen_ui.components.disclosure import code_block, collapsible, copyable
from infrazen_ui.components.empty_states import (
    closed_in_demo,
    failed,
    first_sync_running,
    no_connection_yet,
    no_data_for_period,
    no_data_yet,
    none_made,
    not_configured,
    not_here,
    not_permitted,
    nothing_matches,
    nothing_there,
)
from infrazen_ui.components.loading import (
    card_skeleton,
    kpi_skeleton,
    loading_region,
    progress_bar,
    spinner,
    table_skeleton,
)
from infrazen_ui.components.overlays import confirm_dialog, dialog, drawer
from infrazen_ui.components.timeline import timeline, timeline_entry
from infrazen_ui.pages.gallery.state import GalleryState


def messages() -> rx.Component:
    """Callouts in every tone."""
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


def details() -> rx.Component:
    """Facts, unfolding, code and history."""
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


def loading() -> rx.Component:
    """What is seen while waiting."""
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


def empty() -> rx.Component:
    """What stands where nothing is."""
    return rx.el.div(
        card(no_connection_yet(href="/")),
        card(nothing_matches(on_reset=GalleryState.toggle)),
        card(no_data_for_period()),
        card(no_data_yet()),
        card(nothing_there()),
        card(first_sync_running(value=7, note="7 %")),
        card(
            not_configured(
                "Статистика не читается",
                "Включите чтение статистики в подключении, и здесь появится загрузка.",
                actions=[button_link("Открыть подключение", href="/")],
            )
        ),
        card(
            none_made(
                "key-round",
                "Токенов пока нет",
                "Создайте токен, чтобы забирать расходы своими скриптами.",
                actions=[button_link("Документация API", href="/")],
                level=3,
            )
        ),
        card(not_permitted(who="Анна Петрова")),
        card(closed_in_demo(level=3)),
        card(
            not_here(
                "Такого ресурса нет",
                "Возможно, его удалили, или он принадлежит другой организации.",
                way_out=button_link("К ресурсам", href="/"),
                level=3,
            )
        ),
        card(
            failed(
                "Облако недоступно",
                "Провайдер не отвечает; синхронизация повторится сама.",
                on_retry=GalleryState.toggle,
            )
        ),
        class_name="split",
    )


def overlays() -> rx.Component:
    """Dialogs and drawers."""
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
