"""What to do with errors nobody meant: a number for the log, plain words for people."""

import logging

import reflex as rx

from infrazen_ui.backend.calls import unexpected
from infrazen_ui.locales import Language
from infrazen_ui.present.failures import explain

logger = logging.getLogger(__name__)


def on_backend_error(exception: Exception) -> rx.event.EventSpec:
    """Log an error of a handler and show its number; the page goes on working."""
    refusal = unexpected(exception, what="an event handler")
    russian, english = (
        explain(refusal.reason, language=language, request_id=refusal.request_id)
        for language in Language
    )
    return rx.toast.error(
        _spoken(russian.title, english.title), description=_spoken(russian.action, english.action)
    )


def on_frontend_error(exception: Exception) -> None:
    """Log what broke in a browser; Reflex has limited and cleaned it."""
    logger.error("a page failed in the browser: %s", exception)


def _spoken(russian: str, english: str) -> rx.Var[str]:
    """The text in the language of the page that it reaches."""
    return rx.cond(rx.Var("document.documentElement.lang") == "en", english, russian)
