"""What the authorization matrix knows of each use case: how to call it.

To add a use case to the matrix, put an entry into the ``ROWS`` of a file in ``rows/``,
named like the service's module:

    ROWS = {
        "tokens.revoke_token": Row(lambda case: {"token_id": case.alpha.token_ids[case.role]}),
        "tokens.list_tokens": Row(lambda case: {}, names_something=False),
    }

The arguments belong to the organization alpha, and to a call by its person with
``case.role``. Everything that carries a name in alpha's data must contain "alpha".
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrazen.domain.roles import Role
from tests.world import Tenant, World


@dataclass(frozen=True, slots=True)
class Case:
    """The world in which a use case is called, and the role of whoever calls."""

    world: World
    role: Role

    @property
    def alpha(self) -> Tenant:
        """The organization whose things the arguments name."""
        return self.world.alpha


@dataclass(frozen=True, slots=True)
class Row:
    """How to call a use case.

    ``names_something``: the arguments name a thing of alpha, so beta must be refused;
    else beta acts on its own things, and must neither see nor change any of alpha's.
    ``works``: alpha's own people get through; False where that needs more than a database
    and is tested elsewhere.
    """

    arguments: Callable[[Case], dict[str, Any]]
    names_something: bool = True
    works: bool = True


def all_rows() -> dict[str, Row]:
    """Every row, by ``module.function``."""
    rows: dict[str, Row] = {}
    for path in sorted((Path(__file__).parent / "rows").glob("*.py")):
        rows |= importlib.import_module(f"tests.services.rows.{path.stem}").ROWS
    return rows
