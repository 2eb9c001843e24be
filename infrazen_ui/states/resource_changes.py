"""Doing the same with all chosen resources: looked at, made, taken back."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen.domain.bulk_changes import BulkChange
from infrazen_ui.backend import resource_changes as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connection_input import inputs_of
from infrazen_ui.locales import text
from infrazen_ui.present.figures import counted
from infrazen_ui.present.resource_changes import (
    change_of_fields,
    change_of_tags,
    preview_words,
)
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.resource_selection import ResourceSelectionState
from infrazen_ui.states.resources import ResourcesState

FORM = "bulk-form"
KINDS = ("fields", "tags")


class ResourceChangesState(rx.State):
    """``asked`` is the open form: fields, tags or none; ``preview`` says what it would do.

    ``done`` says what was changed last, as long as it can be taken back here.
    """

    asked: str = ""
    preview: str = ""
    is_saving: bool = False
    done: str = ""

    _made: str = ""

    @rx.event
    def ask(self, kind: str) -> None:
        """Open a form."""
        if isinstance(kind, str) and kind in KINDS:
            self.asked, self.preview = kind, ""

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the form."""
        if is_open is not True:
            self.asked = self.preview = ""

    @rx.event
    def forget(self) -> None:
        """Take the notice of the last change away."""
        self.done = self._made = ""

    @rx.event
    async def look_ahead(self, inputs: dict[str, Any]) -> None:
        """Say what the form would do as it is filled in now."""
        change = self._change(inputs)
        chosen = await self.get_state(ResourceSelectionState)
        self.preview = ""
        if change.says_nothing or not chosen.count:
            return
        found = await backend.preview(self, chosen._which(), change)  # noqa: SLF001
        if not isinstance(found, Refused):
            self.preview = preview_words(found, language=await spoken(self))

    @rx.event
    async def save(self, inputs: dict[str, Any]) -> AsyncIterator[Any]:
        """Make the change, and offer the way back."""
        change, language = self._change(inputs), await spoken(self)
        chosen = await self.get_state(ResourceSelectionState)
        if self.is_saving or not chosen.count:
            return
        if change.says_nothing:
            self.preview = text("bulk.says_nothing", language)
            return
        self.is_saving = True
        yield
        made = await backend.apply(self, chosen._which(), change)  # noqa: SLF001
        self.is_saving = False
        if isinstance(made, Refused):
            yield notify_refused(made, language)
            return
        self.asked = self.preview = ""
        if made.id is None:
            yield notify(text("bulk.nothing_changes", language), tone="info")
            return
        changed = counted("resources.count", made.changed, language=language)
        self.done, self._made = text("bulk.changed", language, count=changed), str(made.id)
        chosen._let_go()  # noqa: SLF001
        yield ResourcesState.load

    @rx.event
    async def undo(self) -> AsyncIterator[Any]:
        """Take the last change back."""
        language, made = await spoken(self), self._made
        self.done = self._made = ""
        if not made:
            return
        yield
        changed = await backend.undo(self, UUID(made))
        if isinstance(changed, Refused):
            yield notify_refused(changed, language)
            return
        count = counted("resources.count", changed, language=language)
        yield notify(text("bulk.undone", language, count=count))
        yield ResourcesState.load

    def _change(self, inputs: object) -> BulkChange:
        entered = inputs_of(inputs)
        return change_of_tags(entered) if self.asked == "tags" else change_of_fields(entered)
