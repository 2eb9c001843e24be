"""The simulated usage export: a CSV file for each day, made when it is asked for."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from typing import Any, NamedTuple

from infrazen.domain.periods import Days, month_of, next_month
from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.yandex.simulator.present import MOSCOW
from infrazen.providers.yandex.simulator.usage import Charged, Usage

OLDEST = 400
"""How many days back the export goes where its record says nothing."""

_HOURS = Decimal(24)
_HEAD = (
    "billing_account_id",
    "billing_account_name",
    "cloud_id",
    "cloud_name",
    "folder_id",
    "folder_name",
    "resource_id",
    "service_id",
    "service_name",
    "sku_id",
    "sku_name",
    "date",
    "currency",
    "pricing_quantity",
    "pricing_unit",
    "cost",
    "credit",
    "monetary_grant_credit",
    "volume_incentive_credit",
    "cud_credit",
    "misc_credit",
)
_TAIL = ("locale", "updated_at", "exported_at")
_LABEL = "label.user_labels."


class File(NamedTuple):
    """A file of the export."""

    key: str
    day: date
    modified: datetime


class Export:
    """The files of one bucket.

    Its record in the collection ``exports``, under the bucket's name, has ``prefix`` (the
    directory), ``since`` (the day of the first file) and ``resources`` (False for an export
    without them); each has a default.
    """

    def __init__(self, record: Record, made: "Files", *, now: datetime) -> None:
        self._made = made
        self._prefix = record.get("prefix", "")
        self._with_resources = record.get("resources", True)
        self._now = now.astimezone(MOSCOW)
        since = record.get("since")
        oldest = self._now.date() - timedelta(days=OLDEST - 1)
        self._since = date.fromisoformat(since) if since else oldest

    def files(self) -> Iterator[File]:
        """Every file, the oldest first: a month's are written anew each hour until it ends."""
        for day in Days(self._since, self._now.date() + timedelta(days=1)):
            if self._share(day):
                yield self._file(day)

    def find(self, key: str) -> File | None:
        """The file of that name."""
        try:
            named = (
                datetime.strptime(key, f"{self._prefix}%Y%m%d.csv").replace(tzinfo=MOSCOW).date()
            )
        except ValueError:
            return None
        there = self._since <= named <= self._now.date() and self._share(named)
        return self._file(named) if there else None

    def _file(self, day: date) -> File:
        ended = datetime.combine(next_month(month_of(day)), datetime.min.time(), MOSCOW)
        hour = self._now.replace(minute=0, second=0, microsecond=0)
        return File(f"{self._prefix}{day:%Y%m%d}.csv", day, min(ended, hour))

    def body(self, file: File) -> bytes:
        """What is in a file."""
        share = self._share(file.day)
        return self._made.body(file, share, with_resources=self._with_resources)

    def _share(self, day: date) -> Decimal:
        """How much of ``day`` is over, by the hour."""
        return Decimal(self._now.hour) / _HOURS if day == self._now.date() else Decimal(1)


class Files:
    """Makes files of what the account has now, and remembers what it read of that."""

    def __init__(self, collections: Callable[[], Mapping[str, Collection]]) -> None:
        self._collections = collections
        self._state: Any = None
        self._table: _Table | None = None

    def body(self, file: File, share: Decimal, *, with_resources: bool) -> bytes:
        """A day's file, the day being over by ``share``."""
        kept = self._collections()
        state = (id(kept), [collection.edits for collection in kept.values()])
        if self._table is None or state != self._state:
            self._table, self._state = _Table(kept), state
        return self._table.file(file, share, with_resources=with_resources)


class _Table:
    """The rows of every day."""

    def __init__(self, kept: Mapping[str, Collection]) -> None:
        self._kept = kept
        self._usage = Usage(kept)
        self._account = next(iter(kept["billingAccounts"]), {})
        self._folders = {one["id"]: one for one in kept["folders"]}
        self._clouds = {one["id"]: one for one in kept["clouds"]}
        self._labels = sorted(
            {name for kind in _LABELLED for one in kept[kind] for name in _of(one)}
        )

    def file(self, file: File, share: Decimal, *, with_resources: bool) -> bytes:
        """What stands in a file."""
        labels = [f"{_LABEL}{name}" for name in self._labels]
        hidden = "" if with_resources else "resource_id"
        head = [name for name in _HEAD if name != hidden]
        day, stamp = str(file.day), int(file.modified.timestamp())
        end = f",en,{stamp},{stamp}"
        lines = [_line([*head, *labels, *_TAIL])]
        for charged in self._usage.on(file.day, share):
            written = None if hidden else charged.written
            if written is None:
                written = self._written(charged, hidden=hidden)
            if not hidden:
                charged.written = written
            before, after = written
            lines.append(f"{before},{day},{after}{end}")
        return "\n".join([*lines, ""]).encode()

    def _written(self, charged: Charged, *, hidden: str) -> tuple[str, str]:
        """A row before and after its date, without the times at its end."""
        row = self._row(charged)
        at = _HEAD.index("date")
        before = row[:at]
        if hidden:
            del before[_HEAD.index(hidden)]
        return _line(before), _line(row[at:])

    def _row(self, charged: Charged) -> list[str]:
        thing, sku = charged.thing, charged.sku
        folder = self._folders.get(thing.get("folderId", ""), {})
        cloud = self._clouds.get(folder.get("cloudId", ""), {})
        labels = _of(thing)
        credit = _plain(charged.credit)
        return [
            self._account.get("id", ""),
            self._account.get("name", ""),
            cloud.get("id", ""),
            cloud.get("name", ""),
            folder.get("id", ""),
            folder.get("name", ""),
            thing.get("id", ""),
            sku.service_id,
            sku.service_name,
            sku.id,
            sku.name,
            self._usage.currency,
            _plain(charged.quantity),
            sku.unit,
            _plain(charged.cost),
            credit,
            "0",
            credit,
            "0",
            "0",
            *(labels.get(name, "") for name in self._labels),
        ]


_LABELLED = ("instances", "disks", "snapshots", "images", "addresses", "buckets", "extra_charges")


def _of(record: Record) -> dict[str, str]:
    """The labels of a thing, which a bucket calls tags."""
    tags = {tag["key"]: tag.get("value", "") for tag in record.get("tags", ())}
    return {**record.get("labels", {}), **tags}


def _line(values: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f") if amount else "0"


def etag(body: bytes) -> str:
    """What Object Storage calls a version of a file."""
    return md5(body, usedforsecurity=False).hexdigest()
