"""Saved views for people: the menu's lines, and what a view asks for in vain."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present.narrowing import Chip

if TYPE_CHECKING:
    from infrazen.services.saved_views import SavedView


class ViewLine(TypedDict):
    """A line of the menu; ``note`` says whose a shared one is."""

    id: str
    name: str
    href: str
    note: str
    is_current: bool
    is_default: bool


def view_lines(
    found: "Iterable[SavedView]", *, current: str, language: Language
) -> tuple[list[ViewLine], list[ViewLine]]:
    """One's own ones, and the shared ones."""
    own: list[ViewLine] = []
    shared: list[ViewLine] = []
    for view in found:
        line = ViewLine(
            id=str(view.id),
            name=view.name,
            href=view_href(view),
            note=_whose(view, language) if view.is_shared else "",
            is_current=str(view.id) == current,
            is_default=view.is_default,
        )
        (shared if view.is_shared else own).append(line)
    return own, shared


def view_href(view: "SavedView") -> str:
    """Where a view opens."""
    return f"/resources?view={view.id}"


def _whose(view: "SavedView", language: Language) -> str:
    return text("views.mine", language) if view.is_own else view.author


def vanished_words(
    chips: Iterable[Chip], gone: Collection[tuple[str, str]], *, language: Language
) -> str:
    """``Регион «ru-9», Тег «env = prod»`` in a sentence; empty where nothing is missing."""
    names = [
        text("views.vanished_one", language, name=chip["name"], value=chip["label"])
        for chip in chips
        if (chip["facet"], chip["value"]) in gone
    ]
    return text("views.vanished", language, names=", ".join(names)) if names else ""
