"""Bringing a database to today's schema, and telling whether it is there."""

import re
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import infrazen.db.tables.planning  # noqa: F401 (registers every table)
from infrazen.db.columns import Exact, Id, Micro, Word
from infrazen.db.session import Database

_PARTITION = re.compile(r"cost_record_\d{4}_\d{2}$")
_UPGRADE_LOCK = 4_207_311


def upgrade(store: Database) -> list[str]:
    """Apply what is missing and return the revisions applied, oldest first.

    Two processes that start at once take turns; the second finds nothing to do.
    """
    with store.engine.begin() as connection:
        if not store.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
        before = current(connection)
        command.upgrade(_config(connection), "head")
        return _between(before, current(connection))


def current(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision that this program knows."""
    revision = ScriptDirectory(str(Path(__file__).parent)).get_current_head()
    if revision is None:
        raise RuntimeError("no migrations are packaged")
    return revision


def is_current(store: Database) -> bool:
    """Whether the database is at the newest revision."""
    with store.engine.connect() as connection:
        return current(connection) == head()


def differences(store: Database) -> list[Any]:
    """What ``alembic check`` would find between the tables and the database."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options())
        return list(compare_metadata(context, SQLModel.metadata))


def options() -> dict[str, Any]:
    """How tables and database are compared and written as a migration."""
    return {
        "target_metadata": SQLModel.metadata,
        "compare_type": True,
        "compare_server_default": False,
        "include_name": _is_ours,
        "render_item": _render_item,
        "render_as_batch": True,
    }


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _between(before: str | None, after: str | None) -> list[str]:
    if before == after or after is None:
        return []
    script = ScriptDirectory(str(Path(__file__).parent))
    newest_first = [r.revision for r in script.iterate_revisions(after, before or "base")]
    return newest_first[::-1]


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "table" and name is not None and _PARTITION.match(name))


def _render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Freeze a column type into plain words, so that old migrations never change."""
    if kind != "type":
        return False
    if isinstance(item, Id | Exact | JSON):
        context.imports.add("from infrazen.db import columns")
        return "columns.Document" if isinstance(item, JSON) else f"columns.{type(item).__name__}()"
    if isinstance(item, AutoString):
        length = getattr(item.impl, "length", None)
        return f"sa.String(length={length})" if length else "sa.String()"
    plain = {Micro: "sa.BigInteger()", Word: "sa.String(length=64)"}
    return plain.get(type(item)) or (
        "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False
    )
