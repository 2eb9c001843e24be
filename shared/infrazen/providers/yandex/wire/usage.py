"""A file of the usage export: CSV with a header, read part by part."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import msgspec

from infrazen.errors import UnexpectedPayload

LABEL = "label.user_labels."
_WHAT = (
    "cloud_id",
    "cloud_name",
    "folder_id",
    "folder_name",
    "resource_id",
    "service_id",
    "service_name",
    "sku_id",
    "sku_name",
    "currency",
    "pricing_unit",
)
_NEEDED = ("date", "currency", "cost")
_LONGEST_RECORD = 1024 * 1024
_LONGEST_NUMBER = 100
_DEAREST = Decimal(10) ** 12
_FINEST = -100

Put = Callable[["Item", "Amounts"], None]
Reject = Callable[[dict[str, str], Exception], None]


class Item(NamedTuple):
    """What a row is for; ``labels`` are pairs of name and value, those that say something."""

    cloud_id: str
    cloud_name: str
    folder_id: str
    folder_name: str
    resource_id: str
    service_id: str
    service_name: str
    sku_id: str
    sku_name: str
    currency: str
    pricing_unit: str
    labels: tuple[tuple[str, str], ...] = ()


class Amounts(NamedTuple):
    """``cost`` before discounts, ``credit`` the discounts (not above zero)."""

    cost: Decimal
    credit: Decimal
    quantity: Decimal | None


class CutShort(Exception):
    """A row that has fewer or more values than the header has columns."""


class UsageRows:
    """Hands every row of a day's file to ``put``, or to ``reject`` with what is wrong.

    Columns are found by their names; those that nobody knows are let be.
    """

    def __init__(self, name: str, *, day: date, put: Put, reject: Reject) -> None:
        self._name = name
        self._day = str(day)
        self._put = put
        self._reject = reject
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._rest: list[str] = []
        self._rest_length = 0
        self._columns: _Columns | None = None

    @property
    def names_resources(self) -> bool:
        """Whether the file has a column for resources, once it was begun."""
        return self._columns is not None and "resource_id" in self._columns.names

    def feed(self, part: bytes) -> None:
        """Read the next bytes. Raises ``UnexpectedPayload`` for what is no such file."""
        self._read(self._decoded(part, final=False), final=False)

    def end(self) -> None:
        """Read what is left."""
        self._read(self._decoded(b"", final=True), final=True)
        if self._columns is None:
            raise UnexpectedPayload(f"{self._name}: an empty file instead of one with a header")

    def _decoded(self, part: bytes, *, final: bool) -> str:
        try:
            return self._decoder.decode(part, final)
        except UnicodeDecodeError:
            raise UnexpectedPayload(f"{self._name}: not a text in UTF-8") from None

    def _read(self, text: str, *, final: bool) -> None:
        """Read the whole records of what has come; a part of one waits for the rest."""
        whole, rest = ("".join([*self._rest, text]), "") if final else self._whole(text)
        if whole:
            for values in _records(whole, self._name):
                self._row(values)
        if not final and whole:
            self._rest, self._rest_length = [], 0
        if rest:
            self._rest.append(rest)
            self._rest_length += len(rest)
        if self._rest_length > _LONGEST_RECORD:
            raise UnexpectedPayload(f"{self._name}: a row of more than {_LONGEST_RECORD} signs")

    def _whole(self, text: str) -> tuple[str, str]:
        """What has come up to the end of its last record, and the rest.

        A line ends a record where the quotes before it pair up.
        """
        end = text.rfind("\n") + 1
        if not end:
            return "", text
        before = "".join([*self._rest, text[:end]])
        if before.count('"') % 2 == 0:
            return before, text[end:]
        cut = _last_even(before)
        if not cut:
            return "", text
        return before[:cut], before[cut:] + text[end:]

    def _row(self, values: list[str]) -> None:
        if not values:
            return
        if self._columns is None:
            self._columns = _Columns(values, self._name)
            return
        columns = self._columns
        try:
            item, amounts = columns.read(values, self._day)
        except Exception as error:  # noqa: BLE001 (whatever a row does, it costs itself)
            self._reject(dict(zip(columns.names, values, strict=False)), error)
        else:
            self._put(item, amounts)


class _Columns:
    """Where in a row each value stands."""

    def __init__(self, names: Sequence[str], file: str) -> None:
        self.names = [name.strip() for name in names]
        missing = [name for name in _NEEDED if name not in self.names]
        if missing:
            what = "a page" if self.names[0].startswith("<") else f"no column {missing[0]}"
            raise UnexpectedPayload(f"{file}: not a file of the usage export: {what}")
        self._at = {name: n for n, name in enumerate(self.names)}
        self._nowhere = len(self.names)  # an empty value stands there
        self._what = itemgetter(*(self._at.get(name, self._nowhere) for name in _WHAT))
        self._labels = [
            (name.removeprefix(LABEL), n) for name, n in self._at.items() if name.startswith(LABEL)
        ]

    def read(self, values: list[str], day: str) -> tuple[Item, Amounts]:
        """A row of ``day``'s file; raises for what makes no sense."""
        if len(values) != len(self.names):
            raise CutShort(f"the row is cut short: {len(values)} values of {len(self.names)}")
        values.append("")
        if values[self._at["date"]][:10] != day:
            raise ValueError("a charge of another day than its file's")
        labels = tuple([(name, values[n]) for name, n in self._labels if values[n]])
        item = Item._make((*self._what(values), labels))
        if len(item.currency) != 3 or not item.currency.isalpha():
            raise msgspec.ValidationError("Invalid enum value - at `$.currency`")
        cost = self._amount(values, "cost")
        if cost is None:
            raise msgspec.ValidationError("Object missing required field `cost`")
        credit = self._amount(values, "credit") or Decimal(0)
        return item, Amounts(cost, credit, self._amount(values, "pricing_quantity"))

    def _amount(self, values: list[str], name: str) -> Decimal | None:
        text = values[self._at.get(name, self._nowhere)]
        if not text:
            return None
        amount = _number(text)
        if amount is None:
            raise msgspec.ValidationError(f"Invalid decimal string - at `$.{name}`")
        return amount


@lru_cache(maxsize=16_384)  # most amounts are the same from day to day
def _number(text: str) -> Decimal | None:
    """``text`` as a number, None where it is none or beyond all reason."""
    if len(text) > _LONGEST_NUMBER:
        return None
    try:
        amount = Decimal(text)
        is_likely = -_DEAREST < amount < _DEAREST and amount.adjusted() >= _FINEST
    except InvalidOperation:
        return None
    return amount if is_likely else None


def _records(text: str, file: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise UnexpectedPayload(f"{file}: not a table with commas") from None


def _last_even(text: str) -> int:
    """Just after the last line end before which quotes pair up, 0 where there is none."""
    found = quotes = start = 0
    while (end := text.find("\n", start) + 1) > 0:
        quotes += text.count('"', start, end)
        start = end
        if quotes % 2 == 0:
            found = end
    return found
