"""Looking for a planted secret wherever it must not be."""

import base64
import logging
import urllib.parse
from pathlib import Path

import pytest
from sqlalchemy import inspect

from infrazen.db.session import Database

CANARY = "cAnArY/7+secret=value"
"""A secret that changes its looks when it is URL-, JSON- or base64-encoded."""


def forms_of(canary: str) -> list[bytes]:
    """Every guise in which the canary could be written somewhere."""
    raw = canary.encode()
    padded = [base64.b64encode(b"x" * shift + raw).strip(b"=") for shift in range(3)]
    return [
        raw,
        raw.hex().encode(),
        urllib.parse.quote(canary, safe="").encode(),
        urllib.parse.quote_plus(canary).encode(),
        canary.replace("/", "\\/").encode(),
        *(each[4:-4] for each in padded),
    ]


def assert_absent(content: str | bytes, *, where: str, canary: str = CANARY) -> None:
    """Fail where any guise of the canary is in ``content``; says where, never what."""
    haystack = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for form in forms_of(canary):
        assert form not in haystack, f"a secret is in {where}"


def assert_absent_from_files(folder: Path, *, canary: str = CANARY) -> None:
    """Look into every file below ``folder``, whatever its kind (databases, logs, exports)."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files, f"there is nothing in {folder} to look into"
    for path in files:
        assert_absent(path.read_bytes(), where=path.name, canary=canary)


def assert_absent_from_database(database: Database, *, canary: str = CANARY) -> None:
    """Look into every row of every table, on any database."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        assert names
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                cells = [bytes(c) if isinstance(c, memoryview) else c for c in row]
                for cell in cells:
                    content = cell if isinstance(cell, bytes) else repr(cell)
                    assert_absent(content, where=f"the table {name}", canary=canary)


def assert_absent_from_logs(caplog: pytest.LogCaptureFixture, *, canary: str = CANARY) -> None:
    """Look into what was logged, before any redaction, with arguments and tracebacks."""
    formatter = logging.Formatter("%(message)s")
    for record in caplog.records:
        line = f"{formatter.format(record)} {record.args!r}"
        assert_absent(line, where=f"a log line of {record.name}", canary=canary)
