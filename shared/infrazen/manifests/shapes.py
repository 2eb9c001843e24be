"""How texts in a manifest look: one pattern and one sentence for operator and API server.

A pattern means the same to Python and to RE2, which the API server uses.
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

RULES = "x-kubernetes-validations"


@dataclass(frozen=True, slots=True)
class Shape:
    """A text that matches ``pattern`` as a whole; ``message`` says how it should look.

    Metadata of a string field: Pydantic checks it, and the CRD has it as a CEL rule.
    """

    pattern: str
    message: str

    def check(self, given: str) -> str:
        """``given``; raises ``ValueError`` where it looks otherwise."""
        if not re.fullmatch(self.pattern, given):
            raise ValueError(self.message)
        return given

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        schema[RULES] = [*schema.get(RULES, ()), rule(f"self.matches({_quoted(self.whole)})", self)]
        return schema

    @property
    def whole(self) -> str:
        """The pattern as one that finds nothing but whole texts."""
        return f"^(?:{self.pattern})$"


def rule(expression: str, shape: Shape) -> dict[str, str]:
    """A CEL rule as a CRD has it."""
    return {"rule": expression, "message": shape.message}


def _quoted(pattern: str) -> str:
    """``pattern`` as a raw string in CEL."""
    if "'" in pattern:
        raise ValueError("a pattern must have no quotes")
    return f"r'{pattern}'"


def _listed(element: str) -> str:
    """Cron's list of values, ranges and steps."""
    part = rf"(?:\*|(?:{element})(?:-(?:{element}))?)(?:/[0-9]{{1,2}})?"
    return f"{part}(?:,{part})*"


_DAY = "0?[1-9]|[12][0-9]|3[01]"
_MONTH = "0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CRON = " +".join(
    (
        _listed("[0-5]?[0-9]"),
        _listed("[01]?[0-9]|2[0-3]"),
        _listed(_DAY),
        _listed(_MONTH),
        _listed("[0-7]|sun|mon|tue|wed|thu|fri|sat"),
    )
)
SCHEDULE = Shape(
    f"|@(?:hourly|daily|midnight|weekly|monthly)|{_CRON}",
    "a schedule is a cron line of five fields (minute hour day month weekday, in small letters),"
    " such as 0 */6 * * *, or @hourly, @daily, @weekly, @monthly; empty means by hand only",
)
TIME_ZONE = Shape(
    "[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}",
    "a time zone is an IANA name, such as Europe/Moscow",
)
ENDPOINT = Shape(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&()*+,;=:/-]*)?",
    "an endpoint is an address such as https://api.example.com, with neither credentials nor a"
    " query",
)
ORGANIZATION = Shape(
    "|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    "an organization is named by its slug: 1 to 63 lower-case letters, digits and inner hyphens",
)
SECRET_NAME = Shape(
    r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*",
    "a Secret is referred to by its name alone, in the namespace of the CloudConnection",
)
ONE_LINE = Shape(r"[^\x00-\x1f\x7f]*", "one line of text is expected")
