"""Encryption of secrets: AES-256-GCM under a data key that a master key wraps.

Every connection has a data key of its own. What is sealed is bound to its place by
associated data: moved to another organization, connection, resource or field, it does
not open. A sealed value is one version byte, a random 96-bit nonce, ciphertext and tag.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infrazen.errors import SecretUnreadable
from infrazen.security.key_ring import KEY_BYTES, KeyRing

_VERSION = b"\x01"
_NONCE_BYTES = 12
_FINGERPRINT_HEX = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret belongs; no ``resource_id`` means to the connection itself."""

    organization_id: UUID
    connection_id: UUID
    field: str
    resource_id: UUID | None = None

    @property
    def bound(self) -> bytes:
        """The place as associated data; different places never give the same bytes."""
        kind = b"connection" if self.resource_id is None else b"resource"
        ids = (self.organization_id, self.connection_id, self.resource_id)
        return b"infrazen/secret/" + kind + b"/" + _bytes(ids) + self.field.encode()


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as the database keeps it."""

    master_key_id: str
    wrapped: bytes


class DataKey:
    """A connection's data key, open: seals, opens and fingerprints its secrets."""

    def __init__(self, value: bytes) -> None:
        self._value = value
        self._cipher = AESGCM(value)

    def __repr__(self) -> str:
        return "DataKey(<hidden>)"

    def seal(self, value: str, place: Place) -> bytes:
        """``value`` encrypted for ``place``; twice the same value gives different bytes."""
        return _seal(self._cipher, _encoded(value), place.bound)

    def open(self, sealed: bytes, place: Place) -> str:
        """What ``seal`` got; ``SecretUnreadable`` where bytes or place are not its own."""
        try:
            return _open(self._cipher, sealed, place.bound).decode("utf-8", "surrogatepass")
        except InvalidTag as error:
            raise SecretUnreadable(
                f"the secret {place.field!r} was changed or moved in the database: enter it again"
            ) from error

    def fingerprint(self, value: str) -> str:
        """Eight hex digits that tell two values apart and nothing else.

        Keyed, so that nobody can try out guesses without the data key.
        """
        digest = hmac.new(self._value, _encoded(value), hashlib.sha256).hexdigest()
        return digest[:_FINGERPRINT_HEX]

    def wrap(self, ring: KeyRing, *, organization_id: UUID, connection_id: UUID) -> WrappedKey:
        """The key itself under the ring's primary master key."""
        master = ring.primary
        bound = _key_bound(organization_id, connection_id, master.id)
        return WrappedKey(master.id, _seal(AESGCM(master.value), self._value, bound))


def new_data_key() -> DataKey:
    """A random data key."""
    return DataKey(os.urandom(KEY_BYTES))


def unwrap(
    key: WrappedKey, ring: KeyRing, *, organization_id: UUID, connection_id: UUID
) -> DataKey:
    """The data key in ``key``; ``SecretUnreadable`` without its master key or if tampered with."""
    master = ring.get(key.master_key_id)
    if master is None:
        raise SecretUnreadable(
            f"the key ring lacks the master key {key.master_key_id!r} that protects this "
            "connection: put it back from your backup, or enter the credentials again"
        )
    bound = _key_bound(organization_id, connection_id, master.id)
    try:
        return DataKey(_open(AESGCM(master.value), key.wrapped, bound))
    except InvalidTag as error:
        raise SecretUnreadable(
            "this connection's data key was changed or moved in the database, or the master key "
            f"{master.id!r} is not the one it was wrapped with"
        ) from error


def _key_bound(organization_id: UUID, connection_id: UUID, master_key_id: str) -> bytes:
    return b"infrazen/data-key/" + _bytes((organization_id, connection_id)) + master_key_id.encode()


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _bytes(ids: tuple[UUID | None, ...]) -> bytes:
    return b"".join(each.bytes for each in ids if each is not None)


def _seal(cipher: AESGCM, value: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, value, bound)


def _open(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    """Raise ``InvalidTag`` for anything that ``_seal`` did not make for ``bound``."""
    version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version != _VERSION or len(nonce) != _NONCE_BYTES:
        raise InvalidTag
    return cipher.decrypt(nonce, body, bound)
