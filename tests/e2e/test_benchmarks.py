"""The parts of `make bench` that need the built pages, in small: form, not speed."""

import pytest

from tests.benchmarks.harness import measured


@pytest.mark.parametrize("part", ["screens", "crowd"])
def test_pages_are_clicked_weighed_and_crowded(tmp_path, part):
    found = measured(part, tmp_path)
    if part == "screens":
        for of in ("", "large demo, "):
            assert found[f"{of}click: sort the table"]["floor"] > 0
            assert found[f"{of}first visit of /"]["met"] is True
            assert found[f"{of}first visit of /resources: ready"]["floor"] > 0
        assert found["  sent to the page, at most"]["figure"] > 0
    else:
        assert found["5 open dashboards: events that failed"]["figure"] == 0
        assert found["5 open dashboards: another period, p95"]["floor"] > 0
        assert found["5 people walking: events that failed"]["figure"] == 0
        assert found["5 people walking: next page, p95"]["floor"] > 0
