"""Simulated OpenStack: listings in pages by marker, in every region, for one project each."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.selectel.simulator import measures
from infrazen.providers.selectel.simulator.account_world import place
from infrazen.providers.selectel.simulator.identity import Identity, answer, unauthorized

MOST = 1000
NEWEST = 90
EMBEDDED_FROM = 47
_MICROVERSION = re.compile(r"^compute 2\.(\d+)$")

Handler = Callable[[Request, str], Awaitable[Response]]


class Cloud:
    """Nova, Cinder, Glance, Neutron, Swift and Gnocchi of every region."""

    def __init__(
        self,
        collections: Callable[[], dict[str, Collection]],
        identity: Identity,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._identity = identity
        self._now = now

    def routes(self) -> list[Route]:
        """Everything that a project's catalogue leads to."""
        known, region = self._known, "/{region}"
        volume = f"{region}/volume/v3/{{project}}"
        return [
            Route(f"{region}/compute/v2.1/flavors/detail", known(self._flavors)),
            Route(f"{region}/compute/v2.1/servers/detail", known(self._servers)),
            Route(f"{volume}/volumes/detail", known(self._volumes)),
            Route(f"{volume}/snapshots/detail", known(self._snapshots)),
            Route(f"{region}/image/v2/images", known(self._images)),
            Route(f"{region}/network/v2.0/floatingips", known(self._addresses)),
            Route(f"{region}/swift/v1/{{account}}", known(self._containers)),
            Route(
                f"{region}/metric/v1/resource/generic/{{id}}/metric/{{metric}}/measures",
                known(self._measures),
            ),
        ]

    def _known(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """``handler`` for those with a token of the project that the path is about."""

        async def respond(request: Request) -> Response:
            project = self._identity.project(request)
            asked = request.path_params.get("project", project)
            if project is None:
                return unauthorized()
            return forbidden() if asked != project else await handler(request, project)

        return respond

    def _kept(self, kind: str, request: Request, project: str) -> Collection:
        name = place(kind, request.path_params["region"], project)
        return self._collections().get(name) or Collection()

    async def _flavors(self, request: Request, _project: str) -> Response:
        return _page(request, self._collections()["flavors"], "flavors")

    async def _servers(self, request: Request, project: str) -> Response:
        asked = request.headers.get("openstack-api-version", "compute 2.1")
        version = _MICROVERSION.match(asked)
        if version is None or int(version[1]) > NEWEST:
            message = f"Version {asked} is not supported by the API."
            return answer({"computeFault": {"code": 406, "message": message}}, 406)
        servers = self._kept("servers", request, project)
        if int(version[1]) >= EMBEDDED_FROM:
            return _page(request, servers, "servers", change=self._with_flavor)
        return _page(request, servers, "servers")

    def _with_flavor(self, record: dict[str, Any]) -> dict[str, Any]:
        """A server's flavor in its place, as from microversion 2.47 on."""
        source = self._collections()["flavors"].get(record["flavor"]["id"]) or {}
        names = ("vcpus", "ram", "disk", "extra_specs")
        flavor = {name: source[name] for name in names if name in source}
        extra = {"original_name": source.get("name", ""), "ephemeral": 0, "swap": 0}
        return {**record, "flavor": {**flavor, **extra}}

    async def _volumes(self, request: Request, project: str) -> Response:
        return _page(request, self._kept("volumes", request, project), "volumes")

    async def _snapshots(self, request: Request, project: str) -> Response:
        return _page(request, self._kept("snapshots", request, project), "snapshots")

    async def _addresses(self, request: Request, project: str) -> Response:
        return _page(request, self._kept("floatingips", request, project), "floatingips")

    async def _images(self, request: Request, project: str) -> Response:
        images = self._kept("images", request, project)
        raws, marker = _part(request, images)
        following = f"/v2/images?{urlencode({'marker': marker})}" if marker else None
        head = b'{"images":' + raws + b',"first":"/v2/images"'
        tail = b',"next":' + msgspec.json.encode(following) if following else b""
        return answer(head + tail + b"}")

    async def _containers(self, request: Request, project: str) -> Response:
        if request.path_params["account"] != f"AUTH_{project}":
            return forbidden()
        kept = self._kept("containers", request, project)
        marker = request.query_params.get("marker", "")
        found = [record for record in kept if record["name"] > marker]
        found.sort(key=lambda record: record["name"])
        return answer(found[: int(request.query_params.get("limit", "10000"))])

    async def _measures(self, request: Request, project: str) -> Response:
        server = request.path_params["id"]
        record = self._kept("servers", request, project).get(server)
        metric = request.path_params["metric"]
        if record is None or metric not in measures.METRICS:
            return answer({"code": 404, "title": "Not Found", "description": "no metric"}, 404)
        flavor = self._collections()["flavors"].get(record["flavor"]["id"]) or {}
        profile = self._collections()["profiles"].get(server)
        asked = request.query_params
        try:
            window = measures.Window(
                start=datetime.fromisoformat(asked["start"]),
                stop=min(datetime.fromisoformat(asked["stop"]), self._now()),
                step=int(asked.get("granularity", "300")),
            )
        except (KeyError, ValueError):
            return answer({"code": 400, "title": "Bad Request"}, 400)
        return answer(measures.series(server, metric, window, profile=profile, flavor=flavor))


def _part(request: Request, kept: Collection) -> tuple[bytes, str | None]:
    """A page of records as an array, and the marker of the next one."""
    asked = int(request.query_params.get("limit", MOST))
    limit = max(1, min(asked, MOST))
    ids = kept.ids()
    marker = request.query_params.get("marker", "")
    start = ids.index(marker) + 1 if marker in kept else 0
    end = start + limit
    return kept.array(start, limit), ids[end - 1] if end < len(ids) else None


def _page(
    request: Request,
    kept: Collection,
    key: str,
    *,
    change: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> Response:
    raws, marker = _part(request, kept)
    if change is not None:
        raws = msgspec.json.encode([change(record) for record in msgspec.json.decode(raws)])
    links = b""
    if marker is not None:
        # The cloud's own host, which no client outside can reach.
        query = urlencode({"limit": request.query_params.get("limit", MOST), "marker": marker})
        href = f"http://internal.example:8774{request.url.path}?{query}"
        link = msgspec.json.encode([{"rel": "next", "href": href}])
        links = f',"{key}_links":'.encode() + link
    return answer(f'{{"{key}":'.encode() + raws + links + b"}")


def forbidden() -> Response:
    """What OpenStack says to a user without the role."""
    message = "Policy doesn't allow this to be performed."
    return answer({"forbidden": {"code": 403, "message": message}}, 403)
