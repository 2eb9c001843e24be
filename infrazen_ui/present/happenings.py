"""What happened to a resource, in plain words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.resources import ResourceStatus
from infrazen_ui.locales import Language, text
from infrazen_ui.present.configuration import field_title, shown_value
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.resource_words import status_word
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen_ui.backend.resources import FieldChange, Happening

_LONGEST = 160
_TONES = {"created": Tone.SUCCESS, "updated": Tone.INFO, "deleted": Tone.DANGER}
_SAID_BY_OTHERS = ("price.amount", "price.period")
"""What changes along with the price per day and month, and says nothing new."""


class Change(TypedDict):
    """A field before and after."""

    name: str
    before: str
    after: str


class Event(TypedDict):
    """Something that happened."""

    title: str
    when: str
    at: str
    tone: str
    changes: list[Change]


def events(happenings: "Iterable[Happening]", *, eyes: Eyes) -> list[Event]:
    """A resource's history, in the order given."""
    return [_event(one, eyes) for one in happenings]


def _event(one: "Happening", eyes: Eyes) -> Event:
    changes = [] if one.change == "created" else _changes(one, eyes.language)
    return Event(
        title=_title(one.change, len(changes), eyes.language),
        when=relative(one.at, now=eyes.now, language=eyes.language),
        at=moment(one.at, zone=eyes.zone, language=eyes.language),
        tone=_TONES.get(one.change, Tone.NEUTRAL).value,
        changes=[] if one.change == "deleted" else changes,
    )


def _title(change: str, amount: int, language: Language) -> str:
    if change == "updated" and amount:
        return counted("resource_word.changed", amount, language=language)
    return text(f"resource_word.change.{change}", language)


def _changes(one: "Happening", language: Language) -> list[Change]:
    names = {field.name for field in one.fields}
    is_priced = bool(names & {"price.daily_micro", "price.monthly_micro"})
    return [
        Change(
            name=field_title(field.name, language=language),
            before=_shown(field, field.before, one.currency, language),
            after=_shown(field, field.after, one.currency, language),
        )
        for field in one.fields
        if not (is_priced and field.name in _SAID_BY_OTHERS)
    ]


def _shown(field: "FieldChange", value: object, currency: str | None, language: Language) -> str:
    if field.name == "status" and value in set(ResourceStatus):
        return status_word(ResourceStatus(value), language=language)
    key = field.name.rpartition(".")[2]
    shown = shown_value(key, value, language, currency=currency)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
