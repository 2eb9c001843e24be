"""Events about connections, for ``kubectl describe`` and ``kubectl events``.

The same thing that happens again is counted, not told again; one connection cannot fill a
cluster's Events; and whatever looks like a secret is hidden.
"""

import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from infrazen.logs import redact
from infrazen.manifests.names import API_VERSION, KIND
from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.kinds import EVENTS
from infrazen_operator.places import Urgency

logger = logging.getLogger(__name__)

CONTROLLER = "infrazen.io/operator"
SERIES_SECONDS = 600.0
BUDGET = 25
"""Different Events of one connection in that time."""
MOST_SERIES = 4096
LONGEST_NOTE = 1000
_NAME_LENGTH = 200


@dataclass(slots=True)
class _Series:
    name: str
    count: int
    began: float


class Recorder:
    """Posts Events; never raises for the API server, since what they tell stands in the status."""

    def __init__(
        self, api: Api, *, identity: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._api = api
        self._identity = identity
        self._clock = clock
        self._series: OrderedDict[tuple[str, str, str, str], _Series] = OrderedDict()

    async def post(
        self, *, namespace: str, name: str, uid: str, type: str, reason: str, message: str
    ) -> None:
        """Tell that something happened to a connection, or that it happened once more."""
        note = _note(message)
        key = (uid, type, reason, note)
        self._forget_old()
        series = self._series.get(key)
        try:
            if series is not None:
                series.count += 1
                again = _once_more(series.count)
                await self._api.patch(EVENTS, namespace, series.name, again, urgency=Urgency.TOLD)
                return
            if sum(1 for known in self._series if known[0] == uid) >= BUDGET:
                return
            event = self._event(namespace=namespace, name=name, uid=uid)
            event |= {"type": type, "reason": reason, "note": note}
            self._series[key] = _Series(event["metadata"]["name"], 1, self._clock())
            await self._api.create(EVENTS, namespace, event, urgency=Urgency.TOLD)
        except ClusterError as error:
            self._series.pop(key, None)
            logger.info("an Event of %s/%s was not posted: %s", namespace, name, error)

    def _event(self, *, namespace: str, name: str, uid: str) -> Document:
        return {
            "apiVersion": EVENTS.api_version,
            "kind": "Event",
            "metadata": {
                "name": f"{name[:_NAME_LENGTH]}.{secrets.token_hex(8)}",
                "namespace": namespace,
            },
            "eventTime": _now(),
            "reportingController": CONTROLLER,
            "reportingInstance": self._identity[:128],
            "action": "Reconcile",
            "regarding": {
                "apiVersion": API_VERSION,
                "kind": KIND,
                "namespace": namespace,
                "name": name,
                "uid": uid,
            },
        }

    def _forget_old(self) -> None:
        now = self._clock()
        while self._series:
            key, oldest = next(iter(self._series.items()))
            if now - oldest.began < SERIES_SECONDS and len(self._series) < MOST_SERIES:
                return
            del self._series[key]


def _once_more(count: int) -> Document:
    return {"series": {"count": count, "lastObservedTime": _now()}}


def _note(message: str) -> str:
    """``message`` without secrets, as long as the API server takes it (1,024 bytes)."""
    told = redact(message)
    cut = told.encode()[:LONGEST_NOTE].decode(errors="ignore")
    return cut if cut == told else f"{cut}…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
