"""API tokens: made by people for their programs, with less than they may themselves."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from infrazen.db.queries import sign_ins
from infrazen.domain.people import ApiToken
from infrazen.domain.roles import SCOPES, Permission
from infrazen.domain.text import one_line
from infrazen.errors import Forbidden, Invalid, NotFound
from infrazen.security.tokens import TOKEN_PREFIX, digest, new_token, shown_part
from infrazen.services.use_case import Work, use_case

LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedToken:
    """A new token; ``secret`` is shown this once and kept nowhere."""

    token: ApiToken
    secret: str = field(repr=False)


@use_case(Permission.TOKEN_WRITE, audit="token.create")
def create_token(
    work: Work, *, name: str, scopes: Collection[Permission], days: int = 90
) -> CreatedToken:
    """A token that acts as its maker, within ``scopes``, for ``days`` (1 to 365)."""
    if work.actor.user_id is None:
        raise Forbidden("only a person can make a token: sign in for it")
    wanted = frozenset(scopes)
    _check_scopes(work, wanted)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"a token lasts 1 to {LONGEST_DAYS} days", field="days")
    work.target = plain = one_line(name, field="name", longest=100)
    work.details.update({"scopes": sorted(wanted), "days": days})
    secret = new_token(TOKEN_PREFIX)
    token_id = sign_ins.add_token(
        work.session,
        organization_id=work.organization_id,
        user_id=work.actor.user_id,
        name=plain,
        prefix=shown_part(secret),
        digest=digest(secret),
        scopes=wanted,
        expires_at=work.now + timedelta(days=days),
    )
    return CreatedToken(token=_token(work, token_id), secret=secret)


@use_case(Permission.TOKEN_WRITE)
def list_tokens(work: Work) -> list[ApiToken]:
    """One's own tokens; all of the organization for whoever manages its people."""
    mine_only = None if work.actor.may(Permission.USER_WRITE) else work.actor.user_id
    return sign_ins.tokens(work.session, work.organization_id, user_id=mine_only)


@use_case(Permission.TOKEN_WRITE, audit="token.revoke")
def revoke_token(work: Work, *, token_id: UUID) -> ApiToken:
    """Make a token useless: one's own, or anybody's for whoever manages people."""
    token = _token(work, token_id)
    if token.user_id != work.actor.user_id and not work.actor.may(Permission.USER_WRITE):
        raise NotFound("you have no such token")
    work.target = f"{token.name} ({token.owner})"
    if token.revoked_at is None:
        sign_ins.revoke_token(work.session, token_id, at=work.now)
    return _token(work, token_id)


def _check_scopes(work: Work, wanted: frozenset[Permission]) -> None:
    if not wanted:
        raise Invalid("a token needs at least one scope", field="scopes")
    if personal := sorted(wanted - SCOPES):
        raise Invalid(f"no token can have {', '.join(personal)}", field="scopes")
    if beyond := sorted(scope for scope in wanted if not work.actor.may(scope)):
        raise Forbidden(f"you may not hand out what you may not do: {', '.join(beyond)}")


def _token(work: Work, token_id: UUID) -> ApiToken:
    work.session.expire_all()
    token = sign_ins.token(work.session, work.organization_id, token_id)
    if token is None:
        raise NotFound("no such token in this organization")
    return token
