"""Recommendations and rules as the command line writes them."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from infrazen.cli.figures import money
from infrazen.cli.screen import facts_text
from infrazen.db.queries.recommendations import Recommendation
from infrazen.finops.rules import rules
from infrazen.services.recommendations import RecommendationView
from infrazen.services.rules import RuleView
from infrazen.sync.result import amount

COLUMNS = ("recommendation", "resource", "connection", "saving_a_month", "state", "id")
RULE_COLUMNS = ("rule", "finds", "on", "looked_at", "found", "cannot_tell")
_ACCOUNT = "(account)"
_KOPECK = Decimal("0.01")


def document(one: Recommendation) -> dict[str, Any]:
    """A recommendation for programs."""
    facts = asdict(one) | {"promised_so_far": one.promised_so_far}
    return {
        name: amount(value) if isinstance(value, Decimal) else value
        for name, value in facts.items()
    }


def full_document(view: RecommendationView) -> dict[str, Any]:
    """A recommendation with its history, and others on the same resource."""
    return {
        **document(view.recommendation),
        "history": [asdict(event) for event in view.history],
        "beside": [document(one) for one in view.beside],
    }


def row(one: Recommendation) -> dict[str, Any]:
    """A line of a list."""
    return {
        "recommendation": _title(one.rule),
        "resource": one.resource or _ACCOUNT,
        "connection": one.connection,
        "saving_a_month": money(one.monthly_saving.quantize(_KOPECK), one.currency),
        "state": _plain(one.state),
        "id": one.id,
    }


def view_text(view: RecommendationView) -> str:
    """A recommendation for people: what, why, what to change, what became of it."""
    one = view.recommendation
    parts = [
        f"{_title(one.rule)}: {one.resource or _ACCOUNT}",
        facts_text(_facts(one)),
        "why:\n" + _indented(facts_text({_plain(k): v for k, v in one.evidence.items()})),
        "change:\n" + _indented(facts_text(dict(_changes(one.change)))),
    ]
    if view.beside:
        lines = [
            f"{_title(other.rule)}, {_plain(other.state)}, {other.id}" for other in view.beside
        ]
        parts.append("on the same resource:\n" + _indented("\n".join(lines)))
    if view.history:
        lines = [
            f"{_moment(event.at)}  {_plain(event.after)}"
            f"{f' by {event.actor}' if event.actor else ''}"
            f"{f': {_plain(event.reason)}' if event.reason else ''}"
            for event in view.history
        ]
        parts.append("history:\n" + _indented("\n".join(lines)))
    return "\n".join(parts)


def rule_document(one: RuleView) -> dict[str, Any]:
    """A rule for programs."""
    return asdict(one) | {
        "silent": [{"reason": reason, "resources": count} for reason, count in one.silent]
    }


def rule_row(one: RuleView) -> dict[str, Any]:
    """A line of the list of rules; ``cannot tell`` says why not, and of how many."""
    return {
        "rule": one.id,
        "finds": one.title.en,
        "on": one.is_enabled,
        "looked_at": one.asked,
        "found": one.found,
        "cannot_tell": [
            f"{_plain(reason)}: {count} of {one.asked}" for reason, count in one.silent
        ],
    }


def _facts(one: Recommendation) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": one.id,
        "connection": f"{one.connection} ({one.provider})",
        "state": _plain(one.state),
        "decided_by": one.state_by or None,
        "reason": _plain(one.state_reason) or None,
        "wakes_on": one.snoozed_until,
        "saving_a_month": money(one.monthly_saving, one.currency),
        "saving_alone": money(one.own_saving, one.currency),
        "confidence": one.confidence.value,
        "promised_a_month": _money(one.promised_monthly, one.currency),
        "promised_so_far": _money(one.promised_so_far, one.currency),
        "saved_so_far": _money(one.realised, one.currency),
        "days_measured": one.realised_days or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _changes(change: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in change.items():
        if isinstance(value, list) and len(value) == 2:
            if value[0] != value[1]:
                yield _plain(name), f"{value[0]} → {value[1]}"
        else:
            yield _plain(name), value


def _money(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else money(value, currency)


def _title(rule: str) -> str:
    known = rules().get(rule)
    return known.title.en if known else rule


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %Z}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
