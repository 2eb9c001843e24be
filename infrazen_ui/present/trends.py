"""How a figure moved, in words and an arrow: never by colour alone."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import percent


class Tone(StrEnum):
    """How a reader should feel about something."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Trend:
    """A change to show: ``direction`` is up, down, flat or none."""

    direction: str
    tone: Tone
    text: str


def trend(
    current: Decimal, previous: Decimal | None, *, language: Language, up_is_good: bool = False
) -> Trend:
    """The change from ``previous``, which is None or zero where there is nothing to compare."""
    change = (current - previous) / abs(previous) * 100 if previous else None
    return trend_of(change, language=language, up_is_good=up_is_good)


def trend_of(change: Decimal | None, *, language: Language, up_is_good: bool = False) -> Trend:
    """A change in percent, None where there is nothing to compare."""
    if change is None:
        return Trend("none", Tone.NEUTRAL, text("trend.none", language))
    shown = percent(abs(change), language=language)
    if abs(change) < Decimal("0.05"):
        return Trend("flat", Tone.NEUTRAL, text("trend.flat", language))
    is_up = change > 0
    tone = Tone.SUCCESS if is_up is up_is_good else Tone.DANGER
    words = text("trend.up" if is_up else "trend.down", language, percent=shown)
    return Trend("up" if is_up else "down", tone, words)
