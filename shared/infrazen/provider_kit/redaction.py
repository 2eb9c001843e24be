"""What may be shown of what a provider sent, and of what we sent it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

HIDDEN = "<hidden>"
LONGEST_MESSAGE = 300
LONGEST_RECORD = 4000

_SECRET_NAME = re.compile(
    r"pass|secret|token|auth(?!ors?(?![a-z]))|credential|cookie|session|signature|bearer"
    r"|(?:^|[_\-. ]|api|access|private)keys?(?:$|[_\-. \d])|(?:^|[_\-. ])(?:pwd|pin|otp|code)$",
    re.IGNORECASE,
)
# Bounded everywhere, so that no text of a provider's makes it backtrack for long.
_ASSIGNMENT = re.compile(
    r"""(?P<name>(?:pass|secret|token|authorization|api_?key)[\w\-]{0,40}["']?\s{0,3}[=:]\s{0,3})"""
    r"""(?:Bearer\s{1,3})?["']?[^\s"'&,;}]+""",
    re.IGNORECASE,
)
# JSON Web Tokens, Keystone's, and Yandex Cloud's of both kinds.
_TOKEN = re.compile(
    r"\beyJ[\w\-]+\.[\w\-]+(?:\.[\w\-]*)?"
    r"|\bgAAAA[\w\-]{24,}=*|\bt1\.[\w\-=.]{16,}|\by[0-3]_[\w\-]{20,}"
)
_PEM = re.compile(r"-----BEGIN [^-]*-----.*", re.DOTALL)
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SHORTEST_SECRET = 4


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name may hold a secret."""
    return _SECRET_NAME.search(name) is not None


def redacted(value: Any, hidden: frozenset[str] = frozenset()) -> Any:
    """``value`` (JSON) without anything that is, or is named like, a secret.

    Whatever lies under one of the names in ``hidden`` goes too. An object that describes
    a field (``{"type": "PASSWORD", "value": …}``) loses its value.
    """
    match value:
        case dict():
            names_secret = _describes_secret(value)
            return {
                name: HIDDEN
                if name in hidden or is_secret_name(name) or (names_secret and name == "value")
                else redacted(inner, hidden)
                for name, inner in value.items()
            }
        case list():
            return [redacted(inner, hidden) for inner in value]
        case str():
            return _without_tokens(value)
        case _:
            return value


def _describes_secret(value: dict[str, Any]) -> bool:
    said = (value.get(name) for name in ("type", "variable", "name", "label_en", "label"))
    return any(isinstance(word, str) and is_secret_name(word) for word in said)


def _without_tokens(text: str) -> str:
    text = _PEM.sub(HIDDEN, _TOKEN.sub(HIDDEN, text))
    return _QUERY.sub("", _USERINFO.sub("", text))


def is_safe_text(text: str) -> bool:
    """Whether ``text`` is short and holds nothing like a token, a key or a password."""
    if len(text) > LONGEST_MESSAGE:
        return False
    return _without_tokens(text) == text and _ASSIGNMENT.search(text) is None


class Redactor:
    """Cleans texts and records of one connection, whose own secrets it knows.

    ``hidden`` names parts of records that hold secrets in whatever shape they come.
    """

    def __init__(
        self, secrets: Iterable[str] = (), *, hidden: frozenset[str] = frozenset()
    ) -> None:
        self._hidden = hidden
        known = sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __repr__(self) -> str:
        return "Redactor(<hidden>)"

    def text(self, text: str, *, limit: int = LONGEST_MESSAGE) -> str:
        """One line of ``text`` that may be shown and logged, ``limit`` characters at most."""
        cleaned = self._without_known(text)[: limit * 10]
        cleaned = _ASSIGNMENT.sub(rf"\g<name>{HIDDEN}", _without_tokens(cleaned))
        cleaned = _CONTROL.sub(" ", cleaned).strip()
        return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"

    def record(self, raw: bytes) -> str:
        """A record as it came, as JSON without secrets; its size where it is no JSON."""
        try:
            value = redacted(msgspec.json.decode(raw), self._hidden)
        except (msgspec.DecodeError, RecursionError):
            return f"{len(raw)} bytes that are not JSON"
        text = self._without_known(msgspec.json.encode(value).decode())
        return text if len(text) <= LONGEST_RECORD else text[: LONGEST_RECORD - 1] + "…"

    def _without_known(self, text: str) -> str:
        return self._known.sub(HIDDEN, text) if self._known else text
