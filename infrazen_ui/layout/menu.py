"""The pages of the menu, in order. A page is in it by registering."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A page of the menu."""

    route: str
    title_key: str
    icon: str
    order: int


_entries: dict[str, MenuEntry] = {}


def add(entry: MenuEntry) -> None:
    """Put a page into the menu; two of one route are a mistake."""
    if entry.route in _entries:
        raise RuntimeError(f"two pages stand at {entry.route}")
    _entries[entry.route] = entry


def entries() -> list[MenuEntry]:
    """The menu from top to bottom."""
    return sorted(_entries.values(), key=lambda entry: entry.order)


def is_within(route: str, entry: MenuEntry) -> bool:
    """Whether the page at ``route`` belongs to ``entry`` (a detail page does)."""
    return route == entry.route or (entry.route != "/" and route.startswith(f"{entry.route}/"))
