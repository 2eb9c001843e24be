"""What the requests and answers of several routers share."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PLAIN = r"^[^\x00-\x1f\x7f]*$"

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PLAIN)
]
"""One line of plain text."""

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=320,
        pattern=r"""^[^@\s<>"',;:\\\x00-\x1f\x7f]+@[^@\s<>"',;:\\\x00-\x1f\x7f]+$""",
    ),
]
"""An e-mail address."""

Text = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]
"""One line of plain text that may be empty."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
"""A handle: lower-case letters, digits and inner hyphens."""

ZoneName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]
"""A time zone by its IANA name."""

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""A currency by its ISO 4217 code."""

Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
"""A new password."""

Secret = Annotated[str, StringConstraints(max_length=1000)]
"""A secret to be checked."""

Flag = Annotated[bool, Field(strict=True)]
"""True or false in a body, and nothing that merely looks like it."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number in a body, written as one."""


class Question(BaseModel):
    """Base of request bodies: a field nobody knows is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """Base of answers, made from what a service returns."""

    model_config = ConfigDict(from_attributes=True)


def scalar(value: object) -> object:
    """``value`` where it is null, a boolean, a number or a line; else ``ValueError``."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and len(value) <= 200 and re.fullmatch(PLAIN, value):
        value.encode()
        return value
    raise ValueError("a setting is true, false, null, a number, or one line of 200 characters")
