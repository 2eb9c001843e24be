"""Utilisation of the machines that run, from Monitoring."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from infrazen.domain.syncs import Quarantined
from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.compute import INSTANCES, Compute, Machine
from infrazen.providers.yandex.credentials import YandexSettings
from infrazen.providers.yandex.folders import Folders
from infrazen.providers.yandex.mapper import monitoring as mapper
from infrazen.providers.yandex.mapper.common import Place
from infrazen.providers.yandex.mapper.monitoring import Measured, Readings
from infrazen.providers.yandex.wire import monitoring as wire

METRICS = "monitoring.metrics"
PATH = "/monitoring/v2/data/read"

TITLES = {
    METRICS: Text("Загрузка", "Utilisation"),
}
"""What people call the endpoints."""

MACHINES_A_QUERY = 50
"""A query gives 500 lines at most, and machines have several disks."""

GRID = timedelta(minutes=15)
_LINES = msgspec.json.Decoder(wire.Lines, strict=False)


class Monitoring:
    """Reads series of many machines at once, folder by folder."""

    def __init__(
        self,
        api: Api,
        folders: Folders,
        compute: Compute,
        *,
        settings: YandexSettings,
        clock: Clock,
    ) -> None:
        self._api = api
        self._folders = folders
        self._compute = compute
        self._settings = settings
        self._clock = clock

    def endpoints(self) -> Sequence[Endpoint]:
        """One, or none where the settings say so."""
        if not self._settings.collect_statistics:
            return ()
        return (
            Endpoint(
                name=METRICS,
                read=self._read,
                lists=False,
                after=(INSTANCES,),
            ),
        )

    async def _read(self, sink: Sink) -> None:
        until = _on_grid(self._clock.now())
        since = until - timedelta(hours=self._settings.statistics_hours)
        silent = 0

        async def read_of(place: Place, sink: Sink) -> None:
            nonlocal silent
            machines = self._compute.machines.get(place.id, [])
            for start in range(0, len(machines), MACHINES_A_QUERY):
                some = machines[start : start + MACHINES_A_QUERY]
                batch = _Batch(self._api, place, some, since=since, until=until)
                silent += await batch.read(sink)

        await self._folders.each(sink, read_of)
        if silent:
            sink.note(notes.silent(silent))


class _Batch:
    """Some machines of one folder."""

    def __init__(
        self,
        api: Api,
        place: Place,
        machines: Sequence[Machine],
        *,
        since: datetime,
        until: datetime,
    ) -> None:
        self._api = api
        self._place = place
        self._machines = machines
        self._since = since
        self._until = until

    async def read(self, sink: Sink) -> int:
        """Put all there is into ``sink``; how many machines tell nothing of their memory."""
        for measured in mapper.COMPUTE:
            found = await self._readings(measured, [one.name for one in self._machines], sink)
            for machine in self._machines:
                of_machine = found.get(machine.name, {})
                series = mapper.series(machine.key, measured, of_machine, cores=machine.cores)
                if series is not None:
                    sink.usage(series)
        return await self._read_agents(sink)

    async def _read_agents(self, sink: Sink) -> int:
        hosts = [one.hostname for one in self._machines]
        available = await self._readings(mapper.MEMORY, hosts, sink)
        used = await self._readings(mapper.DISK_USED, hosts, sink)
        size = await self._readings(mapper.DISK_SIZE, hosts, sink) if used else {}
        silent = 0
        for machine in self._machines:
            host = machine.hostname
            memory = mapper.memory(
                machine.key, available.get(host, {}), memory_mb=machine.memory_mb
            )
            disk = mapper.disk(machine.key, used.get(host, {}), size.get(host, {}))
            for series in (memory, disk):
                if series is not None:
                    sink.usage(series)
            silent += memory is None
        return silent

    async def _readings(
        self, measured: Measured, names: Sequence[str], sink: Sink
    ) -> dict[str, Readings]:
        """By name; a metric that makes no sense costs itself."""
        body = mapper.question(measured, names, since=self._since, until=self._until, grid=GRID)
        try:
            lines = await self._api.post(
                "monitoring", PATH, _LINES, body, params={"folderId": self._place.id}
            )
            return mapper.readings(lines.metrics, measured)
        except UnexpectedPayload as error:
            reason = str(error)
        except ValueError:
            reason = f"{PATH}: a series has not as many values as moments"
        sink.quarantine(Quarantined(endpoint=METRICS, key=None, reason=reason, raw=measured.name))
        return {}


def _on_grid(now: datetime) -> datetime:
    """The end of the last step of the grid that is over."""
    seconds = GRID.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
