"""API tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from infrazen.api.caller import Caller
from infrazen.api.paging import Page
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer, Line, Question
from infrazen.domain.roles import Permission
from infrazen.services import tokens

router = APIRouter(prefix="/tokens", tags=["tokens"])


class NewToken(Question):
    """What a token is for, what it may, and for how long."""

    name: Annotated[Line, Field(max_length=100, examples=["nightly export"])]
    scopes: Annotated[list[Permission], Field(min_length=1, examples=[["cost:read", "export"]])]
    days: Annotated[int, Field(ge=1, le=tokens.LONGEST_DAYS, examples=[90])] = 90


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


@router.get("", openapi_extra=needs(Permission.TOKEN_WRITE))
def list_tokens(caller: Caller) -> Page[Token]:
    """One's own tokens; everybody's for those who manage people."""
    found = tokens.list_tokens(caller.actor)
    return Page(items=[Token.model_validate(each) for each in found])


@router.post("", status_code=201, openapi_extra=needs(Permission.TOKEN_WRITE))
def create_token(caller: Caller, form: NewToken) -> CreatedToken:
    """Make a token that acts as its maker, with no more than they may themselves."""
    made = tokens.create_token(caller.actor, name=form.name, scopes=form.scopes, days=form.days)
    return CreatedToken.model_validate(made)


@router.delete(
    "/{token_id}", responses=documented(404), openapi_extra=needs(Permission.TOKEN_WRITE)
)
def revoke_token(caller: Caller, token_id: UUID) -> Token:
    """Make a token useless, at once and for good."""
    return Token.model_validate(tokens.revoke_token(caller.actor, token_id=token_id))
