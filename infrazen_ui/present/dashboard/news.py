"""What the latest syncs changed, in a line or two each."""

from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.money import Money, from_micro
from infrazen_ui.locales import text
from infrazen_ui.present import dates
from infrazen_ui.present import money as amounts
from infrazen_ui.present.dashboard.alerts import connection_href
from infrazen_ui.present.dashboard.spoken import Voice
from infrazen_ui.present.figures import counted
from infrazen_ui.present.resource_words import type_title

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard
    from infrazen.services.news import ChangeLine, News

_TONES = {"created": "success", "updated": "info", "deleted": "warning"}


class ChangeRow(TypedDict):
    """One resource that came, changed or went."""

    tone: str
    change: str
    name: str
    detail: str


class NewsItem(TypedDict):
    """A sync that changed something."""

    title: str
    when: str
    tone: str
    href: str
    summary: str
    changes: list[ChangeRow]
    more: str


def news(shown: "Dashboard", voice: Voice) -> list[NewsItem]:
    """The latest changes, newest first."""
    known = {card.connection.id: card for card in shown.connections}
    found = [(one, known.get(one.snapshot.connection_id)) for one in shown.news]
    return [
        _item(one, card.connection.display_name, card.connection.provider, voice)
        for one, card in found
        if card is not None
    ]


def is_same(shown: "Dashboard") -> bool:
    """Whether the latest sync of every connection changed nothing."""
    last = [card.last for card in shown.connections if card.last is not None]
    return bool(last) and not any(one.created + one.updated + one.deleted for one in last)


def _item(found: "News", name: str, provider: str, voice: Voice) -> NewsItem:
    language, snapshot = voice.language, found.snapshot
    at = snapshot.finished_at or snapshot.started_at
    item = NewsItem(
        title=name,
        when=dates.relative(at, now=voice.now, language=language),
        tone="info",
        href=connection_href(snapshot.connection_id),
        summary=_summary(found, voice),
        changes=[_change(one, provider, voice) for one in found.changes],
        more="",
    )
    if found.is_first:
        item["tone"], item["changes"] = "success", []
    elif found.changes and found.unnamed:
        item["more"] = counted("dashboard.news.more", found.unnamed, language=language)
    return item


def _summary(found: "News", voice: Voice) -> str:
    language, snapshot = voice.language, found.snapshot
    if found.is_first:
        return counted("dashboard.news.found", snapshot.found, language=language)
    parts = []
    if snapshot.created:
        parts.append(counted("dashboard.news.created", snapshot.created, language=language))
    if snapshot.updated:
        parts.append(counted("dashboard.news.updated", snapshot.updated, language=language))
    if snapshot.deleted:
        parts.append(counted("dashboard.news.deleted", snapshot.deleted, language=language))
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def _change(found: "ChangeLine", provider: str, voice: Voice) -> ChangeRow:
    return ChangeRow(
        tone=_TONES.get(found.change.value, "neutral"),
        change=text(f"connection_word.change.{found.change.value}", voice.language),
        name=found.name,
        detail=_detail(found, provider, voice),
    )


def _detail(found: "ChangeLine", provider: str, voice: Voice) -> str:
    """How the cost moved, else what type it is."""
    before, after = _daily(found.previous, voice), _daily(found.current, voice)
    if before and after and before != after:
        return f"{before} → {after}"
    return type_title(provider, found.type, language=voice.language)


def _daily(document: "dict[str, object] | None", voice: Voice) -> str:
    price = (document or {}).get("price")
    if not isinstance(price, dict):
        return ""
    micro, currency = price.get("daily_micro"), price.get("currency")
    if not isinstance(micro, int) or not isinstance(currency, str):
        return ""
    return amounts.per_day(Money(from_micro(micro), currency), language=voice.language)
