"""Signing in, signing out and the first run; the only routes that set the session cookie."""

from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from infrazen.api.caller import SessionCookie, clear_session_cookie, set_session_cookie
from infrazen.api.client import check_origin, client_address
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer, Email, Line, Password, Question, Secret
from infrazen.security.sessions import is_visit
from infrazen.services import setup, sign_in
from infrazen.services.sign_in import SignedIn

router = APIRouter(prefix="/api/auth", tags=["sign-in"])

Form = TypeVar("Form", bound=BaseModel)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SignIn(Question):
    """A name and a password."""

    email: Annotated[str, Field(max_length=320, examples=["anna@example.com"])]
    password: Annotated[Secret, Field(examples=["correct horse battery"])]


class Setup(Question):
    """The first organization and its owner."""

    code: Annotated[Secret, Field(examples=["the code in the link that InfraZen printed"])]
    organization_name: Annotated[Line, Field(examples=["Рога и копыта"])]
    name: Annotated[Line, Field(examples=["Анна Иванова"])]
    email: Annotated[Email, Field(examples=["anna@example.com"])]
    password: Annotated[Password, Field(examples=["correct horse battery"])]


class Session(Answer):
    """A sign-in; its secret is in the cookie only."""

    expires_at: datetime


async def _sign_in_form(request: Request) -> SignIn:
    return await _body(request, SignIn)


async def _setup_form(request: Request) -> Setup:
    return await _body(request, Setup)


def _taken_as(form: type[BaseModel]) -> dict[str, object]:
    """OpenAPI of a body that may be JSON or a form."""
    schema = form.model_json_schema()
    content = {kind: {"schema": schema} for kind in ("application/json", *_FORMS)}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/login",
    responses=documented(400, 401, 403, 413, 422, 429, 503),
    openapi_extra=_taken_as(SignIn),
)
def login(
    request: Request,
    response: Response,
    form: Annotated[SignIn, Depends(_sign_in_form)],
    infrazen_session: SessionCookie = "",
) -> Session:
    """Start a session and set its cookie; a visit to the demo ends with it.

    Five failures for a name from one address within 15 minutes close the door for a while
    (429 with `Retry-After`).
    """
    check_origin(request, required=False)
    signed_in = sign_in.sign_in(
        email=form.email,
        password=form.password,
        address=client_address(request),
        agent=_agent(request),
    )
    _leave_demo(infrazen_session)
    return _welcome(response, signed_in)


@router.post("/logout", status_code=204, responses=documented(403, 422, 503))
def logout(request: Request, response: Response, infrazen_session: SessionCookie = "") -> None:
    """End the session of the cookie and take the cookie away."""
    check_origin(request, required=bool(infrazen_session))
    if infrazen_session:
        sign_in.sign_out(infrazen_session, address=client_address(request))
    clear_session_cookie(response)


@router.post(
    "/setup",
    responses=documented(400, 403, 409, 413, 422, 429, 503),
    openapi_extra=_taken_as(Setup),
)
def complete_setup(
    request: Request,
    response: Response,
    form: Annotated[Setup, Depends(_setup_form)],
    infrazen_session: SessionCookie = "",
) -> Session:
    """Make the first organization and owner, with the one-time code, and sign them in.

    Works once, while there is nobody.
    """
    check_origin(request, required=False)
    signed_in = setup.complete_setup(
        **form.model_dump(), address=client_address(request), agent=_agent(request)
    )
    _leave_demo(infrazen_session)
    return _welcome(response, signed_in)


def _leave_demo(cookie: str) -> None:
    """The browser's cookie is about to be replaced: its visit to the demo is over."""
    if is_visit(cookie):
        sign_in.sign_out(cookie)


def _welcome(response: Response, signed_in: SignedIn) -> Session:
    set_session_cookie(response, signed_in)
    return Session.model_validate(signed_in)


async def _body(request: Request, form: type[Form]) -> Form:
    try:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() in _FORMS:
            async with request.form(max_files=0, max_fields=20) as sent:
                return form.model_validate(dict(sent))
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from error


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
