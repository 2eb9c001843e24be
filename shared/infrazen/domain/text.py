"""Short texts that people type: one line, no control characters, bounded."""

import re
import unicodedata

from infrazen.errors import Invalid

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LATIN = str.maketrans("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye") | str.maketrans(
    {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
    }
)


def one_line(text: str, *, field: str, longest: int, shortest: int = 1) -> str:
    """``text`` trimmed; ``Invalid`` where it is too short, too long or not one plain line."""
    trimmed = unicodedata.normalize("NFC", text.strip())
    if len(trimmed) < shortest:
        raise Invalid(f"{field} must not be empty", field=field)
    if len(trimmed) > longest:
        raise Invalid(f"{field} has at most {longest} characters", field=field)
    if _CONTROL.search(trimmed):
        raise Invalid(f"{field} must be one line of plain text", field=field)
    return trimmed


def email_address(text: str, *, field: str = "email") -> str:
    """``text`` as a lower-case e-mail address, or ``Invalid``."""
    address = one_line(text, field=field, longest=320).lower()
    if not _EMAIL.fullmatch(address):
        raise Invalid(f"{field} must be an e-mail address such as anna@example.com", field=field)
    return address


def slug(text: str, *, field: str = "slug") -> str:
    """``text`` where it is a slug (lower-case letters, digits, inner hyphens), or ``Invalid``."""
    if not _SLUG.fullmatch(text):
        raise Invalid(
            f"{field} takes 1 to 63 lower-case letters, digits and inner hyphens", field=field
        )
    return text


def slug_of(name: str) -> str:
    """A slug made from ``name``, Russian transliterated; ``organization`` if nothing is left."""
    latin = unicodedata.normalize("NFKD", name.lower().translate(_LATIN))
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", latin)).strip("-")
    return plain[:63].strip("-") or "organization"


def without_controls(text: str, *, longest: int) -> str:
    """``text`` as it may be stored and shown, whoever sent it: cut, control characters out."""
    return _CONTROL.sub("", text)[:longest]
