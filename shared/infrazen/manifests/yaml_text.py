"""Documents as YAML. JSON is YAML, so every text that could mean something else is quoted."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def yaml_text(documents: Iterable[Mapping[str, Any]], *, notes: str = "") -> str:
    """``documents`` one after another; ``notes`` stand above as comments."""
    head = "".join(f"# {line}\n" for line in notes.splitlines())
    return head + "---\n".join("".join(_lines(one, "")) for one in documents)


def _lines(document: Mapping[str, Any], indent: str) -> Iterable[str]:
    for key, value in document.items():
        name = f"{indent}{_text(key)}:"
        if isinstance(value, Mapping) and value:
            yield f"{name}\n"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{name} {_flow(value)}\n"


def _flow(value: Any) -> str:
    """A value on one line; lists of a manifest are short."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_flow(one) for one in value)}]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_text(key)}: {_flow(one)}" for key, one in value.items())
        return f"{{{inside}}}"
    return json.dumps(value)


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(one) for one in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
