"""What people write on resources, and the secrets that came with them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from infrazen.api.caller import Caller
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import PLAIN, Answer, Line, Question, Text
from infrazen.domain.roles import Permission
from infrazen.services import resources
from infrazen.services.resources import MOST_AT_ONCE

router = APIRouter(tags=["resources"], responses=documented(404))

ONE = "3b241101-e2bb-4255-8caf-4136c566a962"
Key = Annotated[Line, Field(max_length=128)]
Value = Annotated[str, StringConstraints(max_length=256, pattern=PLAIN)]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Several = Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE, examples=[[ONE]])]
SecretField = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]

_writes = needs(Permission.RESOURCE_WRITE)


class ContextChange(Question):
    """Whom resources belong to; what is left out stays, null or an empty text clears."""

    business_unit: Annotated[Text | None, Field(examples=["Розница"])] = None
    project: Annotated[Text | None, Field(examples=["Сайт"])] = None
    feature_tag: Annotated[Text | None, Field(examples=["checkout"])] = None
    cost_center: Annotated[Text | None, Field(examples=["CC-42"])] = None
    environment: Annotated[Text | None, Field(max_length=64, examples=["production"])] = None
    owner: Annotated[Text | None, Field(examples=["anna@example.com"])] = None


class ContextOfSeveral(ContextChange):
    """The same for several resources at once."""

    resource_ids: Several


class TagsChange(Question):
    """Our own tags to set and to take away; the provider's stay as they are."""

    put: Annotated[dict[Key, Value], Field(max_length=50, examples=[{"team": "web"}])] = Field(
        default_factory=dict
    )
    remove: Annotated[list[Key], Field(max_length=50, examples=[["old-tag"]])] = Field(
        default_factory=list
    )


class TagsOfSeveral(TagsChange):
    """The same for several resources at once."""

    resource_ids: Several


class NewNote(Question):
    """A note to be left."""

    text: Annotated[Note, Field(examples=["Выключить после переезда."])]


class LeftNote(Answer):
    """A note that was left."""

    id: UUID


class RevealedSecret(Answer):
    """A secret in clear. This was written to the audit log."""

    field: str
    value: str


@router.patch("/resources/context", status_code=204, openapi_extra=_writes)
def change_context_of_several(caller: Caller, form: ContextOfSeveral) -> None:
    """Say of up to 500 resources whom they belong to; all of them or none."""
    _set_context(caller, form.resource_ids, form)


@router.patch("/resources/tags", status_code=204, openapi_extra=_writes)
def change_tags_of_several(caller: Caller, form: TagsOfSeveral) -> None:
    """Set and take away tags of up to 500 resources; of all of them or of none."""
    resources.set_tags(
        caller.actor, resource_ids=form.resource_ids, put=form.put, remove=form.remove
    )


@router.patch("/resources/{resource_id:uuid}/context", status_code=204, openapi_extra=_writes)
def change_context(caller: Caller, resource_id: UUID, form: ContextChange) -> None:
    """Say whom a resource belongs to. No sync changes that."""
    _set_context(caller, [resource_id], form)


@router.patch("/resources/{resource_id:uuid}/tags", status_code=204, openapi_extra=_writes)
def change_tags(caller: Caller, resource_id: UUID, form: TagsChange) -> None:
    """Set and take away tags of a resource. Where the provider sets one too, ours counts."""
    resources.set_tags(caller.actor, resource_ids=[resource_id], put=form.put, remove=form.remove)


@router.post("/resources/{resource_id:uuid}/annotations", status_code=201, openapi_extra=_writes)
def annotate_resource(caller: Caller, resource_id: UUID, form: NewNote) -> LeftNote:
    """Leave a note on a resource."""
    left = resources.annotate(caller.actor, resource_id=resource_id, text=form.text)
    return LeftNote(id=left)


@router.delete("/annotations/{annotation_id:uuid}", status_code=204, openapi_extra=_writes)
def remove_annotation(caller: Caller, annotation_id: UUID) -> None:
    """Take a note away: one's own, or anybody's as an administrator."""
    resources.remove_annotation(caller.actor, annotation_id=annotation_id)


@router.post(
    "/resources/{resource_id:uuid}/secrets/{field}/reveal",
    openapi_extra=needs(Permission.SECRET_REVEAL),
)
def reveal_secret(caller: Caller, resource_id: UUID, field: SecretField) -> RevealedSecret:
    """A secret that the provider handed out with a resource, in clear; always audited."""
    value = resources.reveal_secret(caller.actor, resource_id=resource_id, field=field)
    return RevealedSecret(field=field, value=value)


def _set_context(caller: Caller, resource_ids: list[UUID], form: ContextChange) -> None:
    values = form.model_dump(exclude={"resource_ids"}, exclude_unset=True)
    resources.set_business_context(caller.actor, resource_ids=resource_ids, values=values)
