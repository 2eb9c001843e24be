"""Listings record by record, so that one bad record costs that record."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from infrazen.domain.syncs import Quarantined
from infrazen.provider_kit.contract import Sink
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.unreadable import reason

logger = logging.getLogger(__name__)

T = TypeVar("T")


def no_key(_record: Mapping[str, Any]) -> None:
    """For records that are no resources."""


class Records(Generic[T]):
    """Reads records of one wire type for one endpoint.

    ``key`` finds the resource's key in a record that cannot be read otherwise, or None.
    """

    def __init__(
        self,
        wire: type[T],
        *,
        endpoint: str,
        redactor: Redactor,
        key: Callable[[Mapping[str, Any]], str | None] = no_key,
    ) -> None:
        self._decoder = msgspec.json.Decoder(wire, strict=False)
        self._endpoint = endpoint
        self._redactor = redactor
        self._key = key

    def each(self, raws: Iterable[msgspec.Raw], sink: Sink, put: Callable[[T], None]) -> int:
        """Decode each record and hand it to ``put``; how many failed at either.

        Those are quarantined.
        """
        failed = 0
        for raw in raws:
            try:
                put(self._decoder.decode(raw))
            except Exception as error:  # noqa: BLE001 (whatever a record does, it costs itself)
                self.reject(bytes(raw), error, sink)
                failed += 1
        return failed

    def reject(self, raw: bytes, error: Exception, sink: Sink) -> None:
        """Quarantine a record, as JSON, for what ``error`` says of it."""
        sink.quarantine(self._unreadable(raw, error))

    def _unreadable(self, raw: bytes, error: Exception) -> Quarantined:
        return Quarantined(
            endpoint=self._endpoint,
            key=self._key_of(raw),
            reason=reason(error),
            raw=self._redactor.record(raw),
        )

    def _key_of(self, raw: bytes) -> str | None:
        try:
            record = msgspec.json.decode(raw)
            return self._key(record) if isinstance(record, dict) else None
        except (msgspec.DecodeError, LookupError, TypeError, ValueError, RecursionError):
            return None
