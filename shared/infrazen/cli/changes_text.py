"""What changed in an account: a line a resource, and what is different in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from infrazen.cli.figures import money
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.domain.money import from_micro
from infrazen.domain.syncs import Change
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.sync.plan import flat
from infrazen.sync.result import amount

_LONGEST_VALUE = 60


def change_document(line: ChangeLine) -> dict[str, Any]:
    """A change for programs, with both states."""
    cost = line.daily_cost
    return asdict(line) | {"daily_cost": None if cost is None else amount(cost)}


def changes_text(lines: Sequence[ChangeLine], spec: ProviderSpec) -> str:
    """Changes for people, in the order given."""
    return "\n".join(text for line in lines for text in _line(line, spec))


def _line(line: ChangeLine, spec: ProviderSpec) -> Iterator[str]:
    title = spec.resource_types.get(line.type)
    cost = ""
    if line.daily_cost is not None and line.currency:
        cost = f", {money(line.daily_cost, line.currency)} a day"
    yield f"  {line.change.value:<8} {title.en if title else line.type} {line.name}{cost}"
    if line.change is Change.UPDATED:
        before, after = flat(line.previous or {}), flat(line.current or {})
        for name in line.changed_fields:
            yield f"             {_field(name, before, after)}"


def _field(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    shown = name.removesuffix("_micro")
    return f"{shown}: {_value(name, before)} → {_value(name, after)}"


def _value(name: str, facts: Mapping[str, Any]) -> str:
    value = facts.get(name)
    if value is None:
        return "—"
    if name.endswith("_micro") and isinstance(value, int):
        return amount(from_micro(value))
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
