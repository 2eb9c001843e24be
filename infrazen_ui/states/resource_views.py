"""Saved views over the resource table: which one is open, kept, changed, taken away."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen.domain.text import without_controls
from infrazen_ui.backend import resource_views as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.resource_query import ALL, PATH, ResourceQuery
from infrazen_ui.backend.resource_views import LONGEST_NAME, SavedView
from infrazen_ui.locales import Language, text
from infrazen_ui.present.resource_views import ViewLine, view_lines
from infrazen_ui.states.forms import entry, word
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import words_of
from infrazen_ui.states.resource_address import asked, lead
from infrazen_ui.states.resource_columns import ResourceColumnsState

KINDS = ("save", "rename")


class ResourceViewsState(rx.State):
    """The menu: ``current`` is the open view's id, ``name`` its name; empty for none.

    ``asked`` is the open form (save or rename), ``wrong`` what is wrong in it, ``removed`` the
    name of the view taken away last, and ``vanished`` what the open one asks for in vain.
    """

    own: list[ViewLine] = []
    shared: list[ViewLine] = []
    plain_href: str = PATH
    current: str = ""
    name: str = ""
    is_changed: bool = False
    is_default: bool = False
    is_own: bool = False
    is_shared: bool = False
    may_change: bool = False
    may_have_default: bool = False
    vanished: str = ""
    asked: str = ""
    wrong: str = ""
    is_saving: bool = False
    removed: str = ""

    _removed: str = ""

    @rx.event
    def ask(self, kind: str) -> None:
        """Open a form."""
        if isinstance(kind, str) and kind in KINDS and (kind == "save" or self.current):
            self.asked, self.wrong = kind, ""

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the form."""
        if is_open is not True:
            self.asked = self.wrong = ""

    @rx.event
    def forget(self) -> None:
        """Take the notice of what was removed away."""
        self.removed = self._removed = ""

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Keep what the table shows under a name, or call the open view otherwise."""
        language, name = await spoken(self), word(entry(form, "name"))
        kind, view_id = self.asked, self._id()
        if self.is_saving or not kind:
            return
        if not name or without_controls(name, longest=LONGEST_NAME) != name:
            self.wrong = text("views.name_error", language)
            return
        self.is_saving = True
        yield
        if kind == "rename" and view_id is not None:
            made = await backend.rename_view(self, view_id, name=name)
        else:
            ticked = isinstance(form, dict) and form.get("is_shared") in (True, "on", "true")
            definition = backend.definition_of(asked(self), await self._columns())
            made = await backend.save_view(self, name=name, definition=definition, is_shared=ticked)
        self.is_saving = False
        if isinstance(made, Refused):
            is_taken = made.reason == "Conflict"
            self.wrong = (
                text("views.taken", language) if is_taken else words_of(made, language).title
            )
            return
        self.asked = self.wrong = ""
        yield notify(text("views.said_saved", language), made.name)
        if kind == "save":
            yield lead(backend.query_of(made))
        else:
            await self._refresh()

    @rx.event
    async def overwrite(self) -> Any:
        """Let the open view show what the table shows now."""
        view_id = self._id()
        if view_id is None:
            return None
        definition = backend.definition_of(asked(self), await self._columns())
        made = await backend.overwrite_view(self, view_id, definition=definition)
        return await self._said(made, "views.said_saved")

    @rx.event
    async def share(self) -> Any:
        """Let all see the open view; or oneself alone again."""
        view_id, is_shared = self._id(), not self.is_shared
        if view_id is None:
            return None
        made = await backend.share_view(self, view_id, is_shared=is_shared)
        return await self._said(made, "views.said_shared" if is_shared else "views.said_private")

    @rx.event
    async def make_default(self) -> Any:
        """Let the table open with this view, or as it comes again."""
        view_id = self._id()
        if view_id is None:
            return None
        made = await backend.choose_default(self, None if self.is_default else view_id)
        was = self.is_default
        return await self._said(made, "views.said_plain" if was else "views.said_default")

    @rx.event
    async def remove(self) -> Any:
        """Take the open view away; what the table shows stays."""
        view_id, name, language = self._id(), self.name, await spoken(self)
        if view_id is None:
            return None
        refused = await backend.remove_view(self, view_id)
        if refused is not None:
            return notify_refused(refused, language)
        self.removed, self._removed = name, str(view_id)
        return lead(_without_view(asked(self)))

    @rx.event
    async def restore(self) -> Any:
        """Bring back what was removed last, and open it."""
        language, kept = await spoken(self), self._removed
        self.removed = self._removed = ""
        if not kept:
            return None
        made = await backend.restore_view(self, UUID(kept))
        if isinstance(made, Refused):
            return notify_refused(made, language)
        return lead(backend.query_of(made))

    async def _said(self, made: object, key: str) -> Any:
        language = await spoken(self)
        if isinstance(made, Refused):
            if made.reason == "Conflict":
                return notify(text("views.taken", language), tone="danger")
            return notify_refused(made, language)
        name = self.name
        await self._refresh()
        return notify(text(key, language), name)

    async def _columns(self) -> tuple[str, ...]:
        chooser = await self.get_state(ResourceColumnsState)
        return chooser._of(asked(self))  # noqa: SLF001 (the same screen)

    async def _refresh(self) -> None:
        views = await backend.find_views(self)
        columns = await self._columns()
        self._see(asked(self), columns, views, language=await spoken(self))

    def _see(
        self,
        query: ResourceQuery,
        columns: Sequence[str],
        views: Sequence[SavedView],
        *,
        language: Language,
    ) -> SavedView | None:
        """The table is at ``query`` and shows ``columns``: the view that is open."""
        found = next((view for view in views if str(view.id) == query.view), None)
        self.current = "" if found is None else query.view
        self.own, self.shared = view_lines(views, current=self.current, language=language)
        has_default = any(view.is_default for view in views)
        self.plain_href = f"{PATH}?view={ALL}" if has_default else PATH
        self.name = "" if found is None else found.name
        self.is_changed = found is not None and backend.is_changed(found, query, columns)
        self.is_default = found is not None and found.is_default
        self.is_own = found is not None and found.is_own
        self.is_shared = found is not None and found.is_shared
        self.may_change = found is not None and found.may_change
        return found

    def _id(self) -> UUID | None:
        return UUID(self.current) if self.current else None


def _without_view(query: ResourceQuery) -> ResourceQuery:
    return ResourceQuery(
        wanted=query.wanted,
        sort=query.sort,
        descending=query.descending,
        size=query.size,
        columns=query.columns,
        view=ALL,
    )
