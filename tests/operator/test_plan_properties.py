"""Whatever happens, in whatever order: what holds of a connection at every moment.

The machine is a cluster that lives on while the operator dies between any two of its steps,
forgets everything and looks again. Time moves, Jobs end or die, people change, ask and delete.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from infrazen.domain.syncs import Phase, Trigger
from infrazen.manifests.names import REQUESTED_AT, Purpose
from infrazen.manifests.status import Truth
from infrazen.sync import schedule
from infrazen_operator.conditions import Type
from infrazen_operator.names import request_of
from infrazen_operator.reasons import KNOWN, STALLING
from infrazen_operator.seen import Policy
from tests.operator.simulated import SPEC, Crash, World, syncs

ZONES = ("UTC", "Europe/Moscow", "Europe/Berlin", "America/New_York")
SCHEDULES = ("0 */6 * * *", "*/10 * * * *", "30 2 * * *", "0 * * * *", "15 1,13 * * 1-5", "")
STARTS = (
    datetime(2026, 11, 26, 8, 30, tzinfo=UTC),
    datetime(2026, 3, 28, 20, 0, tzinfo=UTC),  # Europe's change to summer time is that night
    datetime(2026, 10, 24, 20, 0, tzinfo=UTC),  # and this the change back
    datetime(2026, 11, 1, 2, 0, tzinfo=UTC),  # America's change back
)
FAILURES = (
    "CredentialsRefused",
    "ProviderUnavailable",
    "UnexpectedPayload",
    "NotFound",
    "PermissionMissing",
)
DEATHS = (
    {"ended_by": "OOMKilled", "exit_code": 137},
    {"lost_reason": "NodeLost"},
    {"exit_code": 1},
    {"result": "no JSON", "exit_code": 139},
)
ROWS = 100
STUCK = (
    ("CreateContainerConfigError", 'secret "beget-main" not found'),
    ("CreateContainerConfigError", "couldn't find key login in Secret finops/beget-main"),
    ("ImagePullBackOff", "back-off"),
    ("Unschedulable", "0/1 nodes"),
)


class Cluster(RuleBasedStateMachine):
    """A world in which things happen."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.asked: list[tuple[str, datetime]] = []
        self.lost: set[str] = set()
        self.rows = ROWS
        self.erased = 0

    @property
    def runs(self):
        """All syncs that were started, but for those whose Jobs went before they were known."""
        return [job for job in syncs(self.world) if job.uid not in self.lost]

    @initialize(
        start=st.sampled_from(STARTS),
        line=st.sampled_from(SCHEDULES),
        zone=st.sampled_from(ZONES),
        deadline=st.sampled_from([0, 600, 3600, 86400]),
        policy=st.sampled_from(["Retain", "Delete"]),
        jitter=st.sampled_from([0, 60]),
    )
    def begin(self, start, line, zone, deadline, policy, jitter):
        asked = {
            "schedule": line,
            "timeZone": zone,
            "startingDeadlineSeconds": deadline,
            "deletionPolicy": policy,
        }
        self.world = World(
            now=start,
            spec=SPEC | asked,
            policy=Policy(longest_jitter=timedelta(seconds=jitter)),
        )

    # The operator.

    @rule()
    def look(self):
        self.world.turn()

    @rule(steps=st.integers(0, 4))
    def look_and_die(self, steps):
        try:
            self.world.turn(crash_after=steps)
        except Crash:
            self.world.refusal = None

    @rule()
    def come_to_rest(self):
        self.world.settle()

    # Time.

    @rule(minutes=st.sampled_from([0.05, 1, 5, 11, 61, 400, 3000]))
    def time_passes(self, minutes):
        self.world.wait(minutes=minutes)

    @rule()
    def the_alarm_rings(self):
        alarm = self.world.decide().wake_at
        if alarm is not None:
            self.world.now = alarm

    # Jobs.

    @precondition(lambda self: self.world.active)
    @rule(phase=st.sampled_from(Phase), reason=st.sampled_from(FAILURES))
    def a_job_ends(self, phase, reason):
        said = {"reason": reason, "message": "it says"} if phase is Phase.FAILED else {}
        job = self.world.active[0]
        if job.purpose is Purpose.PURGE and phase is not Phase.FAILED:
            self.rows = 0
        self.world.end(job, phase, **said)

    @precondition(lambda self: [job for job in self.world.active if job.purpose is Purpose.PURGE])
    @rule(share=st.integers(0, 40), phase=st.sampled_from([Phase.SUCCEEDED, Phase.FAILED]))
    def a_pass_ends(self, share, phase):
        erased = min(share, self.rows)
        self.rows -= erased
        left = self.rows if phase is Phase.SUCCEEDED else max(self.rows, 1)
        told = {"erased": erased, "total": ROWS, "left": left}
        self.world.end(self.world.active[0], phase, purge=told)

    @precondition(lambda self: self.world.active)
    @rule(death=st.sampled_from(DEATHS), word=st.sampled_from(["", "DeadlineExceeded"]))
    def a_job_dies(self, death, word):
        job = self.world.active[0]
        self.world.start(job)
        self.world.pod(self.world.jobs[job.name], **death)
        self.world.close(self.world.jobs[job.name], word or "BackoffLimitExceeded")

    @precondition(lambda self: self.world.active)
    @rule(why=st.sampled_from(STUCK))
    def a_job_cannot_start(self, why):
        job = self.world.active[0]
        if job.pod is None or job.pod.started_at is None:
            self.world.pod(job, waiting_reason=why[0], waiting_message=why[1])

    @precondition(lambda self: self.world.active)
    @rule()
    def somebody_deletes_a_job(self):
        self.lost.add(self.world.active[0].uid)
        self.world.remove(self.world.active[0])

    @rule()
    def old_jobs_are_cleared_away(self):
        known = {run.job_name for run in self.world.read().status.history}
        for job in list(self.world.jobs.values()):
            if job.finished_at and self.world.now - job.finished_at > timedelta(hours=1):
                if job.name not in known:
                    self.lost.add(job.uid)
                self.world.remove(job)

    # People.

    @precondition(lambda self: self.world.deleted_at is None)
    @rule(value=st.sampled_from(["one", "two", "three"]) | st.text(min_size=1, max_size=400))
    def somebody_asks(self, value):
        # Whoever goes back to a value that was acted upon asks for nothing.
        handled = self.world.read().status.last_handled_reconcile_at
        if self.world.annotations.get(REQUESTED_AT) != value and request_of(value) != handled:
            self.world.ask(value)
            self.asked.append((value, self.world.now))

    @rule(version=st.sampled_from(["1", "2", "3"]))
    def the_secret_changes(self, version):
        self.world.rotate(version)

    @rule(
        change=st.fixed_dictionaries(
            {},
            optional={
                "displayName": st.sampled_from(["a", "b"]),
                "suspend": st.booleans(),
                "schedule": st.sampled_from(SCHEDULES),
                "timeZone": st.sampled_from([*ZONES, "Mars/Olympus"]),
            },
        )
    )
    def the_spec_changes(self, change):
        self.world.change(**change)

    @rule(has_room=st.booleans(), refuses=st.sampled_from(["", "", "for now", "for good"]))
    def the_cluster_is_busy(self, has_room, refuses):
        self.world.has_room, self.world.refuses = has_room, refuses

    @rule(sure=st.integers(0, 9))
    def somebody_deletes_the_connection(self, sure):
        if sure == 0:
            self.world.delete()

    # What holds.

    @invariant()
    def at_most_one_job_is_active(self):
        assert len(self.world.active) <= 1

    @invariant()
    def a_purge_only_comes_on(self):
        removal = self.world.read().status.removal
        assert removal is None or self.erased <= removal.erased_rows <= ROWS
        self.erased = removal.erased_rows if removal else 0

    @invariant()
    def nothing_goes_before_its_data(self):
        is_purged = any(job.purpose is Purpose.PURGE for job in self.world.created)
        assert not (self.world.is_gone and is_purged and self.rows)

    @invariant()
    def a_carried_out_plan_changes_nothing(self):
        """Deciding twice is deciding once: writing what was decided makes no other decision."""
        world, decided = self.world, self.world.decide()
        kept = world.status, world.status_writes
        world._write(decided.status)
        again = world.decide()
        world.status, world.status_writes = kept
        assert again.status == decided.status
        assert again.wanted == decided.wanted
        assert again.cleanup == decided.cleanup
        assert not again.events or decided.events[-1:] == again.events[-1:]

    @invariant()
    def conditions_keep_the_rules_of_kstatus(self):
        status = self.world.read().status
        if not status.conditions:
            return
        assert [one.type for one in status.conditions] == list(Type)
        said = {one.type: one for one in status.conditions}
        assert not (
            said[Type.RECONCILING].status is Truth.TRUE and said[Type.STALLED].status is Truth.TRUE
        )
        assert said[Type.STALLED].status is not Truth.TRUE or (
            said[Type.READY].status is Truth.FALSE
        )
        for one in status.conditions:
            assert one.reason in KNOWN
            assert one.message

    @invariant()
    def names_are_never_reused(self):
        names = [job.name for job in self.runs]
        assert len(names) == len(set(names))

    @invariant()
    def no_moment_of_the_schedule_is_run_twice(self):
        """A scheduled run is for a moment later than every run that began before it."""
        for earlier, job in pairwise(self.runs):
            if job.trigger is Trigger.SCHEDULE:
                assert datetime.fromisoformat(job.run_key) > earlier.created

    @invariant()
    def a_scheduled_run_is_for_a_moment_that_has_come(self):
        for job in syncs(self.world):
            if job.trigger is Trigger.SCHEDULE:
                assert datetime.fromisoformat(job.run_key) <= job.created

    def teardown(self):
        """In a cluster that calms down, everything that was asked for has been done."""
        world = self.world
        world.has_room, world.refuses = True, ""
        for _ in range(4):
            world.wait(minutes=61)
            self._finish()
        if world.deleted_at is not None:
            assert world.is_gone
            return
        self._check_requests()
        self._check_rest()

    def _finish(self):
        for _ in range(6):
            self.world.settle()
            for job in self.world.active:
                self.rows = 0 if job.purpose is Purpose.PURGE else self.rows
                self.world.end(job)
        self.world.settle()

    def _check_requests(self):
        status, world = self.world.read().status, self.world
        if world.condition(Type.STALLED)[1] == "InvalidSpec":
            return
        if self.asked:
            value, moment = self.asked[-1]
            assert status.last_handled_reconcile_at == request_of(value)
            assert any(
                job.requested_at == request_of(value)
                and job.created >= moment.replace(microsecond=0)
                for job in syncs(world)
            )
        assert status.queued_since is None

    def _check_rest(self):
        world = self.world
        status, spec = world.read().status, world.spec
        assert not world.turn()
        assert status.observed_generation == world.generation
        if world.condition(Type.STALLED)[0] == "True":
            assert world.condition(Type.STALLED)[1] in {"InvalidSpec", *STALLING}
            assert status.next_schedule_time is None
        elif spec["schedule"] and not spec.get("suspend"):
            following = schedule.next_due(spec["schedule"], spec["timeZone"], after=world.now)
            assert status.next_schedule_time in {following, world.now.replace(microsecond=0)} or (
                status.next_schedule_time <= world.now < world.decide().wake_at
            )


