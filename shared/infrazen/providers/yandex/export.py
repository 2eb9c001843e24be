"""What the account was billed, from the usage export: a CSV file for each day in a bucket."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from infrazen.domain.billing import BilledCharge
from infrazen.domain.periods import Days, start_of
from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.together import for_each
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.compute import INSTANCES, Compute
from infrazen.providers.yandex.credentials import YandexSettings
from infrazen.providers.yandex.folders import Folders
from infrazen.providers.yandex.mapper import TIME_ZONE
from infrazen.providers.yandex.mapper import usage as mapper
from infrazen.providers.yandex.object_storage import RATE, BucketFiles
from infrazen.providers.yandex.shares import ExportShare, prefix_of
from infrazen.providers.yandex.wire.objects import StoredFile
from infrazen.providers.yandex.wire.usage import Amounts, Item, UsageRows

EXPORT = "billing.export"

TITLES = {
    EXPORT: Text("Детализация расходов", "Usage export"),
}
"""What people call the endpoints."""

AT_ONCE = 4
MOST_DAYS = 400
"""How old a day may be that is read again because its file changed."""

MOST_REJECTED = 200
"""Rows of one file that may make no sense; with more, it is not the file we know."""

MOST_LINES = 200_000
"""What one day of one account may be charged for."""

LONGEST_KEPT = 200
"""So much of a cell is kept of a row that makes no sense."""

_NAME = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})\.csv")


class UsageExport:
    """The bills of the chosen clouds, a file a day."""

    def __init__(
        self,
        api: Api,
        folders: Folders,
        compute: Compute,
        *,
        settings: YandexSettings,
        redactor: Redactor,
    ) -> None:
        self._api = api
        self._folders = folders
        self._lines = mapper.Lines(compute.keys.get)
        self._prefix = prefix_of(settings)
        self._share = ExportShare(settings)
        rate = RATE if settings.requests_per_second is None else None
        bucket = settings.export_bucket
        self._files = BucketFiles(api, bucket, rate=rate) if bucket else None
        self._records = Records(dict, endpoint=EXPORT, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """One, or none where no bucket is set."""
        if self._files is None:
            return ()
        return (Endpoint(name=EXPORT, read=self._read, lists=False, after=(INSTANCES,)),)

    async def look(self, _sink: Sink) -> None:
        """Prove that the bucket can be read; raises ``ProviderError``."""
        if self._files is not None:
            async for _ in self._files.pages(self._prefix):
                return

    async def _read(self, sink: Sink) -> None:
        if self._files is None:
            return
        self._api.check_signed_in()
        files = await self._find(self._files)
        wanted = sink.days_to_bill()
        if not files:
            sink.note(notes.no_export(self._prefix))
            return
        # Days before the first file have no bill: nothing that they cost gives way.
        sink.billed(Days(wanted.since, min(*files, wanted.until)), covers=())
        days = sorted(
            (
                day
                for day, file in files.items()
                if _is_wanted(day, file, wanted) and not _is_behind(day, file, wanted)
            ),
            reverse=True,
        )
        await self._read_days({day: files[day] for day in days}, sink)

    async def _read_days(self, files: Mapping[date, StoredFile], sink: Sink) -> None:
        """Read every file; one that makes no sense takes no other with it."""
        failed: dict[str, UnexpectedPayload] = {}
        nameless = 0

        async def read_one(day: date) -> None:
            nonlocal nameless
            try:
                nameless += not await self._read_day(day, files[day], sink)
            except UnexpectedPayload as error:
                failed[str(day)] = error

        await for_each(files, read_one, at_once=AT_ONCE)
        if nameless:
            sink.note(notes.WITHOUT_RESOURCES)
        if failed:
            error = failed[max(failed)]
            days = f"{len(failed)} of {len(files)} days: {notes.named(failed)}"
            raise UnexpectedPayload(f"{error} [{days}]")

    async def _find(self, files: BucketFiles) -> dict[date, StoredFile]:
        """The export's files by their days; of two for one day the one that is newer."""
        found: dict[date, StoredFile] = {}
        async for page in files.pages(self._prefix):
            for file in page:
                day = _day_of(file.key.removeprefix(self._prefix))
                if day is not None and (day not in found or _newer(file, found[day])):
                    found[day] = file
        return found

    async def _read_day(self, day: date, file: StoredFile, sink: Sink) -> bool:
        """Tell what a day's file says, once it was read whole; whether it names resources."""
        if self._files is None:
            return True
        read = await self._files.read(file, lambda: _DayFile(file.key, day, self._records, sink))
        elsewhere, here = sink.read_elsewhere(), self._folders.ids
        ours = {
            item: amounts
            for item, amounts in read.sums.items()
            if self._share.is_ours(item, here=here, elsewhere=elsewhere)
        }
        for item, line in self._lines.of(ours):
            sums = ours[item]
            charge = BilledCharge(
                line=line,
                day=day,
                amount=sums.cost + sums.credit,
                quantity=sums.quantity,
                listed=sums.cost,
            )
            sink.charge(charge)
        sink.billed([day])
        return read.names_resources


