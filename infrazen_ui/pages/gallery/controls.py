"""Samples of what is pressed and filled in."""

import reflex as rx

from infrazen.provider_kit.forms import form_fields
from infrazen.providers import provider
from infrazen_ui.components import choices, forms, menus
from infrazen_ui.components.badges import provider_badge, status, tag
from infrazen_ui.components.buttons import button, button_link, copy_button, icon_button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.provider_fields import provider_field
from infrazen_ui.pages.gallery.state import GalleryState


def controls() -> rx.Component:
    """Buttons, segments and menus."""
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
            choices.segmented_values(
                "Валюта",
                GalleryState.currencies,
                chosen=GalleryState.currency,
                on_choose=GalleryState.choose_currency,
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


def marks() -> rx.Component:
    """Statuses, tags and providers."""
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


def form() -> rx.Component:
    """Inputs of every kind."""
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


def provider_form() -> rx.Component:
    """A form made from a provider's fields."""
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
