"""``infrazen recommendation``: what could be saved, why, and what is decided about it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import click

from infrazen.cli.local import operator
from infrazen.cli.options import common, organization
from infrazen.cli.recommendation_text import (
    COLUMNS,
    RULE_COLUMNS,
    document,
    full_document,
    row,
    rule_document,
    rule_row,
    view_text,
)
from infrazen.cli.screen import Screen, table_text
from infrazen.db.queries.recommendations import Place, Recommendation, Wanted
from infrazen.domain.recommendations import LIVE, Category, Confidence, State
from infrazen.finops.rules import rules as every_rule
from infrazen.security.access import Actor
from infrazen.services import recommendations
from infrazen.services.connections import look_up
from infrazen.services.rules import list_rules

Body = TypeVar("Body", bound=Callable[..., Any])
Word = TypeVar("Word", bound=StrEnum)

_ids = click.argument("ids", metavar="ID...", type=click.UUID, nargs=-1, required=True)
_reason = click.option("--reason", default="", help="Why; colleagues read it.")


def _choice(name: str, words: Iterable[str], help_: str) -> Callable[[Body], Body]:
    chosen = click.Choice([str(word) for word in words])
    return click.option(f"--{name}", name, type=chosen, multiple=True, help=help_)


@click.group()
def recommendation() -> None:
    """See what could be saved and why, and decide about it."""


@recommendation.command(name="list")
@_choice("state", State, "Only in this state; may be repeated. What waits, where not given.")
@click.option("--all", "in_any_state", is_flag=True, help="In every state.")
@_choice("category", Category, "Only of this kind; may be repeated.")
@_choice("rule", every_rule(), "Only found by this rule; may be repeated.")
@_choice("confidence", Confidence, "Only as sure as this; may be repeated.")
@click.option("--connection", "name", help="Only of this connection.")
@click.option("--text", default="", help="Words in the resource's name, id or type.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Show so many at most; 0 for all.",
)
@organization
@common
def list_(
    screen: Screen,
    *,
    in_any_state: bool,
    name: str | None,
    limit: int,
    organization: str | None,
    **filters: Any,
) -> None:
    """List recommendations, the largest savings first."""
    actor = operator(screen, organization)
    usual = () if in_any_state else tuple(sorted(LIVE))
    wanted = Wanted(
        states=_each(State, filters["state"]) or usual,
        categories=_each(Category, filters["category"]),
        rules=filters["rule"],
        confidences=_each(Confidence, filters["confidence"]),
        connections=(look_up(actor, name=name).id,) if name else (),
        text=filters["text"],
    )
    found = _found(actor, wanted, limit)
    rows = [row(one) for one in found]
    empty = "nothing found: `infrazen recommendation rules` says what the rules looked at"
    text = table_text(rows, COLUMNS) if rows else empty
    screen.result([document(one) for one in found], text)


@recommendation.command
@click.argument("id_", metavar="ID", type=click.UUID)
@organization
@common
def show(screen: Screen, *, id_: UUID, organization: str | None) -> None:
    """Show a recommendation: why, what to change, what became of it."""
    actor = operator(screen, organization)
    view = recommendations.get_recommendation(actor, recommendation_id=id_)
    screen.result(full_document(view), view_text(view))


@recommendation.command
@_ids
@_reason
@organization
@common
def accept(screen: Screen, **given: Any) -> None:
    """Agree: what is promised stands from now on, and later costs say what came of it."""
    _decide(screen, State.ACCEPTED, **given)


@recommendation.command
@_ids
@_reason
@organization
@common
def start(screen: Screen, **given: Any) -> None:
    """Say that somebody is at it."""
    _decide(screen, State.IN_PROGRESS, **given)


@recommendation.command
@_ids
@_reason
@organization
@common
def done(screen: Screen, **given: Any) -> None:
    """Say that it has been carried out."""
    _decide(screen, State.DONE, **given)


@recommendation.command
@_ids
@click.option("--reason", required=True, help="Why; colleagues read it.")
@organization
@common
def dismiss(screen: Screen, **given: Any) -> None:
    """Put away for good; the next best of the same resource counts then."""
    _decide(screen, State.DISMISSED, **given)


@recommendation.command
@_ids
@click.option(
    "--until",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which it wakes, at most a year ahead.",
)
@_reason
@organization
@common
def snooze(screen: Screen, *, until: datetime, **given: Any) -> None:
    """Put away until a day."""
    _decide(screen, State.SNOOZED, until=until.date(), **given)


@recommendation.command
@_ids
@_reason
@organization
@common
def reopen(screen: Screen, **given: Any) -> None:
    """Take a decision back: it waits again, and nothing is promised."""
    _decide(screen, State.OPEN, **given)


@recommendation.command
@organization
@common
def rules(screen: Screen, *, organization: str | None) -> None:
    """List the rules: what each looked at and found, and of what it cannot tell."""
    found = list_rules(operator(screen, organization))
    text = table_text([rule_row(one) for one in found], RULE_COLUMNS)
    screen.result([rule_document(one) for one in found], text)


def _decide(
    screen: Screen,
    state: State,
    *,
    ids: tuple[UUID, ...],
    reason: str,
    organization: str | None,
    until: date | None = None,
) -> None:
    """Move all of them or none, and say how they stand."""
    moved = recommendations.decide(
        operator(screen, organization),
        recommendation_ids=list(ids),
        state=state,
        reason=reason,
        snoozed_until=until,
    )
    rows = [row(one) for one in moved]
    screen.result([document(one) for one in moved], table_text(rows, COLUMNS))


def _found(actor: Actor, wanted: Wanted, limit: int) -> list[Recommendation]:
    """The first ``limit`` that ``wanted`` finds, all for 0."""
    found: list[Recommendation] = []
    after = None
    while not limit or len(found) < limit:
        most = recommendations.LONGEST_PAGE
        most = min(most, limit - len(found)) if limit else most
        page = recommendations.list_recommendations(actor, wanted=wanted, after=after, limit=most)
        found += page
        if len(page) < most:
            break
        after = Place(saving=page[-1].monthly_saving, id=page[-1].id)
    return found


def _each(kind: type[Word], words: Sequence[str]) -> tuple[Word, ...]:
    return tuple(kind(word) for word in words)
