"""Which events of the audit log a page's address means.

The address is the only place that keeps them. It comes from people and programs: what
makes no sense in it is left out and named.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from infrazen.db.queries.audit import AuditFilter
from infrazen.domain.text import without_controls

PATH = "/settings/audit"
EXPORT = "/api/v1/exports/audit.csv"
SIZE = 50
AREAS = (
    "session",
    "user",
    "token",
    "organization",
    "connection",
    "sync",
    "resource",
    "recommendation",
    "rule",
    "secret",
    "export",
    "view",
)
"""What happens, as the screen offers it: the words before the dot of an action."""

_LONGEST = 400
_MOST_CHOICES = 100
_LONGEST_QUERY = 20_000
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
_KNOWN = ("actor", "area", "target", "outcome", "since", "until", "before", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What the log shows: which events, and from which one on."""

    wanted: AuditFilter = field(default_factory=AuditFilter)
    before: int | None = None
    after: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether something is filtered out."""
        return self.wanted != AuditFilter()


def parse(query: str) -> tuple[AuditQuery, tuple[str, ...]]:
    """What a query string means, and the parameters in it that make no sense."""
    wrong: list[str] = []
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query[:_LONGEST_QUERY]):
        if name in _KNOWN and _is_plain(value):
            values.setdefault(name, []).append(value)
        else:
            wrong.append(without_controls(name, longest=40))
    areas = values.get("area", [])
    wrong += ["area"] * any(area not in AREAS for area in areas)
    outcome = values.get("outcome", [""])[-1]
    wrong += ["outcome"] * (outcome not in ("", "done", "refused"))
    wanted = AuditFilter(
        actors=tuple(dict.fromkeys(values.get("actor", [])))[:_MOST_CHOICES],
        areas=tuple(area for area in AREAS if area in areas),
        target=values.get("target", [""])[-1],
        is_done={"done": True, "refused": False}.get(outcome),
        since=_day(values, "since", wrong),
        until=_day(values, "until", wrong),
    )
    before, after = _number(values, "before", wrong), _number(values, "after", wrong)
    found = AuditQuery(wanted=wanted, before=before, after=None if before else after)
    return found, tuple(dict.fromkeys(wrong))


def address(query: AuditQuery) -> str:
    """The page's address for ``query``."""
    pairs = _pairs(query.wanted)
    if query.before is not None:
        pairs.append(("before", str(query.before)))
    if query.after is not None:
        pairs.append(("after", str(query.after)))
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def export_address(query: AuditQuery) -> str:
    """Where the API gives exactly what ``query`` finds, all pages of it, as CSV."""
    pairs = _pairs(query.wanted)
    return f"{EXPORT}?{urlencode(pairs)}" if pairs else EXPORT


def toggled(query: AuditQuery, facet: str, value: str) -> AuditQuery:
    """``query`` with a choice made or taken back; unchanged where it makes no sense."""
    wanted = query.wanted
    if not value or not _is_plain(value):
        return query
    if facet == "actor":
        return narrowed(query, actors=_without_or_with(wanted.actors, value))
    if facet == "area" and value in AREAS:
        chosen = _without_or_with(wanted.areas, value)
        return narrowed(query, areas=tuple(area for area in AREAS if area in chosen))
    if facet == "target":
        return narrowed(query, target="" if wanted.target == value else value)
    if facet in ("since", "until"):
        return narrowed(query, **{facet: None})
    return narrowed(query, is_done=None) if facet == "outcome" else query


def narrowed(query: AuditQuery, **changes: object) -> AuditQuery:
    """``query`` with another filter, from the latest event."""
    return AuditQuery(wanted=replace(query.wanted, **changes))  # type: ignore[arg-type]


def day_of(value: str) -> date | None:
    """``2026-11-23`` as a day; None for anything else."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if len(value) == 10 and _FIRST_DAY <= day <= _LAST_DAY else None


def _pairs(wanted: AuditFilter) -> list[tuple[str, str]]:
    pairs = [("actor", one) for one in wanted.actors] + [("area", one) for one in wanted.areas]
    if wanted.target:
        pairs.append(("target", wanted.target))
    if wanted.is_done is not None:
        pairs.append(("outcome", "done" if wanted.is_done else "refused"))
    pairs += [
        (name, day.isoformat())
        for name, day in (("since", wanted.since), ("until", wanted.until))
        if day is not None
    ]
    return pairs


def _without_or_with(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    left = tuple(one for one in chosen if one != value)
    return left if left != chosen else (*chosen, value)[:_MOST_CHOICES]


def _is_plain(value: str) -> bool:
    return without_controls(value, longest=_LONGEST) == value


def _day(values: dict[str, list[str]], name: str, wrong: list[str]) -> date | None:
    if name not in values:
        return None
    day = day_of(values[name][-1])
    wrong += [name] * (day is None)
    return day


def _number(values: dict[str, list[str]], name: str, wrong: list[str]) -> int | None:
    if name not in values:
        return None
    text = values[name][-1]
    if not _NUMBER.fullmatch(text) or int(text) >= 2**31:
        wrong.append(name)
        return None
    return int(text)
