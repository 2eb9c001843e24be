"""Where somebody is signed in, as the screen tells it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypedDict

from infrazen.domain.people import SignIn
from infrazen_ui.locales import text
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.devices import device, is_phone
from infrazen_ui.present.eyes import Eyes

_NOW = timedelta(minutes=5)
"""How old "last seen" may be of somebody who is there: it is written every few minutes."""


class SignInRow(TypedDict):
    """One sign-in."""

    id: str
    device: str
    is_phone: bool
    is_current: bool
    address: str
    since: str
    since_at: str
    seen: str
    seen_at: str
    is_active: bool


def sign_in_rows(found: Iterable[SignIn], *, eyes: Eyes) -> list[SignInRow]:
    """The sign-in of this browser first, then those last used."""
    rows = [_row(one, eyes) for one in found]
    return sorted(rows, key=lambda row: not row["is_current"])


def _row(one: SignIn, eyes: Eyes) -> SignInRow:
    language = eyes.language
    since = relative(one.created_at, now=eyes.now, language=language)
    seen = relative(one.seen_at, now=eyes.now, language=language)
    is_active = one.is_current or eyes.now - one.seen_at < _NOW
    return SignInRow(
        id=one.id,
        device=device(one.agent, language=language),
        is_phone=is_phone(one.agent),
        is_current=one.is_current,
        address=one.address or text("my_sessions.no_address", language),
        since=text("my_sessions.since", language, when=since),
        since_at=moment(one.created_at, zone=eyes.zone, language=language),
        seen=text("my_sessions.seen_now", language)
        if is_active
        else text("my_sessions.seen", language, when=seen),
        seen_at=moment(one.seen_at, zone=eyes.zone, language=language),
        is_active=is_active,
    )
