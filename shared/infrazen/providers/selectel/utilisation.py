"""Utilisation of servers, from Gnocchi."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from infrazen.domain.syncs import Quarantined
from infrazen.errors import ProviderError, ProviderUnavailable, UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.openstack import wire
from infrazen.provider_kit.openstack.session import Session, joined
from infrazen.provider_kit.together import for_each_within
from infrazen.provider_kit.unreadable import reason
from infrazen.providers.selectel.credentials import SelectelSettings
from infrazen.providers.selectel.inventory import SERVERS, Inventory
from infrazen.providers.selectel.mapper import utilisation as mapper
from infrazen.providers.selectel.mapper.utilisation import Machine, Measured
from infrazen.providers.selectel.places import Place, Places

NAME = "metric.utilisation"
TITLES = {NAME: Text("Загрузка", "Utilisation")}
"""What people call the endpoints."""

AT_ONCE = 4
FAILURES_IN_A_ROW = 8
GRANULARITY = 300
_ABSENT = frozenset({404})
_MEASURES = msgspec.json.Decoder(wire.Measures)


@dataclass(frozen=True, slots=True)
class _Gnocchi:
    """Where the measures of a project's servers in a region are."""

    session: Session
    url: str


class Statistics:
    """Reads series, the dearest servers first, for as long as the settings allow."""

    def __init__(
        self, places: Places, inventory: Inventory, *, settings: SelectelSettings, clock: Clock
    ) -> None:
        self._places = places
        self._inventory = inventory
        self._settings = settings
        self._clock = clock
        self._failures = 0

    def endpoints(self) -> Sequence[Endpoint]:
        """One, or none where the settings say so."""
        if not self._settings.collect_statistics:
            return ()
        return (Endpoint(name=NAME, read=self._read, lists=False, after=(SERVERS,)),)

    async def _read(self, sink: Sink) -> None:
        self._places.check_open()
        machines = sorted(
            self._inventory.machines.values(), key=lambda one: (-one[0].daily_micro, one[0].key)
        )

        async def read_one(one: tuple[Machine, Place]) -> None:
            machine, place = one
            services = await place.session.services("metric")
            here = next((s for s in services if s.region == place.service.region), None)
            if here is not None:
                gnocchi = _Gnocchi(place.session, joined(here, "/v1", "/resource/generic"))
                for measured in mapper.METRICS:
                    await self._read_metric(machine, measured, gnocchi, sink)

        unreached = await for_each_within(
            self._settings.statistics_seconds,
            machines,
            read_one,
            at_once=AT_ONCE,
            clock=self._clock,
        )
        if unreached:
            seconds = self._settings.statistics_seconds
            sink.note(
                Text(
                    f"За отведённые {seconds} с не дошла очередь до {unreached} из "
                    f"{len(machines)} серверов.",
                    f"{unreached} of {len(machines)} servers were not reached within {seconds} s.",
                )
            )

    async def _read_metric(
        self, machine: Machine, measured: Measured, gnocchi: _Gnocchi, sink: Sink
    ) -> None:
        try:
            found = await self._measures(machine, measured, gnocchi)
            series = mapper.series(machine, measured, found or [])
            if series is not None:
                sink.usage(series)
        except (UnexpectedPayload, ProviderUnavailable, ValueError) as error:
            self._give_up_after_many(error)
            why = str(error) if isinstance(error, ProviderError) else reason(error)
            sink.quarantine(
                Quarantined(endpoint=NAME, key=machine.key, reason=why, raw=measured.name)
            )
        else:
            self._failures = 0

    async def _measures(
        self, machine: Machine, measured: Measured, gnocchi: _Gnocchi
    ) -> wire.Measures | None:
        """The last hours of a metric, None where the server has no such one."""
        stop = self._clock.now()
        start = stop - timedelta(hours=self._settings.statistics_hours)
        return await gnocchi.session.get(
            f"{gnocchi.url}/{machine.id}/metric/{measured.name}/measures",
            _MEASURES,
            params={
                "start": start.isoformat(timespec="seconds"),
                "stop": stop.isoformat(timespec="seconds"),
                "granularity": GRANULARITY,
                "aggregation": "mean",
            },
            absent=_ABSENT,
        )

    def _give_up_after_many(self, error: Exception) -> None:
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW and isinstance(error, ProviderError):
            raise error
