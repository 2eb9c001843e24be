"""The same change to many resources at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from infrazen.api.caller import Caller
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.resource_query import ResourceQuery
from infrazen.api.routers.resource_notes import ONE, ContextChange, Key, Value
from infrazen.api.schemas import Answer, Flag, Question
from infrazen.domain.bulk_changes import BulkChange
from infrazen.domain.roles import Permission
from infrazen.services import bulk_changes
from infrazen.services.bulk_changes import MOST_FOUND, MOST_TAGS, Which

router = APIRouter(prefix="/resources/changes", tags=["resources"], responses=documented(404))

_writes = needs(Permission.RESOURCE_WRITE)


class ManyChange(Question):
    """Which resources, by id or by a filter, and what to write on each of them.

    Of `context` what is left out stays, null or an empty text clears. `put` sets our own tags,
    `remove` takes them away, `only_these` takes away all that are not put.
    """

    resource_ids: Annotated[
        list[UUID], Field(max_length=MOST_FOUND, examples=[[ONE]], default_factory=list)
    ]
    filter: Annotated[ResourceQuery | None, Field(examples=[None, {"type": ["vps"]}])] = None
    context: ContextChange = Field(default_factory=ContextChange, examples=[{"owner": "anna"}])
    put: Annotated[
        dict[Key, Value],
        Field(max_length=MOST_TAGS, examples=[{"team": "web"}], default_factory=dict),
    ]
    remove: Annotated[
        list[Key], Field(max_length=MOST_TAGS, examples=[["stage"]], default_factory=list)
    ]
    only_these: Annotated[Flag, Field(examples=[False])] = False

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "ManyChange":
        if bool(self.resource_ids) == (self.filter is not None):
            raise ValueError("name resources by resource_ids or by a filter")
        return self

    @property
    def which(self) -> Which:
        """The resources as services take them."""
        return Which(ids=self.resource_ids, wanted=self.filter.wanted if self.filter else None)

    @property
    def change(self) -> BulkChange:
        """The change as services take it."""
        return BulkChange(
            context=self.context.model_dump(exclude_unset=True),
            put=self.put,
            remove=tuple(self.remove),
            only_these=self.only_these,
        )


class ChangePreview(Answer):
    """How many resources are found, how many would change, how many lose another text."""

    found: int
    changing: int
    overwriting: int


class ChangeMade(Answer):
    """A change that was made; `id` takes it back for a day, null where nothing changed."""

    id: UUID | None
    found: int
    changed: int


class ChangeUndone(Answer):
    """How many resources are as they were."""

    changed: int


@router.post("/preview", openapi_extra=_writes)
def preview_resource_change(caller: Caller, form: ManyChange) -> ChangePreview:
    """What a change would do; nothing is written."""
    found = bulk_changes.preview_change(caller.actor, which=form.which, change=form.change)
    return ChangePreview.model_validate(found)


@router.post("", openapi_extra=_writes)
def change_resources(caller: Caller, form: ManyChange) -> ChangeMade:
    """Write the same on up to 5,000 resources; on all of them or on none."""
    made = bulk_changes.change_resources(caller.actor, which=form.which, change=form.change)
    return ChangeMade.model_validate(made)


@router.post("/{change_id:uuid}/undo", responses=documented(409), openapi_extra=_writes)
def undo_resource_change(caller: Caller, change_id: UUID) -> ChangeUndone:
    """Take a change back within a day; what somebody has changed again since stays."""
    changed = bulk_changes.undo_change(caller.actor, change_id=change_id)
    return ChangeUndone(changed=changed)
