"""Errors as RFC 9457 problem details: one mapping from our errors to HTTP."""

import math
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from infrazen import errors
from infrazen.errors import InfraZenError
from infrazen.logs import request_id

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[InfraZenError], int] = {
    InfraZenError: 500,
    errors.ProviderError: 502,
    errors.CredentialsRefused: 422,
    errors.PermissionMissing: 422,
    errors.Throttled: 503,
    errors.ProviderUnavailable: 503,
    errors.EndpointNotAllowed: 422,
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.TooManyAttempts: 429,
    errors.ClusterUnavailable: 503,
    errors.ClusterRefused: 502,
    errors.LeaseLost: 409,
    errors.StorageUnavailable: 503,
}
_BY_STATUS = {
    400: "Invalid",
    401: "Unauthenticated",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    413: "BodyTooLarge",
    415: "UnsupportedMediaType",
    422: "Invalid",
}
_STORAGE_PAUSE = 5
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


class WrongInput(BaseModel):
    """One input that is not what the API takes."""

    field: str = Field(examples=["days"])
    message: str = Field(examples=["Input should be less than or equal to 365"])


class Problem(BaseModel):
    """Why a request failed (RFC 9457).

    ``reason`` is the stable word to program against; ``detail`` is for people.
    """

    type: str = Field(examples=["urn:infrazen:problem:NotFound"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no such token in this organization"])
    reason: str = Field(examples=["NotFound"])
    field: str | None = Field(default=None, description="Which input is wrong.")
    retry_after: float | None = Field(default=None, description="Seconds to wait.")
    request_id: str = Field(default="", description="Names this request in the logs.")
    errors: list[WrongInput] | None = Field(default=None, description="All inputs that are wrong.")


def status_of(error: InfraZenError) -> int:
    """The HTTP status of ``error``: its own class's, or the nearest ancestor's."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def problem(
    status: int,
    reason: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem as a response."""
    body = Problem(
        type=f"urn:infrazen:problem:{reason}",
        title=_title(reason),
        status=status,
        detail=detail,
        reason=reason,
        request_id=request_id.get(),
        **more,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def of_error(error: InfraZenError) -> JSONResponse:
    """One of our own errors as a response."""
    wait = getattr(error, "retry_after", None)
    if wait is None and isinstance(error, errors.StorageUnavailable):
        wait = _STORAGE_PAUSE
    headers: dict[str, str] = {}
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        status_of(error),
        error.reason,
        str(error),
        headers=headers,
        field=getattr(error, "field", None),
        retry_after=wait,
    )


def unexpected() -> JSONResponse:
    """What the world hears of an error nobody meant: the number under which we log it."""
    return problem(
        500,
        InfraZenError.reason,
        f"something went wrong on our side; tell us the request id {request_id.get()}",
    )


def handle_problems(api: FastAPI) -> None:
    """Make every error of ``api`` a problem."""

    @api.exception_handler(InfraZenError)
    def ours(_request: Request, error: InfraZenError) -> JSONResponse:
        return of_error(error)

    @api.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return _of_validation(error)

    @api.exception_handler(HTTPException)
    def http(_request: Request, error: HTTPException) -> JSONResponse:
        reason = _BY_STATUS.get(error.status_code, "HttpError")
        return problem(error.status_code, reason, str(error.detail), headers=error.headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI ``responses`` for problems with these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def _of_validation(error: RequestValidationError) -> JSONResponse:
    """Say what is wrong and where, never what came: it may be a password."""
    wrong = [
        WrongInput(field=_place(each["loc"]), message=str(each["msg"])) for each in error.errors()
    ]
    first = wrong[0]
    return problem(
        422,
        errors.Invalid.reason,
        f"{first.field}: {first.message}",
        field=first.field,
        errors=[each.model_dump() for each in wrong],
    )


def _place(location: tuple[int | str, ...]) -> str:
    """``("body", "scopes", 0)`` as ``scopes.0``; the part itself where there is nothing inside."""
    inside = location[1:] if len(location) > 1 and isinstance(location[1], str) else location[:1]
    return ".".join(_shown(part) for part in inside if part != "[key]")


def _shown(part: int | str) -> str:
    """A name, but not what a client made up for one: that may be a secret in a wrong place."""
    return str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "…"


def _title(reason: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", reason).capitalize()
