"""The connected clouds, and how fresh what they told is."""

from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.money import Money
from infrazen_ui.locales import Language, text
from infrazen_ui.present import dates
from infrazen_ui.present import money as amounts
from infrazen_ui.present.connections import state_tone
from infrazen_ui.present.dashboard.alerts import balance_tone, connection_href, lasts
from infrazen_ui.present.dashboard.spoken import Price, Voice, price
from infrazen_ui.present.figures import counted, number
from infrazen_ui.present.managed import state_of

if TYPE_CHECKING:
    from infrazen.services.connection_views import ConnectionCard
    from infrazen.services.costs import Dashboard
    from infrazen.services.managed import ClusterStatus
    from infrazen.services.syncs import Activity

BUSY = ("waiting", "syncing")


class Cloud(TypedDict):
    """A connection's card. ``prices`` has one entry a currency."""

    id: str
    href: str
    name: str
    provider: str
    provider_title: str
    tone: str
    state: str
    is_live: bool
    added: str
    resources: str
    prices: list[Price]
    balance: str
    balance_note: str
    balance_tone: str


def clouds(shown: "Dashboard", voice: Voice) -> list[Cloud]:
    """The cards, oldest connection first."""
    return [_cloud(card, voice) for card in shown.connections]


def _cloud(card: "ConnectionCard", voice: Voice) -> Cloud:
    language, connection, account = voice.language, card.connection, card.account
    state = card.state.value
    added = dates.day(connection.created_at.astimezone(voice.zone).date(), language=language)
    balance = left = None
    if account is not None and account.balance is not None:
        balance = amounts.money(Money(account.balance, account.currency), language=language)
        left = account.days_to_block
    return Cloud(
        id=str(connection.id),
        href=connection_href(connection.id),
        name=connection.display_name,
        provider=connection.provider,
        provider_title=card.provider_title,
        tone=state_tone(card.state.value),
        state=text(f"connection_word.state.{state}", language),
        is_live=state in BUSY,
        added=text("dashboard.clouds.added", language, day=added),
        resources=number(card.resources, language=language),
        prices=[price(one.payable, one.currency, voice.language) for one in card.reconciliations],
        balance=balance or "",
        balance_note="" if left is None else lasts(max(0, left), voice),
        balance_tone=balance_tone(left),
    )


def with_cluster(found: list[Cloud], said: "ClusterStatus", language: Language) -> list[Cloud]:
    """``found`` with the state that resources tell of themselves, where nothing is at work."""
    return [_told(cloud, said, language) for cloud in found]


def _told(cloud: Cloud, said: "ClusterStatus", language: Language) -> Cloud:
    resource = next(
        (one.resource for id_, one in said.managed.items() if str(id_) == cloud["id"]), None
    )
    if resource is None or cloud["is_live"]:
        return cloud
    tone, word = state_of(resource)
    if not word:
        return cloud
    told: Cloud = {**cloud, "tone": tone, "state": text(f"managed.state.{word}", language)}
    return told


def freshness(shown: "Dashboard", voice: Voice) -> str:
    """``Данные на 25 нояб. 2026, 14:05, 5 минут назад · следующая синхронизация через 2 часа``.

    The oldest of what all connections told last: nothing on the screen is older.
    """
    language = voice.language
    read = [
        card.connection.last_success_at
        for card in shown.connections
        if card.connection.last_success_at is not None
    ]
    if not read:
        return text("dashboard.fresh.never", language)
    oldest = min(read)
    words = text(
        "dashboard.fresh.at",
        language,
        moment=dates.moment(oldest, zone=voice.zone, language=language),
        ago=dates.relative(oldest, now=voice.now, language=language),
    )
    due = [one.connection.next_sync_at for one in shown.connections if one.connection.next_sync_at]
    if not due or min(due) <= voice.now:
        return words
    when = dates.relative(min(due), now=voice.now, language=language)
    return f"{words} · {text('dashboard.fresh.next', language, when=when)}"


class Freshness(TypedDict):
    """How old the figures of one connection are."""

    name: str
    read: str
    billed: str
    is_stale: bool


def freshness_of_each(shown: "Dashboard", voice: Voice) -> list[Freshness]:
    """When each connection was read, and up to which day there are bills."""
    stale = {card.connection.id for card in shown.stale}
    return [
        Freshness(
            name=card.connection.display_name,
            read=_read(card, voice),
            billed=_billed(card, voice),
            is_stale=card.connection.id in stale,
        )
        for card in shown.connections
    ]


def _read(card: "ConnectionCard", voice: Voice) -> str:
    at = card.connection.last_success_at
    if at is None:
        return text("dashboard.fresh.unread", voice.language)
    ago = dates.relative(at, now=voice.now, language=voice.language)
    return text("dashboard.fresh.read", voice.language, ago=ago)


def _billed(card: "ConnectionCard", voice: Voice) -> str:
    until = max((one.day for one in card.billed), default=None)
    if until is None:
        return text("dashboard.fresh.unbilled", voice.language)
    return text(
        "dashboard.fresh.billed", voice.language, day=dates.day(until, language=voice.language)
    )


def is_busy(shown: "Dashboard") -> bool:
    """Whether a connection waits for a sync or is at it."""
    return any(card.state.value in BUSY for card in shown.connections)


class Progress(TypedDict):
    """How far the running syncs are: in percent, and in words."""

    percent: float
    note: str


NO_PROGRESS = Progress(percent=0, note="")


def progress(found: "Activity", language: Language) -> Progress:
    """The sections that all running syncs have read, of those they will read."""
    known = [run.progress for run in found.running.values() if run.progress]
    done = sum(int(one.get("endpoints_done", 0)) for one in known)
    every = sum(int(one.get("endpoints_total", 0)) for one in known)
    if every:
        note = counted("dashboard.fresh.parts", done, language=language, total=every)
        return Progress(percent=round(100 * done / every, 1), note=note)
    if found.running:
        return Progress(percent=0, note=text("dashboard.fresh.syncing", language))
    return Progress(percent=0, note=text("dashboard.fresh.waiting", language))
