"""Pages of long lists: an opaque cursor says where the next one begins.

A list defines its position as a ``msgspec.Struct`` (``array_like``, with bounds on its
numbers). The cursor holds nothing but that position: what may be seen from there, the
service decides again for every page.
"""

import base64
import binascii
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from infrazen.errors import Invalid

MOST_ITEMS = 200

Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=500, description="`next_cursor` of the page before; none for the first."),
]

Item = TypeVar("Item")
Position = TypeVar("Position", bound=msgspec.Struct)


class Page(BaseModel, Generic[Item]):
    """A part of a list; ``next_cursor`` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = Field(default=None, examples=["WzQyXQ"])


def cursor_at(position: msgspec.Struct) -> str:
    """``position`` as clients hand it back."""
    encoded = base64.urlsafe_b64encode(msgspec.json.encode(position))
    return encoded.decode().rstrip("=")


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
