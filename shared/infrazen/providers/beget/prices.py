"""What other sizes of what runs would cost: price lists, and the calculator."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from infrazen.errors import ProviderUnavailable, UnexpectedPayload
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.together import for_each
from infrazen.providers.beget.cloud import SERVICES, VPS, Cloud, Machine
from infrazen.providers.beget.credentials import BegetSettings
from infrazen.providers.beget.mapper import prices as mapper
from infrazen.providers.beget.modern_api import ModernApi
from infrazen.providers.beget.wire import cloud as wire

LISTS = "modern.prices"
CALCULATOR = "modern.calculator"
TITLES = {
    LISTS: Text("Прайс-листы", "Price lists"),
    CALCULATOR: Text("Калькулятор цен", "Price calculator"),
}
"""What people call the endpoints."""

_NOT_ALL = Text(
    "Не все серверы и базы удалось прочитать: прежние цены их конфигураций остаются.",
    "Not all servers and databases could be read: the prices known of their sizes stay.",
)
MOST_CALCULATIONS = 60
AT_ONCE = 4

_CONFIGURATIONS = msgspec.json.Decoder(wire.Configurations, strict=False)
_SERVICE_CONFIGURATIONS = msgspec.json.Decoder(wire.ServiceConfigurations, strict=False)
_CONFIGURATOR = msgspec.json.Decoder(wire.Configurator, strict=False)
_CALCULATION = msgspec.json.Decoder(wire.Calculation, strict=False)


@dataclass(frozen=True, slots=True)
class _Question:
    """A size to ask the price of, for those who have what ``machine`` has."""

    machine: Machine
    size: mapper.Size


class Prices:
    """Asks only for machines whose load is read: without it nobody can tell what is too large.

    Machines of one configuration in one region share their price, so one is asked for all.
    """

    def __init__(
        self, api: ModernApi, cloud: Cloud, *, settings: BegetSettings, redactor: Redactor
    ) -> None:
        self._api = api
        self._cloud = cloud
        self._settings = settings
        self._known_choices: dict[tuple[str, str], wire.Choices | None] = {}
        self._sizes = Records(wire.Configuration, endpoint=LISTS, redactor=redactor)
        self._service_sizes = Records(wire.ServiceConfiguration, endpoint=LISTS, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """Two, or none where the settings say so."""
        if not self._settings.collect_statistics:
            return ()
        return (
            Endpoint(name=LISTS, read=self._read_lists, after=(VPS, SERVICES)),
            Endpoint(name=CALCULATOR, read=self._read_calculator, after=(VPS,)),
        )

    def _check_what_is_known(self, sink: Sink, listings: set[str], *, knows_any: bool) -> None:
        """Prices of machines that could not be listed this time stay as they are."""
        if self._api.failure is not None:
            raise NothingToRead("not asked: Beget did not let us into the cloud API")
        if self._cloud.read.issuperset(listings):
            return
        if not knows_any:
            raise NothingToRead("not asked: the servers and databases could not be read")
        sink.incomplete(_NOT_ALL)

    async def _read_lists(self, sink: Sink) -> None:
        kinds = {machine.kind for machine in self._cloud.machines.values()}
        self._check_what_is_known(sink, {VPS, SERVICES}, knows_any=bool(kinds))

        def put_size(source: wire.Configuration) -> None:
            if offer := mapper.configuration(source, listing=LISTS):
                sink.offer(offer)

        def put_service_size(source: wire.ServiceConfiguration) -> None:
            if offer := mapper.service_configuration(source, listing=LISTS):
                sink.offer(offer)

        if "vps" in kinds:
            sizes = await self._api.get("/v1/vps/configuration", _CONFIGURATIONS)
            self._sizes.each(sizes.configurations or (), sink, put_size)
        if kinds - {"vps"}:
            listed = await self._api.get("/v1/cloud/configuration", _SERVICE_CONFIGURATIONS)
            self._service_sizes.each(listed.configuration or (), sink, put_service_size)

    async def _read_calculator(self, sink: Sink) -> None:
        machines = self._dearest_of_each()
        self._check_what_is_known(sink, {VPS}, knows_any=bool(machines))
        questions: list[_Question] = []
        for machine in machines:
            choices = await self._choices(machine)
            sizes = mapper.smaller(machine.cores, machine.memory_mb, choices) if choices else ()
            questions.extend(_Question(machine, size) for size in sizes)
        unasked = 0

        async def ask(question: _Question) -> None:
            nonlocal unasked
            if not await self._ask(question, sink):
                unasked += 1

        await for_each(questions[:MOST_CALCULATIONS], ask, at_once=AT_ONCE)
        unasked += len(questions[MOST_CALCULATIONS:])
        if unasked:
            sink.incomplete(
                Text(
                    f"Не удалось узнать цену {unasked} из {len(questions)} конфигураций.",
                    f"{unasked} of {len(questions)} sizes could not be priced this time.",
                )
            )

    def _dearest_of_each(self) -> list[Machine]:
        """One machine of each configuration, those that cost the most together first."""
        groups: defaultdict[tuple[str, str], list[Machine]] = defaultdict(list)
        for machine in self._cloud.machines.values():
            if machine.kind == "vps" and machine.sku:
                groups[machine.region, machine.sku].append(machine)
        together = sorted(groups.values(), key=lambda some: -sum(one.daily_micro for one in some))
        return [some[0] for some in together]

    async def _choices(self, machine: Machine) -> wire.Choices | None:
        place = (machine.region, machine.group)
        if place not in self._known_choices:
            params = {"region": machine.region, "configuration_group": machine.group}
            reply = await self._api.get("/v1/vps/configurator/info", _CONFIGURATOR, params)
            self._known_choices[place] = reply.settings
        return self._known_choices[place]

    async def _ask(self, question: _Question, sink: Sink) -> bool:
        machine, (cpu, memory_mb) = question.machine, question.size
        try:
            reply = await self._api.get(
                "/v1/vps/configurator/calculation",
                _CALCULATION,
                {
                    "params.cpu_count": cpu,
                    "params.memory": memory_mb,
                    "params.disk_size": machine.disk_mb,
                    "region": machine.region,
                    "configuration_group": machine.group,
                    "vps_id": machine.id,
                },
            )
        except (ProviderUnavailable, UnexpectedPayload):
            return False
        if reply.success is None:
            return False
        offer = mapper.calculated(
            reply.success,
            listing=CALCULATOR,
            sku=machine.sku,
            group=machine.group,
            region=machine.region,
            size=question.size,
            disk_mb=machine.disk_mb,
        )
        if offer is not None:
            sink.offer(offer)
        return offer is not None
