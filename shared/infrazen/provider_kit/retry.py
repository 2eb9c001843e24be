"""When to ask again, and after how long."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from infrazen.errors import ProviderError, Throttled

_LONGEST_NUMBER = 9  # digits; a longer wait than 31 years is nonsense


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """Backoff with full jitter, in seconds.

    ``patience`` is the longest ``Retry-After`` that is waited for: a provider that asks
    for more is not asked again, and the error says when to come back.
    """

    attempts: int = 4
    first: float = 0.5
    longest: float = 20.0
    patience: float = 60.0

    def delay(self, error: ProviderError, *, attempt: int, jitter: float) -> float | None:
        """Seconds to wait after the ``attempt``-th failure, None to give up."""
        if not error.retryable or attempt >= self.attempts:
            return None
        if isinstance(error, Throttled) and error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.patience else None
        return jitter * min(self.longest, self.first * 2.0 ** (attempt - 1))


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110 10.2.3), None if unreadable."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:_LONGEST_NUMBER])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
