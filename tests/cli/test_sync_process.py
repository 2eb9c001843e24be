"""A sync as a process of its own: signals, a terminal, and what goes away in the middle."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from infrazen.cli.exits import Exit
from infrazen.cli.result_file import write_result
from infrazen.db.queries import runs
from infrazen.domain.periods import utc_now
from infrazen.provider_kit.simulation.faults import Kind

SLOW_PATH = "/v1/vps/server/list"
SIGN_IN = "/v1/auth"
PATIENCE = 30.0


@pytest.fixture
def result_file(tmp_path):
    return tmp_path / "result.json"


@pytest.fixture
def begin(connected, result_file):
    """Start a sync as a process; it is ended with the test."""

    @contextmanager
    def beginning(*words, **options):
        command = [sys.executable, "-m", "infrazen", "sync", "run", connected]
        with subprocess.Popen(
            [*command, "--result-file", str(result_file), *words],
            stdout=options.get("stdout", subprocess.PIPE),
            stderr=options.get("stderr", subprocess.PIPE),
            env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    return beginning


def wait_until_it_reads(database, beget_simulator):
    """Wait until the run has signed in: the slow endpoint holds it now. Gives the run."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with database.reading() as session:
            found = runs.running(session)
        if found and any(asked["path"] == SIGN_IN for asked in beget_simulator.requests()):
            return found[0]
        time.sleep(0.05)
    raise AssertionError("the sync did not get that far")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_run_as_interrupted(
    begin, infrazen, connected, database, beget_simulator, result_file, sign
):
    beget_simulator.fault(Kind.SLOW, path=SLOW_PATH, seconds=60)
    with begin() as process:
        wait_until_it_reads(database, beget_simulator)
        process.send_signal(sign)
        process.send_signal(sign)
        out, err = process.communicate(timeout=10)
    assert process.returncode == Exit.INTERRUPTED
    assert err.strip() == "error: stopped"
    assert out == ""
    kept = json.loads(result_file.read_text())
    assert (kept["phase"], kept["reason"]) == ("Failed", "Interrupted")
    (done,) = infrazen("sync", "history", connected, "--json").json
    assert (done["status"], done["error_reason"]) == ("error", "Interrupted")
    assert done["created"] == 0
    beget_simulator.clear_faults()
    assert infrazen("sync", "run", connected).code == Exit.PARTIAL


def test_a_run_that_another_worker_closed_writes_nothing(
    begin, infrazen, connected, database, beget_simulator, result_file
):
    beget_simulator.fault(Kind.SLOW, path=SLOW_PATH, seconds=3, times=1)
    with begin() as process:
        held = wait_until_it_reads(database, beget_simulator)
        close(database, held)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.LEASE_LOST
    assert json.loads(result_file.read_text())["reason"] == "LeaseLost"
    assert infrazen("connection", "show", connected, "--json").json["resources"] == 0


def close(database, held):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with database.writing() as session:
            (now,) = runs.running(session)
            if runs.close_dead(session, now, now=utc_now()):
                return
    raise AssertionError("the run could not be closed")


def test_a_database_that_breaks_in_the_middle(begin, database, beget_simulator, result_file):
    beget_simulator.fault(Kind.SLOW, path=SLOW_PATH, seconds=3, times=1)
    with begin() as process:
        held = wait_until_it_reads(database, beget_simulator)
        with database.writing() as session:
            session.execute(text("ALTER TABLE sync_snapshot RENAME TO gone"))
        process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.STORAGE
    kept = json.loads(result_file.read_text())
    assert (kept["phase"], kept["reason"]) == ("Failed", "StorageUnavailable")
    assert kept["snapshotId"] == str(held.snapshot_id)


def test_a_terminal_sees_which_endpoint_is_at_work(begin, beget_simulator):
    beget_simulator.fault(Kind.SLOW, path=SLOW_PATH, seconds=1, times=1)
    screen, terminal = pty.openpty()
    with begin(stderr=terminal) as process:
        os.close(terminal)
        shown = drained(screen)
        out = process.communicate(timeout=PATIENCE)[0]
    assert "Virtual servers" in shown
    assert " items" in shown
    assert "payable" in out


@pytest.mark.parametrize("word", ["--json", "--quiet"])
def test_a_terminal_sees_no_progress_where_it_is_not_wanted(begin, word):
    screen, terminal = pty.openpty()
    with begin(word, stderr=terminal) as process:
        os.close(terminal)
        shown = drained(screen)
        process.communicate(timeout=PATIENCE)
    assert " items" not in shown


def drained(descriptor):
    seen = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(descriptor)
    return seen.decode()


def test_a_file_that_cannot_be_replaced_is_overwritten(tmp_path):
    """Kubernetes mounts a termination log: it can be written to, but nothing put in its place."""
    real = tmp_path / "log"
    real.write_text("before")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_result(link, b"{}")
    assert real.read_bytes() == b"{}"
    assert link.is_symlink()


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_result(pipe, b"{}")
    assert os.read(reader, 10) == b"{}"
    os.close(reader)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_mounted_file_is_overwritten(tmp_path):
    """The termination log as the kubelet makes it: a bind mount of a single file."""
    (tmp_path / "host").write_text("x" * 100)
    (tmp_path / "log").touch()
    program = """
import subprocess, sys
from pathlib import Path
from infrazen.cli.result_file import write_result
host, log = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "--bind", host, log], check=True)
write_result(log, b"{}")
print(host.read_text(), sorted(path.name for path in log.parent.iterdir()))
"""
    namespace = ["unshare", "--mount", sys.executable, "-c", program]
    paths = [str(tmp_path / "host"), str(tmp_path / "log")]
    done = subprocess.run([*namespace, *paths], capture_output=True, text=True, check=False)
    # In a chroot, the root is no mount of its own, and unshare cannot make it private.
    refusals = ("Operation not permitted", "permission denied", "root filesystem propagation")
    if any(words in done.stderr for words in refusals):
        pytest.skip("this container may not mount")
    assert done.stdout == "{} ['host', 'log']\n", done.stderr
