"""Bodies to values, or a plain word on what came instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from infrazen.errors import UnexpectedPayload

T = TypeVar("T")

_MEDIA_TYPE = re.compile(r"^[\w.+-]+/[\w.+-]+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered. ``path`` has no query, and the repr shows no body.

    ``headers`` are by name in lower case; some APIs hand out tokens there.
    """

    path: str
    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Answer({self.path!r}, {self.status}, {len(self.body)} bytes)"


def decode(answer: Answer, decoder: msgspec.json.Decoder[T]) -> T:
    """The body as ``decoder``'s type; the Content-Type is not asked, many APIs misstate it.

    Raises ``UnexpectedPayload`` that says what kind of body came and shows none of it.
    """
    try:
        return decoder.decode(answer.body)
    except msgspec.ValidationError as error:
        raise UnexpectedPayload(f"{answer.path}: not the documented JSON: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnexpectedPayload(f"{answer.path}: expected JSON, got {kind(answer)}") from None


def kind(answer: Answer) -> str:
    """What sort of body this is, in words that reveal nothing of it."""
    start = answer.body.lstrip()[:1]
    if not start:
        what = "an empty body"
    elif start == b"<":
        what = "an HTML or XML page"
    elif start in b"{[":
        what = "JSON that is cut short or malformed"
    else:
        what = "a text that is no JSON"
    return f"{what} ({answer.media_type}, {len(answer.body)} bytes)"


def media_type(header: str | None) -> str:
    """The bare media type of a Content-Type header, for messages."""
    bare = (header or "").partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.match(bare) else "no content type"
