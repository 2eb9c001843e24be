"""Checks run side by side, stage by stage, and end together."""

import os
import signal
import subprocess
import sys

import pytest

from tests.repository.test_tools import TOOLS, alive, eventually


@pytest.fixture
def lanes(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(TOOLS))
    import lanes

    monkeypatch.setattr(lanes, "LOGS", tmp_path / "logs")
    return lanes


def shell(lanes, title, script):
    return lanes.Check(title, ("sh", "-c", script))


def test_lanes_run_side_by_side(lanes, tmp_path, capsys):
    here, there = tmp_path / "here", tmp_path / "there"
    meet = "touch {}; until test -e {}; do sleep 0.01; done; echo met at {}"
    stage = (
        (shell(lanes, "One", meet.format(here, there, "one")),),
        (shell(lanes, "Other", meet.format(there, here, "other")),),
    )
    outcomes = lanes.run_stage(stage, os.environ)
    assert {(one.check.title, one.passed) for one in outcomes} == {("One", True), ("Other", True)}
    said = capsys.readouterr().out
    assert "── One: passed\nmet at one" in said
    assert "── Other: passed\nmet at other" in said


def test_a_lane_goes_on_after_a_failure(lanes, tmp_path, capsys):
    note = tmp_path / "note"
    stage = (
        (
            shell(lanes, "First (one)", f"test ! -e {note}; echo broken; touch {note}; exit 3"),
            shell(lanes, "Second", f"test -e {note}"),
        ),
        (),
    )
    outcomes = lanes.run_stage(stage, os.environ)
    assert [(one.check.title, one.passed) for one in outcomes] == [
        ("First (one)", False),
        ("Second", True),
    ]
    assert "── First (one): failed\nbroken" in capsys.readouterr().out
    assert (lanes.LOGS / "first-one.log").read_text() == "broken\n"


def test_ending_the_checks_ends_every_lane(tmp_path):
    notes = [tmp_path / "one", tmp_path / "other"]
    checks = [f"(lanes.Check('{n.name}', ('sh', '-c', 'echo $$ > {n}; sleep 60')),)" for n in notes]
    script = (
        f"import os, pathlib, sys; sys.path.insert(0, {str(TOOLS)!r})\n"
        "import lanes, steps\n"
        f"lanes.LOGS = pathlib.Path({str(tmp_path)!r})\n"
        "steps.end_on_sigterm()\n"
        f"lanes.run_stage(({', '.join(checks)}), os.environ)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    assert eventually(lambda: all(note.exists() and note.read_text().strip() for note in notes))
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    assert eventually(lambda: not any(alive(int(note.read_text())) for note in notes))
