"""Calls to Beget's hosting API: ``POST /api/{section}/{method}``, credentials in the form."""

from typing import TypeVar

import msgspec

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    Throttled,
    UnexpectedPayload,
)
from infrazen.provider_kit.contract import NothingToRead
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Transport
from infrazen.providers.beget.credentials import BegetCredentials
from infrazen.providers.beget.wire import hosting as wire

T = TypeVar("T")

METHODS = (
    "user/getAccountInfo",
    "domain/getList",
    "domain/getSubdomainList",
    "domain/getZoneList",
    "site/getList",
    "mysql/getList",
    "ftp/getList",
    "mail/getMailboxList",
)
"""Every method that is ever called; each only reads."""

_ENVELOPE = msgspec.json.Decoder(wire.Envelope, strict=False)
_CLOSED = ("cannot access method", "method disabled")
_ERRORS: dict[str, type[ProviderError]] = {
    "AUTH_ERROR": CredentialsRefused,
    "NO_SUCH_METHOD": PermissionMissing,
    "LIMIT_ERROR": Throttled,
}


def path(method: str) -> str:
    """The path of ``method`` (``domain/getList``)."""
    return f"/api/{method}"


class LegacyApi:
    """The hosting API of one account.

    Refused credentials are remembered and not sent again: Beget blocks addresses that
    keep trying.
    """

    def __init__(
        self, transport: Transport, credentials: BegetCredentials, redactor: Redactor
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._redactor = redactor
        self._refused = False

    async def call(
        self, method: str, decoder: msgspec.json.Decoder[T], arguments: dict[str, str] | None = None
    ) -> T:
        """``result`` of ``method`` as ``decoder``'s type; raises ``ProviderError``.

        ``NothingToRead`` where the credentials were refused before.
        """
        if self._refused:
            raise NothingToRead("not asked: the login or the API password was refused")
        form = {
            "login": self._credentials.login,
            "passwd": self._credentials.password.get_secret_value(),
            "input_format": "json",
            "input_data": msgspec.json.encode(arguments or {}).decode(),
            "output_format": "json",
        }
        try:
            return await self._transport.post(
                path(method), form=form, read=lambda answer: self._result(method, answer, decoder)
            )
        except CredentialsRefused:
            self._refused = True
            raise

    def _result(self, method: str, answer: Answer, decoder: msgspec.json.Decoder[T]) -> T:
        envelope = decode(answer, _ENVELOPE)
        inner = envelope.answer
        if envelope.status != "success" or inner is None:
            raise self._error(method, envelope.error_code, envelope.error_text)
        if inner.status != "success":
            first = next(iter(inner.errors or ()), wire.Problem())
            code = first.error_code or inner.error_code
            raise self._error(method, code, first.error_text or inner.error_text)
        try:
            return decoder.decode(inner.result)
        except msgspec.DecodeError as error:
            raise UnexpectedPayload(f"{answer.path}: not the documented JSON: {error}") from None

    def _error(self, method: str, code: int | str | None, text: str | None) -> ProviderError:
        """Beget's error as ours: the text first, for "Cannot access" comes as AUTH_ERROR."""
        said = self._redactor.text(text or "")
        if said.lower().startswith(_CLOSED):
            return PermissionMissing(said)
        error = _ERRORS.get(str(code), UnexpectedPayload)
        return error(f"{path(method)}: {said or 'no reason given'} ({code or 'no code'})")
