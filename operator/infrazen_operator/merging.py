"""JSON merge patches (RFC 7386): only what differs is sent, and nothing where nothing does."""

from typing import Any

Document = dict[str, Any]


def difference(old: Document, new: Document) -> Document:
    """The merge patch that makes ``new`` of ``old``; null in ``new`` means absent."""
    patch: Document = {}
    for name in old.keys() | new.keys():
        before, after = old.get(name), new.get(name)
        if before == after or _is_same(before, after):
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            patch[name] = difference(before, after)
        else:
            patch[name] = present(after)
    return patch


def present(value: Any) -> Any:
    """``value`` without the nulls in its objects."""
    if isinstance(value, dict):
        return {name: present(each) for name, each in value.items() if each is not None}
    return value


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return not difference(before, after)
    return False
