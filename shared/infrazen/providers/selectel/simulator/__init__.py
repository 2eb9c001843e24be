"""A Selectel account that lives in memory and answers like the real one."""

from collections.abc import Sequence
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.simulation.simulator import Listing, Setting, Simulator
from infrazen.providers.selectel.simulator.cloud import Cloud, forbidden
from infrazen.providers.selectel.simulator.identity import Identity, unauthorized
from infrazen.providers.selectel.simulator.money import Money, refused
from infrazen.providers.selectel.simulator.worlds import PROJECT, grow

SIGN_IN = "/identity/v3/auth/tokens"
_ACCOUNT_PATHS = ("/vpc/", "/v1/", "/v2/", "/v3/")


class SelectelSimulator(Simulator):
    """The account's APIs and OpenStack in two regions, at one address.

    Catalogues lead to the address that was asked, so one endpoint stands for all of them.
    """

    listing: ClassVar[Listing] = Listing(
        "block_storage.volumes", f"/spb/volume/v3/{PROJECT}/volumes/detail"
    )
    closable: ClassVar[Listing] = Listing("network.floating_ips", "/spb/network/v2.0/floatingips")
    hands_out_secrets: ClassVar[bool] = False

    def __init__(self, credentials: dict[str, str]) -> None:
        super().__init__(credentials)
        self._identity = Identity(lambda: self.collections, credentials)
        self._cloud = Cloud(lambda: self.collections, self._identity, now=self.now)
        self._money = Money(
            lambda: self.collections,
            self._identity,
            account_id=credentials["account_id"],
            now=self.now,
        )

    def grow(self, setting: Setting) -> dict[str, Collection]:
        """The world that ``setting`` names."""
        return grow(setting)

    def routes(self) -> Sequence[Route]:
        """Sign-in, account and cloud."""
        sign_in = Route(SIGN_IN, self._identity.sign_in, methods=["POST"])
        return [sign_in, *self._money.routes(), *self._cloud.routes()]

    def refusal(self, kind: Kind, request: Request) -> Response | None:
        """Selectel's own ways to say no."""
        path = request.url.path
        if path == SIGN_IN:
            return unauthorized() if kind is Kind.WRONG_PASSWORD else None
        if kind is Kind.EXPIRED_TOKEN:
            self._identity.revoke(request)
            return unauthorized()
        if kind is not Kind.FORBIDDEN:
            return None
        return refused(403, "FORBIDDEN") if path.startswith(_ACCOUNT_PATHS) else forbidden()
