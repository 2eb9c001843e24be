"""A Beget account that lives in memory and answers like the real one."""

from collections.abc import Sequence
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.simulation.simulator import Listing, Setting, Simulator
from infrazen.providers.beget.simulator.cloud import (
    CloudApi,
    bearer,
    error,
    forbidden,
    unauthorized,
)
from infrazen.providers.beget.simulator.hosting import HostingApi, no_access, wrong_password
from infrazen.providers.beget.simulator.worlds import grow


class BegetSimulator(Simulator):
    """Both APIs over one set of records."""

    listing: ClassVar[Listing] = Listing("modern.vps", "/v1/vps/server/list")
    closable: ClassVar[Listing] = Listing("legacy.sites", "/api/site/getList")

    def __init__(self, credentials: dict[str, str]) -> None:
        super().__init__(credentials)
        self._hosting = HostingApi(lambda: self.collections, credentials)
        self._cloud = CloudApi(lambda: self.collections, credentials, now=self.now)

    def grow(self, setting: Setting) -> dict[str, Collection]:
        """The world that ``setting`` names."""
        return grow(setting)

    def routes(self) -> Sequence[Route]:
        """Hosting and cloud."""
        return [*self._hosting.routes(), *self._cloud.routes()]

    def refusal(self, kind: Kind, request: Request) -> Response | None:
        """Beget's own ways to say no."""
        path = request.url.path
        if path.startswith("/api/"):
            return _hosting_refusal(kind, section=path.split("/")[2])
        return _sign_in_refusal(kind) if path == "/v1/auth" else self._refusal(kind, request)

    def _refusal(self, kind: Kind, request: Request) -> Response | None:
        if kind is Kind.EXPIRED_TOKEN:
            self._cloud.tokens.revoke(bearer(request))
            return unauthorized()
        return forbidden() if kind is Kind.FORBIDDEN else None


def _hosting_refusal(kind: Kind, *, section: str) -> Response | None:
    if kind is Kind.FORBIDDEN:
        return no_access(section)
    return wrong_password() if kind is Kind.WRONG_PASSWORD else None


def _sign_in_refusal(kind: Kind) -> Response | None:
    codes = {Kind.WRONG_PASSWORD: "INCORRECT_CREDENTIALS", Kind.SECOND_FACTOR: "CODE_REQUIRED"}
    return error(codes[kind]) if kind in codes else None
