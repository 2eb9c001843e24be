"""Files in a bucket, listed and read with the IAM token."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote

from infrazen.errors import PermissionMissing, ProviderError, UnexpectedPayload
from infrazen.provider_kit.paging import cursor_pages
from infrazen.provider_kit.payload import Answer
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.wire import objects as wire

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

SERVICE = "storage"
RATE = RateLimit(per_second=200.0, burst=200)
"""Object Storage takes far more than the APIs do."""

FILES_A_PAGE = 1000
_STALE = frozenset({"ExpiredToken", "InvalidToken", "TokenRefreshRequired"})


class Taker(Protocol[T_co]):
    """Takes a file part by part, so that it is never held whole."""

    def take(self, part: bytes) -> None:
        """The next part."""

    def end(self) -> T_co:
        """What the whole file says; raises ``ProviderError``."""


class BucketFiles:
    """The files of one bucket. ``rate`` is None where the connection has its own limit."""

    def __init__(self, api: Api, bucket: str, *, rate: RateLimit | None = RATE) -> None:
        self._api = api
        self._bucket = bucket
        self._rate = rate

    async def pages(self, prefix: str) -> AsyncIterator[Sequence[wire.StoredFile]]:
        """Every file whose name begins with ``prefix``; raises ``ProviderError``."""
        path = f"/{quote(self._bucket, safe='')}"

        def read(answer: Answer) -> wire.FileListing | None:
            return wire.listing(answer) if self._is_good(answer) else None

        async def fetch(token: str | None) -> tuple[Sequence[wire.StoredFile], str | None]:
            params: dict[str, str | int] = {
                "list-type": 2,
                "max-keys": FILES_A_PAGE,
                "prefix": prefix,
            }
            if token:
                params["continuation-token"] = token
            page = await self._api.raw(SERVICE, path, read, params=params, rate=self._rate)
            return page.files, page.following

        async for files in cursor_pages(fetch, what=path):
            yield files

    async def read(self, file: wire.StoredFile, start: Callable[[], Taker[T]]) -> T:
        """What a fresh taker makes of ``file``; raises ``ProviderError``.

        A body that is shorter than the listing says of this version is none.
        """
        taking = _Taking(start)

        def read(answer: Answer) -> T | None:
            if not self._is_good(answer):
                return None
            same = wire.etag(answer.headers.get("etag")) == file.etag != ""
            if same and taking.size < file.size:
                raise UnexpectedPayload(
                    f"{answer.path}: half a file: {taking.size} bytes of {file.size}"
                )
            return taking.taker.end()

        path = f"/{quote(self._bucket, safe='')}/{quote(file.key, safe='/')}"
        return await self._api.raw(SERVICE, path, read, pour=taking.begin, rate=self._rate)

    def _is_good(self, answer: Answer) -> bool:
        """Whether this is what was asked for; False where the token is no good any more."""
        if answer.status == 200:
            return True
        code = wire.error_code(answer)
        if answer.status == 401 or code in _STALE:
            return False
        raise self._error(answer, code)

    def _error(self, answer: Answer, code: str) -> ProviderError:
        said, bucket = code or answer.status, self._bucket
        if code == "NoSuchBucket":
            return PermissionMissing(f"there is no bucket {bucket}, or it cannot be seen ({said})")
        if answer.status == 403:
            return PermissionMissing(f"{answer.path}: the bucket {bucket} may not be read ({said})")
        return UnexpectedPayload(f"{answer.path}: Object Storage does not give this ({said})")


class _Taking(Generic[T]):
    """Counts what goes to a taker, which is a fresh one for each attempt."""

    def __init__(self, start: Callable[[], Taker[T]]) -> None:
        self._start = start
        self.taker = start()
        self.size = 0

    def begin(self) -> Callable[[bytes], None]:
        self.taker, self.size = self._start(), 0
        return self._take

    def _take(self, part: bytes) -> None:
        self.size += len(part)
        self.taker.take(part)
