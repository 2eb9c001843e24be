"""Leader election on a ``coordination.k8s.io`` Lease.

As everywhere in Kubernetes: the holder renews the Lease; whoever has seen no renewal for its
duration, on a clock of its own, takes it. A holder that could not renew stops by itself before
another may take over.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.kinds import LEASES

logger = logging.getLogger(__name__)

_RENEWALS = 3
"""How often a holder renews in a lease's duration."""


class NotLeading(Exception):
    """The Lease is not held by this process, which therefore may not write."""


class Election:
    """Takes part for the Lease ``name``; ``is_leading`` says whether this process may act."""

    def __init__(
        self,
        api: Api,
        *,
        namespace: str,
        name: str,
        identity: str,
        seconds: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._seconds = seconds
        self._clock = clock
        self.term = 0
        """How often this process has begun to lead."""
        self._held_until = float("-inf")
        self._mine: Document | None = None
        self._seen: tuple[str, float] = ("", float("-inf"))

    @property
    def is_leading(self) -> bool:
        """Whether the Lease is held, with time to spare."""
        return self._clock() < self._held_until

    @property
    def pause(self) -> float:
        """Seconds between two attempts."""
        return self._seconds / (_RENEWALS + 1)

    def guard(self) -> None:
        """Raise ``NotLeading`` where this process may not act."""
        if not self.is_leading:
            raise NotLeading

    async def attempt(self) -> bool:
        """Renew or take the Lease; whether it is held now. Never raises for the API server."""
        asked = self._clock()
        try:
            async with asyncio.timeout(self._spare):
                taken = await self._take()
        except (ClusterError, TimeoutError) as error:
            self._mine = None
            if not (isinstance(error, ClusterError) and error.is_conflict):
                logger.warning("the lease could not be asked for: %s", error or "no answer in time")
        else:
            if taken and not self.is_leading:
                self.term += 1
            self._held_until = asked + self._spare if taken else float("-inf")
        return self.is_leading

    async def resign(self) -> None:
        """Give the Lease up, so that another replica may act at once."""
        if not self.is_leading:
            return
        self._held_until = float("-inf")
        lease, self._mine = self._mine, None
        if lease is None:
            return
        try:
            async with asyncio.timeout(self._spare):
                lease["spec"] |= {"holderIdentity": "", "renewTime": _now()}
                await self._api.replace(LEASES, self._namespace, lease)
        except (ClusterError, TimeoutError) as error:
            logger.warning("the lease could not be given up: %s", error)

    @property
    def _spare(self) -> float:
        """How long a renewal lasts for its holder: less than for everybody else."""
        return self._seconds * _RENEWALS / (_RENEWALS + 1)

    async def _take(self) -> bool:
        lease = self._mine or await self._current()
        if lease is None:
            self._mine = await self._api.create(LEASES, self._namespace, self._document())
            return True
        spec: dict[str, Any] = lease.get("spec") or {}
        holder = spec.get("holderIdentity") or ""
        if holder not in {"", self._identity} and not self._is_silent(lease, spec):
            return False
        if holder != self._identity:
            spec["acquireTime"] = _now()
            spec["leaseTransitions"] = int(spec.get("leaseTransitions") or 0) + 1
        lease["spec"] = spec | self._claim()
        self._mine = await self._api.replace(LEASES, self._namespace, lease)
        return True

    async def _current(self) -> Document | None:
        try:
            return await self._api.get(LEASES, self._namespace, self._name)
        except ClusterError as error:
            if error.is_absent:
                return None
            raise

    def _is_silent(self, lease: Document, spec: dict[str, Any]) -> bool:
        """Whether the holder has not renewed for as long as it said it would."""
        version = lease["metadata"]["resourceVersion"]
        if self._seen[0] != version:
            self._seen = (version, self._clock())
        lasts = spec.get("leaseDurationSeconds") or self._seconds
        return self._clock() - self._seen[1] > lasts

    def _claim(self) -> dict[str, Any]:
        return {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": self._seconds,
            "renewTime": _now(),
        }

    def _document(self) -> Document:
        return {
            "apiVersion": LEASES.api_version,
            "kind": "Lease",
            "metadata": {"name": self._name, "namespace": self._namespace},
            "spec": self._claim() | {"acquireTime": _now(), "leaseTransitions": 0},
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
