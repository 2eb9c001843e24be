"""How long a sign-in lasts and how its cookie is called."""

from datetime import datetime, timedelta

SESSION_COOKIE = "infrazen_session"
TOUCH_EVERY = timedelta(minutes=5)


def session_end(now: datetime, *, hours: int) -> datetime:
    """When a sign-in made ``now`` ends, used or not."""
    return now + timedelta(hours=hours)


def needs_touch(seen_at: datetime | None, now: datetime) -> bool:
    """Whether "last seen" is old enough to be worth a write."""
    return seen_at is None or now - seen_at >= TOUCH_EVERY
