"""Keystone v3: a password for tokens, a token's catalogue for addresses."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    UnexpectedPayload,
)
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.transport import Transport

TOKENS = "/v3/auth/tokens"
EARLY = timedelta(minutes=5)
"""How long before its end a token is renewed."""

_CREATED_OR_REFUSED = frozenset({201, 401})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token is for: a whole domain, or one project of it by its id."""

    domain: str
    project_id: str | None = None

    def document(self) -> dict[str, Any]:
        """The scope as Keystone asks for it."""
        if self.project_id is not None:
            return {"project": {"id": self.project_id}}
        return {"domain": {"name": self.domain}}


@dataclass(frozen=True, slots=True)
class Service:
    """One service in one region, and where it answers."""

    type: str
    region: str
    url: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the services that it opens. Its repr shows no value."""

    value: str = field(repr=False)
    expires_at: datetime
    services: tuple[Service, ...]
    project_id: str = ""


class _Endpoint(msgspec.Struct):
    url: str
    interface: str = "public"
    region_id: str = ""
    region: str = ""


class _Service(msgspec.Struct):
    type: str
    endpoints: list[_Endpoint] = []


class _Project(msgspec.Struct):
    id: str


class _Body(msgspec.Struct):
    expires_at: datetime
    catalog: list[_Service] = []
    project: _Project | None = None


class _Reply(msgspec.Struct):
    token: _Body


_REPLY = msgspec.json.Decoder(_Reply)


class Keystone:
    """Tokens of one user, each scope's kept until it nears its end.

    A refused password is remembered and never sent again. Keystone also answers 401 for a
    project in which the user has no role: where another scope is open, that is what it means.
    """

    def __init__(
        self, transport: Transport, *, root: str, user: str, domain: str, password: str
    ) -> None:
        self._transport = transport
        self._path = root + TOKENS
        self._user, self._domain, self._password = user, domain, password
        self._tokens: dict[Scope, Token] = {}
        self._refused: dict[Scope, ProviderError] = {}
        self._locks: dict[Scope, asyncio.Lock] = {}
        self.failure: ProviderError | None = None

    async def token(self, scope: Scope, *, instead_of: str | None = None) -> Token:
        """A token for ``scope`` that is still good, another one than ``instead_of``."""
        async with self._locks.setdefault(scope, asyncio.Lock()):
            known = self._tokens.get(scope)
            if known is not None and known.value != instead_of and self._lasts(known):
                return known
            if error := self.failure or self._refused.get(scope):
                raise error.with_traceback(None)
            self._tokens[scope] = await self._sign_in(scope)
            return self._tokens[scope]

    def _lasts(self, token: Token) -> bool:
        return token.expires_at - self._transport.clock.now() > EARLY

    async def _sign_in(self, scope: Scope) -> Token:
        password = {
            "user": {
                "name": self._user,
                "domain": {"name": self._domain},
                "password": self._password,
            }
        }
        identity = {"methods": ["password"], "password": password}
        found = await self._transport.post(
            self._path,
            read=_token,
            json={"auth": {"identity": identity, "scope": scope.document()}},
            accept=_CREATED_OR_REFUSED,
        )
        if found is not None:
            return found
        if self._tokens:
            refused: ProviderError = PermissionMissing(
                f"{self._path}: the user has no role in project {scope.project_id}"
            )
            self._refused[scope] = refused
            raise refused
        self.failure = CredentialsRefused(
            f"{self._path}: the account, the user's name or the password is wrong"
        )
        raise self.failure


def _token(answer: Answer) -> Token | None:
    if answer.status == 401:
        return None
    body = decode(answer, _REPLY).token
    value = answer.headers.get("x-subject-token")
    if not value:
        raise UnexpectedPayload(f"{answer.path}: a token without its X-Subject-Token")
    return Token(
        value=value,
        expires_at=_aware(body.expires_at),
        services=tuple(_public(body.catalog)),
        project_id=body.project.id if body.project else "",
    )


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise UnexpectedPayload("a token's end names no time zone")
    return moment


def _public(catalog: Iterable[_Service]) -> Iterable[Service]:
    for service in catalog:
        for endpoint in service.endpoints:
            if endpoint.interface == "public":
                region = endpoint.region_id or endpoint.region
                yield Service(service.type, region, endpoint.url.rstrip("/"))
