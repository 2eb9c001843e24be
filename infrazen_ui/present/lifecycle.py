"""What happened to a resource, in plain words, and how its cost moved."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.lifecycle import CostMove, HappeningKind
from infrazen.domain.money import Money, Period
from infrazen.domain.recommendations import State
from infrazen.finops.rules import rules
from infrazen_ui.locales import Language, text
from infrazen_ui.present.dates import moment, relative, short_day
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.field_changes import Change, Field, field_changes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.money import per_day, per_month
from infrazen_ui.present.trends import Tone, trend

if TYPE_CHECKING:
    from infrazen.domain.overrides import ManualPrice
    from infrazen_ui.backend.resource_lifecycle import Told

_TONES = {
    HappeningKind.CREATED: Tone.SUCCESS,
    HappeningKind.RETURNED: Tone.SUCCESS,
    HappeningKind.UPDATED: Tone.INFO,
    HappeningKind.DELETED: Tone.DANGER,
    HappeningKind.DECIDED: Tone.WARNING,
}

OPERATIONS = {
    word.upper(): word
    for word in ("create", "start", "stop", "restart", "reinstall", "reconfigure", "remove")
}
"""What providers call operations that have words here."""
_FEW_CHANGES = 2
"""So many changes are told in a line; more are counted."""


class Move(TypedDict):
    """How the cost moved: in words, by how much, and where that is known from."""

    text: str
    direction: str
    tone: str
    trend: str
    note: str


class Event(TypedDict):
    """Something that happened; ``anchor`` is its id on the page."""

    anchor: str
    title: str
    when: str
    at: str
    tone: str
    changes: list[Change]
    moves: list[Move]
    who: str
    href: str


def events(found: "Iterable[Told]", *, eyes: Eyes) -> list[Event]:
    """A resource's history, in the order given."""
    return [_event(one, eyes) for one in found]


def _event(told: "Told", eyes: Eyes) -> Event:
    one = told.entry.happening
    changes = _changes(told, eyes.language)
    return Event(
        anchor=f"{one.kind.value}-{one.id}",
        title=title_of(told, eyes=eyes),
        when=relative(one.at, now=eyes.now, language=eyes.language),
        at=moment(one.at, zone=eyes.zone, language=eyes.language),
        tone=(Tone.DANGER if one.failed else _TONES.get(one.kind, Tone.NEUTRAL)).value,
        changes=changes,
        moves=[_move(each, one.kind, eyes.language) for each in told.entry.moves],
        who=": ".join(part for part in (one.actor, one.reason) if part),
        href=f"/recommendations?open={one.recommendation_id}" if one.recommendation_id else "",
    )


def _changes(told: "Told", language: Language) -> list[Change]:
    if told.entry.happening.kind not in (HappeningKind.UPDATED, HappeningKind.RETURNED):
        return []
    names = {field.name for field in told.fields}
    fields = [
        Field(field.name, field.before, field.after)
        for field in told.fields
        if not _is_said_otherwise(field.name, told, names)
    ]
    return field_changes(fields, currency=told.currency, language=language)


def _is_said_otherwise(name: str, told: "Told", names: set[str]) -> bool:
    """Whether the move of the cost, or the status in our words, says it already."""
    if name.startswith("price."):
        return any(move.days is None for move in told.entry.moves)
    return name == "provider_status" and "status" in names


def title_of(told: "Told", *, eyes: Eyes) -> str:
    """What happened, in a few words."""
    one, language = told.entry.happening, eyes.language
    if one.kind is HappeningKind.DECIDED:
        state = (one.state or State.DONE).value
        return text(f"lifecycle.decided.{state}", language, rule=_rule(one.rule or "", language))
    if one.kind is HappeningKind.UPDATED and (changes := _changes(told, language)):
        return counted("resource_word.changed", len(changes), language=language)
    if one.kind is HappeningKind.UPDATED and told.entry.moves:
        return text("lifecycle.kind.repriced", language)
    if one.kind is HappeningKind.OPERATED:
        return operation_words(one.operation or "", failed=one.failed, language=language)
    price = "" if one.price is None else _price(one.price, language)
    return text(f"lifecycle.kind.{one.kind.value}", language, name=one.name or "", price=price)


def operation_words(operation: str, *, failed: bool, language: Language) -> str:
    """``Остановка · журнал провайдера``; a word that is not known here stays the provider's."""
    what = OPERATIONS.get(operation)
    shown = operation if what is None else text(f"lifecycle.operation.{what}", language)
    return text("lifecycle.failed" if failed else "lifecycle.operated", language, what=shown)


def in_short(told: "Told", *, eyes: Eyes) -> str:
    """The same in a line: ``Процессор: 2 ядра → 4 ядра; 22,00 ₽/день → 31,50 ₽/день``."""
    kind, language = told.entry.happening.kind, eyes.language
    changes = _changes(told, language) if kind is HappeningKind.UPDATED else []
    shown = [f"{one['name']}: {one['before']} → {one['after']}" for one in changes]
    if not 1 <= len(changes) <= _FEW_CHANGES:
        shown = [title_of(told, eyes=eyes)]
    moved = [move_words(move, kind, language=language) for move in told.entry.moves]
    return "; ".join([*shown, *moved])


def _rule(name: str, language: Language) -> str:
    found = rules().get(name)
    return found.title[language.value] if found else name


def _price(manual: "ManualPrice", language: Language) -> str:
    shown = per_day if manual.period is Period.DAY else per_month
    return shown(Money(manual.amount, manual.currency), language=language)


def _move(move: CostMove, kind: HappeningKind, language: Language) -> Move:
    words = move_words(move, kind, language=language)
    moved = None
    if move.before is not None and move.after is not None and move.before != move.after:
        moved = trend(move.after, move.before, language=language)
    return Move(
        text=words,
        direction=moved.direction if moved else "none",
        tone=moved.tone.value if moved else Tone.NEUTRAL.value,
        trend=moved.text if moved else "",
        note=_note(move, language),
    )


def move_words(move: CostMove, kind: HappeningKind, *, language: Language) -> str:
    """``22,00 ₽/день → 31,50 ₽/день``, or what is known of it."""

    def shown(amount: Decimal | None) -> str:
        return "" if amount is None else per_day(Money(amount, move.currency), language=language)

    before, after = shown(move.before), shown(move.after)
    if move.before is None:
        return after
    if move.before == move.after:
        return text("lifecycle.move.same", language, after=after)
    return f"{before} → {after or _end(move, kind, language)}"


def _end(move: CostMove, kind: HappeningKind, language: Language) -> str:
    """What came after a cost where that is no cost."""
    if kind is HappeningKind.DELETED:
        return text("lifecycle.move.ended", language)
    return text(
        "lifecycle.move.unpriced" if move.days is None else "lifecycle.move.waits", language
    )


def _note(move: CostMove, language: Language) -> str:
    if move.days is None:
        return ""
    days = [short_day(day, language=language) for day in move.days if day is not None]
    if len(days) == 1:
        return text("lifecycle.move.billed_day", language, day=days[0])
    return text("lifecycle.move.billed_days", language, before=days[0], after=days[1])
