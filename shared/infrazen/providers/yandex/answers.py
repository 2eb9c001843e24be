"""What the API says when it does not give what was asked for."""

import msgspec

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    ProviderUnavailable,
    Throttled,
    UnexpectedPayload,
)
from infrazen.provider_kit.payload import Answer
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.yandex.wire import common as wire

ANSWERED = frozenset({200, 400, 401, 403, 404, 409, 412, 499})
"""Statuses whose body says more than they do; what is left means trouble on the way."""

_FAILURE = msgspec.json.Decoder(wire.Failure)
_BY_CODE: dict[int, tuple[type[ProviderError], str]] = {
    3: (UnexpectedPayload, "the API does not accept the request"),
    4: (ProviderUnavailable, "the API did not answer in time"),
    5: (UnexpectedPayload, "there is no such thing, or it cannot be seen"),
    7: (PermissionMissing, "not allowed to these credentials"),
    8: (Throttled, "the API asks to slow down, or a quota is used up"),
    13: (ProviderUnavailable, "the API failed"),
    14: (ProviderUnavailable, "the API is not available"),
    16: (CredentialsRefused, "the credentials were refused"),
}
"""By google.rpc.Code."""

_BY_STATUS = {400: 3, 401: 16, 403: 7, 404: 5}
_UNEXPECTED: tuple[type[ProviderError], str] = (UnexpectedPayload, "an unexpected answer")


class Answers:
    """Turns ``google.rpc.Status`` into our errors; messages carry no secret."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def error(self, answer: Answer) -> ProviderError:
        """The error in ``answer``, by its code, else by its status."""
        failure = _failure(answer)
        code = failure.code or _BY_STATUS.get(answer.status, 0)
        kind, what = _BY_CODE.get(code, _UNEXPECTED)
        return kind(f"{answer.path}: {what} ({self._said(failure) or answer.status})")

    def refusal(self, answer: Answer) -> ProviderError:
        """The error of a sign-in, where what is wrong is wrong with the secret.

        Unless the answer is none of Yandex Cloud's: then it is the address.
        """
        failure = _failure(answer)
        known = self.error(answer)
        elsewhere = failure.code is None and answer.status != 401
        if known.retryable or elsewhere:
            return known
        said = self._said(failure) or answer.status
        return CredentialsRefused(f"{answer.path}: the key or the token was refused ({said})")

    def _said(self, failure: wire.Failure) -> str:
        return self._redactor.text(failure.message or "")


def _failure(answer: Answer) -> wire.Failure:
    try:
        return _FAILURE.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return wire.Failure()
