"""The operator's part of `make bench` in small: that it runs and tells its figures."""

import pytest

from tests.benchmarks.harness import measured


@pytest.mark.cluster
def test_the_operator_stands_beside_bare_jobs(control_plane, tmp_path):
    found = measured("kubernetes", tmp_path)
    ready = found["12 new connections until all are Ready, with a stub sync"]
    assert ready["floor"] > 0
    assert "150 MB" in found["operator at rest, 12 connections: memory"]["aim"]
    assert found["operator at rest, 12 connections: writes to connections"]["met"] is True
    assert found["a new connection's Job while 12 others refresh"]["figure"] > 0
