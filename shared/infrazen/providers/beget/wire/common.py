"""What both APIs share."""

import msgspec

Loose = int | float | str | None
"""A number that comes as a number or as a string, or not at all."""

Ident = int | str


class Wire(msgspec.Struct, gc=False):
    """A record: every field that is not needed to make sense of it has a default."""
