"""What the requests and answers of several routers share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

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

Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
"""A new password."""

Secret = Annotated[str, StringConstraints(max_length=1000)]
"""A secret to be checked."""


class Question(BaseModel):
    """Base of request bodies: a field nobody knows is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """Base of answers, made from what a service returns."""

    model_config = ConfigDict(from_attributes=True)
