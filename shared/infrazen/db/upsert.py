"""Writing a handful of rows that may be there already (for thousands see ``bulk``)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Rows = Sequence[Mapping[str, Any]]


def insert_missing(session: Session, model: type[SQLModel], rows: Rows) -> None:
    """Insert ``rows``; one whose key is taken is left out."""
    if rows:
        session.connection().execute(_insert(session, model).on_conflict_do_nothing(), rows)


def insert_or_replace(session: Session, model: type[SQLModel], rows: Rows) -> None:
    """Insert ``rows``; one whose primary key is taken overwrites what is there."""
    if not rows:
        return
    statement = _insert(session, model)
    key = primary_key(model)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=key, set_=changed), rows
    )


def primary_key(model: type[SQLModel]) -> list[str]:
    """The names of the columns that make ``model``'s primary key."""
    return [column.name for column in model.__table__.primary_key]  # type: ignore[attr-defined]


def _insert(session: Session, model: type[SQLModel]) -> Any:
    session.flush()
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    return dialect.insert(model.__table__)  # type: ignore[attr-defined]
