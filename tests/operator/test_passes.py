"""A purge in passes: how far it is stands in the status, and what was begun is ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.syncs import Phase
from infrazen.manifests.names import Purpose
from infrazen_operator.conditions import Type
from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy
from tests.operator.simulated import World, synced

TOTAL = 3_100_000


def purging() -> World:
    world = synced(deletionPolicy="Delete")
    world.delete()
    world.settle()
    return world


def rows(erased: int, left: int, total: int = TOTAL) -> dict:
    return {"purge": {"erased": erased, "total": total, "left": left}}


def purges(world: World) -> list:
    return [job for job in world.created if job.purpose is Purpose.PURGE]


def test_the_status_says_how_far_it_is_and_the_next_pass_follows_at_once():
    world = purging()
    assert world.read().status.removal is None
    first = world.the_job()
    world.end(first, **rows(1_240_000, TOTAL - 1_240_000))
    world.settle()
    message = world.message(Type.RECONCILING)
    assert "1,240,000 of 3,100,000 rows are erased (40%). Job infrazen/" in message
    assert world.condition(Type.RECONCILING) == ("True", Reason.PURGING)
    far = world.read().status.removal
    assert (far.progress, far.erased_rows, far.total_rows) == ("40%", 1_240_000, TOTAL)
    assert (far.job_name, far.time) == (first.name, world.now)
    assert world.the_job().name != first.name
    assert not world.turn(), "nothing is written while nothing changes"
    events = len(world.events)
    world.end(world.the_job(), **rows(1_850_000, 10_000))
    world.settle()
    assert "3,090,000 of 3,100,000 rows are erased (99%)." in world.message(Type.RECONCILING)
    assert len(world.events) == events, "no Event for each pass"
    assert world.ended == [first.name], "passes that are over do not pile up"
    world.end(world.the_job(), **rows(10_000, 0))
    world.settle()
    assert world.is_gone
    assert len(purges(world)) == 3


@pytest.mark.parametrize(
    "end",
    [
        lambda world, job: world.close(job),
        lambda world, job: world.end(job, purge="nonsense"),
        lambda world, job: world.end(job, **rows(0, 10)),
    ],
    ids=["no result", "nonsense", "nothing erased"],
)
def test_a_pass_that_did_not_come_on_is_a_failure_with_pauses(end):
    world = purging()
    pauses = []
    for _ in range(4):
        end(world, world.the_job())
        world.settle()
        assert world.condition(Type.RECONCILING) == ("True", Reason.PURGE_FAILED)
        assert not world.active
        pauses.append(world.decide().wake_at - world.now)
        world.now += pauses[-1]
        world.settle()
    assert "(it told of no progress)" in world.message(Type.RECONCILING)
    assert pauses == [Policy().first_pause * 2**times for times in range(4)]
    world.end(world.the_job(), **rows(10, 0))
    world.settle()
    assert world.is_gone


def test_after_a_pass_that_came_on_failures_count_anew():
    world = purging()
    for erased in (100, 200):
        world.end(world.the_job(), Phase.FAILED, **rows(0, TOTAL - erased + 100))
        world.settle()
        assert world.decide().wake_at == world.now + Policy().first_pause
        assert "1 try failed" in world.message(Type.RECONCILING)
        world.now = world.decide().wake_at
        world.settle()
        world.end(world.the_job(), **rows(100, TOTAL - erased))
        world.settle()
        assert world.condition(Type.RECONCILING) == ("True", Reason.PURGING)
        assert world.read().status.removal.erased_rows == erased
    world.remove(world.the_job())
    world.settle()
    assert world.read().status.removal.erased_rows == 200
    assert world.the_job()


def test_a_pass_that_failed_says_how_far_it_was():
    world = purging()
    world.end(world.the_job(), Phase.FAILED, **rows(31_000, TOTAL - 31_000))
    world.settle()
    assert world.read().status.removal.progress == "1%"
    assert "31,000 of 3,100,000 rows are erased (1%)." in world.message(Type.RECONCILING)


def test_what_was_told_is_kept_when_every_job_has_been_cleared_away():
    world = purging()
    world.end(world.the_job(), **rows(5, 5, total=10))
    world.settle()
    for job in list(world.jobs.values()):
        world.remove(job)
    world.settle()
    assert world.read().status.removal.progress == "50%"
    assert world.the_job().purpose is Purpose.PURGE


def test_a_purge_that_has_begun_can_be_turned_into_a_release():
    world = purging()
    world.end(world.the_job(), **rows(5, 5, total=10))
    world.settle()
    world.change(deletionPolicy="Retain")
    world.settle()
    assert world.the_job().purpose is Purpose.PURGE, "never two at once"
    world.end(world.the_job(), **rows(4, 1, total=10))
    world.settle()
    assert world.the_job().purpose is Purpose.RELEASE
    assert world.read().status.removal is None


def test_an_image_that_knows_no_passes_is_done_when_it_succeeds():
    world = purging()
    world.end(world.the_job())
    world.settle()
    assert world.is_gone


def test_a_living_connection_has_no_removal():
    world = synced()
    world.status["removal"] = {
        "progress": "40%",
        "erasedRows": 4,
        "totalRows": 10,
        "time": "2026-11-26T08:30:00Z",
    }
    assert world.settle().removal is None


@given(sizes=st.lists(st.integers(1, 10**9), min_size=1, max_size=8), data=st.data())
def test_whatever_the_passes_do_the_figures_only_grow_and_nothing_goes_before_all_is_gone(
    sizes, data
):
    world = purging()
    total, left, before = sum(sizes), sum(sizes), 0
    for size in sizes:
        for end in data.draw(st.lists(st.sampled_from(["dies", "vanishes"]), max_size=2)):
            job = world.the_job()
            world.close(job, "BackoffLimitExceeded") if end == "dies" else world.remove(job)
            world.settle()
            world.now = world.decide().wake_at or world.now
            world.settle()
        left -= size
        world.end(world.the_job(), **rows(size, left, total=total))
        world.settle()
        assert world.is_gone is (left == 0)
        if left:
            far = world.read().status.removal
            assert before < far.erased_rows == total - left
            assert far.progress != "100%"
            before = far.erased_rows
    assert len({job.uid for job in purges(world)}) == len(purges(world))
