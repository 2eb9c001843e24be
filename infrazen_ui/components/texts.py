"""Texts that follow the language switch in the browser, without asking the server."""

from typing import Any

import reflex as rx

from infrazen_ui.components.values import Text
from infrazen_ui.locales import Language, text
from infrazen_ui.states.language import LanguageState


def t(key: str, **values: Text) -> rx.Var[Any]:
    """The text of ``key`` in the chosen language, ``{name}`` filled with ``values``."""
    return rx.cond(
        LanguageState.language == Language.EN.value,
        _filled(key, Language.EN, values),
        _filled(key, Language.RU, values),
    )


def _filled(key: str, language: Language, values: dict[str, Text]) -> Text:
    template = text(key, language)
    return rx.Var.create(template.format(**values)) if values else template
