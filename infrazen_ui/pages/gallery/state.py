"""What the samples of the gallery hold, and what moves them."""

from datetime import date, timedelta
from decimal import Decimal
from math import sin
from typing import Any, TypedDict

import reflex as rx

from infrazen.domain.money import Money
from infrazen_ui.locales import Language
from infrazen_ui.pages.gallery.sample_cards import CARDS
from infrazen_ui.present import dates
from infrazen_ui.present.connections import CardView
from infrazen_ui.present.money import money
from infrazen_ui.present.paints import paint
from infrazen_ui.states.forms import word
from infrazen_ui.states.notices import notify


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
            ("blog.neurocola.com", "vk", "", "danger", "Сбой", "0,00", "0,00"),
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
        row["cost"], row["cost_text"] = row["compute"], row["compute_text"]
        row["total"], row["note"] = row["compute_text"], "Стало 2 ядра вместо 4" if n == 6 else ""
        rows.append(row)
    return rows


_SERIES = [
    {"key": key, "name": name, "paint": paint(n)}
    for n, (key, name) in enumerate([("compute", "Вычисления"), ("storage", "Хранение")], start=1)
]
_EVENTS = [
    {"left": f"{left}%", "label": label, "count": count, "place": ""}
    for left, label, count in [(20, "5 нояб.: стало 2 ядра вместо 4", ""), (70, "3 изменения", "3")]
]
_FACETS = [
    {
        "facet": "status",
        "name": "Статус",
        "value": value,
        "label": label,
        "count": count,
        "is_chosen": is_chosen,
    }
    for value, label, count, is_chosen in [
        ("running", "Работает", "8", True),
        ("stopped", "Остановлен", "2", False),
    ]
]


class GalleryState(rx.State):
    """What the samples need to move."""

    is_dialog_open: bool = False
    is_confirm_open: bool = False
    is_drawer_open: bool = False
    period: str = "30"
    currency: str = "RUB"
    currencies: list[str] = ["RUB", "USD"]  # noqa: RUF012
    tab: str = "config"
    sort: str = "cost"
    direction: str = "desc"
    query: str = ""
    is_on: bool = True
    days: list[dict[str, Any]] = _days()
    rows: list[SampleRow] = _ROWS
    cards: list[CardView] = CARDS
    series: list[dict[str, str]] = _SERIES
    events: list[dict[str, str]] = _EVENTS
    facets: list[dict[str, Any]] = _FACETS

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
    def choose_currency(self, currency: str) -> None:
        """Choose a currency."""
        self.currency = currency

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
    def choose(self, facet: str, value: str) -> None:
        """Choose among facts, or let a choice go."""
        self.facets = [
            {**one, "is_chosen": not one["is_chosen"]}
            if (one["facet"], one["value"]) == (facet, value)
            else one
            for one in self.facets
        ]

    @rx.event
    def toggle(self) -> None:
        """Turn the switch."""
        self.is_on = not self.is_on

    @rx.event
    def say(self, tone: str) -> rx.event.EventSpec:
        """Show a notice."""
        return notify(
            "Подключение сохранено", "Первая синхронизация начнётся сама.", tone=word(tone)
        )
