"""The simulated hosting API: ``/api/{section}/{method}``."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.simulation.collection import Collection
from infrazen.providers.beget.simulator.records import CREATED

Answer = bytes | Response
Method = Callable[["HostingApi", Mapping[str, Any]], bytes | Response]


class HostingApi:
    """Answers in the hosting API's envelopes; its Content-Type says HTML, as theirs does."""

    def __init__(
        self, collections: Callable[[], dict[str, Collection]], credentials: Mapping[str, str]
    ) -> None:
        self._collections = collections
        self._credentials = credentials

    def routes(self) -> list[Route]:
        """GET and POST alike."""
        return [Route("/api/{section}/{method}", self._call, methods=["GET", "POST"])]

    async def _call(self, request: Request) -> Response:
        given = dict(request.query_params) | dict(parse_qsl((await request.body()).decode()))
        if given.get("login") != self._credentials["login"]:
            return wrong_password()
        if given.get("passwd") != self._credentials["password"]:
            return wrong_password()
        arguments = _arguments(given)
        if arguments is None:
            return refused("INCORRECT_REQUEST", "Unable to parse input_data")
        section = request.path_params["section"]
        if section in self._collections()["closed"]:
            return no_access(section)
        method = _METHODS.get(f"{section}/{request.path_params['method']}")
        if method is None:
            return refused("NO_SUCH_METHOD", "No such method")
        answer = method(self, arguments)
        return answer if isinstance(answer, Response) else succeeded(answer)

    def account(self, _arguments: Mapping[str, Any]) -> Answer:
        """``user/getAccountInfo``."""
        return self._collections()["account"].raw("account") or b"{}"

    def zones(self, _arguments: Mapping[str, Any]) -> Answer:
        """``domain/getZoneList``: an object by zone."""
        return msgspec.json.encode({zone["zone"]: zone for zone in self._collections()["zones"]})

    def mailboxes(self, arguments: Mapping[str, Any]) -> Answer:
        """``mail/getMailboxList`` of one domain."""
        if not arguments.get("domain"):
            return failed("INVALID_DATA", "Domain is required")
        kept = self._collections()["mailboxes"]
        return msgspec.json.encode([box for box in kept if box["domain"] == arguments["domain"]])

    def load(self, _arguments: Mapping[str, Any]) -> Answer:
        """``stat/getSitesListLoad``: monthly load points."""
        sites = self._collections()["sites"]
        return msgspec.json.encode(
            [
                {"id": site["id"], "name": site["path"].partition("/")[0], "cp": "1.5"}
                for site in sites
            ]
        )

    def site_load(self, arguments: Mapping[str, Any]) -> Answer:
        """``stat/getSiteLoad`` and ``stat/getDbLoad``."""
        if not (arguments.get("site_id") or arguments.get("db_name")):
            return failed("INVALID_DATA", "site_id or db_name is required")
        point = {"date": CREATED[:10], "value": "1.5"}
        return msgspec.json.encode({"days": [point], "hours": [point], "size_days": []})

    def listed(self, collection: str) -> bytes:
        """A whole collection."""
        return self._collections()[collection].array()


def _list_of(collection: str) -> Method:
    return lambda api, _arguments: api.listed(collection)


_METHODS: dict[str, Method] = {
    "user/getAccountInfo": HostingApi.account,
    "domain/getList": _list_of("domains"),
    "domain/getSubdomainList": _list_of("subdomains"),
    "domain/getZoneList": HostingApi.zones,
    "site/getList": _list_of("sites"),
    "mysql/getList": _list_of("mysql"),
    "ftp/getList": _list_of("ftp"),
    "mail/getMailboxList": HostingApi.mailboxes,
    "cron/getList": _list_of("cron"),
    "stat/getSitesListLoad": HostingApi.load,
    "stat/getDbListLoad": lambda _api, _arguments: b"[]",
    "stat/getSiteLoad": HostingApi.site_load,
    "stat/getDbLoad": HostingApi.site_load,
}


def _arguments(given: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The method's arguments, in either format; None where the JSON cannot be read."""
    if given.get("input_format") != "json":
        return given
    try:
        arguments = msgspec.json.decode(given.get("input_data") or "{}")
    except msgspec.DecodeError:
        return None
    return arguments if isinstance(arguments, dict) else {}


def succeeded(result: bytes) -> Response:
    """Both envelopes around a result."""
    body = b'{"status":"success","answer":{"status":"success","result":' + result + b"}}"
    return Response(body, media_type="text/html")


def failed(code: str, text: str) -> Response:
    """A method's own error."""
    answer = {"status": "error", "errors": [{"error_code": code, "error_text": text}]}
    return _envelope({"status": "success", "answer": answer})


def refused(code: str, text: str) -> Response:
    """The API's error, before any method."""
    return _envelope({"status": "error", "error_text": text, "error_code": code})


def wrong_password() -> Response:
    """What a wrong login or password gets."""
    return refused("AUTH_ERROR", "Login or password incorrect")


def no_access(section: str) -> Response:
    """What a section gets that is not enabled in the panel: the code is the password's."""
    return refused("AUTH_ERROR", f"Cannot access method {section}")


def _envelope(value: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(value), media_type="text/html")
