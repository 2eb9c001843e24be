"""What a provider's simulator must bring."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.provider_kit.simulation.faults import Kind

WORLDS = ("reference", "empty", "large")


class Listing(msgspec.Struct, frozen=True):
    """An endpoint of the provider and the path that it reads."""

    endpoint: str
    path: str


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated account: which world, how large, grown from which seed.

    ``secret`` is what every secret that the API hands out shall be; made-up ones where None.
    """

    world: str = "reference"
    size: int = 1000
    seed: int = 1
    secret: str | None = None


class Simulator(ABC):
    """A simulated provider account.

    ``listing`` is its largest listing, paged where the API pages; ``closable`` is one
    that can be forbidden while the others work. The tests of the kit use both.
    """

    listing: ClassVar[Listing]
    closable: ClassVar[Listing]

    def __init__(self, credentials: dict[str, str]) -> None:
        self.credentials = credentials
        self.setting = Setting()
        self.collections: dict[str, Collection] = {}

    def load(self, setting: Setting) -> None:
        """Begin anew with another account."""
        self.collections = self.grow(setting)
        self.setting = setting

    @abstractmethod
    def grow(self, setting: Setting) -> dict[str, Collection]:
        """The records of ``setting``, by collection; the same for the same setting."""

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """The provider's API."""

    @abstractmethod
    def refusal(self, kind: Kind, request: Request) -> Response | None:
        """What ``forbidden``, ``expired_token``, … look like here; None lets it pass."""
