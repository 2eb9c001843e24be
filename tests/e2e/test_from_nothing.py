"""``make run`` on a copy that holds nothing but the project's files."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import settle
from tests.served import ROOT
from tests.servers import free_port, is_free
from tests.waiting import wait_for

OURS = ("VIRTUAL_ENV", "PYTHONPATH", "INFRAZEN_", "REFLEX_", "__REFLEX_", "UV_", "MAKE")
"""What this run of the tests has set and a newcomer's shell has not."""


@dataclass
class Running:
    """A ``make run`` that is ready: what it said on the way, and its facts."""

    process: subprocess.Popen[str]
    steps: str
    facts: dict[str, Any]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files, without anything installed or built."""
    folder = tmp_path_factory.mktemp("clone")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(listed, cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@contextmanager
def make_run(clone: Path, port: int) -> Iterator[Running]:
    with subprocess.Popen(
        ["make", "run", f"ARGS=--port {port} --json"],
        cwd=clone,
        env=newcomers_environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            steps, _, rest = until_ready(process).partition("{\n")
            yield Running(process, steps, json.loads("{" + rest))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def newcomers_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    venv = str(Path(sys.executable).parent)
    path = [part for part in kept["PATH"].split(os.pathsep) if part != venv]
    return kept | {"PATH": os.pathsep.join(path)}


def until_ready(process: subprocess.Popen[str]) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if line == "}\n":
            return said
    raise AssertionError(f"it ended with {process.wait()} after:\n{said}")


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_installs_builds_serves_and_leaves_nothing_behind(clone: Path, browser: Browser):
    port = free_port()
    with make_run(clone, port) as first:
        assert "Python packages" in first.steps
        assert "Frontend" in first.steps
        page = browser.new_page(locale="ru-RU")
        page.goto(first.facts["setup_url"])
        settle(page)
        expect(page.get_by_label("Пароль", exact=True)).to_be_visible()
        page.close()
        os.killpg(first.process.pid, signal.SIGINT)
        first.process.communicate(timeout=30)
        wait_for(lambda: group_is_gone(first.process.pid))
    clouds = [urlsplit(url).port for url in first.facts["simulators"].values()]
    assert all(is_free(each) for each in (port, *clouds))
    assert (clone / ".data").is_dir()
    with make_run(clone, port) as second:
        assert "✓ Ready to start" in second.steps
        assert second.steps.count("✓") == 1, "a second start installs and builds nothing"
        assert second.facts["url"].endswith(f":{port}")
