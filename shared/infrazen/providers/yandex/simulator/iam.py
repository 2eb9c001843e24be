"""The simulated IAM: tokens for OAuth tokens and for JWTs that an authorized key signed."""

import base64
import json
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)
from starlette.requests import Request
from starlette.responses import Response

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.yandex.simulator.answers import (
    INVALID_ARGUMENT,
    UNAUTHENTICATED,
    answer,
    error,
)
from infrazen.providers.yandex.simulator.ids import made_id

LIFETIME = timedelta(hours=12)
LONGEST_JWT = 3600
LEEWAY = 60
AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"


class Iam:
    """Issues tokens and knows which are good.

    Keys are the collection ``keys``: id → ``service_account_id`` and ``public_key``.
    """

    def __init__(
        self,
        keys: Callable[[], Collection],
        credentials: Mapping[str, str],
        *,
        now: Callable[[], datetime],
        secret: Callable[[], str | None],
    ) -> None:
        self._keys = keys
        self._credentials = credentials
        self._now = now
        self._secret = secret
        self._good: dict[str, float] = {}

    def is_good(self, token: str) -> bool:
        """Whether ``token`` was issued here, has not expired and was not revoked."""
        return self._good.get(token, 0.0) > time.monotonic()

    def revoke(self, token: str) -> None:
        """Let ``token`` be good no more."""
        self._good.pop(token, None)

    async def create_token(self, request: Request) -> Response:
        """``POST /iam/v1/tokens``."""
        try:
            given = msgspec.json.decode(await request.body(), type=dict[str, Any])
        except msgspec.DecodeError:
            return error(INVALID_ARGUMENT, "Request body is not a valid JSON object")
        match given:
            case {"jwt": str() as jwt}:
                problem = self._problem_of(jwt)
            case {"yandexPassportOauthToken": str() as oauth}:
                known = self._credentials["key"]
                problem = (
                    None
                    if secrets.compare_digest(oauth.encode(), known.encode())
                    else ("OAuth token is invalid or expired")
                )
            case _:
                return error(INVALID_ARGUMENT, "Exactly one of jwt, yandexPassportOauthToken")
        if problem is not None:
            return error(UNAUTHENTICATED, problem)
        ends = datetime.now(UTC) + LIFETIME
        return answer(
            {"iamToken": self._issue(), "expiresAt": f"{ends:%Y-%m-%dT%H:%M:%S}.000000001Z"}
        )

    def _issue(self) -> str:
        token = f"t1.{self._secret() or ''}{secrets.token_urlsafe(48)}"
        self._good[token] = time.monotonic() + LIFETIME.total_seconds()
        return token

    def _problem_of(self, jwt: str) -> str | None:
        """What is wrong with a JWT, None where nothing is."""
        try:
            head, payload, signature = jwt.split(".")
            header, claims = json.loads(_decoded(head)), json.loads(_decoded(payload))
            issued, ends = int(claims["iat"]), int(claims["exp"])
            key = self._keys().get(str(header["kid"]))
        except (ValueError, KeyError, TypeError):
            return "JWT is malformed"
        moments = (time.time(), self._now().timestamp())
        ours = key is not None and key["service_account_id"] == claims.get("iss")
        complaints = (
            (header.get("alg") != "PS256", "JWT must be signed with PS256"),
            (claims.get("aud") != AUDIENCE, "JWT audience is wrong"),
            (ends - issued > LONGEST_JWT, "JWT lives longer than an hour"),
            (
                not any(issued - LEEWAY <= moment < ends for moment in moments),
                "JWT is expired or not valid yet",
            ),
            (not ours, "The key was not found"),
            (
                key is not None
                and not _is_signed(f"{head}.{payload}".encode(), signature, key["public_key"]),
                "JWT signature is wrong",
            ),
        )
        return next((text for wrong, text in complaints if wrong), None)

    async def create_key(self, request: Request) -> Response:
        """``POST /iam/v1/keys``: a real authorized key, told of once."""
        try:
            given = msgspec.json.decode(await request.body(), type=dict[str, str])
        except msgspec.DecodeError:
            given = {}
        account = given.get("serviceAccountId")
        if not account:
            return error(INVALID_ARGUMENT, "serviceAccountId: Field is required")
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        id_ = made_id("ajk", "key", secrets.token_hex(8))
        self._keys().put(id_, {"service_account_id": account, "public_key": public.decode()})
        key = {
            "id": id_,
            "serviceAccountId": account,
            "createdAt": f"{self._now():%Y-%m-%dT%H:%M:%SZ}",
            "keyAlgorithm": "RSA_2048",
            "publicKey": public.decode(),
        }
        warning = f"PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{id_}>\n"
        return answer({"key": key, "privateKey": warning + pem})


def _is_signed(message: bytes, signature: str, public_key: str) -> bool:
    public = load_pem_public_key(public_key.encode())
    if not isinstance(public, rsa.RSAPublicKey):
        return False
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
    try:
        public.verify(_decoded(signature), message, pss, hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
