"""Simulated Keystone: passwords for tokens, a catalogue with them, and who may ask what."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from infrazen.domain.periods import utc_now
from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.selectel.simulator import tariffs

LIFETIME = timedelta(hours=24)
_SERVICES = (
    ("compute", "nova", "/compute/v2.1"),
    ("volumev3", "cinderv3", "/volume/v3/{project}"),
    ("network", "neutron", "/network"),
    ("image", "glance", "/image"),
    ("metric", "gnocchi", "/metric"),
    ("object-store", "swift", "/swift/v1/AUTH_{project}"),
)


@dataclass(frozen=True, slots=True)
class _Issued:
    project: str | None
    until: datetime


class Identity:
    """Issues tokens for the account or a project, and knows which are good."""

    def __init__(
        self, collections: Callable[[], dict[str, Collection]], credentials: Mapping[str, str]
    ) -> None:
        self._collections = collections
        self._credentials = credentials
        self._issued: dict[str, _Issued] = {}

    async def sign_in(self, request: Request) -> Response:
        """``POST /identity/v3/auth/tokens``."""
        try:
            asked = msgspec.json.decode(await request.body(), type=dict[str, Any])["auth"]
            known = self._knows(asked["identity"]["password"]["user"])
            scope = asked["scope"]
            project = scope["project"]["id"] if "project" in scope else None
        except (msgspec.DecodeError, LookupError, TypeError):
            return answer({"error": {"code": 400, "message": "Invalid input.", "title": ""}}, 400)
        if not known or (project is not None and project not in self._collections()["projects"]):
            return unauthorized()
        value = secrets.token_urlsafe(48)
        until = utc_now() + LIFETIME
        self._issued[value] = _Issued(project, until)
        body = {"token": self._body(project, until, str(request.base_url).rstrip("/"))}
        return answer(body, 201, headers={"X-Subject-Token": value})

    def _knows(self, user: dict[str, Any]) -> bool:
        given = (user["domain"]["name"], user["name"], user["password"])
        names = ("account_id", "username", "password")
        return given == tuple(self._credentials[name] for name in names)

    def _body(self, project: str | None, until: datetime, here: str) -> dict[str, Any]:
        domain = {"id": "d0", "name": self._credentials["account_id"]}
        known = self._collections()["projects"].get(project) if project else None
        return {
            "methods": ["password"],
            "user": {"id": "u0", "name": self._credentials["username"], "domain": domain},
            "roles": [{"id": "r0", "name": "reader"}],
            "issued_at": utc_now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "expires_at": until.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "catalog": _catalog(project, here) if project else [],
            **(
                {"project": {"id": project, "name": known["name"], "domain": domain}}
                if known
                else {"domain": domain}
            ),
        }

    def project(self, request: Request) -> str | None:
        """The project that the request's token is for, None where it is for none."""
        issued = self._issued.get(request.headers.get("x-auth-token", ""))
        return issued.project if issued and issued.until > utc_now() else None

    def opens_account(self, request: Request) -> bool:
        """Whether the request has a token of the account's: a static one, or Keystone's."""
        static = request.headers.get("x-token")
        if static is not None:
            return static == self._credentials["static_token"]
        issued = self._issued.get(request.headers.get("x-auth-token", ""))
        return issued is not None and issued.project is None and issued.until > utc_now()

    def revoke(self, request: Request) -> None:
        """Let the request's token be good no more."""
        self._issued.pop(request.headers.get("x-auth-token", ""), None)


def _catalog(project: str, here: str) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "name": name,
            "type": type_,
            "endpoints": [
                {
                    "id": f"{name}-{region}-{interface}",
                    "interface": interface,
                    "region": region,
                    "region_id": region,
                    "url": f"{here}/{region}{path.format(project=project)}",
                }
                for region in tariffs.REGIONS.values()
                for interface in ("public", "internal")
            ],
        }
        for type_, name, path in _SERVICES
    ]


def answer(value: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    body = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return Response(body, status, media_type="application/json", headers=dict(headers or {}))


def unauthorized() -> Response:
    """What Keystone and all that trust it say to a wrong password or token."""
    message = "The request you have made requires authentication."
    return answer({"error": {"code": 401, "message": message, "title": "Unauthorized"}}, 401)
