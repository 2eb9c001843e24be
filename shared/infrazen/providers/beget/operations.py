"""What was done to servers: started, stopped, rebuilt."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from infrazen.domain.resources import MOST_OPERATION, LogEntry
from infrazen.domain.syncs import Quarantined
from infrazen.errors import ProviderError, UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.together import for_each_within
from infrazen.provider_kit.unreadable import reason
from infrazen.providers.beget.cloud import VPS, Cloud
from infrazen.providers.beget.credentials import BegetSettings
from infrazen.providers.beget.mapper.common import moment
from infrazen.providers.beget.modern_api import ModernApi
from infrazen.providers.beget.wire import cloud as wire

NAME = "modern.operations"
TITLES = {
    NAME: Text("Журнал операций", "Operations log"),
}
"""What people call the endpoints."""

AT_ONCE = 4
_WORD = re.compile(rf"\w{{1,{MOST_OPERATION}}}", re.ASCII)

_HISTORY = msgspec.json.Decoder(wire.History, strict=False)


class Operations:
    """Reads the history of each server, for as long as the settings allow."""

    def __init__(
        self, api: ModernApi, cloud: Cloud, *, settings: BegetSettings, clock: Clock
    ) -> None:
        self._api = api
        self._cloud = cloud
        self._settings = settings
        self._clock = clock

    def endpoints(self) -> Sequence[Endpoint]:
        """One, or none where the settings say so."""
        if not self._settings.collect_statistics:
            return ()
        return (Endpoint(name=NAME, read=self._read, lists=False, after=(VPS,)),)

    async def _read(self, sink: Sink) -> None:
        if self._api.failure is not None:
            raise NothingToRead("not asked: Beget did not let us into the cloud API")
        servers = sorted(self._cloud.servers.items())

        async def read_one(server: tuple[str, str]) -> None:
            await self._read_history(*server, sink)

        unreached = await for_each_within(
            self._settings.statistics_seconds,
            servers,
            read_one,
            at_once=AT_ONCE,
            clock=self._clock,
        )
        if unreached:
            sink.note(_unreached(unreached, of=len(servers), within=self._settings))

    async def _read_history(self, key: str, server_id: str, sink: Sink) -> None:
        path = f"/v1/vps/{quote(server_id, safe='')}/history"
        try:
            source = await self._api.get(path, _HISTORY)
            for item in source.history or ():
                sink.log(entry(item, resource=key))
        except (UnexpectedPayload, ValueError) as error:
            why = str(error) if isinstance(error, ProviderError) else reason(error)
            sink.quarantine(Quarantined(endpoint=NAME, key=key, reason=why, raw=path))


def entry(item: wire.HistoryItem, *, resource: str) -> LogEntry:
    """An item of a server's history; raises ``UnexpectedPayload`` without a moment or a word."""
    at = moment(item.date)
    if at is None or not _WORD.fullmatch(item.type):
        raise UnexpectedPayload("an operation has no date or no name")
    return LogEntry(resource=resource, at=at, operation=item.type, failed=bool(item.has_error))


def _unreached(count: int, *, of: int, within: BegetSettings) -> Text:
    seconds = within.statistics_seconds
    return Text(
        f"За отведённые {seconds} с не прочитан журнал {count} из {of} серверов.",
        f"The logs of {count} of {of} servers were not reached within {seconds} s.",
    )
