"""Every route × {nobody, another organization, every role and scope}, made from the OpenAPI.

A new route is in it by itself. Its required parameters must be in ``THINGS`` or ``WORDS``,
its body needs ``examples`` in the schema, it must say what permission it ``needs``, and a
route that needs nobody must be in ``PUBLIC``.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infrazen.api import create_api
from infrazen.api.permissions import EXTENSION
from infrazen.db.queries import sign_ins
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import GRANTS, PERSONAL, SCOPES, Permission, Role
from infrazen.manifests.names import API_VERSION
from infrazen.security.tokens import digest
from tests.api.conftest import ApiClient
from tests.services.test_authorization_matrix import everything
from tests.world import Tenant

PUBLIC = {
    "login",
    "logout",
    "completeSetup",
    "getHealth",
    "getReadiness",
    "getMetrics",
    "getDemoSummary",
    "listDemoConnections",
    "listDemoCosts",
    "listDemoRecommendations",
    "listDemoResources",
}

THINGS = {
    "organization_id": lambda tenant: tenant.organization_id,
    "user_id": lambda tenant: tenant.users[Role.VIEWER],
    "token_id": lambda tenant: tenant.token_ids[Role.OWNER],
    "sign_in_id": lambda tenant: digest(tenant.cookies[Role.OWNER])[:16],
    "connection_id": lambda tenant: tenant.connection_id,
    "id": lambda tenant: tenant.connection_id,
    "resource_id": lambda tenant: tenant.resource_id,
    "resource_ids": lambda tenant: [tenant.resource_id],
    "recommendation_id": lambda tenant: tenant.recommendation_id,
    "recommendation_ids": lambda tenant: [tenant.recommendation_id],
    "snapshot_id": lambda tenant: tenant.snapshot_id,
    "older": lambda tenant: tenant.snapshot_id,
    "newer": lambda tenant: tenant.snapshot_id,
    "change_id": lambda tenant: tenant.change_id,
    "view_id": lambda tenant: tenant.view_ids[Role.OWNER],
    "annotation_id": lambda tenant: tenant.annotation_ids[Role.OWNER],
}
"""What a parameter or a field of a body names in an organization."""

MADE_UP: dict[str, Callable[[], Any]] = {
    "resource_ids": lambda: [uuid4()],
    "recommendation_ids": lambda: [uuid4()],
    "sign_in_id": lambda: uuid4().hex[:16],
}
"""What names nothing, where that is not a UUID."""

WORDS = {"slug": "beget", "field": "admin", "metric": "cpu", "rule": "oversized_cpu"}
"""Parameters that mean the same in every organization."""

BESIDES = {Permission.USER_WRITE: GRANTS[Role.FINOPS] & SCOPES}
"""Scopes that a token also needs: nobody hands out a role that may more than they."""

DOCUMENT = create_api().openapi()


class Operation:
    """One route of the document, callable with the things of a tenant."""

    def __init__(self, path: str, method: str, facts: dict[str, Any]) -> None:
        self.path, self.method, self.facts = path, method, facts
        self.id: str = facts["operationId"]
        taken = facts.get("parameters", [])
        wanted = [each for each in taken if each["required"]]
        self.filters = [
            each["name"] for each in taken if each not in wanted and each["name"] in THINGS
        ]
        self.places = [each["name"] for each in wanted if each["in"] == "path"]
        self.questions = [each["name"] for each in wanted if each["in"] == "query"]
        content = facts.get("requestBody", {}).get("content", {})
        self.body = example(content["application/json"]["schema"]) if content else None

    def __repr__(self) -> str:
        return self.id

    @property
    def names_something(self) -> bool:
        """Whether the path, the query or the body names a thing of an organization."""
        return bool({*self.places, *self.questions, *(self.body or {})} & set(THINGS))

    @property
    def permission(self) -> Permission | None:
        """What the document says that it needs."""
        return Permission(self.facts[EXTENSION]) if EXTENSION in self.facts else None

    def call(self, client: ApiClient, tenant: Tenant | None, **options: Any) -> httpx.Response:
        """Call it with the things of ``tenant`` (with made-up ones where None)."""

        def thing(name: str) -> Any:
            if name in WORDS:
                return WORDS[name]
            found = MADE_UP.get(name, uuid4)() if tenant is None else THINGS[name](tenant)
            return [str(each) for each in found] if isinstance(found, list) else str(found)

        path = self.path.format(**{name: thing(name) for name in self.places})
        options["params"] = {name: thing(name) for name in self.questions} | options.get(
            "params", {}
        )
        if self.body is not None:
            named = {name: thing(name) for name in self.body if name in THINGS}
            options["json"] = self.body | named
        return client.request(self.method, path, **options)


def example(schema: dict[str, Any]) -> dict[str, Any]:
    """A body made from the examples of its fields."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {
        name: field["examples"][0]
        for name, field in schema["properties"].items()
        if "examples" in field
    }


OPERATIONS = [
    Operation(path, method.upper(), facts)
    for path, methods in DOCUMENT["paths"].items()
    for method, facts in methods.items()
]
GUARDED = [each for each in OPERATIONS if each.id not in PUBLIC]


