"""Random tokens for cookies, the API and the setup link; only their digests are stored."""

import hashlib
import hmac
import secrets

TOKEN_PREFIX = "izt_"  # noqa: S105 (how people and scanners recognise one)
_SHOWN = 12


def new_token(prefix: str = "") -> str:
    """A token with 256 random bits, safe in a URL and a cookie."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The SHA-256 of ``token`` in hex; enough, as the token is random."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, stored: str) -> bool:
    """Whether ``stored`` is the digest of ``token``, in constant time."""
    return hmac.compare_digest(digest(token), stored)


def shown_part(token: str) -> str:
    """The beginning by which people tell their tokens apart."""
    return token[:_SHOWN]
