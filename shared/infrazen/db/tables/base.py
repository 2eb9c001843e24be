"""What all tables share: names of constraints, an id, an owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from infrazen.db.columns import Id, new_id, utc_now

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Rows are never validated by pydantic, so what it would do that with is not made in advance.
SQLModel.model_config["defer_build"] = True


class Identified(SQLModel):
    """A row with an id of its own and the moment it was made."""

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Id)
    created_at: datetime = Field(default_factory=utc_now)


class Owned(SQLModel):
    """A row of one organization."""

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="CASCADE", sa_type=Id)


class Within(SQLModel):
    """A row of one organization by way of what it belongs to (a composite foreign key)."""

    organization_id: UUID = Field(sa_type=Id)


class KeyedWithin(SQLModel):
    """Like ``Within``, with the organization at the head of the primary key."""

    organization_id: UUID = Field(primary_key=True, sa_type=Id)


def of_connection() -> ForeignKeyConstraint:
    """The composite key that keeps a row in its connection's organization."""
    return ForeignKeyConstraint(
        ["organization_id", "connection_id"],
        ["cloud_connection.organization_id", "cloud_connection.id"],
        ondelete="CASCADE",
    )


def of_resource() -> ForeignKeyConstraint:
    """The key to a row's resource.

    A single column, unlike a connection's: the check runs for every row of a bulk write,
    and only an index that starts with the one column it asks for serves it for sure.
    """
    return ForeignKeyConstraint(["resource_id"], ["resource.id"], ondelete="CASCADE")
