"""The providers one can connect, as a form needs them."""

from dataclasses import dataclass
from typing import Any

from infrazen.domain.roles import Permission
from infrazen.errors import NotFound
from infrazen.provider_kit.contract import ProviderSpec, Text
from infrazen.provider_kit.forms import FormField, form_fields, json_schema
from infrazen.providers import all_providers
from infrazen.services.use_case import Work, use_case
from infrazen.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Where a simulator of the provider listens, what it takes, and how to see all it has."""

    endpoint: str
    credentials: dict[str, str]
    settings: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCard:
    """A provider: how it is called and shown, and what its forms ask.

    The schemas say the same as the fields, as JSON schemas.
    """

    slug: str
    title: str
    description: Text
    color: str
    base_url: str
    credentials: tuple[FormField, ...]
    settings: tuple[FormField, ...]
    credentials_schema: dict[str, Any]
    settings_schema: dict[str, Any]
    resource_types: dict[str, Text]
    endpoint_titles: dict[str, Text]
    trial: Trial | None


@use_case(Permission.CONNECTION_READ)
def list_providers(_work: Work) -> list[ProviderCard]:
    """Every provider InfraZen knows, by title."""
    return [_card(spec) for spec in all_providers().values()]


@use_case(Permission.CONNECTION_READ)
def get_provider(_work: Work, *, slug: str) -> ProviderCard:
    """One provider, or ``NotFound``."""
    spec = all_providers().get(slug)
    if spec is None:
        raise NotFound(f"no provider {slug!r}; known: {', '.join(sorted(all_providers()))}")
    return _card(spec)


def _card(spec: ProviderSpec) -> ProviderCard:
    simulators = settings().simulators
    trial = None
    if spec.slug in simulators:
        trial = Trial(
            endpoint=simulators[spec.slug],
            credentials=dict(spec.trial),
            settings=dict(spec.trial_settings),
        )
    return ProviderCard(
        slug=spec.slug,
        title=spec.title,
        description=spec.description,
        color=spec.color,
        base_url=spec.base_url,
        credentials=form_fields(spec.credentials),
        settings=form_fields(spec.settings),
        credentials_schema=json_schema(spec.credentials),
        settings_schema=json_schema(spec.settings),
        resource_types=dict(spec.resource_types),
        endpoint_titles=dict(spec.endpoint_titles),
        trial=trial,
    )
