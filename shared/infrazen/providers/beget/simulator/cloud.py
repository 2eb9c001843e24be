"""The simulated cloud API: ``/v1/...``."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.beget.simulator import tariffs
from infrazen.providers.beget.simulator.regions import REGIONS
from infrazen.providers.beget.simulator.series import Profile, profile_of, series
from infrazen.providers.beget.simulator.tokens import Tokens

LONG_LIVED_TOKEN = "simulator-token"  # noqa: S105 (made up, for trials)
DEFAULT_LIMIT = 20
MOST = 1000
_METRICS = {
    "cpu": ("cpu",),
    "memory": ("memory",),
    "disk": ("data_read", "data_write"),
    "disk-usage": ("disk_usage",),
    "network": ("data_rx", "data_tx", "data_rx_private", "data_tx_private"),
}
_DETAILS = {
    "load-average": ("la1", "la5", "la15"),
    "cpu-details": ("user", "nice", "system", "idle", "iowait", "irq", "softirq"),
}
_CARRIERS = {"s3": ("data_rx", "data_tx"), "cdn": ("data_tx",)}
"""Series of the network of what is no machine."""
_SMALL: Profile = {"average": 1.4, "maximum": 3.2}
_NONE: Profile = {"date": [], "value": []}

Handler = Callable[[Request], Awaitable[Response]]


class CloudApi:
    """Answers bearer requests; listings are paged by ``offset`` and ``limit``."""

    def __init__(
        self,
        collections: Callable[[], dict[str, Collection]],
        credentials: Mapping[str, str],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._now = now
        self._credentials = credentials
        self.tokens = Tokens()

    def routes(self) -> list[Route]:
        """Everything under ``/v1``."""
        known = self._known
        return [
            Route("/v1/auth", self._sign_in, methods=["POST"]),
            Route("/v1/auth/refresh", known(self._refresh), methods=["POST"]),
            Route("/v1/auth/logout", known(self._sign_out), methods=["POST"]),
            Route("/v1/vps/region", known(self._regions)),
            Route("/v1/vps/server/list", known(self._servers)),
            Route("/v1/vps/server/statuses", known(self._statuses)),
            Route("/v1/vps/server/{id}", known(self._server)),
            Route("/v1/vps/network", known(self._network)),
            Route("/v1/vps/snapshot", known(self._snapshots)),
            Route("/v1/vps/snapshot/calculator", known(self._snapshot_price), methods=["POST"]),
            Route("/v1/vps/backup", known(_constant({"copy": []}))),
            Route("/v1/vps/configuration", known(self._configurations)),
            Route("/v1/vps/configurator/info", known(self._configurator)),
            Route("/v1/vps/configurator/calculation", known(self._calculation)),
            Route("/v1/vps/statistic/{metric}/{id}", known(self._server_statistic)),
            Route("/v1/vps/{id}/history", known(self._history)),
            Route("/v1/vps/{id}/software", known(self._software)),
            Route("/v1/cloud", known(self._services)),
            Route("/v1/cloud/configuration", known(self._service_configurations)),
            Route("/v1/cloud/projects/list", known(self._projects)),
            Route("/v1/cloud/s3/price", known(self._bucket_charges)),
            Route("/v1/cloud/s3/quota", known(_constant({"used_size": 0}))),
            Route("/v1/cloud/cdn/price", known(self._cdn_charges)),
            Route("/v1/cloud/{kind}/backup", known(_constant({"copy": []}))),
            Route("/v1/cloud/{kind}/{id}/db", known(_constant({"db": []}))),
            Route("/v1/cloud/{kind}/{id}/statistic/{metric}", known(self._service_statistic)),
            Route("/v1/cloud/{id}", known(self._service)),
        ]

    def _known(self, handler: Handler) -> Handler:
        """``handler`` for those with a good token."""

        async def answer(request: Request) -> Response:
            token = bearer(request)
            if token != LONG_LIVED_TOKEN and not self.tokens.is_good(token):
                return unauthorized()
            return await handler(request)

        return answer

    async def _sign_in(self, request: Request) -> Response:
        try:
            given = msgspec.json.decode(await request.body(), type=dict[str, Any])
        except msgspec.DecodeError:
            return error("INTERNAL_ERROR")
        for field, empty in (("login", "EMPTY_LOGIN"), ("password", "EMPTY_PASSWORD")):
            if not given.get(field):
                return error(empty)
        if any(given[field] != self._credentials[field] for field in ("login", "password")):
            return error("INCORRECT_CREDENTIALS")
        return _json({"token": self.tokens.issue(given["login"])})

    async def _refresh(self, request: Request) -> Response:
        self.tokens.revoke(bearer(request))
        return _json({"token": self.tokens.issue(self._credentials["login"])})

    async def _sign_out(self, request: Request) -> Response:
        self.tokens.revoke(bearer(request))
        return _json({})

    async def _regions(self, _request: Request) -> Response:
        return _json({"regions": REGIONS})

    async def _servers(self, request: Request) -> Response:
        return self._page(request, "vps", "vps")

    async def _services(self, request: Request) -> Response:
        return self._page(request, "services", "service")

    async def _projects(self, request: Request) -> Response:
        page = self._page(request, "projects", "projects")
        return _raw(b'{"page":' + bytes(page.body) + b"}")

    def _page(self, request: Request, collection: str, key: str) -> Response:
        kept = self._collections()[collection]
        offset, limit = _number(request, "offset", 0), _number(request, "limit", DEFAULT_LIMIT)
        records = kept.array(offset, min(limit, MOST))
        return _raw(b'{"%s":%s,"total_count":%d}' % (key.encode(), records, len(kept)))

    async def _server(self, request: Request) -> Response:
        return self._one("vps", request.path_params["id"], "vps")

    async def _service(self, request: Request) -> Response:
        return self._one("services", request.path_params["id"], "service")

    def _one(self, collection: str, id: str, key: str) -> Response:
        raw = self._collections()[collection].raw(id)
        return not_found() if raw is None else _raw(b'{"%s":%s}' % (key.encode(), raw))

    async def _statuses(self, _request: Request) -> Response:
        fields = (
            "id",
            "status",
            "rescue_mode",
            "migrating",
            "manage_enabled",
            "restoring",
            "archived",
            "unblocking",
            "unarchiving",
        )
        servers = self._collections()["vps"]
        return _json({"statuses": [{f: server[f] for f in fields} for server in servers]})

    async def _network(self, _request: Request) -> Response:
        kept = self._collections()
        primary = [
            {"ip": server["ip_address"], "mac": "", "vps_id": server["id"]}
            for server in kept["vps"]
        ]
        return _raw(
            b'{"ip":%s,"additional_ip":%s,"private_network":%s}'
            % (msgspec.json.encode(primary), kept["addresses"].array(), kept["networks"].array())
        )

    async def _snapshots(self, _request: Request) -> Response:
        return _raw(b'{"snapshot":%s}' % self._collections()["snapshots"].array())

    async def _snapshot_price(self, request: Request) -> Response:
        given = msgspec.json.decode(await request.body() or b"{}", type=dict[str, Any])
        server = self._collections()["vps"].get(str(given.get("vps_id")))
        if server is None:
            return not_found()
        gigabytes = int(server["disk_used"]) // 1024**3
        return _json(
            {
                "price_day": tariffs.number(tariffs.SNAPSHOT_GB * gigabytes),
                "price_day_gb": tariffs.number(tariffs.SNAPSHOT_GB),
                "size": server["disk_used"],
            }
        )

    async def _configurations(self, _request: Request) -> Response:
        configurations = [
            {
                "id": tariffs.configuration(*size, price_day=tariffs.machine(*size)),
                "available": True,
                "group": "normal_cpu",
                "region": region["id"],
            }
            | _priced(*size)
            for region in REGIONS
            for size in tariffs.SIZES
        ]
        groups = [{"name": "Обычный процессор", "group": "normal_cpu"}]
        return _json({"configurations": configurations, "configuration_groups": groups})

    async def _configurator(self, _request: Request) -> Response:
        def bounds(low: int, high: int, step: int) -> dict[str, Any]:
            reach = {"min": low, "max": high}
            return {"range": reach, "available_range": reach, "step": step}

        settings = {
            "cpu_settings": bounds(1, 16, 1),
            "memory_settings": bounds(1024, 65536, 1024),
            "disk_settings": bounds(10240, 512000, 10240),
        }
        return _json({"settings": settings, "is_available": True})

    async def _calculation(self, request: Request) -> Response:
        given = [_number(request, f"params.{n}", 0) for n in ("cpu_count", "memory", "disk_size")]
        if not all(given):
            code = {"code": "TEMPORARILY_UNAVAILABLE", "message": ""}
            return _json({"error": code})
        server = self._collections()["vps"].get(request.query_params.get("vps_id", ""))
        priced = _priced(*given, kept=server["configuration"] if server else None)
        params = {name: priced[name] for name in ("cpu_count", "memory", "disk_size")}
        prices = {name: priced[name] for name in ("price_day", "price_month")}
        return _json({"success": {"settings": {}, "params": params, **prices}})

    async def _history(self, request: Request) -> Response:
        server = self._collections()["vps"].get(request.path_params["id"])
        if server is None:
            return not_found()
        events = [{"date": server["date_create"], "type": "CREATE", "has_error": False}]
        if server["status"] == "STOPPED":
            events.append({"date": "2025-07-01T00:00:00Z", "type": "STOP", "has_error": False})
        return _json({"history": events})

    async def _software(self, request: Request) -> Response:
        server = self._collections()["vps"].get(request.path_params["id"])
        return not_found() if server is None else _json({"software": server["software"]})

    async def _service_configurations(self, _request: Request) -> Response:
        return _json(
            {
                "configuration": [
                    {"id": f"{kind}-{cpu}-{memory // 1024}-{disk // 1024}-{region['id']}"}
                    | {"region": region["id"]}
                    | {"type": kind.upper(), "price_day": priced["price_day"]}
                    | {"price_month": priced["price_month"], kind: priced}
                    for kind in ("mysql5", "mysql8", "postgresql15")
                    for region in REGIONS
                    for cpu, memory, disk in tariffs.SIZES
                    for priced in [_priced(cpu, memory, disk)]
                ]
            }
        )

    async def _bucket_charges(self, _request: Request) -> Response:
        return _raw(b'{"bucket":%s}' % self._collections()["buckets"].array())

    async def _cdn_charges(self, _request: Request) -> Response:
        charges = self._collections()["cdns"].array()
        return _raw(b'{"cdn":%s,"required_topup_amount":0}' % charges)

    async def _server_statistic(self, request: Request) -> Response:
        server = self._collections()["vps"].get(request.path_params["id"])
        if server is None:
            return not_found()
        if request.path_params["metric"] == "processes":
            return _json({"error": {"code": "GUEST_AGENT_UNAVAILABLE", "message": ""}})
        running = server["status"] == "RUNNING"
        return self._statistic(request, running=running, memory=server["configuration"]["memory"])

    async def _service_statistic(self, request: Request) -> Response:
        service = self._collections()["services"].get(request.path_params["id"])
        if service is None:
            return not_found()
        if request.path_params["kind"] in _CARRIERS and request.path_params["metric"] != "network":
            return not_found()
        payload = service.get(service["type"].lower()) or {}
        memory = payload.get("configuration", {}).get("memory", 1024)
        return self._statistic(request, running=service["status"] == "RUNNING", memory=memory)

    def _statistic(self, request: Request, *, running: bool, memory: float) -> Response:
        machine, metric = request.path_params["id"], request.path_params["metric"]
        if metric not in _METRICS and metric not in _DETAILS:
            return not_found()
        profiles = self._collections()["statistics"].get(machine) or {}
        period, now = request.query_params.get("period", "HOUR"), self._now()

        def one(name: str) -> Profile:
            if not running:
                return _NONE
            known = profiles.get(name)
            if known is None:
                main = name in {"cpu", "memory"}
                known = profile_of(machine, name, memory_mb=memory) if main else _SMALL
            return series(machine, name, known, period=period, now=now)

        if metric in _METRICS:
            names = _CARRIERS.get(request.path_params.get("kind", ""), _METRICS[metric])
            return _json({name: one(name) for name in names})
        parts = {name: one(name) for name in _DETAILS[metric]}
        date = next(iter(parts.values()))["date"]
        return _json({"date": date} | {name: part["value"] for name, part in parts.items()})


def _priced(
    cpu: int, memory: int, disk: int, *, kept: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    a_day = tariffs.resized(kept, cpu, memory, disk) if kept else tariffs.machine(cpu, memory, disk)
    return {
        "cpu_count": cpu,
        "memory": memory,
        "disk_size": disk,
        "price_day": tariffs.number(a_day),
        "price_month": tariffs.number(a_day * tariffs.DAYS_A_MONTH),
    }


def bearer(request: Request) -> str:
    """The token of a request, empty where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def unauthorized() -> Response:
    """What a request without a good token gets."""
    return _json({"error": "UNAUTHORIZED"}, 401)


def forbidden() -> Response:
    """What a request gets that the account may not make."""
    return _json({"error": "ACCESS_DENIED"}, 403)


def not_found() -> Response:
    """What an unknown id gets."""
    return _json({"error": "NOT_FOUND"}, 404)


def error(code: str) -> Response:
    """An error with status 200, as the cloud API has it."""
    return _json({"error": code})


def _constant(value: dict[str, Any]) -> Handler:
    async def answer(_request: Request) -> Response:
        return _json(value)

    return answer


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _raw(body: bytes) -> Response:
    return Response(body, media_type="application/json")
