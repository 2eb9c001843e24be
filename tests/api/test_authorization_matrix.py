"""Every route × {nobody, another organization, a viewer}, made from the OpenAPI document.

A new route is in it by itself. Its path parameters must be in ``THINGS``, its body needs
``examples`` in the schema, and a route that needs nobody must be in ``PUBLIC``.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from infrazen.api import create_api
from infrazen.domain.roles import Role
from infrazen.security.tokens import digest
from tests.api.conftest import ApiClient
from tests.services.test_authorization_matrix import everything
from tests.world import Tenant

PUBLIC = {"login", "logout", "completeSetup", "getHealth", "getReadiness", "getMetrics"}

THINGS = {
    "organization_id": lambda tenant: tenant.organization_id,
    "user_id": lambda tenant: tenant.users[Role.VIEWER],
    "token_id": lambda tenant: tenant.token_ids[Role.OWNER],
    "sign_in_id": lambda tenant: digest(tenant.cookies[Role.OWNER])[:16],
    "connection_id": lambda tenant: tenant.connection_id,
    "resource_id": lambda tenant: tenant.resource_id,
    "snapshot_id": lambda tenant: tenant.snapshot_id,
}
"""What a path parameter or a field of a body names in an organization."""

DOCUMENT = create_api().openapi()


class Operation:
    """One route of the document, callable with the things of a tenant."""

    def __init__(self, path: str, method: str, facts: dict[str, Any]) -> None:
        self.path, self.method, self.facts = path, method, facts
        self.id: str = facts["operationId"]
        self.places = [each["name"] for each in facts.get("parameters", []) if each["in"] == "path"]
        content = facts.get("requestBody", {}).get("content", {})
        self.body = example(content["application/json"]["schema"]) if content else None

    def __repr__(self) -> str:
        return self.id

    @property
    def names_something(self) -> bool:
        """Whether the path or the body names a thing of an organization."""
        return bool(self.places or set(self.body or {}) & set(THINGS))

    def call(self, client: ApiClient, tenant: Tenant | None, **options: Any) -> httpx.Response:
        """Call it with the things of ``tenant`` (with made-up ones where None)."""

        def thing(name: str) -> str:
            return str(uuid4() if tenant is None else THINGS[name](tenant))

        path = self.path.format(**{name: thing(name) for name in self.places})
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


def test_every_path_parameter_is_known():
    unknown = {name for each in OPERATIONS for name in each.places} - set(THINGS)
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


@pytest.mark.parametrize("operation", GUARDED, ids=repr)
def test_another_organization_sees_and_changes_its_own_only(operation, api, world, database):
    mine = world.alpha.organization_id
    before = everything(database, of=mine)
    answer = operation.call(api.as_session(world.beta.cookies[Role.OWNER]), world.beta)
    assert answer.status_code < 500
    assert "alpha" not in answer.text
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


def test_a_viewer_changes_nothing_but_their_own_account(api, world, database):
    client = api.as_session(world.alpha.cookies[Role.VIEWER])
    others = [each for each in GUARDED if each.method != "GET" and "/me" not in each.path]
    before = everything(database)
    for operation in others:
        assert operation.call(client, world.alpha).status_code == 403, operation.id
    assert everything(database) == before
