import os
import socket
import subprocess
import sys
import threading

import pytest

from infrazen.cli.exits import Exit
from infrazen.db.revision import head


def test_an_empty_database_is_behind_until_it_is_upgraded(fresh_infrazen):
    before = fresh_infrazen("db", "check", "--json")
    assert before.code == Exit.STORAGE
    assert "infrazen db upgrade" in before.error["message"]
    first = fresh_infrazen("db", "upgrade", "--json")
    assert first.json["applied"][-1] == head()
    again = fresh_infrazen("db", "upgrade")
    assert "nothing to do" in again.out
    assert fresh_infrazen("db", "check").code == Exit.DONE


def test_a_server_that_does_not_answer(fresh_infrazen):
    url = "postgresql://someone:canary@127.0.0.1:1/none"
    ran = fresh_infrazen("db", "upgrade", INFRAZEN_DATABASE_URL=url)
    assert ran.code == Exit.STORAGE
    assert "does not answer" in ran.err
    assert "canary" not in ran.err


def test_a_url_that_is_none(fresh_infrazen):
    ran = fresh_infrazen("db", "check", INFRAZEN_DATABASE_URL="canary nonsense")
    assert ran.code == Exit.USAGE
    assert "INFRAZEN_DATABASE_URL" in ran.err
    assert "canary" not in ran.err


def test_a_folder_that_may_not_be_written(fresh_infrazen):
    ran = fresh_infrazen("db", "upgrade", INFRAZEN_DATA_DIR="/proc/infrazen")
    assert ran.code == Exit.STORAGE
    assert "/proc/infrazen" in ran.err


@pytest.mark.postgres
def test_a_server_that_starts_later_is_waited_for(data_dir, postgres):
    url = postgres.url(postgres.create())
    with socket.socket() as door:  # bound and not listening: connections are refused
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        command = [sys.executable, "-m", "infrazen", "db", "upgrade", "--wait", "60"]
        environment = {"INFRAZEN_DATABASE_URL": url.replace(f":{postgres.port}/", f":{port}/")}
        with subprocess.Popen(
            command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            assert "does not answer yet" in process.stderr.readline()
            door.listen()
            between = threading.Thread(target=relay, args=(door, postgres.port))
            between.start()
            assert process.wait(timeout=60) == Exit.DONE
            between.join()


def relay(door, port):
    """Let one who comes through ``door`` talk to ``port``."""
    caller, _ = door.accept()
    with caller, socket.create_connection(("127.0.0.1", port)) as server:
        asking = threading.Thread(target=pass_on, args=(caller, server))
        asking.start()
        pass_on(server, caller)
        asking.join()


def pass_on(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
