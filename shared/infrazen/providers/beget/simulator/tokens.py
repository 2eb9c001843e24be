"""JSON web tokens of the simulated cloud API."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping

import msgspec

LIFETIME = 3600
_HEADER = {"alg": "HS256", "typ": "JWT"}


class Tokens:
    """Issues tokens and knows which are good."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._good: dict[str, float] = {}

    def issue(self, login: str, *, lifetime: int = LIFETIME) -> str:
        """A token for ``login`` that lives for ``lifetime`` seconds."""
        now = int(time.time())
        claims = {
            "customerLogin": login,
            "iat": now,
            "exp": now + lifetime,
            "jti": secrets.token_hex(8),
        }
        signed = f"{_part(_HEADER)}.{_part(claims)}"
        signature = hmac.new(self._key, signed.encode(), hashlib.sha256).digest()
        token = f"{signed}.{_text(signature)}"
        self._good[token] = time.monotonic() + lifetime
        return token

    def is_good(self, token: str) -> bool:
        """Whether ``token`` was issued here, has not expired and was not revoked."""
        return self._good.get(token, 0.0) > time.monotonic()

    def revoke(self, token: str) -> None:
        """Let ``token`` be good no more."""
        self._good.pop(token, None)


def _part(value: Mapping[str, object]) -> str:
    return _text(msgspec.json.encode(value))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
