"""Recommendations: what they are about, how sure, and what people decide about them."""

from enum import StrEnum


class Category(StrEnum):
    """What kind of change a recommendation asks for; a risk saves nothing."""

    RIGHTSIZE = "rightsize"
    CLEANUP = "cleanup"
    STORAGE = "storage"
    DISCOUNT = "discount"
    RISK = "risk"


class Action(StrEnum):
    """What there is to do."""

    RESIZE = "resize"
    REMOVE = "remove"
    CHANGE_CLASS = "change_class"
    CHANGE_PLAN = "change_plan"
    RENEW = "renew"
    TOP_UP = "top_up"


class Confidence(StrEnum):
    """How sure a rule is: how much of its window it has seen."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class State(StrEnum):
    """Where a recommendation stands. ``closed``: its evidence vanished by itself."""

    OPEN = "open"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    CLOSED = "closed"


LIVE = frozenset({State.OPEN, State.ACCEPTED, State.IN_PROGRESS})
"""What still waits for somebody, and counts as a potential saving."""

AGREED = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.DONE})
"""What somebody agreed to, so that its saving is measured."""

MOVES: dict[State, frozenset[State]] = {
    State.OPEN: frozenset(
        {State.ACCEPTED, State.IN_PROGRESS, State.DONE, State.DISMISSED, State.SNOOZED}
    ),
    State.ACCEPTED: frozenset(
        {State.OPEN, State.IN_PROGRESS, State.DONE, State.DISMISSED, State.SNOOZED}
    ),
    State.IN_PROGRESS: frozenset(
        {State.OPEN, State.ACCEPTED, State.DONE, State.DISMISSED, State.SNOOZED}
    ),
    State.DONE: frozenset({State.OPEN, State.ACCEPTED, State.IN_PROGRESS}),
    State.DISMISSED: frozenset({State.OPEN, State.ACCEPTED, State.IN_PROGRESS}),
    State.SNOOZED: frozenset(
        {State.OPEN, State.ACCEPTED, State.IN_PROGRESS, State.DISMISSED, State.DONE}
    ),
    State.CLOSED: frozenset(),
}
"""Where people may move a recommendation from each state."""


class Unknown(StrEnum):
    """Why a rule cannot tell about a resource."""

    NO_READINGS = "no_readings"
    FEW_READINGS = "few_readings"
    SHORT_WINDOW = "short_window"
    NO_SIZE = "no_size"
    NO_PRICE = "no_price"
    NO_OFFER = "no_offer"
    NO_ATTACHMENT = "no_attachment"
    NO_AGE = "no_age"
    NO_CLASS = "no_class"
    NO_EXPIRY = "no_expiry"
    NO_BALANCE = "no_balance"
    NO_ACCOUNT = "no_account"
