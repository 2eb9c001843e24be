"""A secret that goes in by any door comes out of none."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.secret_store.connection_secrets import store_connection_secrets
from infrazen.secret_store.resource_secrets import ResourceSecret, store_resource_secrets
from tests.api.conftest import ApiClient
from tests.api.reference_account import ReferenceAccount, connected
from tests.api.test_authorization_matrix import GUARDED, OPERATIONS, Operation
from tests.canary import (
    CANARY,
    assert_absent,
    assert_absent_from_database,
    assert_absent_from_files,
    assert_absent_from_logs,
    forms_of,
)
from tests.world import PASSWORD, Tenant, World

SECRET_FIELDS = ("password", "current", "new", "code", "credentials")
"""Fields of bodies that hold what only goes in."""

BUSY = {"changeMyEmail", "changeMyPassword"}
"""They count every wrong password as a try, so they get few of them."""


@pytest.fixture
def planted(world, database: Database):
    """The canary as a connection's secret, a resource's, and a person's password."""
    alpha = world.alpha
    place = {"organization_id": alpha.organization_id, "connection_id": alpha.connection_id}
    handed = ResourceSecret(resource_id=alpha.resource_id, field="root", label="Root", value=CANARY)
    with database.writing() as session:
        store_connection_secrets(session, **place, values={"password": CANARY})
        store_resource_secrets(session, **place, secrets=[handed])
    return alpha


def test_the_search_finds_what_it_looks_for(tmp_path):
    for number, form in enumerate(forms_of(CANARY)):
        with pytest.raises(AssertionError, match="a secret is in here"):
            assert_absent(b"before" + form + b"after", where="here")
        (tmp_path / f"{number}.bin").write_bytes(form)
    with pytest.raises(AssertionError):
        assert_absent_from_files(tmp_path)


def test_no_answer_row_file_or_log_line_holds_it(planted, api, world, database, data_dir, caplog):
    caplog.set_level(logging.DEBUG)
    owner = api.as_session(planted.cookies[Role.OWNER])
    changed = owner.put("/api/v1/me/password", json={"current": PASSWORD, "new": CANARY})
    assert changed.status_code == 204
    failed = owner.put("/api/v1/me/password", json={"current": PASSWORD, "new": CANARY})
    wrong = api.post("/api/auth/login", json={"email": CANARY, "password": CANARY, "x": CANARY})
    entered = api.post(
        "/api/auth/login", json={"email": planted.email(Role.OWNER), "password": CANARY}
    )
    assert entered.status_code == 200
    answers = [changed, failed, wrong, entered]
    answers += [each.call(owner, planted) for each in OPERATIONS if each.method == "GET"]
    answers += [
        api.get(f"/api/v1/audit?cursor={CANARY}"),
        owner.get(f"/api/v1/audit?cursor={CANARY}"),
    ]
    for answer in answers:
        assert_absent(answer.content, where=f"the answer of {answer.request.url.path}")
        assert_absent(str(answer.headers), where="a header")
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)


def check(answer: httpx.Response) -> None:
    """That neither the answer nor its headers hold the canary."""
    assert_absent(answer.content, where=f"the answer of {answer.request.url.path}")
    assert_absent(str(answer.headers), where="a header")


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_no_route_shows_what_is_planted(
    operation: Operation, planted: Tenant, api: ApiClient, database: Database, data_dir, caplog
):
    caplog.set_level(logging.DEBUG)
    check(operation.call(api.as_session(planted.cookies[Role.OWNER]), planted))
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)


@pytest.mark.parametrize("operation", OPERATIONS, ids=repr)
def test_no_route_repeats_what_comes_in_the_wrong_place(
    operation: Operation, api: ApiClient, world: World, caplog
):
    caplog.set_level(logging.DEBUG)
    owner = api.as_session(world.alpha.cookies[Role.OWNER])
    check(operation.call(api.as_token(CANARY), world.alpha))
    check(operation.call(api.as_session(CANARY), world.alpha))
    check(operation.call(owner, world.alpha, headers={"X-Request-Id": CANARY}))
    check(operation.call(owner, world.alpha, origin=f"https://{CANARY}"))
    path = operation.path.format(**dict.fromkeys(operation.places, world.alpha.resource_id))
    for question in ("cursor", "limit", "days", "sort", "connection_id", CANARY):
        check(owner.request(operation.method, path, params={question: CANARY}))
    for body in (CANARY, f'{{"{CANARY}', f'{{"{CANARY}": 1}}', f'["{CANARY}"]'):
        as_json = {"Content-Type": "application/json"}
        check(owner.request(operation.method, path, content=body, headers=as_json))
    assert_absent_from_logs(caplog)


