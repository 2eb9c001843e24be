"""What a provider's simulator must bring."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import ClassVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.domain.periods import local_day, utc_now
from infrazen.provider_kit.simulation.collection import Collection
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.simulation.past import Past

WORLDS = ("reference", "demo", "empty", "large")


class Listing(msgspec.Struct, frozen=True):
    """An endpoint of the provider and the path that it reads."""

    endpoint: str
    path: str


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated account: which world, how large, grown from which seed.

    ``secret`` is what every secret that the API hands out shall be; made-up ones where None.
    ``moment`` is what time it is in the account, with a time zone; the real time where None.
    ``anchor`` is the day that the history of a world leads up to; the moment's own where None.
    The world ``large`` has a history where it is set: it grew to its size in a year.
    """

    world: str = "reference"
    size: int = 1000
    seed: int = 1
    secret: str | None = None
    moment: datetime | None = None
    anchor: date | None = None

    def past(self, zone: str) -> Past:
        """What leads up to the anchor, by the days of ``zone`` (IANA name)."""
        day = local_day(self.moment or utc_now(), zone)
        return Past(anchor=self.anchor or day, day=day)


class Simulator(ABC):
    """A simulated provider account.

    ``listing`` is its largest listing, paged where the API pages; ``closable`` is one
    that can be forbidden while the others work. ``hands_out_secrets`` says whether its API
    tells secrets of resources. The tests of the kit use all three.
    """

    listing: ClassVar[Listing]
    closable: ClassVar[Listing]
    hands_out_secrets: ClassVar[bool] = True

    def __init__(self, credentials: dict[str, str]) -> None:
        self.credentials = credentials
        self.setting = Setting()
        self.collections: dict[str, Collection] = {}

    def load(self, setting: Setting) -> None:
        """Begin anew with another account."""
        self.setting = setting
        self.collections = self.grow(setting)

    def now(self) -> datetime:
        """What time it is in the account, in UTC."""
        return (self.setting.moment or utc_now()).astimezone(UTC)

    @abstractmethod
    def grow(self, setting: Setting) -> dict[str, Collection]:
        """The records of ``setting``, by collection; the same for the same setting."""

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """The provider's API."""

    @abstractmethod
    def refusal(self, kind: Kind, request: Request) -> Response | None:
        """What ``forbidden``, ``expired_token``, … look like here; None lets it pass."""
