"""What is known of the cluster: connections, and the Jobs and Pods that were made for them.

Filled by the watch streams, by lists, and by the answers to the operator's own writes, in any
order: of two versions of an object the later one stands. Objects come in as the API server
gives them and are kept as little more than what is asked of them.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from infrazen.manifests.connection import CloudConnection, InvalidConnection
from infrazen.manifests.names import FINALIZER, Purpose
from infrazen_operator.api import Document
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS, Kind
from infrazen_operator.reading import JobFacts, PodFacts, job_facts, pod_facts, telling
from infrazen_operator.seen import SeenJob

MOST_TOMBSTONES = 4096


class Key(NamedTuple):
    """A connection's namespace and name."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A connection: as read, or why it cannot be, and its status as it stands."""

    uid: str
    version: int
    resource: CloudConnection | InvalidConnection
    raw_status: Document

    @property
    def has_finalizer(self) -> bool:
        """Whether its deletion waits for the operator."""
        return FINALIZER in self.resource.metadata.finalizers

    @property
    def is_new(self) -> bool:
        """Whether it was never synced."""
        status = self.resource.status
        return status.last_sync is None and not status.history


class Board:
    """Connections by key, Jobs and Pods by the connection they belong to.

    ``changed`` is called with the key of each connection of which something else is known now.
    ``home`` is the operator's own namespace. A Job is believed only where the operator makes
    one: a sync beside its connection, a clean-up in ``home``. Labels alone anybody can write.
    """

    def __init__(
        self, *, home: str, serves: Callable[[str], bool], changed: Callable[[Key], None]
    ) -> None:
        self._home = home
        self._serves = serves
        self._changed = changed
        self._connections: dict[Key, Entry] = {}
        self._keys: dict[str, Key] = {}
        self._jobs: dict[str, dict[str, JobFacts]] = {}
        self._pods: dict[str, dict[str, PodFacts]] = {}
        self._active: dict[str, JobFacts] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()

    def note(self, kind: Kind, document: Document, *, deleted: bool = False) -> None:
        """Take in an object, or that it is gone."""
        if deleted:
            self._bury(document["metadata"]["uid"])
            self._drop(kind, document["metadata"]["uid"])
        elif document["metadata"]["uid"] in self._gone:
            return
        elif kind == CONNECTIONS:
            self._put_connection(document)
        elif kind == JOBS:
            self._put(self._jobs, job_facts(document))
        elif kind == PODS:
            self._put(self._pods, pod_facts(document))

    def known(self, kind: Kind, namespace: str | None) -> set[str]:
        """UIDs of what is known of a kind, in a namespace (None: in all)."""
        if kind == CONNECTIONS:
            return {
                entry.uid
                for key, entry in self._connections.items()
                if namespace in {None, key.namespace}
            }
        shelf: dict[str, dict[str, Any]] = self._jobs if kind == JOBS else self._pods
        return {
            facts.uid
            for family in shelf.values()
            for facts in family.values()
            if namespace in {None, facts.namespace}
        }

    def forget(self, kind: Kind, uids: Iterable[str]) -> None:
        """Drop objects that a list, made after they were known, does not have any more."""
        for uid in uids:
            self._drop(kind, uid)

    def entry(self, key: Key) -> Entry | None:
        """A connection, if it is there."""
        return self._connections.get(key)

    def entries(self) -> Iterator[tuple[Key, Entry]]:
        """All connections with what is known of them."""
        return iter(self._connections.items())

    def jobs(self, uid: str) -> tuple[SeenJob, ...]:
        """The Jobs of a connection, each with the Pod that tells how it is."""
        pods = defaultdict(list)
        for pod in self._pods.get(uid, {}).values():
            pods[pod.namespace, pod.job_name].append(pod)
        return tuple(
            replace(job.seen, pod=telling(pods[job.namespace, job.seen.name]))
            for job in self._jobs_of(uid)
        )

    def job_namespace(self, uid: str, name: str) -> str | None:
        """Where a connection's Job of a name is, if it is known."""
        for job in self._jobs_of(uid):
            if job.seen.name == name:
                return job.namespace
        return None

    def is_new(self, key: Key) -> bool:
        """Whether a connection is there that was never synced."""
        entry = self._connections.get(key)
        return entry is not None and entry.is_new

    def running(self) -> Iterator[JobFacts]:
        """Sync Jobs that have not ended."""
        return filter(self._is_in_place, self._active.values())

    def _jobs_of(self, uid: str) -> Iterator[JobFacts]:
        """A connection's Jobs, those alone that are where the operator puts them."""
        return filter(self._is_in_place, self._jobs.get(uid, {}).values())

    def _is_in_place(self, job: JobFacts) -> bool:
        """Whether a Job is in the namespace that it belongs to."""
        if job.seen.purpose != Purpose.SYNC:
            return job.namespace == self._home
        key = self._keys.get(job.connection_uid)
        return key is not None and job.namespace == key.namespace

    def _put_connection(self, document: Document) -> None:
        about = document["metadata"]
        key = Key(about["namespace"], about["name"])
        if not self._serves(key.namespace):
            return
        old = self._connections.get(key)
        version = int(about["resourceVersion"])
        if old is not None and old.version >= version:
            return
        entry = Entry(about["uid"], version, _read(document), document.get("status") or {})
        self._connections[key] = entry
        self._keys[entry.uid] = key
        if old is not None and old.uid != entry.uid:
            self._keys.pop(old.uid, None)
        if old is None or not _is_same(old, entry):
            self._changed(key)

    def _put(self, shelf: dict[str, dict[str, Any]], facts: JobFacts | PodFacts | None) -> None:
        if facts is None:
            return
        family = shelf.setdefault(facts.connection_uid, {})
        old = family.get(facts.uid)
        if old is not None and old.version >= facts.version:
            return
        family[facts.uid] = facts
        if isinstance(facts, JobFacts):
            self._note_active(facts)
        if old is None or replace(old, version=facts.version) != facts:
            self._tell(facts.connection_uid)

    def _note_active(self, job: JobFacts) -> None:
        if job.seen.purpose == Purpose.SYNC and job.seen.active:
            self._active[job.uid] = job
        else:
            self._active.pop(job.uid, None)

    def _drop(self, kind: Kind, uid: str) -> None:
        if kind == CONNECTIONS:
            key = self._keys.pop(uid, None)
            if key is not None and self._connections[key].uid == uid:
                del self._connections[key]
                self._changed(key)
            return
        shelf: dict[str, dict[str, Any]] = self._jobs if kind == JOBS else self._pods
        for owner, family in list(shelf.items()):
            if family.pop(uid, None) is not None:
                self._active.pop(uid, None)
                if not family:
                    del shelf[owner]
                self._tell(owner)
                return

    def _tell(self, uid: str) -> None:
        key = self._keys.get(uid)
        if key is not None:
            self._changed(key)

    def _bury(self, uid: str) -> None:
        """Remember that an object is gone: an answer that was on its way may come later."""
        self._gone[uid] = None
        while len(self._gone) > MOST_TOMBSTONES:
            self._gone.popitem(last=False)


def _read(document: Document) -> CloudConnection | InvalidConnection:
    try:
        return CloudConnection.read(document)
    except InvalidConnection as problem:
        return problem


def _is_same(old: Entry, new: Entry) -> bool:
    """Whether two versions differ in nothing that decisions are made by."""
    before, after = old.resource.metadata, new.resource.metadata
    return (
        (old.uid, before.generation, before.deletion_timestamp, before.finalizers)
        == (new.uid, after.generation, after.deletion_timestamp, after.finalizers)
        and before.annotations == after.annotations
        and old.raw_status == new.raw_status
    )
