"""Short notices in the corner of the screen."""

from collections.abc import Callable

import reflex as rx

from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language
from infrazen_ui.states.refusals import words_of

_SHOW: dict[str, Callable[..., rx.event.EventSpec]] = {
    "success": rx.toast.success,
    "warning": rx.toast.warning,
    "danger": rx.toast.error,
    "info": rx.toast.info,
}


def notify(title: str, note: str = "", *, tone: str = "success") -> rx.event.EventSpec:
    """An event that shows a notice; return or yield it from a handler."""
    return _SHOW.get(tone, rx.toast.info)(title, description=note)


def notify_refused(refusal: Refused, language: Language) -> rx.event.EventSpec:
    """The same for a use case that said no."""
    words = words_of(refusal, language)
    return notify(words.title, words.action, tone="danger")
