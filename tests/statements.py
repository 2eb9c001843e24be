"""What is sent to a database, and how that goes about it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from infrazen.db.session import Database

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (COSTS OFF) "}


@contextmanager
def noted(store: Database) -> Iterator[list[tuple[str, object]]]:
    """The questions that are asked meanwhile, with their parameters."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def plans_of(store: Database, question: Callable[..., object], *place, **order) -> list[str]:
    """How the database goes about each statement, where it may not read a table through."""
    with store.reading() as session, noted(store) as asked:
        question(session, *place, **order)
    with store.engine.connect() as connection:
        explain = EXPLAIN[connection.dialect.name]
        if not store.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [
            " / ".join(row[-1].strip() for row in connection.exec_driver_sql(explain + sql, values))
            for sql, values in asked
        ]
