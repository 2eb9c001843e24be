"""Pages of long lists: an opaque cursor says where the next one begins.

A list defines its position as a ``msgspec.Struct`` (``array_like``, with bounds on its
numbers). The cursor holds nothing but that position: what may be seen from there, the
service decides again for every page.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from infrazen.errors import Invalid

MOST_ITEMS = 200

LongLimit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=5000, description="`next_cursor` of the page before; none for the first."),
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Moment = Annotated[int, msgspec.Meta(ge=0, le=250_000_000_000_000_000)]
"""A moment within a position: microseconds since 1970, up to the year 9892."""

Item = TypeVar("Item")
Position = TypeVar("Position", bound=msgspec.Struct)
Spot = TypeVar("Spot", bound="Place")


class Page(BaseModel, Generic[Item]):
    """A part of a list; ``next_cursor`` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = Field(default=None, examples=["WzQyXQ"])


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True, order=True):
    """Base of positions that can be compared: those of one list are in the list's order."""


class Since(Place):
    """The position in a list by time: a moment, and which of those that share it."""

    at: Moment
    id: UUID


def moment_of(at: datetime) -> int:
    """``at`` as a ``Moment``, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def at_moment(moment: int) -> datetime:
    """What ``moment_of`` made ``moment`` from, in UTC."""
    return _EPOCH + timedelta(microseconds=moment)


def cursor_at(position: msgspec.Struct) -> str:
    """``position`` as clients hand it back."""
    encoded = base64.urlsafe_b64encode(msgspec.json.encode(position))
    return encoded.decode().rstrip("=")


def cursor_after(
    found: Sequence[Item], place: Callable[[Item], msgspec.Struct], *, limit: int
) -> str | None:
    """The cursor of the page after ``found``; None where that page was not full."""
    return cursor_at(place(found[-1])) if len(found) == limit else None


def page_of(
    found: Iterable[Item],
    place: Callable[[Item], Spot],
    kind: type[Spot],
    *,
    cursor: str | None,
    limit: int,
) -> tuple[list[Item], str | None]:
    """A page of a list that is read whole, in the order of its places, and the next cursor."""
    start = position_at(cursor, kind)
    rest = sorted(found, key=place)
    if start is not None:
        rest = rest[bisect_right(rest, start, key=place) :]
    return rest[:limit], cursor_at(place(rest[limit - 1])) if len(rest) > limit else None


def position_at(cursor: str | None, kind: type[Position]) -> Position | None:
    """What ``cursor_at`` made ``cursor`` from; ``Invalid`` for anything else."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, UnicodeError, msgspec.DecodeError) as error:
        raise Invalid(
            "the cursor is not one of this list: start again without it", field="cursor"
        ) from error
