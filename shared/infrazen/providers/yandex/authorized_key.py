"""A service account's authorized key."""

import hashlib
from contextlib import suppress

import msgspec

from infrazen.errors import CredentialsRefused
from infrazen.providers.yandex.credentials import YandexCredentials

_NOT_A_KEY = (
    "the secret begins like a key file but is not one: paste the whole JSON file that "
    "`yc iam key create` or the console gave, with id, service_account_id and private_key"
)


class AuthorizedKey(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a key file that signs."""

    id: str
    service_account_id: str
    private_key: str

    def __repr__(self) -> str:
        return f"AuthorizedKey({self.id!r}, <hidden>)"


def account_mark(credentials: YandexCredentials) -> str:
    """The service account whose key it is, whichever of its keys; a token by its digest.

    Nothing else is known of an account before it is asked. A token is too random to be guessed.
    """
    secret = credentials.key.get_secret_value()
    if secret.startswith("{"):
        with suppress(CredentialsRefused):
            return f"service-account:{parse_key(secret).service_account_id}"
    return f"secret:{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


class _ApiKey(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    service_account_id: str


class _ApiAnswer(msgspec.Struct, frozen=True, rename="camel"):
    key: _ApiKey
    private_key: str


def parse_key(text: str) -> AuthorizedKey:
    """The key in ``text``, as the console and ``yc`` write it or as the API answers.

    Raises ``CredentialsRefused`` that shows nothing of it.
    """
    try:
        return msgspec.json.decode(text, type=AuthorizedKey)
    except msgspec.DecodeError:
        pass
    try:
        answer = msgspec.json.decode(text, type=_ApiAnswer)
    except msgspec.DecodeError:
        raise CredentialsRefused(_NOT_A_KEY) from None
    return AuthorizedKey(
        id=answer.key.id,
        service_account_id=answer.key.service_account_id,
        private_key=answer.private_key,
    )
