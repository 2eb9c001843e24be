"""Which recommendations a request means: the same for lists and exports."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from infrazen.api.paging import Cursor, Limit, cursor_at, position_at
from infrazen.api.resource_query import Word
from infrazen.api.schemas import Text
from infrazen.db.queries.recommendations import Place, Recommendation, Wanted
from infrazen.domain.money import from_micro, to_micro
from infrazen.domain.recommendations import Category, Confidence, State


class RecommendationQuery(BaseModel):
    """A filter; a parameter that may be repeated means any of its values."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(description="Words in the resource's name, id, type.")] = ""
    state: Annotated[list[State], Field(max_length=10, description="How they stand.")] = []
    category: Annotated[list[Category], Field(max_length=10, description="Of what kind.")] = []
    rule: Annotated[list[Word], Field(max_length=50, description="Found by these rules.")] = []
    confidence: Annotated[list[Confidence], Field(max_length=5, description="How sure.")] = []
    connection_id: Annotated[
        list[UUID], Field(max_length=100, description="Of these connections.")
    ] = []
    resource_id: Annotated[
        list[UUID], Field(max_length=100, description="About these resources.")
    ] = []

    @property
    def wanted(self) -> Wanted:
        """The filter as services take it."""
        return Wanted(
            text=self.text,
            states=tuple(self.state),
            categories=tuple(self.category),
            rules=tuple(self.rule),
            confidences=tuple(self.confidence),
            connections=tuple(self.connection_id),
            resources=tuple(self.resource_id),
        )


class RecommendationPageQuery(RecommendationQuery):
    """A filter with a page."""

    cursor: Cursor = None
    limit: Limit = 50

    @property
    def after(self) -> Place | None:
        """Where the page before ended."""
        start = position_at(self.cursor, _After)
        return None if start is None else Place(saving=from_micro(start.saving), id=start.id)

    def cursor_after(self, found: list[Recommendation]) -> str | None:
        """The cursor of the page after ``found``; None where that page was not full."""
        if len(found) < self.limit:
            return None
        return cursor_at(_After(to_micro(Decimal(found[-1].monthly_saving)), found[-1].id))


class _After(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    saving: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    id: UUID
