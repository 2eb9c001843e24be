"""The board knows the latest of what it was told, in whatever order."""

import pytest

from infrazen.manifests.connection import CloudConnection, InvalidConnection
from infrazen.manifests.names import FINALIZER
from infrazen_operator.board import Board, Key
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS
from tests.operator.cluster_objects import NAMESPACE, connection, ended, job, pod

KEY = Key(NAMESPACE, "beget-main")
HOME = "infrazen"


class Seen:
    """A board and the keys of what it said has changed."""

    def __init__(self, *, serves=lambda namespace: True):
        self.changed: list[Key] = []
        self.board = Board(home=HOME, serves=serves, changed=self.changed.append)

    def news(self) -> list[Key]:
        news, self.changed[:] = list(self.changed), []
        return news


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_a_connection_is_known_with_its_jobs_and_the_pods_that_tell_how_they_are(seen):
    seen.board.note(PODS, pod(state={"running": {"startedAt": "2026-11-26T08:00:03Z"}}))
    seen.board.note(JOBS, job())
    seen.board.note(CONNECTIONS, connection())

    entry = seen.board.entry(KEY)
    assert entry is not None
    assert isinstance(entry.resource, CloudConnection)
    (known,) = seen.board.jobs(entry.uid)
    assert known.active
    assert known.pod is not None
    assert known.pod.started_at is not None
    assert seen.news() == [KEY]


@pytest.mark.parametrize(
    ("purpose", "namespace", "is_believed"),
    [
        ("sync", NAMESPACE, True),
        ("sync", "somebody-elses", False),
        ("sync", HOME, False),
        ("purge", HOME, True),
        ("purge", NAMESPACE, False),
        ("release", "somebody-elses", False),
    ],
)
def test_a_job_in_another_place_than_the_operator_makes_it_says_nothing(
    seen, purpose, namespace, is_believed
):
    forged = job(purpose=purpose)
    forged["metadata"]["namespace"] = namespace
    seen.board.note(JOBS, forged)
    seen.board.note(CONNECTIONS, connection())

    assert bool(seen.board.jobs("uid-beget-main")) is is_believed
    running = len(list(seen.board.running()))
    assert running == (1 if is_believed and purpose == "sync" else 0)


def test_of_two_versions_the_later_one_stands_whenever_it_came(seen):
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, job(version=9, conditions=(ended("Complete"),)))
    seen.board.note(JOBS, job(version=8))

    (known,) = seen.board.jobs("uid-beget-main")
    assert not known.active


def test_what_differs_in_nothing_that_matters_is_no_news(seen):
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, job())
    seen.news()

    seen.board.note(CONNECTIONS, connection(version=2))
    seen.board.note(CONNECTIONS, connection(version=3, metadata={"labels": {"team": "a"}}))
    seen.board.note(JOBS, job(version=2))
    assert seen.news() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"metadata": {"generation": 2}},
        {"metadata": {"annotations": {"reconcile.infrazen.io/requestedAt": "now"}}},
        {"metadata": {"finalizers": [FINALIZER]}},
        {"metadata": {"deletionTimestamp": "2026-11-26T09:00:00Z"}},
        {"metadata": {"uid": "another"}},
        {"status": {"activeJob": "by hand"}},
    ],
)
def test_what_decisions_are_made_by_is_news(seen, changed):
    seen.board.note(CONNECTIONS, connection())
    seen.news()

    seen.board.note(CONNECTIONS, connection(version=2, **changed))
    assert seen.news() == [KEY]


def test_what_was_deleted_does_not_come_back_with_an_answer_that_was_late(seen):
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, job())
    seen.news()
    seen.board.note(JOBS, job(version=2), deleted=True)
    assert seen.news() == [KEY]

    seen.board.note(JOBS, job())
    assert seen.board.jobs("uid-beget-main") == ()


def test_a_connection_made_anew_under_its_name_is_another_one(seen):
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, job())
    seen.board.note(CONNECTIONS, connection(version=7, metadata={"uid": "second"}))
    seen.board.note(CONNECTIONS, connection(), deleted=True)

    entry = seen.board.entry(KEY)
    assert entry is not None
    assert entry.uid == "second"
    assert seen.board.jobs(entry.uid) == ()


def test_what_a_list_does_not_have_is_forgotten(seen):
    for name in ("stays", "goes"):
        seen.board.note(CONNECTIONS, connection(name))
    seen.board.note(JOBS, job())
    before = seen.board.known(CONNECTIONS, NAMESPACE)
    assert before == {"uid-stays", "uid-goes"}
    assert seen.board.known(CONNECTIONS, "another") == set()
    assert seen.board.known(JOBS, None) == {"uid-beget-main-0123456789"}

    seen.board.forget(CONNECTIONS, before - {"uid-stays"})
    assert [key.name for key, _ in seen.board.entries()] == ["stays"]


def test_a_connection_that_makes_no_sense_is_known_as_such(seen):
    seen.board.note(CONNECTIONS, connection(spec={"provider": "nowhere"}))
    entry = seen.board.entry(KEY)
    assert entry is not None
    assert isinstance(entry.resource, InvalidConnection)


def test_only_served_namespaces_count():
    seen = Seen(serves=lambda namespace: namespace == "another")
    seen.board.note(CONNECTIONS, connection())
    assert seen.board.entry(KEY) is None
    assert seen.news() == []


def test_only_sync_jobs_that_have_not_ended_are_running(seen):
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, job("runs"))
    seen.board.note(JOBS, job("ended", conditions=(ended("Complete"),)))
    seen.board.note(JOBS, job("releases", purpose="release"))
    assert [(one.seen.name, one.organization) for one in seen.board.running()] == [("runs", "acme")]
    seen.board.note(JOBS, job("runs", version=2, conditions=(ended("Failed"),)))
    assert not list(seen.board.running())


def test_a_job_that_is_gone_runs_no_more(seen):
    running = job("runs")
    seen.board.note(CONNECTIONS, connection())
    seen.board.note(JOBS, running)
    assert list(seen.board.running())
    seen.board.note(JOBS, running, deleted=True)
    assert not list(seen.board.running())


def test_a_connection_is_new_until_it_was_synced(seen):
    assert not seen.board.is_new(KEY)
    seen.board.note(CONNECTIONS, connection())
    assert seen.board.is_new(KEY)
    run = {"trigger": "Manual", "phase": "Failed"}
    seen.board.note(CONNECTIONS, connection(version=2, status={"history": [run]}))
    assert not seen.board.is_new(KEY)


def test_jobs_of_others_are_nobodys(seen):
    foreign = job()
    foreign["metadata"]["labels"] = {"app": "else"}
    seen.board.note(JOBS, foreign)
    odd = job("odd", purpose="cook")
    seen.board.note(JOBS, odd)
    assert seen.board.known(JOBS, None) == set()
