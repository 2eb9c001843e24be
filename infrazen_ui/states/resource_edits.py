"""What people write on a resource: tags, whom it belongs to, notes; and secrets they ask for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend import resources
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.resource_detail import CONTEXT_FIELDS
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.resource_page import ResourceState, chosen_resource
from infrazen_ui.states.revealing import show_secret
from infrazen_ui.states.session import is_back


class ResourceEditsState(rx.State):
    """``asked`` is the secret that somebody is about to see: its field's name and label.

    No secret is ever kept here: one in clear goes to the browser as an event, once.
    """

    is_undoable: bool = False
    asked: str = ""
    asked_label: str = ""

    _before: dict[str, str] = {}
    _edited: str = ""

    @rx.event
    async def forget(self) -> None:
        """Begin anew with another resource."""
        if not await is_back(self):
            self.reset()

    @rx.event
    async def add_tag(self, form: dict[str, Any]) -> Any:
        """Set one of our own tags."""
        chosen = chosen_resource(self)
        key, value = _entry(form, "key"), _entry(form, "value")
        if chosen is None or not key:
            return None
        refusal = await resources.put_tag(self, [chosen], key=key, value=value)
        return await self._told(refusal, "tag_saved")

    @rx.event
    async def remove_tag(self, key: str) -> Any:
        """Take one of our own tags away."""
        chosen = chosen_resource(self)
        if chosen is None or not isinstance(key, str):
            return None
        refusal = await resources.remove_tag(self, [chosen], key=key)
        return await self._told(refusal, "tag_removed")

    @rx.event
    async def save_context(self, form: dict[str, Any]) -> Any:
        """Write whom the resource belongs to."""
        values = {name: _entry(form, name) for name in CONTEXT_FIELDS if _has(form, name)}
        before = dict((await self.get_state(ResourceState)).belongs)
        return await self._write_context(values, before=before, said="context_saved")

    @rx.event
    async def undo_context(self) -> Any:
        """Write what was there before the last save."""
        if not self.is_undoable or self._edited != str(chosen_resource(self)):
            return None
        return await self._write_context(self._before, before={}, said="context_undone")

    @rx.event
    async def add_note(self, form: dict[str, Any]) -> Any:
        """Leave a note."""
        chosen, words = chosen_resource(self), _entry(form, "note")
        if chosen is None or not words:
            return None
        added = await resources.add_note(self, chosen, text=words)
        refusal = added if isinstance(added, Refused) else None
        return await self._told(refusal, "note_added")

    @rx.event
    async def remove_note(self, note: str) -> Any:
        """Take a note away."""
        try:
            note_id = UUID(note)
        except (ValueError, TypeError, AttributeError):
            return None
        return await self._told(await resources.remove_note(self, note_id), "note_removed")

    @rx.event
    def ask_secret(self, field: str, label: str) -> None:
        """Ask whether to show a secret."""
        if isinstance(field, str) and isinstance(label, str):
            self.asked, self.asked_label = field, label

    @rx.event
    def close_question(self, is_open: bool) -> None:  # noqa: FBT001
        """Drop the question."""
        if is_open is not True:
            self.asked = self.asked_label = ""

    @rx.event
    async def reveal(self) -> Any:
        """Show the secret that was asked about: once, in the browser alone."""
        chosen, field, label = chosen_resource(self), self.asked, self.asked_label
        self.asked = self.asked_label = ""
        if chosen is None or not field:
            return None
        found = await resources.reveal_secret(self, chosen, field=field)
        if isinstance(found, Refused):
            return notify_refused(found, await spoken(self))
        return show_secret(label=label, value=found)

    async def _write_context(
        self, values: Mapping[str, str], *, before: dict[str, str], said: str
    ) -> Any:
        chosen = chosen_resource(self)
        if chosen is None or not values:
            return None
        refusal = await resources.set_context(self, [chosen], values)
        if refusal is None:
            self._before, self._edited = before, str(chosen)
            self.is_undoable = bool(before)
        return await self._told(refusal, said)

    async def _told(self, refusal: Refused | None, said: str) -> Any:
        """Show what is written now, and a notice of how it went."""
        language = await spoken(self)
        if refusal is None:
            page = await self.get_state(ResourceState)
            refusal = await page._refresh()  # noqa: SLF001 (the same screen)
        if refusal is not None:
            return notify_refused(refusal, language)
        return notify(text(f"resource.said.{said}", language))


def _has(form: object, name: str) -> bool:
    return isinstance(form, dict) and isinstance(form.get(name), str)


def _entry(form: object, name: str) -> str:
    """What was typed into a field, trimmed; empty for anything that is no text."""
    return form[name].strip() if isinstance(form, dict) and _has(form, name) else ""