def test_public_routes_are_the_ones_we_know():
    assert {each.id for each in OPERATIONS} >= PUBLIC
    unguarded = {each.id for each in OPERATIONS if "security" not in each.facts}
    assert unguarded <= PUBLIC, f"{unguarded - PUBLIC} need a Caller, or a place in PUBLIC"


def test_every_required_parameter_is_known():
    named = {name for each in OPERATIONS for name in (*each.places, *each.questions)}
    unknown = named - set(THINGS) - set(WORDS)
    assert not unknown, f"say in THINGS what {', '.join(unknown)} names in an organization"


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_nobody_is_refused(operation, api, world, database):
    before = everything(database)
    for client in (api, api.as_session("made up"), api.as_token("izt_made-up")):
        answer = operation.call(client, world.alpha)
        assert answer.status_code == 401
        assert answer.json()["reason"] == "Unauthenticated"
    assert everything(database) == before


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.names_something], ids=repr)
def test_another_organization_finds_nothing(operation, api, world, database):
    before = everything(database)
    for client in (
        api.as_session(world.beta.cookies[Role.OWNER]),
        api.as_token(world.beta.tokens[Role.OWNER]),
    ):
        answer = operation.call(client, world.alpha)
        assert answer.status_code in {403, 404}
        assert "alpha" not in answer.text
    assert everything(database) == before


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.names_something], ids=repr)
def test_what_another_organization_has_looks_like_what_nobody_has(operation, api, world):
    client = api.as_session(world.beta.cookies[Role.OWNER])
    theirs = operation.call(client, world.alpha)
    nobodys = operation.call(client, None)
    assert theirs.status_code == nobodys.status_code
    assert told(theirs) == told(nobodys)


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.filters], ids=repr)
def test_a_filter_by_another_organizations_thing_finds_nothing(operation, api, world):
    client = api.as_session(world.beta.cookies[Role.OWNER])
    for name in operation.filters:
        theirs, nobodys = (
            operation.call(client, world.beta, params={name: str(each)})
            for each in (THINGS[name](world.alpha), uuid4())
        )
        assert theirs.status_code in {200, 404}
        assert "alpha" not in theirs.text
        assert told(theirs) == told(nobodys)


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_another_organization_sees_and_changes_its_own_only(operation, api, world, database):
    mine = world.alpha.organization_id
    before = everything(database, of=mine)
    answer = operation.call(api.as_session(world.beta.cookies[Role.OWNER]), world.beta)
    assert answer.status_code < 500
    assert "alpha" not in answer.text.replace(API_VERSION, "")
    assert everything(database, of=mine) == before


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.method != "GET"], ids=repr)
def test_a_page_elsewhere_changes_nothing(operation, api, world, database):
    before = everything(database)
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = operation.call(client, world.alpha, origin="https://evil.example")
    assert answer.status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_ids_that_name_nothing_break_nothing(operation, api, world):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    assert operation.call(client, None).status_code < 500


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_a_role_without_the_permission_is_refused(operation, api, world, database):
    before = everything(database)
    for role in Role:
        if operation.permission not in (None, *GRANTS[role]):
            client = api.as_session(world.alpha.cookies[role])
            assert operation.call(client, world.alpha).status_code == 403, role
    assert everything(database) == before


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.permission], ids=repr)
def test_a_token_needs_the_scope_and_no_other(operation, api, world, database):
    permission = operation.permission
    assert permission is not None
    others = api.as_token(token_with(database, world.alpha, SCOPES - {permission}))
    before = everything(database)
    assert operation.call(others, world.alpha).status_code == 403
    assert everything(database) == before
    if permission in PERSONAL:
        enough = api.as_session(world.alpha.cookies[Role.OWNER])
    else:
        scopes = {permission} | BESIDES.get(permission, frozenset())
        enough = api.as_token(token_with(database, world.alpha, scopes))
    assert operation.call(enough, world.alpha).status_code not in {401, 403}


@pytest.mark.parametrize(
    "operation", [each for each in GUARDED if each.permission in BESIDES], ids=repr
)
def test_a_token_hands_out_no_more_than_it_may(operation, api, world, database):
    """Else a token for user accounts would be one for everything."""
    permission = operation.permission
    assert permission is not None
    narrow = api.as_token(token_with(database, world.alpha, {permission}))
    before = everything(database)
    assert operation.call(narrow, world.alpha).status_code == 403
    assert everything(database) == before


def test_every_operation_says_what_it_needs():
    silent = {each.id for each in GUARDED if each.permission is None}
    assert silent == {"getMe"}


def told(answer: httpx.Response) -> str:
    """What an answer says, without what is of this one request."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.text
    return str({name: said for name, said in answer.json().items() if name != "request_id"})


def token_with(database: Database, tenant: Tenant, scopes: Collection[Permission]) -> str:
    """An owner's API token with ``scopes``."""
    raw = f"izt_{uuid4().hex}"
    with database.writing() as session:
        sign_ins.add_token(
            session,
            organization_id=tenant.organization_id,
            user_id=tenant.users[Role.OWNER],
            name="narrow",
            prefix=raw[:12],
            digest=digest(raw),
            scopes=frozenset(scopes),
            expires_at=utc_now() + timedelta(hours=1),
        )
    return raw
