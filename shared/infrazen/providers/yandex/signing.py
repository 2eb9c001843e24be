"""The JWT that asks for an IAM token.

Apart from the key, because what signs takes 25 ms to import and only a sign-in needs it.
"""

import base64
from collections.abc import Mapping
from datetime import datetime

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from infrazen.errors import CredentialsRefused
from infrazen.providers.yandex.authorized_key import AuthorizedKey

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
"""Whom a JWT is for: the real address, whatever address it is sent to."""

LIFETIME = 3600
_SALT_LENGTH = 32  # as long as the digest, as PS256 asks (RFC 7518, 3.5)


def signed_jwt(key: AuthorizedKey, *, now: datetime) -> str:
    """A JWT that asks for an IAM token, signed with PS256; it lives for an hour."""
    issued = int(now.timestamp())
    header = {"typ": "JWT", "alg": "PS256", "kid": key.id}
    claims = {
        "iss": key.service_account_id,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_text(_signature(key, signed.encode()))}"


def _signature(key: AuthorizedKey, message: bytes) -> bytes:
    # The file's private key begins with a warning not to remove it.
    pem = key.private_key[max(0, key.private_key.find("-----BEGIN")) :]
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise CredentialsRefused("private_key in the key file is no RSA key: make a new key")
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=_SALT_LENGTH)
    return private.sign(message, pss, hashes.SHA256())


def _part(value: Mapping[str, object]) -> str:
    return _text(msgspec.json.encode(value))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
