"""Texts that follow the language switch in the browser, without asking the server."""

from typing import Any, Protocol

import reflex as rx

from infrazen_ui.components.values import Text
from infrazen_ui.locales import Language, text
from infrazen_ui.locales.typesetting import kept_together
from infrazen_ui.states.language import LanguageState


def t(key: str, **values: Text) -> rx.Var[Any]:
    """The text of ``key`` in the chosen language, ``{name}`` filled with ``values``."""
    return rx.cond(
        LanguageState.language == Language.EN.value,
        _filled(key, Language.EN, values),
        _filled(key, Language.RU, values),
    )


class Bilingual(Protocol):
    """A text that something else than the catalogues brings, such as a provider's."""

    @property
    def ru(self) -> str:
        """In Russian."""
        ...

    @property
    def en(self) -> str:
        """In English."""
        ...


def bilingual(words: Bilingual) -> rx.Var[Any]:
    """``words`` in the chosen language."""
    return rx.cond(LanguageState.language == Language.EN.value, words.en, words.ru)


def _filled(key: str, language: Language, values: dict[str, Text]) -> Text:
    template = text(key, language)
    if language is Language.RU:
        template = kept_together(template)
    return rx.Var.create(template.format(**values)) if values else template
