"""What the cluster said a moment ago: one request a namespace, however many look."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

from infrazen.cluster.api import ClusterApi
from infrazen.cluster.resources import ManagedResource, resource_of
from infrazen.errors import ClusterUnavailable, InfraZenError

FRESH_SECONDS = 3.0
TROUBLE_SECONDS = 15.0
"""A cluster that does not answer is left alone for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A namespace's CloudConnections by name.

    ``trouble`` is the reason why the last request failed; then they are as they were before.
    """

    resources: dict[str, ManagedResource] = field(default_factory=dict)
    trouble: str = ""


class RecentStatus:
    """Keeps each namespace's list for a few seconds; safe to share between threads."""

    def __init__(self, api: ClusterApi, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[str, tuple[float, Said]] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def of(self, namespaces: Iterable[str]) -> dict[str, Said]:
        """What each namespace has; never raises what the cluster does wrong.

        Where one gets no answer, the others are not asked either: each would take as long.
        """
        found: dict[str, Said] = {}
        is_away = False
        for namespace in sorted(set(namespaces)):
            found[namespace] = self._said(namespace, ask=not is_away)
            is_away = is_away or found[namespace].trouble == ClusterUnavailable.reason
        return found

    def forget(self, namespace: str) -> None:
        """Ask anew next time: something was written there."""
        with self._locks[namespace]:
            _, said = self._known.get(namespace, (0.0, Said()))
            self._known[namespace] = (self._clock(), said)

    def _said(self, namespace: str, *, ask: bool) -> Said:
        with self._locks[namespace]:
            until, said = self._known.get(namespace, (self._clock(), Said()))
            if self._clock() < until:
                return said
            if not ask:
                return replace(said, trouble=ClusterUnavailable.reason)
            said = self._asked(namespace, said)
            lasts = TROUBLE_SECONDS if said.trouble else FRESH_SECONDS
            self._known[namespace] = (self._clock() + lasts, said)
            return said

    def _asked(self, namespace: str, before: Said) -> Said:
        try:
            found = [resource_of(one) for one in self._api.connections(namespace)]
        except InfraZenError as error:
            return replace(before, trouble=error.reason)
        return Said(resources={one.name: one for one in found})
