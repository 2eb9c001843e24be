"""SQLModel rows, no logic; importing this package registers every table that is asked for.

``planning`` is for later: only what compares tables with a database imports it, for a sync
would wait for its classes to be made.
"""

from infrazen.db.tables import (
    connections,
    costs,
    people,
    prices,
    recommendations,
    resources,
    snapshots,
    views,
)

__all__ = [
    "connections",
    "costs",
    "people",
    "prices",
    "recommendations",
    "resources",
    "snapshots",
    "views",
]
