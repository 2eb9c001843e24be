"""Syncs that have ended: how, what each part of the API said, and what changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.money import Money
from infrazen.domain.syncs import Change, EndpointStatus
from infrazen.providers import all_providers
from infrazen_ui.locales import Language, text
from infrazen_ui.present import dates, figures
from infrazen_ui.present import money as amounts
from infrazen_ui.present.connections import endpoint_title
from infrazen_ui.present.failures import explain
from infrazen_ui.present.field_changes import Change as FieldChange
from infrazen_ui.present.field_changes import Field, field_changes
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen.db.queries.snapshot_changes import ChangeLine
    from infrazen.db.queries.snapshots import Snapshot

_TONES = {
    "running": Tone.INFO,
    "success": Tone.SUCCESS,
    "partial": Tone.WARNING,
    "error": Tone.DANGER,
}
_CHANGE_TONES = {
    Change.CREATED: Tone.SUCCESS,
    Change.UPDATED: Tone.INFO,
    Change.DELETED: Tone.DANGER,
    Change.UNCHANGED: Tone.NEUTRAL,
}
_MOST_FIELDS = 12


class SnapshotView(TypedDict):
    """A line of the history."""

    id: str
    tone: str
    status: str
    when: str
    ago: str
    trigger: str
    took: str
    counts: str
    cost: str


class PartView(TypedDict):
    """How a part of the API ended.

    ``advice`` is what to do, ``note`` what else to know; ``said`` is the technical text.
    """

    name: str
    title: str
    tone: str
    status: str
    detail: str
    problem: str
    advice: str
    note: str
    said: str


class ChangeView(TypedDict):
    """What became of one resource."""

    key: str
    resource_id: str
    name: str
    type: str
    tone: str
    change: str
    cost: str
    when: str
    fields: list[FieldChange]
    more: str


def snapshot_view(
    one: "Snapshot", *, now: datetime, zone: tzinfo, language: Language
) -> SnapshotView:
    """A sync in a line."""
    status = one.status.value
    return SnapshotView(
        id=str(one.id),
        tone=_TONES[status].value,
        status=text(f"connection_word.sync.{status}", language),
        when=dates.moment(one.started_at, zone=zone, language=language),
        ago=dates.relative(one.started_at, now=now, language=language),
        trigger=_trigger(one, language),
        took=""
        if one.duration_ms is None
        else dates.duration(one.duration_ms / 1000, language=language),
        counts=_counts(one, language),
        cost=_cost(one.payable_daily, one.currency, language),
    )


def problem_of(one: "Snapshot", language: Language) -> tuple[str, str, str]:
    """(title, what to do, what the provider said) of a sync that failed; else empty."""
    if one.status.value != "error":
        return "", "", ""
    slug = str(one.config.get("provider"))
    return _problem(slug, one.error_reason, one.error_message, language)


def part_views(one: "Snapshot", language: Language) -> tuple[list[PartView], list[PartView]]:
    """(parts that need attention, parts that were read) of a sync."""
    slug = str(one.config.get("provider"))
    views = [_part(slug, result, language) for result in one.endpoints or ()]
    troubled = [view for view in views if view["tone"] != Tone.SUCCESS]
    return troubled, [view for view in views if view["tone"] == Tone.SUCCESS]


def change_views(
    lines: Iterable["ChangeLine"], slug: str, *, zone: tzinfo, language: Language
) -> list[ChangeView]:
    """Changes for people, in the order given."""
    return [_change(line, slug, zone, language) for line in lines]


def _trigger(one: "Snapshot", language: Language) -> str:
    word = text(f"connection_word.trigger.{one.trigger.value}", language)
    if one.trigger.value == "Manual" and one.requested_by:
        return f"{word}, {one.requested_by}"
    return word


def _counts(one: "Snapshot", language: Language) -> str:
    """``10 ресурсов: 8 новых, 2 изменились``."""
    if one.status.value not in ("success", "partial"):
        return ""
    found = figures.counted("connections.resources", one.found, language=language)
    parts = [
        words
        for words, n in (
            (figures.counted("connections.created", one.created, language=language), one.created),
            (figures.counted("connections.updated", one.updated, language=language), one.updated),
            (figures.counted("connections.deleted", one.deleted, language=language), one.deleted),
        )
        if n
    ]
    changed = ", ".join(parts) or text("connections.nothing_changed", language)
    return f"{found}: {changed}"


def _part(slug: str, result: Mapping[str, Any], language: Language) -> PartView:
    status = str(result.get("status"))
    problem = advice = ""
    note, said = _notes(result, language)
    if status == EndpointStatus.FAILED:
        problem, advice, said = _problem(
            slug, result.get("reason"), result.get("message"), language, place="endpoint"
        )
    elif status == EndpointStatus.SKIPPED:
        problem = text("connections.part.skipped", language)
    elif result.get("quarantined"):
        n = int(result["quarantined"])
        problem = figures.counted("connections.unread", n, language=language)
        advice = text("connections.part.quarantined", language)
    return PartView(
        name=str(result.get("name")),
        title=endpoint_title(slug, str(result.get("name")), language),
        tone=_part_tone(status, result),
        status=text(f"connection_word.part.{status}", language),
        detail=_part_detail(result, language),
        problem=problem,
        advice=advice,
        note=note,
        said=said,
    )


def _notes(result: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """(what InfraZen says of a part, or what the provider said where we add nothing)."""
    words = result.get("words")
    if isinstance(words, Mapping):
        return str(words[language.value]), ""
    return "", str(result.get("message") or "")


def _part_tone(status: str, result: Mapping[str, Any]) -> str:
    if status == EndpointStatus.FAILED:
        return Tone.DANGER.value
    if status == EndpointStatus.SKIPPED or result.get("quarantined"):
        return Tone.WARNING.value
    return Tone.SUCCESS.value


def _part_detail(result: Mapping[str, Any], language: Language) -> str:
    """``6 записей · 0,2 с``."""
    seconds = int(result.get("duration_ms") or 0) / 1000
    items = figures.counted("connections.records", int(result.get("items") or 0), language=language)
    return f"{items} · {dates.duration(seconds, language=language)}"


def _problem(
    slug: str,
    reason: object,
    message: object,
    language: Language,
    *,
    place: str = "sync",
) -> tuple[str, str, str]:
    words = explain(str(reason), language=language, place=place)
    spec = all_providers().get(slug)
    advice = spec.advice.get(str(reason)) if spec else None
    return words.title, advice[language.value] if advice else words.action, str(message or "")


def _change(line: "ChangeLine", slug: str, zone: tzinfo, language: Language) -> ChangeView:
    spec = all_providers().get(slug)
    title = spec.resource_types.get(line.type) if spec else None
    fields = _fields(line, language) if line.change is Change.UPDATED else []
    more = len(fields) - _MOST_FIELDS
    return ChangeView(
        key=f"{line.snapshot_id}{line.resource_id}",
        resource_id=str(line.resource_id),
        name=line.name,
        type=title[language.value] if title else line.type,
        tone=_CHANGE_TONES[line.change].value,
        change=text(f"connection_word.change.{line.change.value}", language),
        cost=_cost(line.daily_cost, line.currency, language),
        when=dates.moment(line.observed_at, zone=zone, language=language),
        fields=fields[:_MOST_FIELDS],
        more=figures.counted("connections.more_fields", more, language=language)
        if more > 0
        else "",
    )


def _fields(line: "ChangeLine", language: Language) -> list[FieldChange]:
    before, after = _flat(line.previous or {}), _flat(line.current or {})
    changed = [
        Field(name, _value(before, name), _value(after, name)) for name in line.changed_fields
    ]
    return field_changes(changed, currency=line.currency, language=language)


def _value(document: Mapping[str, Any], name: str) -> Any:
    value = document.get(name)
    return "" if value is None and name in document else value


def _flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A document's values by their dotted names, as ``changed_fields`` has them."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def _cost(daily: Decimal | None, currency: str | None, language: Language) -> str:
    if daily is None or not currency:
        return ""
    return amounts.per_day(Money(daily, currency), language=language)
