"""What all mappings share: folders, statuses, prices, facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from infrazen.domain.money import MICRO, CostSource, Period, price, to_micro
from infrazen.domain.resources import ResourceStatus, StatedPrice
from infrazen.provider_kit.redaction import is_secret_name

BYTES_A_MB = 1024 * 1024
BYTES_A_GIB = 1024**3
HOURS_A_DAY = 24
_DEAREST = Decimal(10) ** 12
_FINEST = Decimal(10) ** -12

_STATUS = {
    "RUNNING": ResourceStatus.RUNNING,
    "STOPPED": ResourceStatus.STOPPED,
    "READY": ResourceStatus.ACTIVE,
    **dict.fromkeys(
        (
            "PROVISIONING",
            "STARTING",
            "STOPPING",
            "RESTARTING",
            "UPDATING",
            "CREATING",
            "DELETING",
        ),
        ResourceStatus.PENDING,
    ),
    **dict.fromkeys(("ERROR", "CRASHED"), ResourceStatus.FAILED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder: where a resource lives, and who may be asked about it."""

    id: str
    name: str
    cloud_id: str
    cloud_name: str

    @property
    def sub_account(self) -> str:
        """Cloud and folder, for every cloud has a folder called default."""
        return f"{self.cloud_name or self.cloud_id}/{self.name or self.id}"


def status(word: str) -> ResourceStatus:
    """Yandex Cloud's word as ours; a new one is unknown."""
    return _STATUS.get(word, ResourceStatus.UNKNOWN)


def region(zone: str) -> str:
    """``ru-central1-a`` lies in ``ru-central1``."""
    return zone.rpartition("-")[0]


def facts(**values: Any) -> dict[str, Any]:
    """The values that say something: without None and what is empty; zero and False stay."""
    return {name: value for name, value in values.items() if value or value == 0}


def tags_of(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels as tags; people keep passwords there too, which are nobody's business."""
    return {key: value for key, value in labels.items() if not is_secret_name(key)}


def gib(size_bytes: int) -> Decimal:
    """A size in GiB, which Yandex Cloud bills as gigabytes."""
    return Decimal(size_bytes) / BYTES_A_GIB


@lru_cache(maxsize=4096)
def hourly_price(an_hour: Decimal, currency: str) -> StatedPrice:
    """A price per hour of something whose size is a fact."""
    return _stated(_plain(an_hour), Period.HOUR, currency, CostSource.PRICED)


def daily_estimate(a_day: Decimal, currency: str) -> StatedPrice:
    """A price per day of something whose size moves: the price list times what is there now."""
    return _stated(a_day.quantize(MICRO), Period.DAY, currency, CostSource.ESTIMATED)


def _plain(amount: Decimal) -> Decimal:
    """``amount`` without zeros at its end, and no finer than anybody bills."""
    return Decimal(format(amount.quantize(_FINEST).normalize(), "f"))


def _stated(amount: Decimal, per: Period, currency: str, source: CostSource) -> StatedPrice:
    if not -_DEAREST < amount < _DEAREST:
        raise ValueError("an amount beyond all reason")
    stated = price(amount, per=per, currency=currency, source=source)
    return StatedPrice(
        amount=stated.amount,
        period=stated.period,
        currency=stated.currency,
        daily_micro=to_micro(stated.daily),
        monthly_micro=to_micro(stated.monthly),
        source=stated.source,
    )
