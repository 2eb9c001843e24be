"""How texts in a manifest look: one pattern and one sentence for operator and API server.

A pattern means the same to Python and to RE2, which the API server uses.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

RULES = "x-kubernetes-validations"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must fulfil: ``holds`` here, the same as a CEL ``expression`` in the CRD.

    Metadata of a field; ``message`` says how the value should be.
    """

    expression: str
    message: str
    holds: Callable[[Any], bool]

    def check(self, given: Any) -> Any:
        """``given``; raises ``ValueError`` where the rule is broken."""
        if not self.holds(given):
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
        told = {"rule": self.expression, "message": self.message}
        return {**schema, RULES: [*schema.get(RULES, ()), told]}


def shape(pattern: str, message: str) -> Rule:
    """A text that matches ``pattern`` as a whole."""
    return Rule(
        f"self.matches({_raw(pattern)})",
        message,
        lambda given: re.fullmatch(pattern, given) is not None,
    )


def keys(pattern: str, message: str) -> Rule:
    """A mapping whose keys match ``pattern`` as a whole."""
    return Rule(
        f"self.all(key, key.matches({_raw(pattern)}))",
        message,
        lambda given: all(re.fullmatch(pattern, key) for key in given),
    )


def _raw(pattern: str) -> str:
    """``pattern``, anchored, as a raw string of CEL."""
    if "'" in pattern:
        raise ValueError("a pattern must have no quotes")
    return f"r'^(?:{pattern})$'"


def _listed(element: str) -> str:
    """Cron's list of values, ranges and steps."""
    part = rf"(?:\*|(?:{element})(?:-(?:{element}))?)(?:/[1-9][0-9]?)?"
    return f"{part}(?:,{part})*"


_DAY = "0?[1-9]|[12][0-9]|3[01]|last"
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
SCHEDULE = shape(
    f" *(?i:|@hourly|@daily|@midnight|@weekly|@monthly|{_CRON}) *",
    "a schedule is a cron line of five fields (minute hour day month weekday), such as 0 */6 * * *,"
    " or @hourly, @daily, @weekly, @monthly; empty means by hand only",
)
TIME_ZONE = shape(
    "[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}",
    "a time zone is an IANA name, such as Europe/Moscow",
)
ENDPOINT = shape(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&()*+,;=:/-]*)?",
    "an endpoint is an address such as https://api.example.com, with neither credentials nor a"
    " query",
)
ORGANIZATION = shape(
    "|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    "an organization is named by its slug: 1 to 63 lower-case letters, digits and inner hyphens",
)
SECRET_NAME = shape(
    r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*",
    "a Secret is referred to by its name alone, in the namespace of the CloudConnection",
)
ONE_LINE = shape(
    r"[^\x00-\x1f\x7f-\x9f" + "\u2028\u2029]*",  # separators of lines as they are: RE2 has no \u
    "one line of text is expected",
)
_NAME = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
LABEL_KEYS = keys(
    f"(?:[a-z0-9][a-z0-9.-]{{0,252}}/)?{_NAME}",
    "a name is up to 63 letters, digits, -, _ and ., perhaps after a prefix such as example.com/",
)
LABEL_VALUE = shape(
    f"|{_NAME}", "a label is up to 63 letters, digits, -, _ and ., and may be empty"
)
_RESERVED = ("infrazen.io/", "app.kubernetes.io/managed-by")
NOT_RESERVED = Rule(
    "self.all(key, " + " && ".join(f"!key.contains('{word}')" for word in _RESERVED) + ")",
    "names of infrazen.io and app.kubernetes.io/managed-by are the operator's",
    lambda given: not any(word in key for key in given for word in _RESERVED),
)
QUANTITY = r"^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
