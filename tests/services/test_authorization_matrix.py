"""Every use case × {nobody, a role too low, a token without the scope, another organization}.

Made from the register: a new use case without a row fails, and so does a service that is
neither a use case nor listed with a reason.
"""

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import SQLModel, select

from infrazen import services
from infrazen.db.session import Database
from infrazen.db.session import database as database_of_process
from infrazen.domain.roles import GRANTS, SCOPES, Role
from infrazen.errors import Forbidden, NotFound, Unauthenticated
from infrazen.security.access import Actor
from infrazen.services import use_case
from infrazen.services.open_doors import LOCAL, PUBLIC
from infrazen.services.use_case import USE_CASES
from tests.services.matrix import Case, all_rows

MODULES = [
    importlib.import_module(f"infrazen.services.{module.name}")
    for module in pkgutil.iter_modules(services.__path__)
]
MOVING = {"audit_head", "seen_at", "used_at"}
ROWS = all_rows()
NAMES = sorted(USE_CASES)
KNOWN = [name for name in NAMES if name in ROWS]


def test_every_use_case_has_a_row():
    missing = sorted(set(NAMES) - set(ROWS))
    assert not missing, (
        f"no authorization row for {', '.join(missing)}: add one to tests/services/rows/ "
        "(tests/services/matrix.py says how)"
    )


def test_every_row_has_a_use_case():
    assert sorted(set(ROWS) - set(NAMES)) == []


def test_whoever_reaches_the_database_is_a_use_case_or_has_a_reason_not_to_be():
    """A function that is given its session or work opens no door of its own."""
    offered = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        if module is not use_case and vars(module).get("database") is database_of_process
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and first_parameter(function) not in {"session", "work"}
    }
    unlisted = offered - set(USE_CASES) - set(PUBLIC) - set(LOCAL)
    assert not unlisted, (
        f"{', '.join(sorted(unlisted))}: make it a use case, or say with "
        "open_doors.public or open_doors.local why it is none"
    )


def test_doors_without_an_actor_are_the_ones_we_know():
    """A new one here is a decision: say in the review why it needs nobody."""
    assert sorted(PUBLIC) == [
        "demo.demo_door",
        "demo.enter_demo",
        "demo.reader_of_demo",
        "setup.complete_setup",
        "setup.setup_needed",
        "sign_in.actor_for_session",
        "sign_in.actor_for_token",
        "sign_in.principal_for_session",
        "sign_in.principal_for_token",
        "sign_in.sign_in",
        "sign_in.sign_out",
    ]


@pytest.mark.parametrize("name", KNOWN)
def test_nobody_is_refused(name, world, database):
    before = everything(database)
    with pytest.raises(Unauthenticated):
        call(name, None, ROWS[name].arguments(Case(world, Role.OWNER)))
    assert everything(database) == before


@pytest.mark.parametrize(
    ("name", "role"),
    [
        (name, role)
        for name in KNOWN
        for role in Role
        if USE_CASES[name].permission not in GRANTS[role]
    ],
)
def test_a_lower_role_is_refused(name, role, world, database):
    before = everything(database)
    with pytest.raises(Forbidden):
        call(name, world.alpha.actor(role), ROWS[name].arguments(Case(world, role)))
    assert everything(database) == before


@pytest.mark.parametrize("name", KNOWN)
def test_a_token_without_the_scope_is_refused(name, world, database):
    before = everything(database)
    actor = world.alpha.token_actor(Role.OWNER, SCOPES - {USE_CASES[name].permission})
    with pytest.raises(Forbidden):
        call(name, actor, ROWS[name].arguments(Case(world, Role.OWNER)))
    assert everything(database) == before


@pytest.mark.parametrize("name", [name for name in KNOWN if ROWS[name].names_something])
def test_another_organization_finds_nothing(name, world, database):
    before = everything(database)
    arguments = ROWS[name].arguments(Case(world, Role.OWNER))
    with pytest.raises((NotFound, Forbidden)) as refusal:
        call(name, world.beta.actor(Role.OWNER), arguments)
    told = str(refusal.value)
    for given in arguments.values():
        told = told.replace(str(given), "")
    assert "alpha" not in told
    assert everything(database) == before


@pytest.mark.parametrize("name", [name for name in KNOWN if not ROWS[name].names_something])
def test_another_organization_acts_on_its_own_things_only(name, world, database):
    before = everything(database, of=world.alpha.organization_id)
    arguments = ROWS[name].arguments(Case(world, Role.OWNER))
    result = call(name, world.beta.actor(Role.OWNER), arguments)
    assert "alpha" not in repr(result).lower()
    assert everything(database, of=world.alpha.organization_id) == before


@pytest.mark.parametrize(
    ("name", "role"),
    [
        (name, role)
        for name in KNOWN
        for role in Role
        if USE_CASES[name].permission in GRANTS[role] and ROWS[name].works
    ],
)
def test_whoever_may_gets_through(name, role, world):
    call(name, world.alpha.actor(role), ROWS[name].arguments(Case(world, role)))


@pytest.mark.postgres
@pytest.mark.parametrize("name", [name for name in KNOWN if ROWS[name].works])
def test_postgres_agrees(name, postgres_world):
    case = Case(postgres_world, Role.OWNER)
    call(name, postgres_world.alpha.actor(Role.OWNER), ROWS[name].arguments(case))


def first_parameter(function: Callable[..., Any]) -> str:
    return next(iter(inspect.signature(function).parameters), "")


def call(name: str, actor: Actor | None, arguments: dict[str, Any]) -> Any:
    """The use case's result, also where it is a coroutine."""
    found = USE_CASES[name].call(actor, **arguments)
    return asyncio.run(found) if inspect.iscoroutine(found) else found


def everything(database: Database, *, of: UUID | None = None) -> list[str]:
    """Every row but the logs' (of one organization), so that any change shows."""
    found = []
    with database.reading() as session:
        users = SQLModel.metadata.tables["membership"]
        for table in SQLModel.metadata.sorted_tables:
            if table.name in {"audit_event", "login_attempt"}:
                continue
            statement = select(*(each for each in table.c if each.name not in MOVING))
            if of is not None and "organization_id" in table.c:
                statement = statement.where(table.c.organization_id == of)
            elif of is not None and table.name == "organization":
                statement = statement.where(table.c.id == of)
            elif of is not None and table.name == "user_account":
                mine = select(users.c.user_id).where(users.c.organization_id == of)
                statement = statement.where(table.c.id.in_(mine))
            found += sorted(
                f"{table.name} {row}" for row in session.connection().execute(statement)
            )
    return found
