"""Passwords, kept as Argon2id hashes.

The parameters are OWASP's for Argon2id (19 MiB, two passes, one lane; Password Storage
Cheat Sheet). At most two hashes are computed at a time, so that a flood of sign-ins
cannot take all memory and both cores.
"""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from infrazen.errors import Invalid

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_slots = threading.BoundedSemaphore(2)


def hash_password(password: str, *, field: str = "password") -> str:
    """The hash to store; ``Invalid`` with ``field`` where the password is too weak."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise Invalid(f"a password needs at least {SHORTEST} characters", field=field)
    if len(plain) > LONGEST:
        raise Invalid(f"a password has at most {LONGEST} characters", field=field)
    if len(set(plain)) < 4:
        raise Invalid("a password needs at least four different characters", field=field)
    with _slots:
        return _hasher.hash(_encoded(plain))


def password_matches(password: str, stored: str | None) -> bool:
    """Whether ``password`` is the one behind ``stored``.

    Takes the same time where there is no hash to compare with.
    """
    plain = _normal(password)
    nobody = _hash_of_nobody()
    with _slots:
        try:
            _hasher.verify(stored or nobody, _encoded(plain[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None and len(plain) <= LONGEST


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _hash_of_nobody() -> str:
    """What an unknown name is checked against, so that it takes as long as a known one."""
    return _hasher.hash("nobody has this password")


def _normal(password: str) -> str:
    """One form for the same characters, whichever keyboard typed them (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _encoded(plain: str) -> bytes:
    return plain.encode("utf-8", "surrogatepass")
