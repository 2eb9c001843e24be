"""Calls to Beget's cloud API: ``/v1/...`` with a bearer token."""

import asyncio
import base64
import copy
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    ProviderUnavailable,
    SecondFactorRequired,
    Throttled,
    UnexpectedPayload,
)
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Transport
from infrazen.providers.beget.credentials import BegetCredentials
from infrazen.providers.beget.wire import cloud as wire

R = TypeVar("R", bound=wire.Reply)

AUTH = "/v1/auth"
_TOKEN = msgspec.json.Decoder(wire.Token, strict=False)
_ANY = msgspec.json.Decoder(wire.Reply)
_EARLY = 30.0  # seconds before its end at which a token is renewed
_OK_OR_UNAUTHORIZED = frozenset({200, 401})
_REFUSED = "the token was refused: check that it is valid and not revoked"

_ERRORS: dict[str, tuple[type[ProviderError], str]] = {
    "INCORRECT_CREDENTIALS": (CredentialsRefused, "the login or the password is wrong"),
    "EMPTY_LOGIN": (CredentialsRefused, "no login was given"),
    "EMPTY_PASSWORD": (CredentialsRefused, "no password was given"),
    "ACCOUNT_DELETED": (CredentialsRefused, "the account has been deleted"),
    "IP_BLOCKED": (
        CredentialsRefused,
        "Beget blocked this address after failed sign-ins: unblock it in the panel",
    ),
    "TOKEN_REVOKED": (CredentialsRefused, _REFUSED),
    "PAYLOAD_CHANGED": (CredentialsRefused, _REFUSED),
    "ACCOUNT_ON_MAINTANCE": (ProviderUnavailable, "the account is under maintenance"),
    "INTERNAL_ERROR": (ProviderUnavailable, "Beget failed"),
    "TEMPORARILY_UNAVAILABLE": (ProviderUnavailable, "Beget is not available for a while"),
    "ACCESS_DENIED": (PermissionMissing, "not allowed to these credentials"),
    "PERMISSION_DENIED": (PermissionMissing, "not allowed to these credentials"),
    "LIMIT_ERROR": (Throttled, "Beget asks to slow down"),
}
_SECOND_FACTOR = "the account asks for a one-time code: make a token in the panel and enter it"


class ModernApi:
    """The cloud API of one account; signs in when first asked.

    A refused sign-in is remembered and never repeated, for Beget blocks addresses that
    keep trying; an expired token is renewed once per request.
    """

    def __init__(
        self, transport: Transport, credentials: BegetCredentials, redactor: Redactor
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._redactor = redactor
        self._lock = asyncio.Lock()
        self._token = credentials.token.get_secret_value() if credentials.token else None
        self._expires_at: float | None = None
        self.failure: ProviderError | None = None

    async def sign_in(self) -> None:
        """Prove the password by getting a token, or the entered token by the cheapest call."""
        await self._valid_token()
        if self._credentials.token is not None:
            await self.get("/v1/vps/region", _ANY)

    async def get(
        self,
        path: str,
        decoder: msgspec.json.Decoder[R],
        params: Mapping[str, str | int] | None = None,
    ) -> R:
        """The answer to GET ``path`` as ``decoder``'s type; raises ``ProviderError``."""

        def read(answer: Answer) -> R | None:
            return None if answer.status == 401 else self._reply(answer, decoder)

        token = await self._valid_token()
        reply = await self._get(path, params, token, read)
        if reply is None:
            token = await self._valid_token(instead_of=token)
            reply = await self._get(path, params, token, read)
        if reply is None:
            raise self._failed(CredentialsRefused(f"{path}: a fresh token was refused"))
        return reply

    async def _get(
        self,
        path: str,
        params: Mapping[str, str | int] | None,
        token: str,
        read: Callable[[Answer], R | None],
    ) -> R | None:
        return await self._transport.get(
            path,
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            accept=_OK_OR_UNAUTHORIZED,
            read=read,
        )

    async def _valid_token(self, *, instead_of: str | None = None) -> str:
        async with self._lock:
            if self.failure is not None:
                raise copy.copy(self.failure)
            if self._token is None or self._token == instead_of or self._is_old():
                try:
                    self._token = await self._new_token()
                except ProviderError as error:
                    raise self._failed(error) from None
            return self._token

    async def _new_token(self) -> str:
        if self._credentials.token is not None:
            raise CredentialsRefused(_REFUSED)
        password = self._credentials.account_password or self._credentials.password
        body = {"login": self._credentials.login, "password": password.get_secret_value()}
        reply = await self._transport.post(
            AUTH, json=body, read=lambda answer: self._reply(answer, _TOKEN)
        )
        if not reply.token:
            raise UnexpectedPayload(f"{AUTH}: neither a token nor an error")
        seconds = lifetime(reply.token, now=self._transport.clock.now().timestamp())
        now = self._transport.clock.monotonic()
        self._expires_at = None if seconds is None else now + seconds - _EARLY
        return reply.token

    def _is_old(self) -> bool:
        return self._expires_at is not None and self._transport.clock.monotonic() > self._expires_at

    def _failed(self, error: ProviderError) -> ProviderError:
        self.failure = error
        return error

    def _reply(self, answer: Answer, decoder: msgspec.json.Decoder[R]) -> R:
        """The answer, or the error that came with status 200."""
        reply = decode(answer, decoder)
        error = msgspec.json.decode(reply.error)
        if error:
            raise self._error(answer.path, error)
        return reply

    def _error(self, path: str, error: object) -> ProviderError:
        code, text = _code_and_text(error)
        if "CODE" in code.split("_"):
            return SecondFactorRequired(f"{path}: {_SECOND_FACTOR} ({code})")
        said = self._redactor.text(text) or "an error that is not known"
        kind, what = _ERRORS.get(code, (UnexpectedPayload, said))
        return kind(f"{path}: {what} ({self._redactor.text(code, limit=64)})")


def _code_and_text(error: object) -> tuple[str, str]:
    match error:
        case str():
            return error, ""
        case {"code": code} | {"key": code}:
            text = error.get("message") if isinstance(error, dict) else None
            return str(code), str(text or "")
        case _:
            return "", ""


def lifetime(token: str, *, now: float) -> float | None:
    """Seconds that a JWT lives from its making, by its own claims; None where it is silent.

    ``exp`` less ``iat`` where both stand, so that a clock that is wrong here does not
    matter; else ``exp`` less ``now``, unless that says that a fresh token is old. The
    signature is Beget's business.
    """
    try:
        payload = token.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        expires, issued = float(claims["exp"]), float(claims.get("iat", now))
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, msgspec.DecodeError):
        return None
    return expires - issued if expires > issued else None
