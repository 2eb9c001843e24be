"""The account's endpoints: sign-in, projects, unit prices, consumption, balance."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from infrazen.domain.accounts import AccountInfo
from infrazen.domain.billing import BilledCharge
from infrazen.domain.periods import Days, local_day
from infrazen.domain.resources import SeenComponent
from infrazen.errors import ProviderError, UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.selectel import wire
from infrazen.providers.selectel.api import AccountApi
from infrazen.providers.selectel.mapper import TIME_ZONE, billing
from infrazen.providers.selectel.mapper.prices import PriceList
from infrazen.providers.selectel.places import Places

SIGN_IN = "identity.sign_in"
PROJECTS = "account.projects"
PRICES = "billing.prices"
CONSUMPTION = "billing.consumption"
BALANCE = "billing.balance"

TITLES = {
    SIGN_IN: Text("Вход сервисного пользователя", "Service user sign-in"),
    PROJECTS: Text("Проекты", "Projects"),
    PRICES: Text("Цены", "Prices"),
    CONSUMPTION: Text("Расходы по дням", "Daily consumption"),
    BALANCE: Text("Баланс", "Balance"),
}
"""What people call the endpoints."""

BALANCE_PATH = "/v3/balances"
PROJECTS_PATH = "/vpc/resell/v2/projects"
PRICES_PATH = "/v2/billing/vpc/prices"
CONSUMPTION_PATH = "/v1/cloud_billing/statistic/consumption"

FIRST_DAYS = 3
MOST_DAYS = 31
ROWS_AT_ONCE = 40_000
"""How many rows an answer may have, about; it then takes some 16 MB."""

_PROJECTS = msgspec.json.Decoder(wire.Projects)
_PRICES = msgspec.json.Decoder(wire.UnitPrices)
_CONSUMPTION = msgspec.json.Decoder(wire.ConsumptionReply)
_BALANCE = msgspec.json.Decoder(wire.Balance, strict=False)


class Account:
    """What belongs to the account as a whole.

    ``prices`` is None where they could not be read. ``billed`` has what each resource was
    charged on the last whole day, None where that is not known.
    """

    def __init__(
        self, api: AccountApi, places: Places, *, account_id: str, redactor: Redactor, clock: Clock
    ) -> None:
        self._api = api
        self._places = places
        self._account_id = account_id
        self._clock = clock
        self.prices: PriceList | None = None
        self.billed: dict[str, Decimal] | None = None
        self._days: dict[date, Decimal] = {}
        self._projects = Records(wire.Project, endpoint=PROJECTS, redactor=redactor)
        self._unit_prices = Records(wire.UnitPrice, endpoint=PRICES, redactor=redactor)
        self._charges = Records(wire.Consumption, endpoint=CONSUMPTION, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(name=SIGN_IN, read=self._sign_in, lists=False),
            Endpoint(name=PROJECTS, read=self._read_projects, after=(SIGN_IN,)),
            Endpoint(name=PRICES, read=self._read_prices, after=(SIGN_IN,)),
            Endpoint(name=CONSUMPTION, read=self._read_consumption, lists=False, after=(SIGN_IN,)),
            Endpoint(name=BALANCE, read=self._read_balance, lists=False, after=(CONSUMPTION,)),
        )

    @property
    def _today(self) -> date:
        return local_day(self._clock.now(), TIME_ZONE)

    async def sign_in(self) -> None:
        """Prove the service user."""
        await self._api.sign_in()

    async def balance(self) -> AccountInfo:
        """What there is on the account."""
        reply = await self._api.get(BALANCE_PATH, _BALANCE)
        return billing.account(
            reply, account_id=self._account_id, days=self._days, today=self._today
        )

    async def _sign_in(self, _sink: Sink) -> None:
        await self._api.sign_in()

    async def _read_projects(self, sink: Sink) -> None:
        projects: list[wire.Project] = []

        def put(source: wire.Project) -> None:
            sink.component(
                SeenComponent(
                    listing=PROJECTS,
                    resource=None,
                    kind="project",
                    name=source.name,
                    status="enabled" if source.enabled else "disabled",
                    details={"id": source.id},
                )
            )
            if source.id not in {known.id for known in projects}:
                projects.append(source)

        try:
            reply = await self._api.own(PROJECTS_PATH, _PROJECTS)
        except ProviderError as error:
            raise self._nobody_let_in(error) from None
        missed = self._projects.each(reply.projects, sink, put)
        if missed:
            sink.note(
                Text(
                    f"Не прочитано проектов: {missed}, а с ними и всё, что в этих проектах.",
                    f"{missed} projects could not be read, and so nothing in them.",
                )
            )
        self._places.unread = missed
        self._places.projects = projects

    def _nobody_let_in(self, error: ProviderError) -> Exception:
        if self._places.is_closed:
            return NothingToRead("not asked: Selectel did not let the service user in")
        return error

    async def _read_prices(self, sink: Sink) -> None:
        found: list[wire.UnitPrice] = []
        try:
            reply = await self._api.get(PRICES_PATH, _PRICES, {"currency": "rub"})
        except ProviderError as error:
            raise self._refused(error) from None
        missed = self._unit_prices.each(reply.prices, sink, found.append)
        self.prices = None if missed else PriceList(found)

    def _refused(self, error: ProviderError) -> Exception:
        """What to say of a refusal that only repeats the sign-in's."""
        own = not self._api.has_static_token and self._places.is_closed
        return self._nobody_let_in(error) if own else error

    async def _read_consumption(self, sink: Sink) -> None:
        wanted = sink.days_to_bill()
        until, step = wanted.until, FIRST_DAYS
        per_resource: dict[date, dict[str, Decimal]] = {}
        while until > wanted.since:
            days = Days(max(wanted.since, _before(until, step)), until)
            rows = await self._read_days(days, sink, per_resource)
            until = days.since
            step = max(1, min(MOST_DAYS, ROWS_AT_ONCE * len(days) // max(rows, 1)))
        last = _before(self._today, 1)
        self.billed = per_resource.get(last, {}) if last in wanted else None

    async def _read_days(
        self, days: Days, sink: Sink, per_resource: dict[date, dict[str, Decimal]]
    ) -> int:
        """Read what was consumed on ``days``; how many rows that took."""

        def put(source: wire.Consumption) -> None:
            charge = billing.charge(source)
            if charge.day not in days:
                raise UnexpectedPayload("a charge of a day that was not asked for")
            sink.charge(charge)
            self._note(charge, per_resource)

        try:
            reply = await self._api.get(CONSUMPTION_PATH, _CONSUMPTION, _question(days))
        except ProviderError as error:
            raise self._refused(error) from None
        self._charges.each(reply.data, sink, put)
        sink.billed(days, covers=billing.COVERED)
        return len(reply.data)

    def _note(self, charge: BilledCharge, per_resource: dict[date, dict[str, Decimal]]) -> None:
        self._days[charge.day] = self._days.get(charge.day, Decimal(0)) + charge.amount
        if charge.line.resource is not None:
            amounts = per_resource.setdefault(charge.day, {})
            before = amounts.get(charge.line.resource, Decimal(0))
            amounts[charge.line.resource] = before + charge.amount

    async def _read_balance(self, sink: Sink) -> None:
        try:
            sink.account(await self.balance())
        except ProviderError as error:
            raise self._refused(error) from None


def _before(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() - days)


def _question(days: Days) -> Mapping[str, Any]:
    """Moscow's clock without a zone; the end is the last second, for its hour is included."""
    return {
        "provider_keys": list(billing.PROVIDER_KEYS),
        "start": f"{days.since}T00:00:00",
        "end": f"{_before(days.until, 1)}T23:59:59",
        "locale": "ru",
        "group_type": "project_object_region_metric",
        "period_group_type": "day",
    }
