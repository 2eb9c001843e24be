"""What can go wrong at a provider, at the turn of a switch."""

import re
from collections.abc import Callable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

import msgspec


class Kind(StrEnum):
    """A fault. What the last four look like is the provider's own business."""

    THROTTLE = "throttle"
    ERROR = "error"
    SLOW = "slow"
    TRUNCATE = "truncate"
    DISCONNECT = "disconnect"
    HTML = "html"
    REDIRECT = "redirect"
    WRONG_TYPES = "wrong_types"
    UNKNOWN_FIELDS = "unknown_fields"
    UNKNOWN_ENUMS = "unknown_enums"
    DUPLICATES = "duplicates"
    CONFLICTS = "conflicts"
    FORBIDDEN = "forbidden"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 (a kind of fault)
    SECOND_FACTOR = "second_factor"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 (a kind of fault)


class Fault(msgspec.Struct, kw_only=True):
    """A fault for requests whose path matches the pattern ``path``.

    It happens ``times`` times, None for as long as it stands, after ``after`` requests
    that it lets pass. ``seconds`` are of ``slow`` and of ``throttle``'s Retry-After;
    ``status`` is of ``error``.
    """

    kind: Kind
    path: str = "*"
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 500


class Faults:
    """The faults that stand."""

    def __init__(self) -> None:
        self.standing: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let ``fault`` happen."""
        self.standing.append(fault)

    def clear(self) -> None:
        """Let everything work again."""
        self.standing.clear()

    def take(self, path: str) -> Fault | None:
        """The fault that this request meets, if any; counts it."""
        fault = next((f for f in self.standing if fnmatchcase(path, f.path)), None)
        if fault is None:
            return None
        if fault.after > 0:
            fault.after -= 1
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.standing.remove(fault)
        return fault


Change = Callable[[list[dict[str, Any]]], None]


def changed_body(kind: Kind, body: bytes) -> bytes:
    """``body`` as a provider with this fault would send it; as it is where none applies."""
    if kind is Kind.TRUNCATE:
        return body[: len(body) // 2]
    change = _CHANGES.get(kind)
    if change is None:
        return body
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return _changed_table(kind, body)
    for records in _listings(answer):
        change(records)
    return msgspec.json.encode(answer)


def _changed_table(kind: Kind, body: bytes) -> bytes:
    """A table with commas as it would be sent; anything else as it is."""
    head, *rows = body.decode(errors="replace").splitlines() or [""]
    if not rows or "," not in head or head.startswith(("<", "{", "[")):
        return body
    if kind is Kind.UNKNOWN_FIELDS:
        head, rows = f"{head},field_of_tomorrow", [f"{row},2031" for row in rows]
    elif kind is Kind.WRONG_TYPES:
        rows[-1] = re.sub(r"(?<=,)[\d.]+(?=,)", "unexpected", rows[-1])
    return "\n".join([head, *rows, ""]).encode()


def _listings(value: Any) -> list[list[dict[str, Any]]]:
    """The outermost lists of objects in ``value``."""
    if isinstance(value, list):
        return [value] if value and all(isinstance(item, dict) for item in value) else []
    if isinstance(value, dict):
        return [found for inner in value.values() for found in _listings(inner)]
    return []


def _wrong_types(records: list[dict[str, Any]]) -> None:
    """The last record keeps its id; every other value is of a type nobody expects."""
    last = records[-1]
    last.update({name: [{"unexpected": True}] for name in last if name != "id"})


def _unknown_fields(records: list[dict[str, Any]]) -> None:
    for record in records:
        record["field_of_tomorrow"] = {"since": 2031, "list": [1, "2", None]}


def _unknown_enums(records: list[dict[str, Any]]) -> None:
    for record in records:
        for name, value in record.items():
            if isinstance(value, str) and (name == "status" or name.endswith("_status")):
                record[name] = "STATE_OF_TOMORROW"


def _duplicates(records: list[dict[str, Any]]) -> None:
    records.append(dict(records[0]))


def _conflicts(records: list[dict[str, Any]]) -> None:
    twin = dict(records[0])
    twin.update({name: "Somebody else" for name in ("name", "display_name") if name in twin})
    records.append(twin)


_CHANGES: dict[Kind, Change] = {
    Kind.WRONG_TYPES: _wrong_types,
    Kind.UNKNOWN_FIELDS: _unknown_fields,
    Kind.UNKNOWN_ENUMS: _unknown_enums,
    Kind.DUPLICATES: _duplicates,
    Kind.CONFLICTS: _conflicts,
}
