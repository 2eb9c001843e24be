"""Utilisation of what runs: the last hour, minute by minute."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from infrazen.domain.syncs import Quarantined
from infrazen.errors import ProviderError, ProviderUnavailable, UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.together import for_each_within
from infrazen.provider_kit.unreadable import reason
from infrazen.providers.beget.cloud import SERVICES, VPS, Cloud, Machine
from infrazen.providers.beget.credentials import BegetSettings
from infrazen.providers.beget.mapper import utilisation as mapper
from infrazen.providers.beget.modern_api import ModernApi
from infrazen.providers.beget.wire import cloud as wire

NAME = "modern.statistics"
TITLES = {
    NAME: Text("Загрузка", "Utilisation"),
}
"""What people call the endpoints."""

AT_ONCE = 4
FAILURES_IN_A_ROW = 8
PERIOD = "HOUR"

_STATISTIC = msgspec.json.Decoder(wire.Statistic, strict=False)


class Statistics:
    """Reads series, the dearest machines first, for as long as the settings allow."""

    def __init__(
        self, api: ModernApi, cloud: Cloud, *, settings: BegetSettings, clock: Clock
    ) -> None:
        self._api = api
        self._cloud = cloud
        self._settings = settings
        self._clock = clock
        self._failures = 0

    def endpoints(self) -> Sequence[Endpoint]:
        """One, or none where the settings say so."""
        if not self._settings.collect_statistics:
            return ()
        return (
            Endpoint(
                name=NAME,
                read=self._read,
                lists=False,
                after=(VPS, SERVICES),
            ),
        )

    async def _read(self, sink: Sink) -> None:
        if self._api.failure is not None:
            raise NothingToRead("not asked: Beget did not let us into the cloud API")
        known = (*self._cloud.machines.values(), *self._cloud.carriers.values())
        machines = sorted(known, key=lambda m: (-m.daily_micro, m.key))

        async def read_one(machine: Machine) -> None:
            for metric in mapper.metrics(machine.kind):
                await self._read_metric(machine, metric, sink)

        unreached = await for_each_within(
            self._settings.statistics_seconds,
            machines,
            read_one,
            at_once=AT_ONCE,
            clock=self._clock,
        )
        if unreached:
            sink.note(_unreached(unreached, of=len(machines), within=self._settings))

    async def _read_metric(self, machine: Machine, metric: str, sink: Sink) -> None:
        try:
            source = await self._api.get(_path(machine, metric), _STATISTIC, {"period": PERIOD})
            for series in mapper.usage(
                source,
                resource=machine.key,
                cores=machine.cores,
                memory_mb=machine.memory_mb,
                bandwidth_mbps=machine.bandwidth_mbps,
            ):
                sink.usage(series)
        except (UnexpectedPayload, ProviderUnavailable, ValueError) as error:
            self._give_up_after_many(error)
            why = str(error) if isinstance(error, ProviderError) else reason(error)
            sink.quarantine(Quarantined(endpoint=NAME, key=machine.key, reason=why, raw=metric))
        else:
            self._failures = 0

    def _give_up_after_many(self, error: Exception) -> None:
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW and isinstance(error, ProviderError):
            raise error


def _unreached(count: int, *, of: int, within: BegetSettings) -> Text:
    seconds = within.statistics_seconds
    return Text(
        f"За отведённые {seconds} с не дошла очередь до {count} из {of} серверов.",
        f"{count} of {of} machines were not reached within {seconds} s.",
    )


def _path(machine: Machine, metric: str) -> str:
    segment = quote(machine.id, safe="")
    if machine.kind == "vps":
        return f"/v1/vps/statistic/{metric}/{segment}"
    return f"/v1/cloud/{machine.kind}/{segment}/statistic/{metric}"
