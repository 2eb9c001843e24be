"""Logs: secrets hidden wherever they hide, lines that cannot be forged, UTC."""

import io
import json
import logging
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.logs import HIDDEN, configure_logging, redact, register_secret, request_id
from infrazen.settings import Settings

SECRET = "Zx9-canary-value"


@pytest.fixture(params=["text", "json"])
def written(request) -> Iterator[tuple[io.StringIO, str]]:
    """What goes to the log, in either format; the root logger is put back afterwards."""
    root = logging.getLogger()
    before, level = tuple(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(Settings(log_format=request.param, log_level="DEBUG"), stream=stream)
    yield stream, request.param
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def fail_with(logger: logging.Logger, message: str) -> None:
    """Log an exception that says ``message``."""
    try:
        int(message)
    except ValueError as error:
        error.args = (message,)
        logger.exception("failed")


@pytest.mark.parametrize(
    "line",
    [
        f"password={SECRET}",
        f"passwd: {SECRET}",
        f"login=u&passwd={SECRET}&input_format=json",
        f'{{"password": "{SECRET}"}}',
        f"{{'account_password': '{SECRET}'}}",
        f"token = {SECRET}",
        f"api-key: {SECRET}",
        f"x_secret_key => {SECRET}",
        f"SECRET_ACCESS_KEY={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f'"authorization": "Basic {SECRET}"',
        f"authorization={SECRET}",
        f"sent Bearer {SECRET}",
        f"Cookie: infrazen_session={SECRET}",
        f"postgresql://user:{SECRET}@db/infrazen",
        f"redis://:{SECRET}@cache",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
        f"eyJhbGciOi.eyJzdWIiOi.{SECRET}",
        f"izt_{SECRET}",
        f"the token t1.{SECRET}.signed-by-somebody is not good",
        f"the token y0_{SECRET}{SECRET} is not good",
        f"the token gAAAAA{SECRET}{SECRET}== is not good",
        f"password='it \\' s {SECRET}'",
    ],
)
def test_what_looks_like_a_secret_is_hidden(line):
    assert SECRET not in redact(line)
    assert HIDDEN in redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "synced 10 resources in 1.2 s",
        "GET /v1/vps 200",
        "the token has expired",
        "a password needs at least 10 characters",
        "2026-11-23T20:57:00Z connection beget-main",
    ],
)
def test_ordinary_lines_stay_as_they_are(line):
    assert redact(line) == line


def test_registered_values_are_hidden_in_every_form():
    register_secret("p@ss w/rd&1")
    assert redact("got p@ss w/rd&1, p%40ss%20w/rd%261 and p%40ss+w%2Frd%261") == (
        f"got {HIDDEN}, {HIDDEN} and {HIDDEN}"
    )


def test_tiny_values_are_not_registered():
    register_secret("ab")
    assert redact("about") == "about"


@given(st.text(max_size=200))
def test_redaction_never_fails(text):
    assert isinstance(redact(text), str)


@pytest.mark.parametrize(
    "piece", ["a", "-", "eyJ", "password", "token=", "://", "authorization: ", '"']
)
def test_long_hostile_lines_cost_little(piece):
    def work(characters: int) -> float:
        started = time.thread_time()
        redact(piece * (characters // len(piece)))
        return time.thread_time() - started

    few, many = min(work(100_000) for _ in range(3)), work(1_000_000)
    assert many < 10 * max(few, 0.01) * 3, "ten times as long a line is ten times the work"


def test_messages_arguments_extras_and_tracebacks_are_redacted(written):
    stream, _ = written
    register_secret(SECRET)
    logger = logging.getLogger("test.logs")
    logger.info("one %s", SECRET, extra={"place": SECRET, "deep": {"x": [SECRET], "token": "t1"}})
    logger.info("two %(value)s", {"value": SECRET})
    fail_with(logger, f"three {SECRET}")
    logger.info("wrong number of arguments %s %s", *[SECRET])
    text = stream.getvalue()
    assert SECRET not in text
    assert "t1" not in text
    assert "three" in text
    assert "Traceback" in text


def test_a_message_cannot_forge_a_line(written):
    stream, kind = written
    logger = logging.getLogger("test.logs")
    logger.info("user %s", "eve\n2026-01-01T00:00:00.000Z INFO root: forged\r\x1b[2J\u2028x\ud83d")
    fail_with(logger, "\n2026-01-01T00:00:00.000Z INFO root: forged")
    lines = stream.getvalue().splitlines()
    assert not any(line.startswith("2026-01-01") for line in lines)
    assert "\x1b" not in stream.getvalue()
    if kind == "json":
        assert [json.loads(line)["level"] for line in lines] == ["INFO", "ERROR"]
    else:
        assert sum(not line.startswith("  | ") for line in lines) == 2


def test_lines_carry_utc_time_level_and_request(written):
    stream, kind = written
    mark = request_id.set("req-1")
    logging.getLogger("test.logs").warning("careful")
    request_id.reset(mark)
    line = stream.getvalue()
    if kind == "json":
        facts = json.loads(line)
        assert (facts["level"], facts["logger"], facts["message"], facts["request_id"]) == (
            "WARNING",
            "test.logs",
            "careful",
            "req-1",
        )
        moment = facts["time"]
    else:
        moment = line.split()[0]
        assert line.endswith("WARNING test.logs: [req-1] careful\n")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)


def test_chatty_http_libraries_are_quiet(written):
    stream, _ = written
    logging.getLogger("httpx").info("HTTP Request: GET https://api/?passwd=x")
    assert stream.getvalue() == ""
