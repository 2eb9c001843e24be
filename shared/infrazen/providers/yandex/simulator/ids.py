"""Ids as Yandex Cloud makes them: a prefix of three and seventeen letters and digits."""

from hashlib import blake2b

_LETTERS = "0123456789abcdefghijklmnopqrstuv"
_LENGTH = 17


def made_id(prefix: str, *words: str) -> str:
    """An id that follows from ``words``."""
    digest = blake2b("/".join(words).encode(), digest_size=_LENGTH).digest()
    return prefix + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)
