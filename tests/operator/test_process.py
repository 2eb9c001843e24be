"""What the process is made of: its settings, its probes, and what it does not load."""

import asyncio
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from pydantic import ValidationError

from infrazen_operator.probes import Probes, well
from infrazen_operator.rights import OWN, SECRET_WATCH, SERVED
from infrazen_operator.settings import OperatorSettings

LOADED = """
import sys, infrazen_operator.__main__
print([name for name in ("sqlalchemy", "sqlmodel", "alembic", "infrazen.db", "reflex", "fastapi")
       if name in sys.modules])
"""


def test_the_process_loads_neither_the_database_nor_the_interface():
    said = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_settings_come_from_variables(monkeypatch):
    monkeypatch.setenv("INFRAZEN_OPERATOR_NAMESPACES", "team-a, team-b")
    monkeypatch.setenv("INFRAZEN_OPERATOR_ORGANIZATIONS", "team-a=acme|globex,team-b=initech")
    monkeypatch.setenv("POD_NAMESPACE", "infrazen")
    monkeypatch.setenv("POD_NAME", "operator-1")
    settings = OperatorSettings()
    assert settings.watched == ("team-a", "team-b", "infrazen")
    assert settings.identity == "operator-1"
    assert settings.serves("team-a")
    assert not settings.serves("infrazen")
    assert settings.allows("team-a", "globex")
    assert not settings.allows("team-b", "globex")
    assert not settings.allows("team-c", "globex")


def test_without_namespaces_all_are_served():
    settings = OperatorSettings()
    assert settings.watched == ()
    assert settings.serves("anywhere")


def test_what_jobs_may_use_is_the_installation_s_to_say(monkeypatch):
    assert OperatorSettings().jobs.requests == {"cpu": "100m", "memory": "192Mi"}
    monkeypatch.setenv("INFRAZEN_OPERATOR_JOB_REQUESTS", "cpu=250m, memory=512Mi")
    monkeypatch.setenv("INFRAZEN_OPERATOR_JOB_LIMITS", "")
    jobs = OperatorSettings().jobs
    assert jobs.requests == {"cpu": "250m", "memory": "512Mi"}
    assert jobs.limits == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_RUNNING_SYNCS", "0"),
        ("JOB_REQUESTS", "cpu"),
        ("JOB_REQUESTS", "=1"),
        ("JOB_LIMITS", "memory=much"),
    ],
)
def test_settings_that_make_no_sense_are_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"INFRAZEN_OPERATOR_{name}", value)
    with pytest.raises(ValidationError):
        OperatorSettings()


def test_no_right_is_a_wildcard_and_the_operator_has_none_on_secrets():
    for rule in (*SERVED, *OWN, *SECRET_WATCH):
        assert "*" not in (rule.group, *rule.resources, *rule.verbs)
    assert all("secrets" not in rule.resources for rule in (*SERVED, *OWN))
    assert {
        verb for rule in SECRET_WATCH if "secrets" in rule.resources for verb in rule.verbs
    } == {
        "list",
        "watch",
    }


def _asked(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_probes_answer_from_the_event_loop(monkeypatch):
    monkeypatch.setattr("infrazen_operator.probes.PATIENCE", 0.2)

    async def page(ok: bool):
        return well(ok=ok, text="so it is")

    async def all_of_it():
        pages = {"/good": lambda: page(True), "/bad": lambda: page(False)}
        probes = Probes(pages, port=0)
        good = await asyncio.to_thread(_asked, probes.port, "/good?x=1")
        bad = await asyncio.to_thread(_asked, probes.port, "/bad")
        absent = await asyncio.to_thread(_asked, probes.port, "/absent")
        if socket.has_dualstack_ipv6():
            assert await asyncio.to_thread(_asked, probes.port, "/good", "[::1]") == good
        asking = asyncio.to_thread(_asked, probes.port, "/good")
        stuck = asyncio.create_task(asking)
        await asyncio.sleep(0)
        time.sleep(1)  # noqa: ASYNC251 - the loop is stuck
        late = await stuck
        probes.close()
        return good, bad, absent, late

    good, bad, absent, late = asyncio.run(all_of_it())
    assert good == (200, "so it is\n")
    assert bad == (503, "so it is\n")
    assert absent[0] == 404
    assert late == (503, "the event loop does not answer\n")
