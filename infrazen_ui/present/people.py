"""The people of an organization, as the screen shows them."""

from collections.abc import Iterable
from typing import TypedDict
from uuid import UUID

from infrazen.domain.people import Member
from infrazen.domain.roles import Role
from infrazen_ui.locales import Language, plural, text
from infrazen_ui.present.dates import day, moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.trends import Tone


class PersonRow(TypedDict):
    """One person; what the visitor may do with them is checked in the services again."""

    id: str
    name: str
    email: str
    initials: str
    is_me: bool
    role: str
    role_name: str
    tone: str
    state: str
    is_disabled: bool
    last: str
    last_at: str
    since: str
    is_changeable: bool


def person_rows(
    members: Iterable[Member], *, roles: Iterable[Role], me: UUID | None, eyes: Eyes
) -> list[PersonRow]:
    """Everybody; ``roles`` are those that the visitor may hand out."""
    reach = frozenset(roles)
    return [_row(member, reach=reach, me=me, eyes=eyes) for member in members]


def role_name(role: Role, *, language: Language) -> str:
    """``Наблюдатель``."""
    return text(f"role.{role.value}.name", language)


def people_count(count: int, *, language: Language) -> str:
    """``3 человека``."""
    return plural("people.count", count, language)


def initials(name: str) -> str:
    """``Анна Петрова`` as ``АП``."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def _row(member: Member, *, reach: frozenset[Role], me: UUID | None, eyes: Eyes) -> PersonRow:
    language, last = eyes.language, member.last_sign_in_at
    return PersonRow(
        id=str(member.user_id),
        name=member.name,
        email=member.email,
        initials=initials(member.name),
        is_me=member.user_id == me,
        role=member.role.value,
        role_name=role_name(member.role, language=language),
        tone=(Tone.NEUTRAL if member.is_disabled else Tone.SUCCESS).value,
        state=text("people.disabled" if member.is_disabled else "people.active", language),
        is_disabled=member.is_disabled,
        last=text("people.never", language)
        if last is None
        else relative(last, now=eyes.now, language=language),
        last_at="" if last is None else moment(last, zone=eyes.zone, language=language),
        since=day(member.since.astimezone(eyes.zone).date(), language=language),
        is_changeable=member.role in reach,
    )
