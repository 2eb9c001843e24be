"""What every answer has in common."""

from datetime import datetime
from functools import cache
from typing import Any, Protocol

import msgspec


class Failure(msgspec.Struct, frozen=True):
    """google.rpc.Status: what every error says."""

    code: int | None = None
    message: str | None = None


class IamToken(msgspec.Struct, frozen=True, rename="camel"):
    """A token for the other APIs."""

    iam_token: str
    expires_at: datetime | None = None


class Address(msgspec.Struct, frozen=True, rename="camel"):
    """Where a service lives: ``compute.api.cloud.yandex.net:443``."""

    id: str
    address: str


class Addresses(msgspec.Struct, frozen=True, rename="camel"):
    """The list of services."""

    endpoints: list[Address] = []


class Page(Protocol):
    """A page of a listing; its records are decoded one by one."""

    records: list[msgspec.Raw]
    next_page_token: str


@cache
def page_decoder(key: str) -> msgspec.json.Decoder[Page]:
    """A decoder of pages whose records stand under ``key``."""
    page: Any = msgspec.defstruct(
        "NamedPage",
        [("records", list[msgspec.Raw], []), ("next_page_token", str, "")],
        rename={"records": key, "next_page_token": "nextPageToken"},
        frozen=True,
        kw_only=True,
    )
    return msgspec.json.Decoder(page)
