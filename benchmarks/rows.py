"""Rows of a database: saved to be written again, forgotten, and watched."""

import pickle
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text
from sqlmodel import SQLModel

from infrazen.db.queries.cost_slices import ensure_partition
from infrazen.db.session import Database
from infrazen.domain.periods import local_day, utc_now
from infrazen.providers import provider

COSTS = ("cost_record", "cost_trend", "cost_total", "reconciliation")
FILLED = (
    "sync_snapshot",
    "charge",
    "resource",
    "resource_tag",
    "resource_component",
    "resource_secret",
    "resource_state",
    *COSTS,
)
"""The tables that a first sync fills, in an order that foreign keys allow."""
_COUNTS = "bench_written"
_ON_POSTGRES = f"""
CREATE FUNCTION bench_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO {_COUNTS} VALUES (TG_ARGV[0]); RETURN NULL; END $$
"""


def forget_costs(url: str) -> None:
    """Take every cost away, so that the next sync writes the day as if it had just begun."""
    store = Database(url)
    with store.writing() as session:
        for table in COSTS:
            session.execute(text(f"DELETE FROM {table}"))
    store.dispose()


def save_rows(url: str, file: Path, *, tables: Sequence[str]) -> None:
    """Save all rows of ``tables``, as their driver gives them; of snapshots the last one."""
    store = Database(url)
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        saved = []
        for name in tables:
            columns = SQLModel.metadata.tables[name].columns
            # A document goes back in as the text it is stored as.
            shown = [
                f"{column.name}::text"
                if not store.is_sqlite and "JSON" in str(column.type)
                else column.name
                for column in columns
            ]
            last = " ORDER BY started_at DESC LIMIT 1" if name == "sync_snapshot" else ""
            rows = raw.execute(f"SELECT {', '.join(shown)} FROM {name}{last}").fetchall()
            saved.append((name, [column.name for column in columns], rows))
    file.write_bytes(pickle.dumps(saved, protocol=pickle.HIGHEST_PROTOCOL))
    store.dispose()


def make_room(url: str) -> None:
    """Make the partition that today's costs go to."""
    store = Database(url)
    with store.writing() as session:
        ensure_partition(session, local_day(utc_now(), provider("beget").billing_time_zone))
    store.dispose()


def watch_writes(url: str) -> None:
    """Have the database itself note every row that is written from now on."""
    store = Database(url)
    with store.writing() as session:
        session.execute(text(f"CREATE TABLE {_COUNTS} (name VARCHAR(100))"))
        if not store.is_sqlite:
            session.execute(text(_ON_POSTGRES))
        for table in SQLModel.metadata.tables:
            for event in ("INSERT", "UPDATE", "DELETE"):
                head = f"CREATE TRIGGER bench_{table}_{event} AFTER {event} ON {table}"
                body = (
                    f"BEGIN INSERT INTO {_COUNTS} VALUES ('{table}'); END"
                    if store.is_sqlite
                    else f"FOR EACH ROW EXECUTE FUNCTION bench_count('{table}')"
                )
                session.execute(text(f"{head} {body}"))
    store.dispose()


def written_rows(url: str) -> dict[str, int]:
    """How many rows of each table were written since the last time it was asked."""
    store = Database(url)
    with store.writing() as session:
        counts = session.execute(text(f"SELECT name, count(*) FROM {_COUNTS} GROUP BY name"))
        found = dict(counts.tuples().all())
        session.execute(text(f"DELETE FROM {_COUNTS}"))
    store.dispose()
    return found
