"""What the models of a manifest are made of."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

_FIRST_YEAR, _LAST_YEAR = 1970, 9000


class Part(BaseModel):
    """A part of a custom resource: frozen, camelCase outside, snake_case here."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="ignore",
        frozen=True,
        validate_by_alias=True,
        validate_by_name=True,
    )


class Asked(Part):
    """A part that people write: what it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


def _in_whole_seconds(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("a time of this age is expected")  # others cannot be reckoned with
    return moment.astimezone(UTC).replace(microsecond=0)


def moment_text(moment: datetime) -> str:
    """``moment`` as Kubernetes writes times: RFC 3339, UTC, whole seconds."""
    return _in_whole_seconds(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_whole_seconds),
    PlainSerializer(moment_text, return_type=str, when_used="json"),
]
"""A time in UTC; Kubernetes keeps whole seconds."""
