"""The command palette: where one can go and what one can do, by a few letters of its name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.roles import Permission
from infrazen_ui.locales import Language, text
from infrazen_ui.present.resource_views import view_href
from infrazen_ui.present.resource_words import provider_title, type_title

if TYPE_CHECKING:
    from infrazen.db.queries.resource_lines import ResourceLine
    from infrazen.services.connection_views import ConnectionCard
    from infrazen.services.saved_views import SavedView


class Entry(TypedDict):
    """One line: leads to ``href``, or does ``act``."""

    id: str
    title: str
    note: str
    href: str
    act: str
    kind: str


class Group(TypedDict):
    """Lines of one sort."""

    label: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Place:
    """A page."""

    key: str
    href: str


PLACES = (
    Place("dashboard.title", "/"),
    Place("connections.page", "/connections"),
    Place("resources.page", "/resources"),
    Place("compare.page", "/resources/compare"),
    Place("recommendations.page", "/recommendations"),
    Place("settings.page", "/settings"),
    *(
        Place(f"settings.section.{slug}.title", f"/settings/{slug}")
        for slug in (
            "profile",
            "appearance",
            "sessions",
            "tokens",
            "organization",
            "people",
            "audit",
        )
    ),
)
"""Every page that has no id in its address."""

_ACTIONS = (
    ("add_connection", Permission.CONNECTION_WRITE, "/connections?add="),
    ("sync_all", Permission.CONNECTION_SYNC, ""),
    ("add_person", Permission.USER_WRITE, "/settings/people?new=1"),
    ("create_token", Permission.TOKEN_WRITE, "/settings/tokens?new=1"),
    ("switch_language", Permission.SELF, ""),
)

ACTS = ("sync_all", "switch_language")
"""Actions that are no page to go to."""


def places(words: str, *, language: Language) -> list[Entry]:
    """Pages whose name has ``words`` in it, in either language."""
    return [
        _entry("page", place.href, text(place.key, language), href=place.href)
        for place in PLACES
        if _has(words, place.key)
    ]


def actions(words: str, *, may: Collection[str], language: Language) -> list[Entry]:
    """What one may do, if its name has ``words`` in it."""
    return [
        _entry(
            "action",
            name,
            text(f"palette.action.{name}", language),
            href=href,
            act="" if href else name,
        )
        for name, permission, href in _ACTIONS
        if permission.value in may and _has(words, f"palette.action.{name}")
    ]


def view_entries(found: "Iterable[SavedView]", *, language: Language) -> list[Entry]:
    """Saved views of the resource table."""
    return [
        _entry(
            "view",
            str(view.id),
            view.name,
            note=text("resources.page", language),
            href=view_href(view),
        )
        for view in found
    ]


def connection_entries(found: "Iterable[ConnectionCard]") -> list[Entry]:
    """Connections with their providers."""
    return [
        _entry(
            "connection",
            str(card.connection.id),
            card.connection.display_name,
            note=provider_title(card.connection.provider),
            href=f"/connections/{card.connection.id}",
        )
        for card in found
    ]


def resource_entries(found: "Iterable[ResourceLine]", *, language: Language) -> list[Entry]:
    """Resources with their types and connections."""
    return [
        _entry(
            "resource",
            str(line.id),
            line.name,
            note=f"{type_title(line.provider, line.type, language=language)} · {line.connection}",
            href=f"/resources/{line.id}",
        )
        for line in found
    ]


def groups(parts: Iterable[tuple[str, list[Entry]]]) -> list[Group]:
    """The parts that have anything in them."""
    return [Group(label=label, entries=entries) for label, entries in parts if entries]


def _has(words: str, key: str) -> bool:
    sought = words.casefold()
    return any(sought in text(key, language).casefold() for language in Language)


def _entry(
    kind: str, id: str, title: str, *, note: str = "", href: str = "", act: str = ""
) -> Entry:
    return Entry(id=f"palette-{kind}-{id}", title=title, note=note, href=href, act=act, kind=kind)
