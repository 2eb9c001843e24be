"""Answers as Yandex Cloud gives them: proto3 JSON, and google.rpc.Status where it says no."""

import uuid
from typing import Any

import msgspec
from starlette.responses import Response

INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED = 3, 5, 7, 16
_HTTP = {INVALID_ARGUMENT: 400, NOT_FOUND: 404, PERMISSION_DENIED: 403, UNAUTHENTICATED: 401}


def answer(value: Any) -> Response:
    """``value`` as JSON."""
    return raw(msgspec.json.encode(value))


def raw(body: bytes) -> Response:
    """JSON that is encoded already."""
    return Response(body, media_type="application/json")


def error(code: int, message: str) -> Response:
    """What a request gets that is not granted."""
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.RequestInfo",
            "requestId": str(uuid.uuid4()),
        }
    ]
    body = {"code": code, "message": message, "details": details}
    return Response(msgspec.json.encode(body), _HTTP[code], media_type="application/json")


def unauthenticated() -> Response:
    """What a request without a good token gets."""
    return error(UNAUTHENTICATED, "The token is invalid or has expired.")


def forbidden() -> Response:
    """What a request gets that its account may not make."""
    return error(PERMISSION_DENIED, "Permission denied")
