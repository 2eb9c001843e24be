"""HTTP to a cloud: one place where its failures become ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """A token bucket: ``per_second`` requests on average, ``burst`` at once."""

    per_second: float
    burst: int = 5


class Transport:
    """HTTP to one account of one cloud."""
