"""`make bench` in small: that it runs and tells its figures in the promised form, not how fast."""

import json

import pytest

from benchmarks import run
from benchmarks.figures import figure, pairs, percentile, told
from tests.benchmarks.harness import measured


@pytest.mark.postgres
def test_syncs_stand_beside_their_floor(tmp_path):
    found = measured("sync", tmp_path)
    for database in ("SQLite", "PostgreSQL"):
        for kind in ("first sync", "sync again, unchanged", "unchanged, on a new day"):
            one = found[f"{kind}, 300 resources, {database}"]
            assert one["floor"] > 0
            assert one["ratio"] > 0


@pytest.mark.postgres
def test_questions_stand_beside_the_same_put_to_facts(tmp_path):
    found = measured("queries", tmp_path)
    for database in ("SQLite", "PostgreSQL"):
        assert found[f"cost records, {database}"]["figure"] > 10_000
        for days in (7, 30, 90, 365):
            one = found[f"dashboard, {days} days, {database}, p95"]
            assert one["floor"] > 0
            assert "50 ms" in one["aim"]


@pytest.mark.postgres
def test_rules_stand_beside_one_pass_over_their_rows(tmp_path):
    found = measured("rules", tmp_path)
    for database in ("SQLite", "PostgreSQL"):
        assert found[f"findings of all rules, 300 resources, {database}"]["figure"] > 0
        assert found[f"all rules, {database}"]["floor"] > 0


def test_a_part_that_breaks_off_loses_nothing_of_the_others(tmp_path, monkeypatch, capsys):
    def breaks_off(*, small):
        yield figure("before", 1.0, "ms")
        raise RuntimeError("no disk")

    def goes_on(*, small):
        yield figure("after", 2.0, "ms")

    monkeypatch.setattr("benchmarks.queries.measure", breaks_off)
    monkeypatch.setattr("benchmarks.crowd.measure", goes_on)
    output = tmp_path / "bench.json"
    command = ["run.py", "--only", "queries", "--only", "crowd", "--output", str(output)]
    monkeypatch.setattr("sys.argv", command)
    assert run.main() == 1
    names = [one["name"] for one in json.loads(output.read_text())]
    assert [name for name in names if "load" not in name] == ["before", "after"]
    said = capsys.readouterr()
    assert "no disk" in said.err
    assert "broke off, see above: queries" in said.out


def test_an_aim_is_met_or_not():
    assert figure("a", 2.0, "s", most=2.5, floor=1.0, most_times=2).met is True
    assert figure("a", 2.0, "s", most=1.5).met is False
    assert figure("a", 2.1, "s", most=2.5, floor=1.0, most_times=2).met is False
    assert figure("a", 2.0, "s").met is None
    assert "NO" in told(figure("a", 2.0, "s", most=1.5))


def test_medians_are_of_pairs():
    assert pairs([2.0, 9.0, 4.0], [1.0, 3.0, 4.0]) == (4.0, 3.0, 2.0)


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile(list(range(100)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0
