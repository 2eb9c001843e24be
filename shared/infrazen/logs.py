"""Logging: UTC, one line an event, and never a secret.

``configure_logging`` sets up the root logger as the settings say. ``Redaction`` is the
filter that every handler needs; it hides what looks like a secret and what was given to
``register_secret``, in messages, arguments, exceptions and tracebacks alike.
"""

import json
import logging
import re
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

from infrazen.settings import Settings, settings

HIDDEN = "<hidden>"
_LONGEST_TEXT = 16_000
_SHORTEST_SECRET = 5
_MOST_SECRETS = 5_000
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being served; it is part of every line."""

_secrets: dict[str, None] = {}
_secrets_lock = threading.Lock()

_WORDS = (
    r"pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|infrazen_session|set-cookie|cookie|signature"
)
_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'&;,)}\]]+)"""
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
        HIDDEN,
    ),
    (
        re.compile(
            r"(?i)(authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?)(?:(?:bearer|basic|token|digest)\s+)?"
            r"[^\s\"',;]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/-]{6,}=*"), rf"\1 {HIDDEN}"),
    (
        re.compile(rf"(?i)((?:{_WORDS})[\w.-]{{0,40}}[\"']?\s{{0,3}}(?:=>|[:=])\s{{0,3}}){_VALUE}"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\beyJ[\w-]{5,4000}\.[\w-]{5,}(?:\.[\w-]*)?"), HIDDEN),
    (re.compile(r"\bizt_[\w-]{8,}"), HIDDEN),
    (re.compile(r"\bgAAAA[\w-]{24,}=*|\bt1\.[\w=.-]{16,}|\by[0-3]_[\w-]{20,}"), HIDDEN),
    (re.compile(r"(\w{1,20}://[^\s/:@]{0,300}):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
)
_SECRET_NAME = re.compile(rf"(?i){_WORDS}|authorization")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def register_secret(value: str) -> None:
    """Hide ``value`` in every later log line of this process, URL-encoded forms too.

    Values under five characters are too common to hide. The latest 5,000 are remembered.
    """
    if len(value) < _SHORTEST_SECRET:
        return
    with _secrets_lock:
        for form in {value, quote(value, errors="replace"), quote_plus(value, errors="replace")}:
            _secrets.pop(form, None)
            _secrets[form] = None
        while len(_secrets) > _MOST_SECRETS:
            del _secrets[next(iter(_secrets))]


def redact(text: str) -> str:
    """``text`` without registered secrets and without what looks like one.

    Of a text beyond 16,000 characters the middle is left out.
    """
    if len(text) > _LONGEST_TEXT:
        half = _LONGEST_TEXT // 2
        text = f"{text[:half]} … {text[-half:]}"
    for secret in tuple(_secrets):
        if secret in text:
            text = text.replace(secret, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class Redaction(logging.Filter):
    """Takes secrets out of a record before its handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact in place; always lets the record through."""
        record.msg = redact(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        for name in vars(record).keys() - _STANDARD:
            setattr(record, name, _redacted(getattr(record, name), name=name))
        record.__dict__["request_id"] = request_id.get()
        return True


class TextFormatter(logging.Formatter):
    """``2026-11-23T20:57:00.123Z INFO infrazen.sync: message``.

    A record can't forge another: line breaks in messages are escaped, and the lines of a
    traceback are marked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, and marked lines below it for a traceback."""
        asked = getattr(record, "request_id", "")
        request = f" [{asked}]" if asked else ""
        message = _escaped(_message(record).replace("\n", "\\n"))
        lines = [f"{_moment(record)} {record.levelname} {record.name}:{request} {message}"]
        for text in (record.exc_text, record.stack_info):
            lines += [f"  | {_escaped(line)}" for line in (text or "").split("\n") if line]
        return "\n".join(lines)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with whatever ``extra`` the record carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        facts: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        extra = {name: getattr(record, name) for name in vars(record).keys() - _STANDARD}
        facts |= {name: value for name, value in sorted(extra.items()) if value != ""}
        if record.exc_text:
            facts["exception"] = record.exc_text
        return json.dumps(facts)


def configure_logging(chosen: Settings | None = None, *, stream: TextIO | None = None) -> None:
    """Send every log record of this process through one redacting handler.

    Writes to ``stream`` (standard error where not given). Handlers that libraries had put
    on the root logger go.
    """
    now = chosen or settings()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redaction())
    handler.setFormatter(JsonFormatter() if now.log_format == "json" else TextFormatter())
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(now.log_level)
    # They print whole URLs and bodies below WARNING, or what only their makers ask for.
    for name in ("httpx", "httpcore", "hpack", "alembic", "apscheduler"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(line: str) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _redacted(value: object, *, name: str) -> object:
    """``value`` as plain JSON without secrets; all of it is one where ``name`` says so."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {redact(str(key)): _redacted(each, name=str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(each, name="") for each in value]
    return redact(str(value))
