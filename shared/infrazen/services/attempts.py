"""Tries at a password: counted before their outcome is known, taken back when good."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from infrazen.db.queries import attempts
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.periods import utc_now
from infrazen.errors import TooManyAttempts
from infrazen.security.networks import network_of

WINDOW = timedelta(minutes=15)
PER_NAME = 5
PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at the password of one name from one address."""

    ids: tuple[int, ...]
    name_key: str

    @classmethod
    def open(cls, *, name: str, address: str) -> "Attempt":
        """Count a try, or raise ``TooManyAttempts`` that says how long to wait.

        Five failures for a name from one address, or thirty from one address, close the
        door until the oldest of them is 15 minutes old. Tries at a closed door don't
        count, and one address can't lock anybody out elsewhere.
        """
        now = utc_now()
        network = network_of(address)
        name_key = _key("name", name, network)
        limits = {name_key: PER_NAME, _key("address", network): PER_ADDRESS}
        with database().writing(patience_ms=ANSWER_MS) as session:
            counted = attempts.record(session, limits, now=now, window=WINDOW)
        if isinstance(counted, datetime):
            raise _too_many(wait=math.ceil((counted - now).total_seconds()))
        return cls(tuple(counted), name_key)

    def forgive(self, session: Session) -> None:
        """The password was right: this try and the name's failures don't count."""
        attempts.forgive(session, self.ids, key=self.name_key)


def _too_many(*, wait: int) -> TooManyAttempts:
    minutes = math.ceil(wait / 60)
    return TooManyAttempts(
        f"too many failed sign-ins: try again in {minutes} minute{'' if minutes == 1 else 's'}",
        retry_after=max(1, wait),
    )


def _key(*parts: str) -> str:
    """A key that keeps no name: people type passwords into the wrong field."""
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