def secret_fields_of(operation: Operation) -> set[str]:
    """The fields of its body that hold what only goes in."""
    return {*SECRET_FIELDS} & set(operation.body or ())


def test_the_routes_that_take_secrets_are_the_ones_we_know():
    assert {each.id for each in OPERATIONS if secret_fields_of(each)} == {
        "addConnection", "addUser", "changeConnection", "changeMyEmail", "changeMyPassword",
        "completeSetup", "login", "resetUserPassword", "tryConnection", "tryStoredConnection",
    }  # fmt: skip


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if secret_fields_of(each)], ids=repr
)
def test_what_goes_in_as_a_secret_stays_in(
    operation: Operation, api: ApiClient, world: World, database: Database, data_dir, caplog
):
    caplog.set_level(logging.DEBUG)
    owner = api.as_session(world.alpha.cookies[Role.OWNER])
    whole = dict(operation.body or {})
    for field in sorted(secret_fields_of(operation)):
        for guise in list(guises())[: 4 if operation.id in BUSY else None]:
            operation.body = {**whole, field: nested(guise) if field == "credentials" else guise}
            try:
                check(operation.call(owner, world.alpha))
            finally:
                operation.body = whole
    for path in ("/api/v1/users", "/api/v1/connections", "/api/v1/audit", "/api/v1/me"):
        check(owner.get(path))
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)


def guises() -> Iterator[Any]:
    """A secret as it should be, and as mistakes make it."""
    yield CANARY
    yield [CANARY]
    yield {CANARY: CANARY}
    yield f"{CANARY}\n"
    yield CANARY * 2_000


def nested(guise: Any) -> Any:
    """Credentials with a secret in them; credentials that are one where it is no object."""
    return guise if isinstance(guise, dict) else {"login": "demo", "password": guise}


def test_an_account_full_of_secrets_shows_none(
    api: ApiClient, database: Database, beget_simulator, data_dir, caplog
):
    beget_simulator.reset(secret=CANARY)
    caplog.set_level(logging.DEBUG)
    account = connected(api, database, beget_simulator)
    account.sync()
    for answer in everything_of(account):
        assert answer.status_code == 200
        check(answer)
    full = account.resource("runner rus")
    (secret,) = full["secrets"]
    door = f"/api/v1/resources/{full['id']}/secrets/{secret['field']}/reveal"
    assert account.client.post(door).json()["value"] == CANARY
    check(account.client.get("/api/v1/audit"))
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)


def test_a_password_that_the_cloud_refuses_is_repeated_nowhere(
    api: ApiClient, database: Database, beget_simulator, data_dir, caplog
):
    caplog.set_level(logging.DEBUG)
    account = connected(api, database, beget_simulator)
    change = {"credentials": {"password": CANARY}}
    refused = account.client.post(f"{account.path}/test", json=change)
    assert refused.json()["reason"] == "CredentialsRefused"
    check(refused)
    check(account.client.patch(account.path, json=change).raise_for_status())
    account.sync()
    assert account.get("/sync")["last"]["error"]["reason"] == "CredentialsRefused"
    for answer in everything_of(account):
        check(answer)
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)


def everything_of(account: ReferenceAccount) -> Iterator[httpx.Response]:
    """Every answer that tells anything of an account."""
    paths = [account.path, "/api/v1/connections", "/api/v1/snapshots", "/api/v1/resources"]
    paths += [f"{account.path}/{each}" for each in FACTS]
    for one in account.items("/api/v1/snapshots"):
        paths += [f"/api/v1/snapshots/{one['id']}{below}" for below in ("", "/changes", "/states")]
    for one in account.items("/api/v1/resources"):
        below = ("", "/history", "/lifecycle", "/log", "/costs", "/readings?metric=cpu")
        paths += [f"/api/v1/resources/{one['id']}{each}" for each in below]
    paths += [f"/api/v1/{each}" for each in ("costs/dashboard", "costs/daily", "audit")]
    paths += [f"/api/v1/exports/{each}.csv" for each in ("resources", "costs")]
    yield from (account.client.get(path) for path in paths)


FACTS = ("account", "components", "reconciliation", "billed-day", "unread-records", "sync")
