"""Which resources a request means, and in which order: the same for lists, sums and exports."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from infrazen.api.paging import Cursor, Limit, Moment, at_moment, cursor_at, moment_of, position_at
from infrazen.api.schemas import PLAIN, Text
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.db.queries.resource_list import Place, place_of
from infrazen.domain.resource_columns import MOST_COLUMNS, ResourceColumn
from infrazen.domain.resources import ResourceStatus
from infrazen.errors import Invalid

_MOST_CHOICES = 100

Word = Annotated[str, StringConstraints(max_length=100, pattern=PLAIN)]
TagWord = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=PLAIN)]


def _choices(description: str) -> Any:
    return Field(default_factory=list, max_length=_MOST_CHOICES, description=description)


class ResourceQuery(BaseModel):
    """A filter; a parameter that may be repeated means any of its values."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(description="Words in name, id, type, service, region, tags.")] = ""
    connection_id: list[UUID] = _choices("Of these connections.")
    provider: list[Word] = _choices("Slugs of providers, like `beget`.")
    type: list[Word] = _choices("Types of resources, like `vps`.")
    service: list[Word] = _choices("The providers' names of services.")
    status: list[ResourceStatus] = _choices("How they stand.")
    region: list[Word] = _choices("The providers' names of regions.")
    owner: list[Text] = _choices("Whom they belong to; an empty one is nobody.")
    environment: list[Text] = _choices("Of these environments; an empty one is none.")
    project: list[Text] = _choices("Of these projects; an empty one is none.")
    tag: list[TagWord] = Field(
        default_factory=list,
        max_length=20,
        description="`key=value`, or `key` for any value; a resource has all of them.",
    )
    presence: Annotated[Presence, Field(description="Whether deleted ones are meant.")] = (
        Presence.ACTIVE
    )

    @property
    def wanted(self) -> ResourceFilter:
        """The filter as services take it; ``Invalid`` for two values of one tag."""
        tags: dict[str, str] = {}
        for each in self.tag:
            key, _, value = each.partition("=")
            if key in tags:
                raise Invalid(f"a resource has one value of the tag {key}", field="tag")
            tags[key] = value
        return ResourceFilter(
            text=self.text,
            connections=tuple(self.connection_id),
            providers=tuple(self.provider),
            types=tuple(self.type),
            services=tuple(self.service),
            statuses=tuple(self.status),
            regions=tuple(self.region),
            owners=tuple(self.owner),
            environments=tuple(self.environment),
            projects=tuple(self.project),
            tags=tags,
            presence=self.presence,
        )

    @classmethod
    def of(cls, wanted: ResourceFilter) -> "ResourceQuery":
        """The query that asks for ``wanted``."""
        return cls(
            text=wanted.text,
            connection_id=list(wanted.connections),
            provider=list(wanted.providers),
            type=list(wanted.types),
            service=list(wanted.services),
            status=list(wanted.statuses),
            region=list(wanted.regions),
            owner=list(wanted.owners),
            environment=list(wanted.environments),
            project=list(wanted.projects),
            tag=[f"{key}={value}" if value else key for key, value in wanted.tags.items()],
            presence=wanted.presence,
        )


class SortedQuery(ResourceQuery):
    """A filter with an order."""

    sort: Annotated[SortKey, Field(description="Resources without a cost count as cheapest.")] = (
        SortKey.COST
    )
    order: Annotated[
        Literal["asc", "desc"], Field(description="`desc` has the greatest first.")
    ] = "desc"

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.order == "desc"


class FileQuery(SortedQuery):
    """A filter with an order and the columns of a file."""

    column: Annotated[
        list[TagWord],
        Field(
            default_factory=list,
            max_length=MOST_COLUMNS,
            description=(
                "Columns after the name, in this order: "
                + ", ".join(f"`{one}`" for one in ResourceColumn)
                + ", or `tag:` and a key. None for all that is known of a price."
            ),
        ),
    ]


class PageQuery(SortedQuery):
    """A filter with an order and a page."""

    cursor: Cursor = None
    limit: Limit = 50

    @property
    def after(self) -> Place | None:
        """Where the page before ended; ``Invalid`` for a cursor of another order."""
        start = position_at(self.cursor, _After)
        if start is None:
            return None
        if (start.sort, start.descending) != (self.sort, self.descending):
            raise Invalid("the cursor belongs to another order of this list", field="cursor")
        return Place(value=_value(start), id=start.id)

    def cursor_after(self, lines: list[ResourceLine]) -> str | None:
        """The cursor of the page after ``lines``; None where that page was not full."""
        if len(lines) < self.limit:
            return None
        place = place_of(lines[-1], self.sort)
        value = place.value if isinstance(place.value, int | str) else moment_of(place.value)
        return cursor_at(_After(self.sort, self.descending, value, place.id))


class _After(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    sort: SortKey
    descending: bool
    value: Annotated[int, msgspec.Meta(ge=-1, le=2**63 - 1)] | str
    id: UUID


def _value(start: _After) -> int | str | datetime:
    """What the list is sorted by at ``start``, of the type that fits the order."""
    try:
        match start.sort:
            case SortKey.COST:
                return msgspec.convert(start.value, int)
            case SortKey.CHANGED:
                return at_moment(msgspec.convert(start.value, Moment))
            case SortKey.STATUS:
                return msgspec.convert(start.value, ResourceStatus)
            case _:
                return msgspec.convert(start.value, str)
    except msgspec.ValidationError as error:
        raise Invalid("the cursor is not one of this list", field="cursor") from error
