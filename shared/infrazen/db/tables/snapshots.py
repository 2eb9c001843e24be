"""Sync runs, what each changed, and what it could not read."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, UniqueConstraint

from infrazen.db.columns import Document, Id, Micro, Word, utc_now
from infrazen.db.tables.base import Identified, Within, of_connection, of_resource
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change, SyncStatus, Trigger

CHANGED_SOMETHING = text("created + updated + deleted > 0")
"""As a condition, word for word what the index of such snapshots says."""


class SyncSnapshotRow(Identified, Within, table=True):
    """One sync run. The partial unique index allows one running run a connection.

    ``fence`` is the run's lease token: nothing is written without it. Costs are in
    ``currency``; ``endpoints`` holds one ``EndpointResult`` each.
    """

    __tablename__ = "sync_snapshot"
    __table_args__ = (
        of_connection(),
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_sync_snapshot_running",
            "connection_id",
            unique=True,
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        Index("ix_sync_snapshot_history", "organization_id", "connection_id", "started_at"),
        Index("ix_sync_snapshot_recent", "organization_id", "started_at"),
        # Most syncs find everything as it was: what changed lately is not looked for there.
        Index(
            "ix_sync_snapshot_news",
            "organization_id",
            "started_at",
            sqlite_where=CHANGED_SOMETHING,
            postgresql_where=CHANGED_SOMETHING,
        ),
        Index("ix_sync_snapshot_status", "status"),
    )

    connection_id: UUID = Field(sa_type=Id)
    trigger: Trigger = Field(sa_type=Word(Trigger))
    requested_by: str = Field(default="", max_length=400)
    status: SyncStatus = Field(sa_type=Word(SyncStatus))
    started_at: datetime = Field(default_factory=utc_now)
    finished_at: datetime | None = None
    duration_ms: int | None = None
    # The lease.
    fence: UUID = Field(sa_type=Id)
    worker: str = Field(default="", max_length=200)
    beat: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    beat_at: datetime = Field(default_factory=utc_now)
    progress: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    # What came of it.
    found: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    quarantined: int = 0
    by_type: dict[str, int] | None = Field(default=None, sa_column=Column(Document))
    by_status: dict[str, int] | None = Field(default=None, sa_column=Column(Document))
    currency: str | None = Field(default=None, max_length=3)
    listed_daily: Decimal | None = Field(default=None, sa_type=Micro)
    listed_monthly: Decimal | None = Field(default=None, sa_type=Micro)
    payable_daily: Decimal | None = Field(default=None, sa_type=Micro)
    payable_monthly: Decimal | None = Field(default=None, sa_type=Micro)
    endpoints: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(Document))
    account: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    error_reason: str | None = Field(default=None, max_length=64)
    error_message: str | None = Field(default=None, max_length=2000)
    error_details: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    config: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))


class ResourceStateRow(Within, table=True):
    """What one snapshot changed in one resource, with before and after.

    A resource without a row in a snapshot was unchanged: its state is the one of its
    latest row before. ``infrazen.db.queries.snapshots`` reads both as one.
    """

    __tablename__ = "resource_state"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "snapshot_id"],
            ["sync_snapshot.organization_id", "sync_snapshot.id"],
            ondelete="CASCADE",
        ),
        of_resource(),
        Index("ix_resource_state_timeline", "resource_id", "observed_at"),
    )

    snapshot_id: UUID = Field(primary_key=True, sa_type=Id)
    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    observed_at: datetime
    change: Change = Field(sa_type=Word(Change))
    status: ResourceStatus = Field(sa_type=Word(ResourceStatus))
    daily_cost: Decimal | None = Field(default=None, sa_type=Micro)
    currency: str | None = Field(default=None, max_length=3)
    config_changed: bool = False
    cost_changed: bool = False
    status_changed: bool = False
    changed_fields: list[str] = Field(sa_column=Column(Document, nullable=False))
    previous: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    current: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))


class QuarantinedRecordRow(Identified, Within, table=True):
    """A record that could not be read, kept (redacted) until a later sync reads it."""

    __tablename__ = "quarantined_record"
    __table_args__ = (
        of_connection(),
        UniqueConstraint("connection_id", "endpoint", "record_key"),
        Index("ix_quarantined_record_open", "organization_id", "resolved_at"),
    )

    connection_id: UUID = Field(sa_type=Id)
    endpoint: str = Field(max_length=100)
    record_key: str = Field(max_length=300)
    reason: str = Field(max_length=1000)
    raw: str = Field(sa_type=Text)
    times_seen: int = 1
    last_snapshot_id: UUID | None = Field(default=None, sa_type=Id)
    last_seen_at: datetime = Field(default_factory=utc_now)
    resolved_at: datetime | None = None
