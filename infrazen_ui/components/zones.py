"""Time zones as people know them: those of Russia by their cities, others by their own names."""

from typing import Any

import reflex as rx

from infrazen_ui.components.forms import option
from infrazen_ui.components.texts import t
from infrazen_ui.present.zones import KNOWN


def zone_options() -> rx.Component:
    """A choice for each zone that has a name of ours, from west to east."""
    return rx.fragment(*[option(zone, _name(zone)) for zone in KNOWN])


def zone_name(zone: Any) -> rx.Var[Any]:
    """``Москва, UTC+3`` for ``Europe/Moscow``; what has no name of ours as it is."""
    return rx.match(zone, *[(one, _name(one)) for one in KNOWN], zone)  # type: ignore[return-value]


def _name(zone: str) -> rx.Var[Any]:
    return t(f"connection_word.zone.{zone.replace('/', '_')}")
