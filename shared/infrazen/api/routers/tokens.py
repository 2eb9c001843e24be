"""API tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter
from pydantic import Field

from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, Limit, Page, Place, moment_of, page_of
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer, Line, Question, Whole
from infrazen.domain.people import ApiToken
from infrazen.domain.roles import Permission
from infrazen.services import tokens

router = APIRouter(prefix="/tokens", tags=["tokens"])


class NewToken(Question):
    """What a token is for, what it may, and for how long."""

    name: Annotated[Line, Field(max_length=100, examples=["nightly export"])]
    scopes: Annotated[list[Permission], Field(min_length=1, examples=[["cost:read", "export"]])]
    days: Annotated[Whole, Field(ge=1, le=tokens.LONGEST_DAYS, examples=[90])] = 90


class Token(Answer):
    """A token without its secret; `prefix` is how people recognise it."""

    id: UUID
    owner: str
    name: str
    prefix: str
    scopes: list[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class CreatedToken(Answer):
    """A new token with its secret, which is shown this once."""

    token: Token
    secret: Annotated[str, Field(examples=["izt_…"])]


class _Newest(Place):
    age: Annotated[int, msgspec.Meta(ge=-(2**62), le=0)]
    id: UUID


@router.get("", openapi_extra=needs(Permission.TOKEN_WRITE))
def list_tokens(caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> Page[Token]:
    """One's own tokens, newest first; everybody's for those who manage people."""
    found = tokens.list_tokens(caller.actor)
    items, following = page_of(found, _place, _Newest, cursor=cursor, limit=limit)
    return Page(items=[Token.model_validate(each) for each in items], next_cursor=following)


@router.post("", status_code=201, openapi_extra=needs(Permission.TOKEN_WRITE))
def create_token(caller: Caller, form: NewToken) -> CreatedToken:
    """Make a token that acts as its maker, with no more than they may themselves."""
    made = tokens.create_token(caller.actor, name=form.name, scopes=form.scopes, days=form.days)
    return CreatedToken.model_validate(made)


@router.delete(
    "/{token_id:uuid}", responses=documented(404), openapi_extra=needs(Permission.TOKEN_WRITE)
)
def revoke_token(caller: Caller, token_id: UUID) -> Token:
    """Make a token useless, at once and for good."""
    return Token.model_validate(tokens.revoke_token(caller.actor, token_id=token_id))


def _place(token: ApiToken) -> _Newest:
    return _Newest(age=-moment_of(token.created_at), id=token.id)
