"""Every rule over one connection: findings opened, refreshed, closed, and measured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import (
    findings,
    price_offers,
    rule_facts,
    rule_settings,
    usage_days,
)
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.rule_facts import Apart
from infrazen.db.queries.scope import Scope
from infrazen.domain.facts import Window
from infrazen.domain.kinds import Kind
from infrazen.domain.periods import utc_day
from infrazen.domain.recommendations import LIVE, State
from infrazen.finops.market import Market
from infrazen.finops.rules import rules
from infrazen.finops.verdicts import Applied, Bench, Verdicts
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.sync.lifecycle import Ledger
from infrazen.sync.measure import measure

_KEPT = frozenset({*LIVE, State.SNOOZED, State.DISMISSED, State.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What an evaluation did: findings there now, opened and closed by it."""

    found: int
    opened: int
    closed: int

    def __add__(self, other: "Evaluated") -> "Evaluated":
        return Evaluated(
            found=self.found + other.found,
            opened=self.opened + other.opened,
            closed=self.closed + other.closed,
        )


def evaluate(
    session: Session, scope: Scope, *, connection: Connection, spec: ProviderSpec
) -> Evaluated:
    """Ask every rule about every resource of a connection and keep what they say."""
    findings.lock(session, scope.connection_id)
    ledger = Ledger(findings.stored(session, scope.connection_id), now=scope.now)
    applied = applied_rules(session, scope.organization_id)
    verdicts = _judge(session, scope, connection, spec, applied=applied, ledger=ledger)
    changed = ledger.settle(verdicts, enabled={one.rule.id for one in applied})
    changed |= measure(session, scope, ledger.findings)
    findings.write(session, scope, [one for one in ledger.findings if one.id in changed])
    findings.write_moves(
        session, organization_id=scope.organization_id, moves=ledger.moves, now=scope.now
    )
    rule_settings.replace_outcomes(session, scope, verdicts.outcomes)
    return Evaluated(
        found=len(verdicts.found),
        opened=sum(move.after is State.OPEN for move in ledger.moves),
        closed=sum(move.after is State.CLOSED for move in ledger.moves),
    )


def applied_rules(session: Session, organization_id: UUID) -> list[Applied]:
    """The rules that an organization wants, with its own parameters."""
    set_ = rule_settings.settings(session, organization_id)
    return [
        Applied(rule=rule, parameters=rule.parameters(**(known.parameters if known else {})))
        for rule in rules().values()
        for known in [set_.get(rule.id)]
        if known is None or known.is_enabled
    ]


def _judge(
    session: Session,
    scope: Scope,
    connection: Connection,
    spec: ProviderSpec,
    *,
    applied: list[Applied],
    ledger: Ledger,
) -> Verdicts:
    bench = Bench(
        applied,
        market=Market(price_offers.of_connection(session, scope.connection_id)),
        windows=(windows := _windows(session, scope, applied)),
        was_open={(one.resource_id, one.rule) for one in ledger.findings if one.state in _KEPT},
        now=scope.now,
    )
    wanted = frozenset().union(*(one.rule.kinds for one in applied)) if applied else frozenset()
    kinds = {type_: kind for type_, kind in spec.kinds.items() if kind in wanted}
    apart = None if any(windows.values()) else _apart(session, scope, kinds, bench)
    for facts in rule_facts.resources(session, scope.connection_id, kinds, only=apart):
        bench.judge(facts)
    if apart is not None:
        for sort, count in rule_facts.sorts(session, scope.connection_id, kinds, besides=apart):
            bench.judge_sort(sort, count)
    bench.judge_account(rule_facts.account(session, connection, currency=spec.currency))
    return bench.verdicts


def _apart(session: Session, scope: Scope, kinds: Mapping[str, Kind], bench: Bench) -> Apart:
    """What must be looked at one by one where nothing has readings: few of an account."""
    there = rule_facts.statuses(session, scope.connection_id, kinds)
    return Apart(
        kinds=[one for one in there if not bench.tells_by_sort(kinds[one[0]], one[1])],
        findings=_KEPT,
    )


def _windows(
    session: Session, scope: Scope, applied: Iterable[Applied]
) -> dict[int, dict[UUID, dict[str, Window]]]:
    """For each length of window that rules want, resources' metrics."""
    metrics: dict[int, set[str]] = {}
    for one in applied:
        days = getattr(one.parameters, "window_days", None)
        if days is not None:
            metrics.setdefault(days, set()).update(one.rule.metrics)
    today = utc_day(scope.now)
    return {
        days: usage_days.windows(
            session, scope.connection_id, names, since=today - timedelta(days=days - 1)
        )
        for days, names in metrics.items()
    }
