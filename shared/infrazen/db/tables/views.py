"""Views of a list that people saved under a name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlmodel import Field, UniqueConstraint

from infrazen.db.columns import Document, Id, utc_now
from infrazen.db.tables.base import Identified, KeyedWithin, Owned


class SavedViewRow(Identified, Owned, table=True):
    """A filter, an order and columns under a name; ``keeper`` is whose it is.

    A removed one can be brought back for a while.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index("ix_saved_view_keeper", "organization_id", "keeper"),
    )

    keeper: str = Field(max_length=64)
    author: str = Field(max_length=400)
    name: str = Field(max_length=100)
    is_shared: bool = False
    definition: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    updated_at: datetime = Field(default_factory=utc_now)
    removed_at: datetime | None = None


class DefaultViewRow(KeyedWithin, table=True):
    """The view that somebody's list opens with."""

    __tablename__ = "default_view"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "view_id"],
            ["saved_view.organization_id", "saved_view.id"],
            ondelete="CASCADE",
        ),
        Index("ix_default_view_view", "organization_id", "view_id"),
    )

    keeper: str = Field(primary_key=True, max_length=64)
    view_id: UUID = Field(sa_type=Id)