class _Read(NamedTuple):
    sums: dict[Item, Amounts]
    names_resources: bool


class _DayFile:
    """Adds up a day's file while it comes; a ``Taker``."""

    def __init__(self, name: str, day: date, records: Records[dict[str, str]], sink: Sink) -> None:
        self._name = name
        self._rows = UsageRows(name, day=day, put=self._put, reject=self._reject)
        self._records = records
        self._sink = sink
        self._sums: dict[Item, Amounts] = {}
        self._rejected: list[tuple[dict[str, str], Exception]] = []

    def take(self, part: bytes) -> None:
        self._rows.feed(part)

    def end(self) -> _Read:
        self._rows.end()
        for row, error in self._rejected:
            self._records.reject(msgspec.json.encode(row), error, self._sink)
        return _Read(self._sums, self._rows.names_resources)

    def _put(self, item: Item, amounts: Amounts) -> None:
        before = self._sums.get(item)
        if before is None and len(self._sums) >= MOST_LINES:
            raise UnexpectedPayload(f"{self._name}: more than {MOST_LINES} lines of a day")
        self._sums[item] = amounts if before is None else _both(before, amounts)

    def _reject(self, row: dict[str, str], error: Exception) -> None:
        self._rejected.append(({name: text[:LONGEST_KEPT] for name, text in row.items()}, error))
        if len(self._rejected) > MOST_REJECTED:
            raise UnexpectedPayload(
                f"{self._name}: more than {MOST_REJECTED} rows that make no sense"
            )


def _both(one: Amounts, other: Amounts) -> Amounts:
    quantity = None
    if one.quantity is not None and other.quantity is not None:
        quantity = one.quantity + other.quantity
    return Amounts(one.cost + other.cost, one.credit + other.credit, quantity)


def _is_wanted(day: date, file: StoredFile, wanted: Days) -> bool:
    """Any day may be corrected, so a file that changed since the first wanted day is, too."""
    if day in wanted:
        return True
    oldest = wanted.until - timedelta(days=MOST_DAYS)
    changed = file.modified >= start_of(wanted.since, TIME_ZONE)
    return oldest <= day < wanted.since and changed


def _is_behind(day: date, file: StoredFile, wanted: Days) -> bool:
    """Whether yesterday's file was not written since the day ended, so lacks its last hours."""
    today = wanted.until - timedelta(days=1)
    return day == today - timedelta(days=1) and file.modified < start_of(today, TIME_ZONE)


def _newer(one: StoredFile, other: StoredFile) -> bool:
    return one.modified > other.modified


def _day_of(name: str) -> date | None:
    """The day in the name of a file, None where it is no file of the export."""
    found = _NAME.fullmatch(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
