"""The floor of a sync: a program that does nothing beyond what any sync must.

It fetches the same bytes, parses them with msgspec, and writes the same rows in one
transaction, by COPY or executemany. Nothing is mapped, compared, hashed or checked. What
the rows are it is told (a pickle), and reading that does not count.

Arguments: the simulator's address, the database's URL, the file with the rows. Prints JSON.
"""

import sqlite3
import time

import httpx
import msgspec
import psycopg

READY = time.monotonic()

import asyncio  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import pickle  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from infrazen.providers.beget.wire import cloud as wire  # noqa: E402

LIMIT = 1000
AT_ONCE = 4
Table = tuple[str, list[str], list[tuple[Any, ...]]]


class Servers(msgspec.Struct):
    """A page of servers."""

    vps: list[wire.Server]
    total_count: int


class Services(msgspec.Struct):
    """A page of services."""

    service: list[wire.Service]
    total_count: int


class Snapshots(msgspec.Struct):
    """All snapshots."""

    snapshot: list[wire.Snapshot]


class Network(msgspec.Struct):
    """All addresses."""

    additional_ip: list[wire.AdditionalAddress]


async def read(url: str) -> list[Any]:
    """Every listing of the account, parsed."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        answer = await http.post(
            "/v1/auth", json={"login": "demo", "password": "simulator-password"}
        )
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return [
            *await _pages(http, "/v1/vps/server/list", Servers),
            *await _pages(http, "/v1/cloud", Services),
            await _get(http, "/v1/vps/snapshot", {}, _decoder(Snapshots)),
            await _get(http, "/v1/vps/network", {}, _decoder(Network)),
        ]


def _decoder(kind: type[Any]) -> Any:
    return msgspec.json.Decoder(kind, strict=False)


async def _pages(http: httpx.AsyncClient, path: str, kind: type[Any]) -> list[Any]:
    view = {"limit": LIMIT, "view": "SERVICE_VIEW_FULL"}
    places, decoder = asyncio.Semaphore(AT_ONCE), _decoder(kind)

    async def page(offset: int) -> Any:
        async with places:
            return await _get(http, path, {"offset": offset, **view}, decoder)

    first = await page(0)
    rest = [page(offset) for offset in range(LIMIT, first.total_count, LIMIT)]
    return [first, *await asyncio.gather(*rest)]


async def _get(http: httpx.AsyncClient, path: str, params: dict[str, Any], decoder: Any) -> Any:
    answer = await http.get(path, params=params)
    answer.raise_for_status()
    return decoder.decode(answer.content)


def write(url: str, tables: Iterable[Table]) -> None:
    """Write every table's rows in one transaction."""
    if url.startswith("sqlite"):
        _write_sqlite(url.removeprefix("sqlite:///"), tables)
    else:
        _write_postgres(url, tables)


def _write_sqlite(path: str, tables: Iterable[Table]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-20480"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    for name, columns, rows in tables:
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.close()


def _write_postgres(url: str, tables: Iterable[Table]) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign key is checked
        for name, columns, rows in tables:
            with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def main() -> None:
    """Do it and print the seconds of each part."""
    url, database, file = sys.argv[1:]
    tables: list[Table] = pickle.loads(Path(file).read_bytes())
    began = time.monotonic()
    answers = asyncio.run(read(url))
    read_at = time.monotonic()
    write(database, tables)
    written_at = time.monotonic()
    starting = READY - float(os.environ["BENCH_STARTED"])
    spent = {"start": starting, "read": read_at - began, "write": written_at - read_at}
    print(json.dumps({**spent, "answers": len(answers)}))


if __name__ == "__main__":
    main()
