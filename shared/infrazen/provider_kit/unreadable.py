"""Why a record could not be read: the technical text that is stored, and what it means.

``reason`` writes the text and ``trouble_of`` reads it, so that API and command line give
engineers the decoder's own words while people are told the same in their language.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import msgspec

DUPLICATE = "another record with this id, but not the same, came before"

_CHOICE = re.compile(r"^(Invalid (?:enum )?value) .*?( - at `[^`]*`)?$", re.DOTALL)
_NO_CHOICE = re.compile(r"Invalid (?:enum )?value$")
_FIELD = re.compile(r" - at `(?:key in )?\$\.?(?P<field>[^`]*)`$")
_TYPE = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`")
_LIMIT = re.compile(
    r"Expected `(?P<expected>[^`]+)` \S"
    r"|(?:Integer|Number|Timestamp|Duration) (?:value )?(?:is )?out of range"
)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_FORMAT = re.compile(
    r"Invalid (?P<format>RFC3339 encoded (?:datetime|date|time)"
    r"|ISO8601 duration|epoch timestamp|UUID|base64 encoded string|decimal string|number)"
)
_FORMATS = {
    "RFC3339 encoded datetime": "datetime",
    "epoch timestamp": "datetime",
    "RFC3339 encoded date": "date",
    "RFC3339 encoded time": "time",
    "ISO8601 duration": "duration",
    "UUID": "uuid",
    "base64 encoded string": "bytes",
    "decimal string": "decimal",
    "number": "number",
}


class TroubleKind(StrEnum):
    """What was wrong with a record, or with an answer that should have held some."""

    WRONG_TYPE = "wrong_type"
    MISSING = "missing"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_VALUE = "unknown_value"
    BAD_FORMAT = "bad_format"
    CUT_SHORT = "cut_short"
    NOT_JSON = "not_json"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """``field`` is its dotted name, ``expected`` and ``got`` types as JSON has them.

    Each is empty where it is not known. Nothing here is a value of the record.
    """

    kind: TroubleKind
    field: str = ""
    expected: str = ""
    got: str = ""


def reason(error: Exception) -> str:
    """Why a record could not be read, without its values.

    msgspec names types and places, and the value only where it is none of those that may
    be, which is cut out here; other errors' texts may hold any value.
    """
    if isinstance(error, msgspec.DecodeError):
        return _CHOICE.sub(lambda found: f"{found[1]}{found[2] or ''}", str(error))
    return f"could not be understood ({type(error).__name__} {place(error)})"


def place(error: BaseException) -> str:
    """Where ``error`` was raised, for us to find: ``in mapper.py line 12``."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None:
        return "somewhere"
    file = step.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"in {file} line {step.tb_lineno}"


def trouble_of(reason: str) -> Trouble:
    """What the text of a reason says; kind ``OTHER`` where it is none that we write."""
    found = _FIELD.search(reason)
    field = found["field"] if found else ""
    head = reason[: found.start()] if found else reason
    return _of_field(head, field) or Trouble(kind=_of_record(head), field=field)


def _of_field(head: str, field: str) -> Trouble | None:
    if found := _TYPE.search(head):
        return Trouble(kind=TroubleKind.WRONG_TYPE, field=field, **found.groupdict())
    if found := _MISSING.search(head):
        name = f"{field}.{found['field']}" if field else found["field"]
        return Trouble(kind=TroubleKind.MISSING, field=name)
    if found := _LIMIT.search(head):
        return Trouble(kind=TroubleKind.OUT_OF_RANGE, field=field, expected=found["expected"] or "")
    if found := _FORMAT.search(head):
        return Trouble(kind=TroubleKind.BAD_FORMAT, field=field, expected=_FORMATS[found["format"]])
    if _NO_CHOICE.match(head):
        return Trouble(kind=TroubleKind.UNKNOWN_VALUE, field=field)
    return None


def _of_record(head: str) -> TroubleKind:
    if head == DUPLICATE:
        return TroubleKind.DUPLICATE
    signs = {
        "truncated": TroubleKind.CUT_SHORT,
        "cut short": TroubleKind.CUT_SHORT,
        "malformed": TroubleKind.NOT_JSON,
        "expected JSON": TroubleKind.NOT_JSON,
        "UnicodeDecodeError": TroubleKind.NOT_JSON,
        "could not be understood": TroubleKind.CONTRADICTION,
    }
    return next((kind for sign, kind in signs.items() if sign in head), TroubleKind.OTHER)
