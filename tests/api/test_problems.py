"""Every error is a problem with a reason, and none says too much."""

import inspect
import logging

import pytest
from fastapi import FastAPI

from infrazen import errors
from infrazen.api.problems import MEDIA_TYPE, status_of
from infrazen.errors import InfraZenError

ARGUMENTS = {"retry_after": 7}
ALL_ERRORS = [
    each
    for each in vars(errors).values()
    if inspect.isclass(each) and issubclass(each, InfraZenError)
]


def made(kind: type[InfraZenError]) -> InfraZenError:
    wanted = inspect.signature(kind.__init__).parameters
    return kind("what to do", **{name: ARGUMENTS[name] for name in wanted if name in ARGUMENTS})


@pytest.mark.parametrize("kind", ALL_ERRORS)
def test_every_error_becomes_a_problem(api, kind):
    @api.app.get(f"/api/raise/{kind.__name__}")
    def fail() -> None:
        raise made(kind)

    api.app.router.routes.insert(0, api.app.router.routes.pop())
    answer = api.get(f"/api/raise/{kind.__name__}")
    body = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.status_code == body["status"] == status_of(made(kind))
    assert body["reason"] == kind.reason
    assert body["type"] == f"urn:infrazen:problem:{kind.reason}"
    assert body["detail"] == "what to do"
    assert body["request_id"] == answer.headers["x-request-id"]
    if hasattr(made(kind), "retry_after"):
        assert answer.headers["retry-after"] == "7"
        assert body["retry_after"] == 7


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 422),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.AlreadyRunning, 409),
        (errors.ManagedElsewhere, 409),
        (errors.Forbidden, 403),
        (errors.Unauthenticated, 401),
        (errors.TooManyAttempts, 429),
        (errors.StorageBusy, 503),
        (errors.StorageUnavailable, 503),
        (errors.ProviderUnavailable, 503),
        (errors.UnexpectedPayload, 502),
        (errors.SecondFactorRequired, 422),
        (errors.SecretUnreadable, 500),
    ],
)
def test_statuses_mean_what_clients_expect(kind, status):
    assert status_of(made(kind)) == status


def test_an_unexpected_error_says_nothing_but_its_number(api, caplog):
    caplog.set_level(logging.ERROR)
    fresh: FastAPI = api.app

    @fresh.get("/api/boom")
    def boom() -> None:
        raise RuntimeError("inner workings")

    fresh.router.routes.insert(0, fresh.router.routes.pop())
    answer = api.get("/api/boom", headers={"X-Request-Id": "my-request-1"})
    assert answer.status_code == 500
    assert answer.json()["reason"] == "InternalError"
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "my-request-1"
    assert "inner workings" not in answer.text
    assert "Traceback" not in answer.text
    assert "inner workings" in caplog.text


@pytest.mark.parametrize("given", ["a b", "x" * 65, "\u00e9", "a;b", ""])
def test_a_strange_request_id_is_replaced(api, given):
    answer = api.get("/healthz", headers={"X-Request-Id": given.encode()})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_wrong_input_is_named_and_not_repeated(api, world):
    client = api.as_session(world.alpha.cookies["owner"])
    answer = client.post(
        "/api/v1/tokens", json={"name": "canary" * 100, "scopes": ["canary:read"], "days": "canary"}
    )
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"name", "scopes.0", "days"}
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("body", "field"), [("{", "body"), ("[]", "body"), ("", "body"), ('"\\ud800"', "body")]
)
def test_a_body_that_is_no_json_object_is_told(api, world, body, field):
    client = api.as_session(world.alpha.cookies["owner"])
    answer = client.post(
        "/api/v1/tokens", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["field"] == field


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/users/"])
def test_unknown_paths_are_problems(api, path):
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json()["reason"] == "NotFound"


@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE", "OPTIONS"])
def test_wrong_methods_are_problems(api, method):
    answer = api.request(method, "/api/v1/me")
    assert answer.status_code == 405
    assert answer.json()["reason"] == "MethodNotAllowed"
    assert answer.headers["allow"] == "GET, PATCH"


def test_a_large_body_is_refused_announced_or_not(api):
    announced = api.post("/api/auth/login", content=b"x" * 1_100_000)

    async def chunks():
        for _ in range(20):
            yield b"x" * 100_000

    streamed = api.post("/api/auth/login", content=chunks())
    for answer in (announced, streamed):
        assert answer.status_code == 413
        assert answer.json()["reason"] == "BodyTooLarge"


def test_a_database_that_is_gone_asks_to_come_back(api, database, data_dir):
    database.dispose()
    for path in data_dir.glob("infrazen.db*"):
        path.unlink()
    answer = api.as_session("a cookie").get("/api/v1/me")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "StorageUnavailable"
    assert int(answer.headers["retry-after"]) > 0
