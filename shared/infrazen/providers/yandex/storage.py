"""What a sync reads of Object Storage."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from infrazen.errors import (
    PermissionMissing,
    ProviderError,
    ProviderUnavailable,
    UnexpectedPayload,
)
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.together import for_each
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.billing import SKUS, Billing
from infrazen.providers.yandex.credentials import YandexSettings
from infrazen.providers.yandex.folders import FOLDERS, Folders
from infrazen.providers.yandex.mapper import storage as mapper
from infrazen.providers.yandex.mapper.common import Place
from infrazen.providers.yandex.wire import resources as wire

BUCKETS = "storage.buckets"

TITLES = {
    BUCKETS: Text("Бакеты Object Storage", "Object Storage buckets"),
}
"""What people call the endpoints."""

T = TypeVar("T")

AT_ONCE = 4
OUTAGES_IN_A_ROW = 8
_SERVICE = "storage-api"
_PATH = "/storage/v1/buckets"
_STATS = msgspec.json.Decoder(wire.BucketStats, strict=False)
_DETAILS = msgspec.json.Decoder(wire.BucketDetails, strict=False)


class Storage:
    """Buckets with what is in them; each takes two requests of its own."""

    def __init__(
        self,
        api: Api,
        folders: Folders,
        billing: Billing,
        *,
        settings: YandexSettings,
        redactor: Redactor,
        clock: Clock,
    ) -> None:
        self._api = api
        self._folders = folders
        self._billing = billing
        self._settings = settings
        self._clock = clock
        self._outages = 0
        self._unsized: dict[str, ProviderError] = {}
        self._undetailed: dict[str, ProviderError] = {}
        self._buckets = Records(
            wire.Bucket,
            endpoint=BUCKETS,
            redactor=redactor,
            key=_key,
        )

    def endpoints(self) -> Sequence[Endpoint]:
        """One."""
        return (
            Endpoint(
                name=BUCKETS,
                read=self._read_buckets,
                after=(FOLDERS, SKUS),
            ),
        )

    async def _read_buckets(self, sink: Sink) -> None:
        async def read_of(place: Place, sink: Sink) -> None:
            buckets: list[wire.Bucket] = []
            params = {"folderId": place.id}
            async for raws in self._api.pages(_SERVICE, _PATH, "buckets", params):
                self._buckets.each(raws, sink, buckets.append)
            await for_each(buckets, lambda bucket: self._put(bucket, place, sink), at_once=AT_ONCE)

        await self._folders.each(sink, read_of)
        for said, failed in ((notes.unsized, self._unsized), (notes.undetailed, self._undetailed)):
            if failed:
                sink.note(said(len(failed), str(next(iter(failed.values())))))

    async def _put(self, bucket: wire.Bucket, place: Place, sink: Sink) -> None:
        path = f"{_PATH}/{quote(bucket.name, safe='')}"
        stats = await self._of(bucket, f"{path}:getStats", _STATS, self._unsized)
        details = await self._of(bucket, path, _DETAILS, self._undetailed, view="VIEW_FULL")
        found = mapper.bucket(
            bucket,
            listing=BUCKETS,
            place=place,
            prices=self._billing.prices,
            stats=stats,
            details=details,
        )
        sink.resource(found)
        if stats is not None and self._settings.collect_statistics:
            for series in mapper.bucket_usage(bucket, stats, at=self._clock.now()):
                sink.usage(series)

    async def _of(
        self,
        bucket: wire.Bucket,
        path: str,
        decoder: msgspec.json.Decoder[T],
        failed: dict[str, ProviderError],
        **params: str,
    ) -> T | None:
        """One more thing about a bucket; None where it is closed or makes no sense."""
        try:
            found = await self._api.get(_SERVICE, path, decoder, params)
        except (PermissionMissing, UnexpectedPayload, ProviderUnavailable) as error:
            self._outages = self._outages + 1 if isinstance(error, ProviderUnavailable) else 0
            if self._outages >= OUTAGES_IN_A_ROW:
                raise
            failed[bucket.name] = error
            return None
        self._outages = 0
        return found


def _key(record: Mapping[str, Any]) -> str:
    if not isinstance(record["name"], str):
        raise TypeError("a name is a text")
    return mapper.bucket_key(record["name"])
