"""The providers one can connect."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from infrazen.api.caller import Caller
from infrazen.api.paging import Page
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer
from infrazen.domain.roles import Permission
from infrazen.provider_kit.forms import FieldKind
from infrazen.services import providers
from infrazen.services.providers import ProviderCard

router = APIRouter(prefix="/providers", tags=["providers"])

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]


class Text(Answer):
    """A text in both languages."""

    ru: str
    en: str


class FormField(Answer):
    """One field of a form; a `secret` one is write-only."""

    name: str
    title: Text
    help: Text | None
    kind: FieldKind
    required: bool
    secret: bool
    default: str
    placeholder: str
    options: list[str]
    minimum: float | None
    maximum: float | None


class Provider(Answer):
    """A kind of cloud: what its connections ask, and how its words read.

    The schemas say the same as the fields, as JSON schemas.
    """

    slug: Annotated[str, Field(examples=["beget"])]
    title: str
    description: Text
    color: str
    base_url: str
    credentials: list[FormField]
    settings: list[FormField]
    credentials_schema: dict[str, Any]
    settings_schema: dict[str, Any]
    resource_types: dict[str, Text]
    endpoint_titles: dict[str, Text]
    trial_endpoint: Annotated[
        str | None, Field(description="Where this installation's simulator of it listens.")
    ]


@router.get("", openapi_extra=needs(Permission.CONNECTION_READ))
def list_providers(caller: Caller) -> Page[Provider]:
    """Every provider InfraZen knows, by title."""
    return Page(items=[_provider(card) for card in providers.list_providers(caller.actor)])


@router.get("/{slug}", responses=documented(404), openapi_extra=needs(Permission.CONNECTION_READ))
def get_provider(caller: Caller, slug: Slug) -> Provider:
    """One provider."""
    return _provider(providers.get_provider(caller.actor, slug=slug))


def _provider(card: ProviderCard) -> Provider:
    facts = {name: getattr(card, name) for name in Provider.model_fields if hasattr(card, name)}
    return Provider.model_validate(
        {**facts, "trial_endpoint": card.trial.endpoint if card.trial else None}
    )
