"""The large demo as it is shown: built by the command, by real syncs of twelve accounts."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from infrazen.db.columns import Id
from infrazen.db.session import Database
from infrazen.demo.large import LEAST, NAME, SIZE
from infrazen.domain.people import OrganizationKind

FORMAT = 1
"""To be raised where the demo becomes another: kept databases are made anew."""


def size(*, small: bool) -> int:
    """How many resources it has."""
    return LEAST if small else SIZE


def name(resources: int) -> str:
    """What kept databases with it are called."""
    return f"large-demo-{resources}-{FORMAT}"


def make(store: Database, *, resources: int) -> None:
    """Build it in ``store``, for somebody of its own: what visitors see has other limits."""
    folder = Path(store.engine.url.database or "").parent
    there = {"INFRAZEN_DATABASE_URL": store.url, "INFRAZEN_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "infrazen", "demo", "--large", "--quiet"]
    subprocess.run([*command, "--size", str(resources)], check=True, env={**os.environ, **there})
    with store.writing() as session:
        session.execute(
            text("UPDATE organization SET kind = :kind WHERE name = :name"),
            {"kind": OrganizationKind.REGULAR.value, "name": NAME},
        )


def found(store: Database) -> UUID:
    """The organization that ``make`` made."""
    with store.reading() as session:
        asked = text("SELECT id FROM organization WHERE name = :name").columns(id=Id())
        return session.execute(asked, {"name": NAME}).scalar_one()
