"""Schemathesis throws whatever the document allows, and what it forbids, at a real server."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from infrazen.api import create_api
from infrazen.domain.roles import Role
from infrazen.security.sessions import SESSION_COOKIE
from tests.demo_world import publish_small_demo
from tests.servers import free_port
from tests.stores import keys_in, sqlite_copy
from tests.world import World

load_all_checks()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(
    made_world: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The API of two organizations and a demo behind a web server; gives its address."""
    template, _ = made_world
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(template / "keys", folder)
    with sqlite_copy(template / "infrazen.db", folder) as store, keys_in(folder):
        publish_small_demo(store)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.api.offline:create"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    environment = {**os.environ, "INFRAZEN_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    environment["INFRAZEN_API_REQUESTS_PER_MINUTE"] = "0"  # it asks as fast as it can
    environment["INFRAZEN_DEMO"] = "true"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.terminate()
        process.wait(20)
    assert b"failed unexpectedly" not in (folder / "log").read_bytes()


schema = schemathesis.openapi.from_dict(create_api().openapi())


@schema.exclude(operation_id="logout").parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_its_word(case, server, made_world):
    """Other inputs may be refused by rules that a schema can't say, so those are no failure."""
    _, world = made_world
    case.call_and_validate(
        base_url=server,
        headers={"Origin": server},
        cookies={SESSION_COOKIE: world.alpha.cookies[Role.OWNER]},
        excluded_checks=[positive_data_acceptance],
    )


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at once"
        try:
            httpx.get(url, timeout=1).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server never answered")
