"""The simulated Object Storage: bucket listings and files, as S3 has them."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.yandex.simulator.exports import Export, File, Files, etag

MOST = 1000
_XML = "application/xml"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

Handler = Callable[[Request], Awaitable[Response]]


class ObjectStorage:
    """Serves the buckets of the collection ``exports`` to whoever has an IAM token."""

    def __init__(
        self,
        collections: Callable[[], Mapping[str, Collection]],
        *,
        is_good: Callable[[Request], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._is_good = is_good
        self._now = now
        self._files = Files(collections)

    def routes(self) -> list[Route]:
        """Path-style addresses; they come after all others."""
        methods = ["GET", "POST"]
        return [
            Route("/{bucket}", self._known(self._listing), methods=methods),
            Route("/{bucket}/{key:path}", self._known(self._file), methods=methods),
        ]

    def _known(self, handler: Callable[[Request, Export], Response]) -> Handler:
        async def respond(request: Request) -> Response:
            if request.method == "POST":  # to an API that is not here
                return Response("Not Found", 404)
            if not self._is_good(request):
                return failure(401, "Unauthorized", "The token is not valid")
            record = self._collections()["exports"].get(request.path_params["bucket"])
            if record is None:
                return failure(404, "NoSuchBucket", "The specified bucket does not exist.")
            return handler(request, Export(record, self._files, now=self._now()))

        return respond

    def _listing(self, request: Request, export: Export) -> Response:
        asked = request.query_params
        try:
            start = _start(asked.get("continuation-token", ""))
            size = max(1, min(int(asked.get("max-keys", MOST)), MOST))
        except ValueError:
            return failure(400, "InvalidArgument", "max-keys or continuation-token is invalid")
        prefix = asked.get("prefix", "")
        listed = [file for file in export.files() if file.key.startswith(prefix)]
        shown, more = listed[start : start + size], len(listed) > start + size
        parts = [
            f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="{_NAMESPACE}">',
            f"<Name>{escape(request.path_params['bucket'])}</Name><Prefix>{escape(prefix)}</Prefix>",
            f"<KeyCount>{len(shown)}</KeyCount><MaxKeys>{size}</MaxKeys>",
            f"<IsTruncated>{str(more).lower()}</IsTruncated>",
            *(_entry(file, export.body(file)) for file in shown),
        ]
        if more:
            token = base64.urlsafe_b64encode(b"from:%d" % (start + size)).decode()
            parts.append(f"<NextContinuationToken>{token}</NextContinuationToken>")
        return Response("".join([*parts, "</ListBucketResult>"]), media_type=_XML)

    def _file(self, request: Request, export: Export) -> Response:
        file = export.find(request.path_params["key"])
        if file is None:
            return failure(404, "NoSuchKey", "The specified key does not exist.")
        body = export.body(file)
        headers = {"ETag": f'"{etag(body)}"', "Content-Type": "text/csv"}
        return Response(body, headers=headers)


def _entry(file: File, body: bytes) -> str:
    modified = f"{file.modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    return (
        f"<Contents><Key>{escape(file.key)}</Key><LastModified>{modified}</LastModified>"
        f"<ETag>&quot;{etag(body)}&quot;</ETag><Size>{len(body)}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
    )


def _start(token: str) -> int:
    return int(base64.urlsafe_b64decode(token).removeprefix(b"from:")) if token else 0


def failure(status: int, code: str, message: str) -> Response:
    """What a request gets that is not granted."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return Response(body, status, media_type=_XML)


def is_storage(path: str) -> bool:
    """Whether a path belongs to Object Storage and to none of the APIs."""
    return path.lstrip("/").partition("/")[0] not in _APIS


_APIS = frozenset(
    {
        "endpoints",
        "iam",
        "organization-manager",
        "resource-manager",
        "compute",
        "vpc",
        "storage",
        "billing",
        "monitoring",
    }
)
