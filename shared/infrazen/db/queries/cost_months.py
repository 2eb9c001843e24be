"""Recomputing whole months of the pre-aggregates, for writers of many days at once."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries.cost_slices import DIMENSIONS, MEASURES, Slice, run
from infrazen.domain.periods import Days, next_month

_COLUMNS = [f"d{number:02d}" for number in range(1, 32)]


def refresh_month(
    session: Session, *, organization_id: UUID, connection_id: UUID, month: date
) -> None:
    """Recompute a connection's month of both pre-aggregates from its facts."""
    where = Slice(organization_id=organization_id, connection_id=connection_id, day=month)
    here = "organization_id = :organization AND connection_id = :connection AND month = :month"
    for table in ("cost_trend", "cost_total"):
        run(session, f"DELETE FROM {table} WHERE {here}", where)
    run(session, _trend(month), where)
    names = "organization_id, month, connection_id, measure, billing_currency"
    sums = ", ".join(f"sum({name})" for name in ("total", *_COLUMNS))
    run(
        session,
        f"INSERT INTO cost_total ({names}, total, {', '.join(_COLUMNS)})"
        f" SELECT {names}, {sums} FROM cost_trend WHERE {here} GROUP BY {names}",
        where,
    )


def _trend(month: date) -> str:
    """Sum facts by day first: what is turned into columns is then a few rows."""
    days = Days(month, next_month(month))
    names = ", ".join(DIMENSIONS)
    by_day = (
        "WITH by_day AS (SELECT "
        + ", ".join(f"{value} AS {name}" for name, value in DIMENSIONS.items())
        + ", r.day AS day, "
        + ", ".join(f"sum(r.{fact}) AS {fact}" for fact in MEASURES.values())
        + " FROM cost_record r JOIN charge c ON c.id = r.charge_id"
        " WHERE r.organization_id = :organization AND r.connection_id = :connection"
        f" AND r.day >= '{days.since}' AND r.day < '{days.until}' GROUP BY "
        + ", ".join(str(position + 1) for position in range(len(DIMENSIONS) + 1))
        + ")"
    )
    used = _COLUMNS[: len(days)]
    parts = " UNION ALL ".join(
        f"SELECT :organization, :month, :connection, '{measure}', {names}, sum({fact}), "
        + ", ".join(
            f"sum(CASE WHEN day = '{month + timedelta(days=n)}' THEN {fact} END)"
            for n in range(len(days))
        )
        + f" FROM by_day GROUP BY {names}"
        for measure, fact in MEASURES.items()
    )
    return (
        f"{by_day} INSERT INTO cost_trend (organization_id, month, connection_id, measure,"
        f" {names}, total, {', '.join(used)}) {parts}"
    )
