"""Yandex Cloud in memory: all services at one address, as the endpoint list says."""

from collections.abc import Sequence
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.simulation.simulator import Listing, Setting, Simulator
from infrazen.providers.yandex.simulator.answers import forbidden, unauthenticated
from infrazen.providers.yandex.simulator.iam import Iam
from infrazen.providers.yandex.simulator.object_storage import failure, is_storage
from infrazen.providers.yandex.simulator.services import Services, bearer
from infrazen.providers.yandex.simulator.worlds import grow


class YandexSimulator(Simulator):
    """Every service over one set of records."""

    listing: ClassVar[Listing] = Listing("compute.instances", "/compute/v1/instances")
    closable: ClassVar[Listing] = Listing("storage.buckets", "/storage/v1/buckets")
    hands_out_secrets: ClassVar[bool] = False

    def __init__(self, credentials: dict[str, str]) -> None:
        super().__init__(credentials)
        self._iam = Iam(
            lambda: self.collections["keys"],
            credentials,
            now=self.now,
            secret=lambda: self.setting.secret,
        )
        self._services = Services(lambda: self.collections, self._iam, now=self.now)

    def grow(self, setting: Setting) -> dict[str, Collection]:
        """The world that ``setting`` names."""
        return grow(setting)

    def routes(self) -> Sequence[Route]:
        """All services."""
        return self._services.routes()

    def refusal(self, kind: Kind, request: Request) -> Response | None:
        """Yandex Cloud's own ways to say no."""
        objects = is_storage(request.url.path)
        match kind:
            case Kind.FORBIDDEN:
                return failure(403, "AccessDenied", "Access Denied") if objects else forbidden()
            case Kind.WRONG_PASSWORD | Kind.EXPIRED_TOKEN:
                self._iam.revoke(bearer(request))
                return failure(401, "ExpiredToken", "expired") if objects else unauthenticated()
            case _:
                return None
