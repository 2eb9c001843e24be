"""One resource for people: who it is, what it costs, what is in it and on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote
from uuid import UUID

from infrazen.domain.money import Money, Period
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.configuration import Fact, configuration
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.money import money

if TYPE_CHECKING:
    from infrazen.db.queries.resource_detail import Annotation, Component, Resource, Tag
    from infrazen.services.connection_views import SecretState

CONTEXT_FIELDS = (
    "business_unit",
    "project",
    "feature_tag",
    "cost_center",
    "environment",
    "owner",
)

_GOOD = frozenset({"active", "running", "done", "ok", "installed", "enabled"})
_BAD = frozenset({"failed", "error", "broken"})


class Face(TypedDict):
    """The head of the page."""

    name: str
    external_id: str
    provider: str
    provider_title: str
    type: str
    tone: str
    status: str
    connection: str
    connection_href: str
    deleted: str
    per_day: str
    per_month: str
    source: str
    source_tone: str
    source_hint: str
    stated: str


NO_FACE = Face(
    name="",
    external_id="",
    provider="",
    provider_title="",
    type="",
    tone="neutral",
    status="",
    connection="",
    connection_href="",
    deleted="",
    per_day="",
    per_month="",
    source="",
    source_tone="neutral",
    source_hint="",
    stated="",
)
"""Before a resource is read."""


class TagMark(TypedDict):
    """A tag; the provider's can only be read."""

    key: str
    value: str
    is_own: bool
    href: str


class Part(TypedDict):
    """A component of the resource."""

    name: str
    kind: str
    version: str
    status: str
    tone: str
    address: str
    href: str
    details: str


class Note(TypedDict):
    """A note on the resource."""

    id: str
    author: str
    text: str
    when: str
    is_removable: bool


class SecretMark(TypedDict):
    """That a secret is set."""

    field: str
    label: str
    fingerprint: str
    when: str


def face(resource: "Resource", connection: str, *, eyes: Eyes) -> Face:
    """The head of the page."""
    language = eyes.language
    return Face(
        name=resource.name,
        external_id=resource.external_id,
        provider=resource.provider,
        provider_title=words.provider_title(resource.provider),
        type=words.type_title(resource.provider, resource.type, language=language),
        tone=words.status_tone(resource.status),
        status=words.status_word(resource.status, language=language),
        connection=connection,
        connection_href=f"/connections/{resource.connection_id}",
        deleted=_deleted(resource, eyes),
        per_day=words.day_price(resource.daily_cost, resource.currency, language=language),
        per_month=words.month_price(resource.monthly_cost, resource.currency, language=language),
        source=words.source_word(resource.cost_source, language=language),
        source_tone=words.source_tone(resource.cost_source),
        source_hint=words.source_hint(
            resource.cost_source, in_account_rate=resource.in_account_rate, language=language
        ),
        stated=_stated(resource, language),
    )


def _deleted(resource: "Resource", eyes: Eyes) -> str:
    if resource.deleted_at is None:
        return ""
    return moment(resource.deleted_at, zone=eyes.zone, language=eyes.language)


def _stated(resource: "Resource", language: Language) -> str:
    """What the provider states, where that is neither per day nor per month."""
    amount, period = resource.original_cost, resource.cost_period
    if amount is None or resource.currency is None or period is None:
        return ""
    if period in (Period.DAY, Period.MONTH):
        return ""
    shown = money(Money(amount, resource.currency), language=language)
    return text(f"resource_word.stated.{period.value}", language, amount=shown)


def identity(resource: "Resource", *, eyes: Eyes) -> list[Fact]:
    """What a resource is and when it came, as far as it is known."""
    language = eyes.language
    provider_status = resource.provider_status
    if provider_status.lower() == resource.status.value:
        provider_status = ""
    found = {
        "service": resource.service,
        "category": text(f"resource_word.category.{resource.category.name}", language),
        "region": resource.region,
        "zone": resource.zone,
        "sub_account": resource.sub_account,
        "provider_status": provider_status,
        "sku": resource.sku or "",
        "provider_created_at": _moment(resource.provider_created_at, eyes),
        "first_seen_at": _moment(resource.first_seen_at, eyes),
        "changed_at": _moment(resource.changed_at, eyes),
    }
    return [
        Fact(name=text(f"resource_word.field.{name}", language), value=value)
        for name, value in found.items()
        if value
    ]


def _moment(value: datetime | None, eyes: Eyes) -> str:
    return "" if value is None else moment(value, zone=eyes.zone, language=eyes.language)


def context(resource: "Resource") -> dict[str, str]:
    """Whom the resource belongs to, by field; empty where nobody has said so."""
    return {name: getattr(resource, name) or "" for name in CONTEXT_FIELDS}


def tags(found: "Sequence[Tag]") -> list[TagMark]:
    """Own tags first, each with the way to everything that has it."""
    marks = [
        TagMark(
            key=one.key,
            value=one.value,
            is_own=one.source == "user",
            href=f"/resources?tag={quote(f'{one.key}={one.value}' if one.value else one.key)}",
        )
        for one in found
    ]
    return sorted(marks, key=lambda mark: (not mark["is_own"], mark["key"]))


def parts(components: "Sequence[Component]", *, language: Language) -> list[Part]:
    """What is inside."""
    return [_part(one, language) for one in components]


def _part(one: "Component", language: Language) -> Part:
    state = (one.status or "").lower()
    kind = catalogue(language).get(f"resource_word.part.{one.kind}", one.kind)
    named = catalogue(language).get(f"resource_word.part_status.{state}", one.status or "")
    address = one.address or ""
    return Part(
        name=one.name,
        kind=str(kind),
        version=one.version or "",
        status=str(named),
        tone="success" if state in _GOOD else "danger" if state in _BAD else "neutral",
        address=address,
        href=address if address.startswith(("https://", "http://")) else "",
        details=" · ".join(
            f"{fact['name']}: {fact['value']}"
            for fact in configuration(one.details, language=language)
        ),
    )


def notes(
    found: "Sequence[Annotation]",
    *,
    reader: UUID | None,
    may_remove_all: bool,
    eyes: Eyes,
    is_visitor: bool = False,
) -> list[Note]:
    """Notes, latest first; people take their own away, administrators any.

    Visitors of the demo take away what nobody left: it is theirs.
    """
    return [
        Note(
            id=str(one.id),
            author=one.author,
            text=one.text,
            when=relative(one.created_at, now=eyes.now, language=eyes.language),
            is_removable=may_remove_all
            or (one.author_id == reader and (reader is not None or is_visitor)),
        )
        for one in found
    ]


def secrets(found: "Sequence[SecretState]", *, eyes: Eyes) -> list[SecretMark]:
    """That secrets are set; never the secrets."""
    return [
        SecretMark(
            field=one.field,
            label=one.label,
            fingerprint=one.fingerprint,
            when=relative(one.set_at, now=eyes.now, language=eyes.language),
        )
        for one in found
    ]
