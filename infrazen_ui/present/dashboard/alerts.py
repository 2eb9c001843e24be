"""What needs somebody's attention, the most urgent first."""

from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.accounts import AccountStatus
from infrazen.errors import ClusterRefused
from infrazen_ui.locales import Language, text
from infrazen_ui.present import dates
from infrazen_ui.present import money as amounts
from infrazen_ui.present.connections import endpoint_title
from infrazen_ui.present.dashboard.spoken import Voice
from infrazen_ui.present.failures import explain
from infrazen_ui.present.figures import counted
from infrazen_ui.present.managed import stalled

if TYPE_CHECKING:
    from infrazen.services.connection_views import ConnectionCard
    from infrazen.services.costs import Balance, Dashboard
    from infrazen.services.managed import ClusterStatus

NEARLY_BLOCKED_DAYS = 3
_ORDER = ("danger", "warning")


class Alert(TypedDict):
    """Something to do, and where."""

    tone: str
    title: str
    text: str
    href: str


def alerts(shown: "Dashboard", voice: Voice) -> list[Alert]:
    """What is wrong with accounts, syncs and the age of the data."""
    found = [_balance(one, shown, voice) for one in shown.balances if one.is_urgent]
    stale = {card.connection.id for card in shown.stale}
    for card in shown.connections:
        if card.account is not None and card.account.status is AccountStatus.SUSPENDED:
            found.append(_suspended(card, voice))
        if card.state.value == "failed":
            found.append(_failed(card, voice))
        elif card.state.value == "partial":
            found.append(_partial(card, voice))
        if card.state.value != "failed" and card.connection.id in stale:
            found.append(_stale(card, voice))
    return sorted(found, key=lambda alert: _ORDER.index(alert["tone"]))


def with_cluster(found: list[Alert], said: "ClusterStatus", language: Language) -> list[Alert]:
    """``found`` and what the cluster says: a connection that has stalled is told once, by it."""
    ours: list[Alert] = []
    for one in said.managed.values():
        why = stalled(one, language)
        if why is not None:
            title = text("managed.alert.stalled", language, name=one.display_name)
            words = ". ".join(filter(None, (why.title, why.action)))
            href = connection_href(one.connection_id)
            ours.append(Alert(tone="danger", title=title, text=words, href=href))
            said_already = text("dashboard.alert.failed", language, name=one.display_name)
            found = [
                each for each in found if (each["title"], each["href"]) != (said_already, href)
            ]
    troubles = {one.trouble for one in said.managed.values() if one.trouble}
    ours += [_cluster_trouble(trouble, language) for trouble in sorted(troubles)]
    return sorted([*ours, *found], key=lambda alert: _ORDER.index(alert["tone"]))


def _cluster_trouble(reason: str, language: Language) -> Alert:
    word = "refused" if reason == ClusterRefused.reason else "unreachable"
    return Alert(
        tone="warning",
        title=text(f"managed.alert.{word}", language),
        text=text(f"managed.alert.{word}_text", language),
        href="/connections",
    )


def connection_href(connection_id: object) -> str:
    """Where a connection's history is."""
    return f"/connections/{connection_id}"


def balance_tone(days_to_block: int | None) -> str:
    """Red when nearly blocked, orange within a month."""
    if days_to_block is None or days_to_block >= 30:
        return "neutral"
    return "danger" if days_to_block <= NEARLY_BLOCKED_DAYS else "warning"


def lasts(days: int, voice: Voice) -> str:
    """``хватит на 2 дня``."""
    return counted("dashboard.left", days, language=voice.language)


def _balance(found: "Balance", shown: "Dashboard", voice: Voice) -> Alert:
    language = voice.language
    left = found.days_to_block or 0
    balance = amounts.money(found.balance, language=language)
    if left <= 0:
        title = text("dashboard.alert.blocked", language, name=found.name)
        words = text("dashboard.alert.blocked_text", language, balance=balance)
    else:
        title = text("dashboard.alert.balance", language, name=found.name, left=lasts(left, voice))
        until = dates.day(shown.today + timedelta(days=left), language=language)
        words = text("dashboard.alert.balance_text", language, balance=balance, day=until)
    return Alert(
        tone=balance_tone(left), title=title, text=words, href=connection_href(found.connection_id)
    )


def _suspended(card: "ConnectionCard", voice: Voice) -> Alert:
    name = card.connection.display_name
    return Alert(
        tone="danger",
        title=text("dashboard.alert.suspended", voice.language, name=name),
        text=text("dashboard.alert.suspended_text", voice.language),
        href=connection_href(card.connection.id),
    )


def _failed(card: "ConnectionCard", voice: Voice) -> Alert:
    reason = (card.last and card.last.error_reason) or ""
    words = explain(reason, language=voice.language)
    name = card.connection.display_name
    return Alert(
        tone="danger",
        title=text("dashboard.alert.failed", voice.language, name=name),
        text=f"{words.title}. {words.action}",
        href=connection_href(card.connection.id),
    )


def _partial(card: "ConnectionCard", voice: Voice) -> Alert:
    return Alert(
        tone="warning",
        title=text("dashboard.alert.partial", voice.language, name=card.connection.display_name),
        text=_what_is_missing(card, voice),
        href=connection_href(card.connection.id),
    )


def _what_is_missing(card: "ConnectionCard", voice: Voice) -> str:
    """The closed sections and what to do, or how many records could not be read."""
    language = voice.language
    failed = [
        one for one in (card.last and card.last.endpoints) or () if one.get("status") == "Failed"
    ]
    if not failed:
        return counted("dashboard.alert.unread", card.unread, language=language)
    provider = card.connection.provider
    names = ", ".join(endpoint_title(provider, str(one["name"]), language) for one in failed)
    closed = counted("dashboard.alert.closed", len(failed), language=language, names=names)
    reasons = {str(one.get("reason")) for one in failed}
    if len(reasons) > 1:
        return closed
    return f"{closed} {explain(reasons.pop(), language=language).action}"


def _stale(card: "ConnectionCard", voice: Voice) -> Alert:
    read = card.connection.last_success_at or voice.now
    return Alert(
        tone="warning",
        title=text("dashboard.alert.stale", voice.language, name=card.connection.display_name),
        text=text(
            "dashboard.alert.stale_text",
            voice.language,
            ago=dates.relative(read, now=voice.now, language=voice.language),
            moment=dates.moment(read, zone=voice.zone, language=voice.language),
        ),
        href=connection_href(card.connection.id),
    )
