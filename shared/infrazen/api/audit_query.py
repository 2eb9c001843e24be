"""Which events of the audit log a request means: the same for the list and the export."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from infrazen.api.paging import Cursor, Limit
from infrazen.api.schemas import PLAIN
from infrazen.db.queries.audit import AuditFilter

Area = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=PLAIN)]
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class AuditQuery(BaseModel):
    """A filter; a parameter that may be repeated means any of its values."""

    model_config = ConfigDict(extra="forbid")

    actor: list[Label] = Field(
        default_factory=list, max_length=100, description="Done by these, as the log names them."
    )
    area: list[Area] = Field(
        default_factory=list,
        max_length=20,
        description="Words before the dot of an action, like `user` of `user.add`.",
    )
    target: Annotated[str, StringConstraints(max_length=400, pattern=PLAIN)] = Field(
        default="", description="Done to this, as the log names it."
    )
    outcome: Annotated[
        Literal["done", "refused"] | None, Field(description="Done, or refused.")
    ] = None
    since: Annotated[
        Day | None, Field(description="The first day, in the organization's time zone.")
    ] = None
    until: Annotated[
        Day | None, Field(description="The last day, in the organization's time zone.")
    ] = None

    @property
    def wanted(self) -> AuditFilter:
        """The filter as services take it."""
        return AuditFilter(
            actors=tuple(self.actor),
            areas=tuple(self.area),
            target=self.target,
            is_done=None if self.outcome is None else self.outcome == "done",
            since=self.since,
            until=self.until,
        )


class AuditPageQuery(AuditQuery):
    """A filter and a page."""

    cursor: Cursor = None
    limit: Limit = 50