def test_whatever_happens():
    run_state_machine_as_test(
        Cluster,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            phases=(Step.explicit, Step.reuse, Step.generate, Step.shrink),
        ),
    )


def test_a_run_that_was_refused_is_not_late_when_it_is_tried_again():
    state = Cluster()
    start = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    state.begin(start=start, line="0 */6 * * *", zone="UTC", deadline=0, policy="Retain", jitter=0)
    state.look()
    state.a_job_dies(death={"ended_by": "OOMKilled", "exit_code": 137}, word="")
    state.the_alarm_rings()
    state.time_passes(minutes=1)
    state.the_cluster_is_busy(has_room=False, refuses="")
    state.look()
    state.the_cluster_is_busy(has_room=True, refuses="for now")
    state.look()
    state.a_carried_out_plan_changes_nothing()
    state.teardown()


def test_a_clean_up_that_has_begun_is_not_forgotten_with_the_job_that_called_for_it():
    state = Cluster()
    start = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    state.begin(start=start, line="0 */6 * * *", zone="UTC", deadline=0, policy="Retain", jitter=0)
    state.look_and_die(steps=4)
    state.somebody_deletes_the_connection(sure=0)
    state.look()
    state.a_carried_out_plan_changes_nothing()
    state.teardown()


@pytest.mark.parametrize("seconds", [-3600 * 24 * 400, -7200, -30, 30, 7200, 3600 * 24 * 400])
@pytest.mark.parametrize("line", SCHEDULES[:4])
def test_a_clock_that_jumps_and_comes_back_stops_no_schedule(seconds, line):
    world = World(spec=SPEC | {"schedule": line})
    for jump in (0, seconds, -seconds):
        world.wait(seconds=jump)
        for _ in range(4):
            world.settle()
            for job in world.active:
                world.end(job)
    world.settle()
    before = len(syncs(world))
    alarm = world.decide().wake_at
    assert alarm - world.now <= timedelta(days=1)
    world.now = alarm
    world.settle()
    assert len(syncs(world)) == before + 1
