"""Failed sign-ins, which close the door for a while when they are too many.

They are in the database, so that a restart opens nothing and all processes count alike.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from infrazen.db.queries import instance
from infrazen.db.tables.people import LoginAttemptRow


def record(
    session: Session, limits: Mapping[str, int], *, now: datetime, window: timedelta
) -> Sequence[int] | datetime:
    """Count a try under each key of ``limits`` before its outcome is known.

    Returns the ids of what was counted (``forgive`` takes them back), or, where a key has
    used up its limit within ``window``, the moment from which it may be tried again.
    """
    instance.hold(session, "sign-in attempts")
    since = now - window
    session.exec(delete(LoginAttemptRow).where(col(LoginAttemptRow.at) <= since))
    closed = [
        moment
        for key, limit in limits.items()
        if (moment := _nth_latest(session, key, limit, since)) is not None
    ]
    if closed:
        return max(closed) + window
    rows = [LoginAttemptRow(key=key, at=now) for key in limits]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows if row.id is not None]


def forgive(session: Session, ids: Collection[int], *, key: str) -> None:
    """Take back the tries in ``ids`` and all of ``key``: this one was good."""
    session.exec(
        delete(LoginAttemptRow).where(
            col(LoginAttemptRow.id).in_(ids) | (col(LoginAttemptRow.key) == key)
        )
    )


def _nth_latest(session: Session, key: str, count: int, since: datetime) -> datetime | None:
    return session.exec(
        select(LoginAttemptRow.at)
        .where(LoginAttemptRow.key == key, LoginAttemptRow.at > since)
        .order_by(col(LoginAttemptRow.at).desc())
        .offset(count - 1)
        .limit(1)
    ).one_or_none()
