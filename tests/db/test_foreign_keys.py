"""What refers to a row is found by an index when that row is erased."""

import importlib
import pkgutil

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint
from sqlmodel import SQLModel

from infrazen.db import tables

for module in pkgutil.iter_modules(tables.__path__):
    importlib.import_module(f"{tables.__name__}.{module.name}")

SMALL = {
    "api_token",
    "auth_session",
    "policy_violation",
    "resource_annotation",
    "resource_override",
}
"""So few rows, or so rarely erased what they refer to, that all may be read."""

REFERENCES = [
    (table, reference)
    for table in SQLModel.metadata.sorted_tables
    if table.name not in SMALL
    for reference in table.foreign_key_constraints
]


def in_order(table: Table) -> list[list[str]]:
    """The columns of every index."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    known = [table.primary_key, *unique, *table.indexes]
    return [[column.name for column in one.columns] for one in known]


@pytest.mark.parametrize(
    ("table", "reference"),
    REFERENCES,
    ids=[f"{t.name}-{r.referred_table.name}" for t, r in REFERENCES],
)
def test_a_reference_has_an_index_that_leads_with_it(table: Table, reference: ForeignKeyConstraint):
    names = {column.name for column in reference.columns}
    assert any(columns[0] in names for columns in in_order(table))
