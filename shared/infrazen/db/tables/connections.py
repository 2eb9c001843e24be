"""Cloud connections: their settings, their encrypted secrets, their place in the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from infrazen.db.columns import Document, Id, Word, utc_now
from infrazen.db.tables.base import Identified, Owned, Within, of_connection
from infrazen.domain.syncs import SyncStatus, Trigger


class CloudConnectionRow(Identified, Owned, table=True):
    """One account at one provider. ``credentials`` are the public ones, such as a login.

    ``name`` is the handle that CLI, API and manifests use; ``managed_by`` is empty for a
    connection made here, else the custom resource's ``namespace/name``. A removed
    connection whose history stays has ``removed_at`` and no secrets. One that is being erased
    has ``rows_to_erase``, as many as there were when that began, and how many are gone.
    """

    __tablename__ = "cloud_connection"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_cloud_connection_name",
            "organization_id",
            "name",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_cloud_connection_next", "next_sync_at"),
    )

    name: str = Field(max_length=63)
    display_name: str = Field(max_length=200)
    provider: str = Field(max_length=32)
    endpoint: str | None = Field(default=None, max_length=500)
    credentials: dict[str, str] = Field(sa_column=Column(Document, nullable=False))
    settings: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    schedule: str = Field(default="", max_length=100)
    time_zone: str = Field(default="Europe/Moscow", max_length=64)
    is_suspended: bool = False
    starting_deadline_seconds: int = 3600
    timeout_seconds: int = 1800
    account_mark: str = Field(default="", max_length=400, sa_column_kwargs={"server_default": ""})
    managed_by: str = Field(default="", max_length=400)
    managed_uid: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    updated_at: datetime = Field(default_factory=utc_now)
    removed_at: datetime | None = None
    # What the last syncs left behind.
    next_sync_at: datetime | None = None
    last_scheduled_at: datetime | None = None
    last_snapshot_id: UUID | None = Field(default=None, sa_type=Id)
    last_status: SyncStatus | None = Field(default=None, sa_type=Word(SyncStatus))
    last_sync_at: datetime | None = None
    last_success_at: datetime | None = None
    account: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    account_at: datetime | None = None
    # How far it is erased.
    rows_to_erase: int | None = Field(default=None, sa_type=BigInteger)
    rows_erased: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"}
    )


class ConnectionKeyRow(Within, table=True):
    """A connection's data key, wrapped by the master key called ``master_key_id``."""

    __tablename__ = "connection_key"
    __table_args__ = (of_connection(),)

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    master_key_id: str = Field(max_length=64, index=True)
    wrapped: bytes
    wrapped_at: datetime = Field(default_factory=utc_now)


class ConnectionSecretRow(Within, table=True):
    """One secret field of a connection, under its data key."""

    __tablename__ = "connection_secret"
    __table_args__ = (of_connection(),)

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    field: str = Field(primary_key=True, max_length=64)
    ciphertext: bytes
    fingerprint: str = Field(max_length=16)
    set_at: datetime = Field(default_factory=utc_now)


class SyncRequestRow(Identified, Within, table=True):
    """A sync that waits for a worker; at most one a connection. Low ``priority`` goes first."""

    __tablename__ = "sync_request"
    __table_args__ = (
        of_connection(),
        UniqueConstraint("connection_id"),
        Index("ix_sync_request_turn", "priority", "not_before"),
    )

    connection_id: UUID = Field(sa_type=Id)
    trigger: Trigger = Field(sa_type=Word(Trigger))
    priority: int
    not_before: datetime = Field(default_factory=utc_now)
    requested_by: str = Field(default="", max_length=400)


class LeaseRow(SQLModel, table=True):
    """Who does what only one process may do at a time; ``beat`` grows while it lives."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=64)
    holder: str = Field(max_length=200)
    beat: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    renewed_at: datetime = Field(default_factory=utc_now)
