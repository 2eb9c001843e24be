"""Secrets from files and standard input, never from an argument."""

import sys
from pathlib import Path

from infrazen.errors import Invalid

MOST_BYTES = 64 * 1024


def secret_text(file: Path, *, what: str) -> str:
    """The text of ``file`` (``-`` for standard input) without its last line's end.

    ``Invalid``, with ``what`` as its field, where there is no text, it is no UTF-8, or it
    is far too long.
    """
    if str(file) == "-":
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with file.open("rb") as content:
            raw = content.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Invalid(f"the {what} file is larger than 64 KiB: is it the right one?", field=what)
    try:
        text = raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Invalid(f"the {what} file is not UTF-8 text", field=what) from None
    if not text.strip():
        raise Invalid(f"the {what} file is empty", field=what)
    return text
