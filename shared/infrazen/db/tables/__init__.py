"""SQLModel rows, no logic; importing this package registers every table."""

from infrazen.db.tables import (
    connections,
    costs,
    people,
    planning,
    prices,
    recommendations,
    resources,
    snapshots,
)

__all__ = [
    "connections",
    "costs",
    "people",
    "planning",
    "prices",
    "recommendations",
    "resources",
    "snapshots",
]
