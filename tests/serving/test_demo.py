"""Who keeps the demo: it builds when it should, and does not hurry after a build that failed."""

import sys

import pytest

from infrazen.demo.upkeep import Due
from infrazen.serving import demo
from infrazen.serving.demo import DemoKeeper
from tests.waiting import wait_for

WRITES = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(int(sys.argv[2]))"


@pytest.fixture
def builds(database, monkeypatch, tmp_path):
    """Makes builds that only leave a mark and end with a code; counts those marks."""
    marks = tmp_path / "marks"
    marks.touch()
    monkeypatch.setattr(demo, "TURN_SECONDS", 0.01)

    def end_with(code):
        command = [sys.executable, "-c", WRITES, str(marks), str(code)]
        monkeypatch.setattr(demo, "build_command", lambda _home: command)

    return end_with, lambda: len(marks.read_text())


@pytest.fixture
def keep(monkeypatch):
    keepers = []

    def start(why, *, leads):
        turns = []

        def due(_now):
            turns.append(why)
            return why

        monkeypatch.setattr(demo, "due", due)
        keeper = DemoKeeper({})
        keeper.follow(leads)
        keeper.start()
        keepers.append(keeper)
        return turns

    yield start
    for keeper in keepers:
        keeper.stop()


def test_a_demo_that_is_missing_is_built_before_anybody_leads(builds, keep):
    end_with, count = builds
    end_with(0)
    keep(Due.MISSING, leads=lambda: False)
    assert wait_for(lambda: count() > 1)


def test_who_does_not_lead_builds_no_new_day(builds, keep):
    end_with, count = builds
    end_with(0)
    turns = keep(Due.NEW_DAY, leads=lambda: False)
    assert wait_for(lambda: len(turns) > 5)
    assert count() == 0


def test_a_build_that_failed_is_not_tried_again_at_once(builds, keep):
    end_with, count = builds
    end_with(1)
    asked = []

    def leads():
        asked.append(None)
        return True

    turns = keep(Due.NEW_DAY, leads=leads)
    assert wait_for(lambda: count() == 1 and len(asked) > 5)
    assert (len(turns), count()) == (1, 1)
