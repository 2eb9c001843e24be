"""API tokens, as the screen shows them."""

from collections.abc import Iterable
from typing import TypedDict
from uuid import UUID

from infrazen.domain.people import ApiToken
from infrazen.domain.roles import SCOPES, Permission
from infrazen_ui.locales import Language, plural, text
from infrazen_ui.present.dates import day, moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.trends import Tone

_SOON_DAYS = 7


class TokenRow(TypedDict):
    """One token, without its secret."""

    id: str
    name: str
    prefix: str
    owner: str
    is_mine: bool
    scopes: str
    scopes_list: str
    expires: str
    expires_note: str
    used: str
    used_at: str
    tone: str
    state: str
    is_alive: bool


def token_rows(tokens: Iterable[ApiToken], *, me: UUID | None, eyes: Eyes) -> list[TokenRow]:
    """Those that work first, the newest above."""
    rows = [_row(token, me=me, eyes=eyes) for token in tokens]
    return sorted(rows, key=lambda row: not row["is_alive"])


def scope_names(scopes: Iterable[Permission], *, language: Language) -> list[str]:
    """``Читать расходы`` and so on, in the order of the permissions."""
    chosen = frozenset(scopes)
    return [text(f"scope.{one.value}", language) for one in Permission if one in chosen & SCOPES]


def _row(token: ApiToken, *, me: UUID | None, eyes: Eyes) -> TokenRow:
    language, used = eyes.language, token.used_at
    key, tone = _state(token, eyes)
    is_alive = key == "active"
    names = scope_names(token.scopes, language=language)
    every = text("tokens.scopes_all", language) if token.scopes >= SCOPES else ""
    return TokenRow(
        id=str(token.id),
        name=token.name,
        prefix=f"{token.prefix}…",
        owner=token.owner,
        is_mine=token.user_id == me,
        scopes=every or plural("tokens.scope_count", len(names), language),
        scopes_list="" if every else ", ".join(names).capitalize(),
        expires=day(token.expires_at.astimezone(eyes.zone).date(), language=language),
        expires_note=_soon(token, eyes) if is_alive else "",
        used=text("tokens.never", language)
        if used is None
        else relative(used, now=eyes.now, language=language),
        used_at="" if used is None else moment(used, zone=eyes.zone, language=language),
        tone=tone.value,
        state=_state_word(key, language),
        is_alive=is_alive,
    )


def _state(token: ApiToken, eyes: Eyes) -> tuple[str, Tone]:
    if token.revoked_at is not None:
        return "revoked", Tone.NEUTRAL
    if token.expires_at <= eyes.now:
        return "expired", Tone.NEUTRAL
    return "active", Tone.WARNING if _days_left(token, eyes) <= _SOON_DAYS else Tone.SUCCESS


def _state_word(key: str, language: Language) -> str:
    if key == "revoked":
        return text("tokens.revoked", language)
    return text("tokens.expired" if key == "expired" else "tokens.active", language)


def _soon(token: ApiToken, eyes: Eyes) -> str:
    left = _days_left(token, eyes)
    if left > _SOON_DAYS:
        return ""
    return plural("tokens.days_left", left, eyes.language)


def _days_left(token: ApiToken, eyes: Eyes) -> int:
    return max(0, (token.expires_at - eyes.now).days)
