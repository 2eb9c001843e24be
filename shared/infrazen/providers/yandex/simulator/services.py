"""The simulated services: endpoint list, inventory, billing."""

import base64
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.yandex.simulator.answers import (
    INVALID_ARGUMENT,
    NOT_FOUND,
    answer,
    error,
    forbidden,
    raw,
    unauthenticated,
)
from infrazen.providers.yandex.simulator.iam import Iam
from infrazen.providers.yandex.simulator.metrics import Monitoring
from infrazen.providers.yandex.simulator.object_storage import ObjectStorage
from infrazen.providers.yandex.simulator.placed import Placed, without
from infrazen.providers.yandex.simulator.present import MOSCOW, Present
from infrazen.providers.yandex.simulator.price_list import CURRENCIES, skus
from infrazen.providers.yandex.simulator.records import GIB, stored_gib

SERVICES = (
    "billing",
    "compute",
    "iam",
    "monitoring",
    "organization-manager",
    "resource-manager",
    "storage",
    "storage-api",
    "vpc",
)
DEFAULT_PAGE = 100
MOST = 1000
_ONLY_FULL = ("lifecycleRules", "tags", "cors", "acl", "policy", "websiteSettings")

Handler = Callable[[Request], Awaitable[Response]]


class Services:
    """Answers bearer requests; listings are paged by an opaque token."""

    def __init__(
        self,
        collections: Callable[[], dict[str, Collection]],
        iam: Iam,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._iam = iam
        self._now = now
        self._present = Present(collections, now=now)
        self._monitoring = Monitoring(collections, self._present, now=now)
        self._objects = ObjectStorage(
            collections, is_good=lambda request: iam.is_good(bearer(request)), now=now
        )

    def routes(self) -> list[Route]:
        """Every path, whatever host it has in truth."""
        known = self._known
        in_folders = {
            "/compute/v1/instances": "instances",
            "/compute/v1/disks": "disks",
            "/compute/v1/snapshots": "snapshots",
            "/compute/v1/images": "images",
            "/vpc/v1/addresses": "addresses",
        }
        return [
            Route("/endpoints", self._endpoints),
            Route("/iam/v1/tokens", self._iam.create_token, methods=["POST"]),
            Route("/iam/v1/keys", known(self._iam.create_key), methods=["POST"]),
            Route("/organization-manager/v1/organizations", known(self._whole("organizations"))),
            Route("/resource-manager/v1/clouds", known(self._whole("clouds"))),
            Route("/resource-manager/v1/folders", known(self._folders)),
            *(Route(path, known(self._in_folder(key))) for path, key in in_folders.items()),
            Route("/storage/v1/buckets", known(self._buckets)),
            Route("/storage/v1/buckets/{name}", known(self._bucket)),
            Route("/billing/v1/billingAccounts", known(self._whole("billingAccounts"))),
            Route("/billing/v1/billingAccounts/{id}/billableObjectBindings", known(self._bindings)),
            Route("/billing/v1/skus", known(self._skus)),
            Route("/monitoring/v2/data/read", known(self._monitoring.read), methods=["POST"]),
            *self._objects.routes(),
        ]

    def _known(self, handler: Handler) -> Handler:
        """``handler`` for those with a good token."""

        async def respond(request: Request) -> Response:
            if not self._iam.is_good(bearer(request)):
                return unauthenticated()
            return await handler(request)

        return respond

    async def _endpoints(self, request: Request) -> Response:
        here = request.headers["host"]
        return answer({"endpoints": [{"id": name, "address": here} for name in SERVICES]})

    def _whole(self, key: str) -> Handler:
        async def respond(request: Request) -> Response:
            kept = self._collections()[key]
            return _page(request, key, [kept.raw(name) or b"" for name in kept.ids()])

        return respond

    async def _folders(self, request: Request) -> Response:
        cloud = request.query_params.get("cloudId", "")
        if not cloud:
            return error(INVALID_ARGUMENT, "cloudId: Field is required")
        if cloud not in self._collections()["clouds"]:
            return forbidden()
        return _page(request, "folders", self._placed("folders").within(cloud))

    def _in_folder(self, key: str) -> Handler:
        async def respond(request: Request) -> Response:
            folder = request.query_params.get("folderId", "")
            return self._refused(folder) or _page(request, key, self._present.within(key, folder))

        return respond

    def _refused(self, folder: str) -> Response | None:
        """What a request for a folder gets that is missing, unknown or closed."""
        if not folder:
            return error(INVALID_ARGUMENT, "folderId: Field is required")
        kept = self._collections()
        return forbidden() if folder not in kept["folders"] or folder in kept["closed"] else None

    async def _buckets(self, request: Request) -> Response:
        folder = request.query_params.get("folderId", "")
        found = self._present.within("buckets", folder)
        listed = [without(msgspec.json.decode(one), *_ONLY_FULL) for one in found]
        return self._refused(folder) or answer({"buckets": listed} if listed else {})

    async def _bucket(self, request: Request) -> Response:
        name, _, method = request.path_params["name"].partition(":")
        bucket = self._present.get("buckets", name)
        if bucket is None:
            return error(NOT_FOUND, f"Bucket {name} not found")
        if method == "getStats":
            return answer(self._stats(bucket))
        full = request.query_params.get("view") == "VIEW_FULL"
        return answer(bucket if full else without(bucket, *_ONLY_FULL))

    def _stats(self, bucket: Record) -> Record:
        """How full a bucket is on this day."""
        day = self._now().astimezone(MOSCOW).date()
        grown = self._collections()["fullness"].get(bucket["name"]) or {}
        sizes = {name: int(held * GIB) for name, held in stored_gib(grown, day).items()}
        classes = [
            {"storageClass": name, "classSize": str(size)} for name, size in sizes.items() if size
        ]
        used = sum(sizes.values())
        stats: Record = {"name": bucket["name"], "createdAt": bucket["createdAt"]}
        return stats | ({"usedSize": str(used), "storageClassUsedSizes": classes} if used else {})

    async def _bindings(self, request: Request) -> Response:
        account = request.path_params["id"]
        if account not in self._collections()["billingAccounts"]:
            return forbidden()
        clouds = self._collections()["clouds"]
        bound = [
            {"effectiveTime": cloud["createdAt"], "billableObject": {"id": name, "type": "cloud"}}
            for name, cloud in zip(clouds.ids(), clouds, strict=True)
            if cloud.get("billingAccountId", account) == account
        ]
        return _page(request, "billableObjectBindings", map(msgspec.json.encode, bound))

    async def _skus(self, request: Request) -> Response:
        currency = request.query_params.get("currency", "")
        if currency not in CURRENCIES:
            return error(INVALID_ARGUMENT, "currency: must be one of RUB, USD, KZT")
        changed = self._collections()["skus"]
        listed = {one["id"]: one for one in skus(currency)}
        listed |= dict(zip(changed.ids(), changed, strict=True))
        return _page(request, "skus", map(msgspec.json.encode, listed.values()))

    def _placed(self, key: str) -> Placed:
        kept = self._collections()[key]
        if not isinstance(kept, Placed):
            raise TypeError(f"{key} lie in no folder")
        return kept


def bearer(request: Request) -> str:
    """The token of a request, empty where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def _page(request: Request, key: str, records: Iterable[bytes]) -> Response:
    """A page; what would be an empty list is left out, as proto3 does."""
    listed = list(records)
    size, start = _size(request), _start(request)
    if size is None or start is None:
        return error(INVALID_ARGUMENT, "pageSize or pageToken is invalid")
    shown = listed[start : start + size]
    parts = [b'"%s":[%s]' % (key.encode(), b",".join(shown))] if shown else []
    if start + size < len(listed):
        parts.append(b'"nextPageToken":"%s"' % _token(start + size))
    return raw(b"{" + b",".join(parts) + b"}")


def _size(request: Request) -> int | None:
    text = request.query_params.get("pageSize", "") or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= MOST):
        return None
    return int(text) or DEFAULT_PAGE


def _token(start: int) -> bytes:
    return base64.urlsafe_b64encode(b"from:%d" % start)


def _start(request: Request) -> int | None:
    token = request.query_params.get("pageToken", "")
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).removeprefix(b"from:"))
    except ValueError:
        return None
