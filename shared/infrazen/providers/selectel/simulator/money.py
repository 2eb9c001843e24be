"""Simulated account APIs: projects, balances, unit prices, consumption by day."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.selectel.simulator.consumption import Charge, Meter
from infrazen.providers.selectel.simulator.identity import Identity, answer

_MOSCOW = ZoneInfo("Europe/Moscow")
_HOURS = Decimal(24)


class Money:
    """Answers whoever has a token of the account's."""

    def __init__(
        self,
        collections: Callable[[], dict[str, Collection]],
        identity: Identity,
        *,
        account_id: str,
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._identity = identity
        self._account_id = account_id
        self._now = now
        self._metered: tuple[Any, Meter] | None = None

    def routes(self) -> list[Route]:
        """Everything at ``api.selectel.ru`` that is read."""
        return [
            Route("/vpc/resell/v2/projects", self._known(self._projects)),
            Route("/v3/balances", self._known(self._balances)),
            Route("/v2/billing/vpc/prices", self._known(self._prices)),
            Route("/v1/cloud_billing/statistic/consumption", self._known(self._consumption)),
        ]

    def _known(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            if not self._identity.opens_account(request):
                return refused(401, "UNAUTHORIZED")
            return await handler(request)

        return respond

    async def _projects(self, _request: Request) -> Response:
        return answer({"projects": list(self._collections()["projects"])})

    async def _prices(self, _request: Request) -> Response:
        return answer({"prices": list(self._collections()["prices"])})

    async def _balances(self, _request: Request) -> Response:
        kopecks = sum(one["kopecks"] for one in self._collections()["balance"])
        billing = {
            "billing_type": "primary",
            "balances_values_sum": kopecks,
            "debt": [],
            "final_sum": kopecks,
            "debt_sum": 0,
            "balances": [{"balance_id": 1, "balance_type": "main", "value": kopecks}],
        }
        settings = {
            "mode": "prepay",
            "currency": "rub",
            "avaliable_billings": ["primary"],
            "avaliable_balances": ["main", "bonus"],
        }
        data = {"settings": settings, "billings": [billing], "debt_status": "no"}
        return answer({"status": "success", "data": data})

    async def _consumption(self, request: Request) -> Response:
        asked = request.query_params
        try:
            start = datetime.fromisoformat(asked["start"])
            end = datetime.fromisoformat(asked["end"])
        except (KeyError, ValueError):
            return refused(422, "UNPROCESSABLE_ENTITY")
        supported = ("project_object_region_metric", "day")
        keys = asked.getlist("provider_keys")
        if (asked.get("group_type"), asked.get("period_group_type")) != supported or not keys:
            return refused(422, "UNPROCESSABLE_ENTITY")
        rows = [row for day in _days(start, end) for row in self._rows(day, set(keys))]
        return answer(b'{"status":"success","data":[' + b",".join(rows) + b"]}")

    def _rows(self, day: date, keys: set[str]) -> Iterator[bytes]:
        """What ``day`` cost by now, as JSON: today, the hours that are over."""
        local = self._now().astimezone(_MOSCOW)
        if day > local.date():
            return
        hours = Decimal(local.hour) if day == local.date() else _HOURS
        if not hours:
            return
        share, ago = hours / _HOURS, (local.date() - day).days
        when = f',"period":"{day}T00:00:00","provision_end":"{day + timedelta(days=1)}T00:00:00"}}'
        end = when.encode()
        for charge in self._meter().charges(day, ago=ago):
            if charge.provider_key in keys:
                yield self._written(charge, share) + end

    def _meter(self) -> Meter:
        """The account's meter, a new one where a record has changed."""
        kept = self._collections()
        state = (id(kept), [collection.edits for collection in kept.values()])
        if self._metered is None or self._metered[0] != state:
            self._metered = (state, Meter(kept))
        return self._metered[1]

    def _written(self, charge: Charge, share: Decimal) -> bytes:
        """A row without its end, where the day stands."""
        if charge.written is not None and share == 1:
            return charge.written
        kopecks = (charge.amount * share * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        row = self._row(charge) | {"value": int(kopecks)}
        written = msgspec.json.encode(row).removesuffix(b"}")
        if share == 1:
            charge.written = written
        return written

    def _row(self, charge: Charge) -> dict[str, Any]:
        place = charge.place
        return {
            "account_id": self._account_id,
            "provider_key": charge.provider_key,
            "project": {"id": place.project, "name": place.project_name},
            "object": {
                "id": charge.object_id,
                "name": charge.object_name,
                "type": charge.object_type,
                "parent_id": None,
                "parent_name": None,
            },
            "metric": {
                "id": charge.metric,
                "name": charge.metric,
                "quantity": float(charge.quantity),
                "unit": charge.unit,
                "region": place.region,
            },
        }


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """Every day from ``start`` on that ``end`` reaches; its own hour is included."""
    day = start.date()
    while day <= end.date():
        yield day
        day += timedelta(days=1)


def refused(status: int, code: str) -> Response:
    """What Selectel's billing says instead of an answer."""
    return answer({"status": "error", "code": code, "error": {}}, status)
