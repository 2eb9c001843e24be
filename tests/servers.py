"""Real servers for tests: started on free ports, kept in throw-away folders, ended with pytest."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
}
"""Durability is not what these databases are for."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL server and how to make databases in it."""

    port: int
    host: str = "127.0.0.1"

    def url(self, name: str) -> str:
        """The URL of the database called ``name``."""
        return f"postgresql://postgres@{self.host}:{self.port}/{name}"

    def create(self, name: str = "", *, template: str = "template0") -> str:
        """A fresh database, a copy of ``template``, and its name: a made-up one if not told."""
        name = name or f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def create_for(self, owner: str, name: str) -> None:
        """A database called ``name`` of somebody with no other rights, by the password."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            if not connection.execute(known, [owner]).fetchone():
                connection.execute(f"CREATE ROLE {owner} LOGIN PASSWORD 'password'")
            connection.execute(f"CREATE DATABASE {name} OWNER {owner}")

    def drop(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server(
    settings: Mapping[str, str] = QUICK,
    *,
    keep_in: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[PostgresServer]:
    """A PostgreSQL server from the machine's own binaries, with ``settings``.

    Its databases are gone afterwards, unless ``keep_in`` names a folder that keeps them. From
    other hosts than ``host`` people reach it with a password.
    """
    binaries = _postgres_binaries()
    folder = keep_in or Path(tempfile.mkdtemp(prefix="infrazen-postgres-"))
    account = _account(folder)
    port = port or free_port()
    data = folder / "data"
    chosen = [f"-c {name}={value}" for name, value in settings.items()]
    options = " ".join([f"-p {port} -h {host} -k {folder}", *chosen])
    initdb = ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
    start = ["pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"]
    stop = ["pg_ctl", "-D", str(data), "-m", "fast" if keep_in else "immediate", "stop"]

    def call(command: list[str]) -> None:
        words = [str(binaries / command[0]), *command[1:]]
        done = subprocess.run(
            words, user=account, capture_output=True, text=True, check=False, cwd=folder
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")

    try:
        if not data.exists():
            call([*initdb, "--encoding=UTF8", "--locale=C.UTF-8"])
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all postgres {host}/32 trust\nhost all all all scram-sha-256\n")
        call(start)
        try:
            yield PostgresServer(port, host)
        finally:
            call(stop)
    finally:
        if keep_in is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server(*, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The address of a Redis from the machine's own binary; it keeps nothing."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise RuntimeError("these tests need Redis: `apt-get install redis-server`")
    port = port or free_port()
    volatile = ["--save", "", "--appendonly", "no"]
    command = [binary, "--port", str(port), "--bind", host, "--protected-mode", "no", *volatile]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        _await_port(host, port)
        yield f"redis://{host}:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _await_port(host: str, port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens at port {port}")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    """Whether something could listen there, at the loopback interface, now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise RuntimeError("these tests need PostgreSQL: `apt-get install postgresql`")
    return found[-1].parent if found else Path(on_path or "").parent


def _account(folder: Path) -> int | None:
    """The user PostgreSQL runs as: it refuses root, so then the one Debian made for it."""
    if os.geteuid() != 0:
        return None
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return postgres.pw_uid
