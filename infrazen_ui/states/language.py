"""The language of the interface; a switch shows at once and is remembered."""

from typing import Any

import reflex as rx
from reflex.state import OnLoadInternalState

from infrazen_ui.backend.me import remember_language
from infrazen_ui.locales import Language

STORAGE_NAME = "infrazen_language"


class LanguageState(rx.State):
    """``language`` comes from the browser's storage: read it through ``spoken``."""

    language: str = rx.LocalStorage(Language.RU.value, name=STORAGE_NAME, sync=True)

    @rx.event
    async def choose(self, language: str) -> Any:
        """Switch; the page's figures come anew in the other language."""
        self.language = Language.of(language).value
        await remember_language(self, self.language)
        return OnLoadInternalState.on_load_internal


async def spoken(state: rx.State) -> Language:
    """The language that ``state``'s browser shows."""
    return Language.of((await state.get_state(LanguageState)).language)
