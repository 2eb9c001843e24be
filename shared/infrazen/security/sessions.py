"""How long a sign-in lasts and how its cookie is called."""

from datetime import datetime, timedelta

SESSION_COOKIE = "infrazen_session"
TOUCH_EVERY = timedelta(minutes=5)
VISIT_LASTS = timedelta(hours=2)
"""How long a browser that was let into the demo stays in; it is let in anew afterwards."""
VISIT_MARK = "demo."
"""How the cookie of such a browser begins: no sign-in's has a dot."""


def session_end(now: datetime, *, hours: int) -> datetime:
    """When a sign-in made ``now`` ends, used or not."""
    return now + timedelta(hours=hours)


def is_visit(cookie: str) -> bool:
    """Whether a session cookie's value is that of a browser in the demo, and no sign-in's."""
    return cookie.startswith(VISIT_MARK)


def needs_touch(seen_at: datetime | None, now: datetime) -> bool:
    """Whether "last seen" is old enough to be worth a write."""
    return seen_at is None or now - seen_at >= TOUCH_EVERY
