"""Sizes of memory and disks, in powers of 1024 as clouds count them."""

from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import NARROW_SPACE, Number, number

_UNITS = ("unit.b", "unit.kb", "unit.mb", "unit.gb", "unit.tb", "unit.pb")


def size(in_bytes: Number, *, language: Language) -> str:
    """``458227712`` as ``437 МБ``; one decimal below ten of a unit."""
    left, unit = float(in_bytes), 0
    while abs(left) >= 1000 and unit < len(_UNITS) - 1:
        left, unit = left / 1024, unit + 1
    decimals = 1 if unit and abs(left) < 10 and round(left, 1) != round(left) else 0
    shown = number(round(left, decimals), language=language, decimals=decimals)
    return f"{shown}{NARROW_SPACE}{text(_UNITS[unit], language)}"


def megabytes(value: Number, *, language: Language) -> str:
    """``2048`` as ``2 ГБ``."""
    return size(float(value) * 1024 * 1024, language=language)
