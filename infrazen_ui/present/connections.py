"""Connections as their cards show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.money import Money
from infrazen.domain.syncs import EndpointStatus
from infrazen.providers import all_providers, provider
from infrazen_ui.locales import Language, plural, text
from infrazen_ui.present import dates, figures
from infrazen_ui.present import money as amounts
from infrazen_ui.present.connection_accounts import AccountView, account_view
from infrazen_ui.present.failures import explain
from infrazen_ui.present.managed import CommandView, commands
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen.domain.costs import Reconciliation
    from infrazen.services.connection_views import ConnectionCard

_TONES = {
    "syncing": Tone.INFO,
    "waiting": Tone.INFO,
    "healthy": Tone.SUCCESS,
    "partial": Tone.WARNING,
    "failed": Tone.DANGER,
}
_PRESETS = {
    "0 * * * *": "hourly",
    "0 */6 * * *": "six_hours",
    "0 */12 * * *": "twelve_hours",
    "0 6 * * *": "daily",
    "0 6 * * 1": "weekly",
    "": "by_hand",
}
"""Schedules with words of their own, in the order in which a form offers them."""


class MoneyView(TypedDict):
    """A rate in one currency."""

    per_day: str
    per_month: str


class TroubleView(TypedDict):
    """A part of the API that could not be read: for people, and for engineers."""

    title: str
    name: str


class CardView(TypedDict):
    """A connection's card."""

    id: str
    name: str
    provider: str
    provider_title: str
    tone: str
    status: str
    is_live: bool
    is_suspended: bool
    is_managed: bool
    managed_by: str
    commands: list[CommandView]
    resources: str
    money: list[MoneyView]
    last_sync: str
    last_sync_at: str
    next_sync: str
    next_sync_at: str
    schedule: str
    added: str
    trouble_tone: str
    trouble_title: str
    trouble_text: str
    troubles: list[TroubleView]
    unread: str
    account: AccountView


def schedule_presets(language: Language) -> list[tuple[str, str]]:
    """(cron line, words) of the schedules that a form offers."""
    words = [text(f"connection_word.schedule.{key}", language) for key in _PRESETS.values()]
    return list(zip(_PRESETS, words, strict=True))


def schedule_words(schedule: str, language: Language) -> str:
    """``каждые 6 часов``; the cron line itself where it has no words."""
    if schedule in _PRESETS:
        return text(f"connection_word.schedule.{_PRESETS[schedule]}", language)
    return text("connections.card.cron", language, cron=schedule)


def card_view(
    card: "ConnectionCard", *, now: datetime, zone: tzinfo, language: Language
) -> CardView:
    """One card, its times told from ``now``."""
    one = card.connection
    following = None if one.is_suspended else one.next_sync_at
    trouble = _trouble(card, language)
    return CardView(
        id=str(one.id),
        name=one.display_name,
        provider=one.provider,
        provider_title=card.provider_title,
        tone=state_tone(card.state.value),
        status=text(f"connection_word.state.{card.state.value}", language),
        is_live=card.state.value in ("syncing", "waiting"),
        is_suspended=one.is_suspended,
        is_managed=card.is_managed,
        managed_by=one.managed_by,
        commands=commands(one.managed_by, language) if card.is_managed else [],
        resources=figures.counted("connections.resources", card.resources, language=language),
        money=_money(card.reconciliations, language),
        last_sync=_relative(one.last_sync_at, now, language)
        or text("connections.card.never", language),
        last_sync_at=_moment(one.last_sync_at, zone, language),
        next_sync=_relative(following, now, language) or _no_next(card, language),
        next_sync_at=_moment(following, zone, language),
        schedule=schedule_words(one.schedule, language),
        added=dates.day(one.created_at.astimezone(zone).date(), language=language),
        trouble_tone=trouble[0],
        trouble_title=trouble[1],
        trouble_text=trouble[2],
        troubles=_unread_parts(card, language),
        unread=figures.counted("connections.unread", card.unread, language=language)
        if card.unread
        else "",
        account=account_view(
            card.account, card.reconciliations, language=language, billed=card.billed
        ),
    )


def outcome_words(card: "ConnectionCard", language: Language) -> tuple[str, str, str]:
    """(title, note, tone) that tell how a connection's last sync ended."""
    name = card.connection.display_name
    tone, _, note = _trouble(card, language)
    if tone == Tone.DANGER:
        return text("connections.ended.error", language, name=name), note, tone
    found = card.last.found if card.last else 0
    counted = figures.counted("connections.resources", found, language=language)
    if tone == Tone.WARNING:
        n = len(_unread_parts(card, language))
        left = plural("connections.ended.parts", n, language) if n else note
        return text("connections.ended.partial", language, name=name), f"{counted}. {left}", tone
    return text("connections.ended.success", language, name=name), counted, Tone.SUCCESS.value


def failed_parts(endpoints: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The endpoints that failed, of a snapshot's results."""
    return [one for one in endpoints if one.get("status") == EndpointStatus.FAILED]


def state_tone(state: str) -> str:
    """How a reader should feel about a connection in this state."""
    return _TONES.get(state, Tone.NEUTRAL).value


def endpoint_title(slug: str, name: str, language: Language) -> str:
    """What people call an endpoint of the provider; its name where it has no title."""
    spec = all_providers().get(slug)
    title = spec.endpoint_titles.get(name) if spec else None
    return title[language.value] if title else name


def _trouble(card: "ConnectionCard", language: Language) -> tuple[str, str, str]:
    """(tone, title, text) of what is wrong; empty where nothing is."""
    if card.last is None or card.last.status.value in ("success", "running"):
        return "", "", ""
    if card.last.status.value == "error":
        reason = card.last.error_reason or ""
        words = explain(reason, language=language, place="sync")
        advice = provider(card.connection.provider).advice.get(reason)
        return Tone.DANGER.value, words.title, advice[language.value] if advice else words.action
    n = len(_unread_parts(card, language))
    if not n:
        return Tone.WARNING.value, text("connections.card.unread_records", language), ""
    return Tone.WARNING.value, plural("connections.card.partial", n, language), ""


def _unread_parts(card: "ConnectionCard", language: Language) -> list[TroubleView]:
    """Parts of the API that failed; none where all did, which its title says."""
    if card.last is None or card.last.status.value == "error":
        return []
    slug = card.connection.provider
    return [
        TroubleView(title=endpoint_title(slug, one["name"], language), name=one["name"])
        for one in failed_parts(card.last.endpoints or ())
    ]


def _money(found: Sequence["Reconciliation"], language: Language) -> list[MoneyView]:
    return [
        MoneyView(
            per_day=_rate(one.payable.daily, one.currency, language, period="day"),
            per_month=_rate(one.payable.monthly, one.currency, language, period="month"),
        )
        for one in found
    ]


def _rate(amount: Decimal, currency: str, language: Language, *, period: str) -> str:
    show = amounts.per_day if period == "day" else amounts.per_month
    return show(Money(amount, currency), language=language)


def _relative(at: datetime | None, now: datetime, language: Language) -> str:
    return "" if at is None else dates.relative(at, now=now, language=language)


def _moment(at: datetime | None, zone: tzinfo, language: Language) -> str:
    return "" if at is None else dates.moment(at, zone=zone, language=language)


def _no_next(card: "ConnectionCard", language: Language) -> str:
    if card.connection.is_suspended:
        return text("connections.card.suspended", language)
    return text("connections.card.by_hand", language)
