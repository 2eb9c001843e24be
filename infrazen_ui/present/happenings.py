"""What happened to a resource, in plain words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.field_changes import Change, Field, field_changes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen_ui.backend.resources import Happening

_TONES = {"created": Tone.SUCCESS, "updated": Tone.INFO, "deleted": Tone.DANGER}


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
    fields = (
        [] if one.change == "created" else [Field(f.name, f.before, f.after) for f in one.fields]
    )
    changes = field_changes(fields, currency=one.currency, language=eyes.language)
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
