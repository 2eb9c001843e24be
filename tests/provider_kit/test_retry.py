from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import CredentialsRefused, ProviderUnavailable, Throttled
from infrazen.provider_kit.retry import Retries, retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(attempt=st.integers(1, 50), jitter=st.floats(0, 1, exclude_max=True))
def test_backoff_stays_within_its_bounds(attempt, jitter):
    retries = Retries(attempts=100)
    wait = retries.delay(ProviderUnavailable("down"), attempt=attempt, jitter=jitter)
    assert 0 <= wait <= min(retries.longest, retries.first * 2 ** (attempt - 1))


@given(seconds=st.floats(0, 10_000))
def test_a_stated_wait_is_kept_exactly_or_not_at_all(seconds):
    retries = Retries()
    wait = retries.delay(Throttled("slow", retry_after=seconds), attempt=1, jitter=0.9)
    assert wait == (seconds if seconds <= retries.patience else None)


def test_nothing_is_retried_that_cannot_mend_itself():
    assert Retries().delay(CredentialsRefused("no"), attempt=1, jitter=0.5) is None


def test_the_last_attempt_is_the_last():
    error = ProviderUnavailable("down")
    assert Retries(attempts=3).delay(error, attempt=2, jitter=0.5) is not None
    assert Retries(attempts=3).delay(error, attempt=3, jitter=0.5) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120.0),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), 0.0),
        ("Sun, 01 Mar 2026 12:00:30 -0000", 30.0),
        ("9" * 400, 999_999_999.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_as_seconds_or_date(header, seconds):
    assert retry_after(header, now=NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_breaks_it(header):
    wait = retry_after(header, now=NOW)
    assert wait is None or wait >= 0
