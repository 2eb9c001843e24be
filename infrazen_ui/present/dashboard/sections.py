"""The whole dashboard: which view it is, and what stands in every section."""

from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language
from infrazen_ui.present.dashboard.alerts import Alert, alerts
from infrazen_ui.present.dashboard.chart import Chart, chart
from infrazen_ui.present.dashboard.clouds import (
    BUSY,
    Cloud,
    Freshness,
    clouds,
    freshness,
    freshness_of_each,
    is_busy,
)
from infrazen_ui.present.dashboard.inventory import (
    Row,
    TypeChip,
    more,
    resources_href,
    rows,
    type_chips,
)
from infrazen_ui.present.dashboard.kpis import Kpis, is_anything_spent, kpis
from infrazen_ui.present.dashboard.ledger import Equation, Ledger, equations, ledgers
from infrazen_ui.present.dashboard.news import NewsItem, is_same, news
from infrazen_ui.present.dashboard.spoken import voice_of
from infrazen_ui.present.dashboard.utilisation import Used, utilisation

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard


class Sections(TypedDict):
    """Everything that the dashboard's state shows."""

    view: str
    currency: str
    currencies: list[str]
    fresh: str
    fresh_each: list[Freshness]
    is_busy: bool
    alerts: list[Alert]
    kpis: Kpis
    chart: Chart
    usage: list[Used]
    equations: list[Equation]
    has_twice: bool
    ledgers: list[Ledger]
    clouds: list[Cloud]
    news: list[NewsItem]
    is_same: bool
    types: list[TypeChip]
    rows: list[Row]
    more: str
    all_href: str


def of(shown: "Dashboard", language: Language, *, currency: str = "") -> Sections:
    """``shown`` in ``language``, its chart in ``currency`` where there is any of it."""
    voice = voice_of(shown, language)
    drawn = chart(shown, currency, voice)
    sums = equations(shown, voice)
    return Sections(
        view=view(shown),
        currency=drawn["currency"],
        currencies=[one.currency for one in shown.expenses],
        fresh=freshness(shown, voice),
        fresh_each=freshness_of_each(shown, voice),
        is_busy=is_busy(shown),
        alerts=alerts(shown, voice),
        kpis=kpis(shown, voice),
        chart=drawn,
        usage=utilisation(shown, voice),
        equations=sums,
        has_twice=any(one["has_twice"] for one in sums),
        ledgers=ledgers(shown, voice),
        clouds=clouds(shown, voice),
        news=news(shown, voice),
        is_same=is_same(shown),
        types=type_chips(shown, voice),
        rows=rows(shown.lines, voice.language),
        more=more(shown.resources, voice.language),
        all_href=resources_href(),
    )


def view(shown: "Dashboard") -> str:
    """Which of its faces the dashboard shows: ready, newcomer, first or unread."""
    was_read = any(card.connection.last_success_at for card in shown.connections)
    if was_read or is_anything_spent(shown):
        return "ready"
    if not shown.connections:
        return "newcomer"
    if any(card.state.value in BUSY for card in shown.connections):
        return "first"
    return "unread"
