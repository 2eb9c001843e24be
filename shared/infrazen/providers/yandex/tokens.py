"""IAM tokens: got for a key or an OAuth token, kept for an hour, renewed before they end."""

import asyncio
import copy
from datetime import datetime

import msgspec

from infrazen.errors import CredentialsRefused, ProviderError, UnexpectedPayload
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.transport import Transport
from infrazen.providers.yandex.answers import ANSWERED, Answers
from infrazen.providers.yandex.authorized_key import parse_key
from infrazen.providers.yandex.wire import common as wire

PATH = "/iam/v1/tokens"
LONGEST = 3600.0
EARLY = 600.0  # seconds before its end at which a token is renewed
_TOKEN = msgspec.json.Decoder(wire.IamToken)
_SHORT_LIVED = (
    "this is an IAM token, which lives for hours: enter the key of a service account instead"
)


class IamTokens:
    """The token of one connection.

    A refused secret is remembered and not sent again.
    """

    def __init__(self, iam: Transport, secret: str, answers: Answers) -> None:
        self._iam = iam
        self._secret = secret.strip()
        self._answers = answers
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._renew_at = 0.0
        self.failure: ProviderError | None = None

    def move(self, iam: Transport) -> None:
        """Ask another address from now on."""
        self._iam = iam

    async def valid(self, *, instead_of: str | None = None) -> str:
        """A token that is good for some minutes at least; ``instead_of`` was refused.

        Raises ``ProviderError``, the same again where it was final.
        """
        async with self._lock:
            if self.failure is not None:
                raise copy.copy(self.failure)
            late = self._iam.clock.monotonic() >= self._renew_at
            if self._token is None or self._token == instead_of or late:
                try:
                    self._token = await self._new()
                except ProviderError as error:
                    self.failure = error
                    raise
            return self._token

    def refused(self, path: str) -> CredentialsRefused:
        """Give up: even a fresh token was refused at ``path``."""
        self.failure = CredentialsRefused(f"{path}: a fresh IAM token was refused")
        return self.failure

    async def _new(self) -> str:
        body = self._question(self._iam.clock.now())
        answer = await self._iam.post(PATH, json=body, accept=ANSWERED, read=self._read)
        lifetime = LONGEST
        if answer.expires_at is not None:
            lifetime = (answer.expires_at - self._iam.clock.now()).total_seconds()
        # A clock that is wrong here must not make every request renew the token.
        kept = min(LONGEST, lifetime) - EARLY
        self._renew_at = self._iam.clock.monotonic() + (kept if kept > 0 else LONGEST / 2)
        return answer.iam_token

    def _question(self, now: datetime) -> dict[str, str]:
        if self._secret.startswith("{"):
            return {"jwt": _signed(self._secret, now)}
        if self._secret.startswith("t1."):
            raise CredentialsRefused(_SHORT_LIVED)
        return {"yandexPassportOauthToken": self._secret}

    def _read(self, answer: Answer) -> wire.IamToken:
        if answer.status != 200:
            raise self._answers.refusal(answer)
        token = decode(answer, _TOKEN)
        if not token.iam_token:
            raise UnexpectedPayload(f"{answer.path}: neither a token nor an error")
        return token


def _signed(secret: str, now: datetime) -> str:
    from infrazen.providers.yandex.signing import signed_jwt  # noqa: PLC0415 (25 ms to import)

    return signed_jwt(parse_key(secret), now=now)
