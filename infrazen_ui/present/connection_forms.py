"""What a connection form shows: values, what is wrong in it, what a test found."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.syncs import EndpointStatus
from infrazen.errors import ProviderUnavailable, Throttled
from infrazen.provider_kit.contract import ProviderSpec, Verification
from infrazen.provider_kit.forms import FieldKind, FormField, form_fields
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present import dates, figures
from infrazen_ui.present.connection_accounts import FactView, account_view
from infrazen_ui.present.connections import endpoint_title, schedule_presets
from infrazen_ui.present.failures import explain

if TYPE_CHECKING:
    from infrazen.services.connection_views import ConnectionCard

CUSTOM = "custom"
_OF_SYNCS = frozenset({ProviderUnavailable.reason, Throttled.reason})
"""Providers advise on these as of a sync, which goes on by itself; a form does not."""


class FormValues(TypedDict):
    """What a form is filled in with: texts, boxes, and notes on secrets that are set."""

    texts: dict[str, str]
    boxes: dict[str, bool]
    kept: dict[str, str]


class CheckedPart(TypedDict):
    """A part of the API that a test tried."""

    title: str
    is_open: bool
    note: str


class TestView(TypedDict):
    """What a test found."""

    facts: list[FactView]
    parts: list[CheckedPart]
    is_partial: bool


def blank_values(spec: ProviderSpec, *, schedule: str, time_zone: str) -> FormValues:
    """A new connection's form."""
    texts = {"display_name": spec.title, "endpoint": ""} | _schedule(schedule, time_zone)
    return _with_settings(spec, {}, FormValues(texts=texts, boxes={}, kept={}))


def stored_values(
    card: "ConnectionCard", spec: ProviderSpec, *, zone: tzinfo, language: Language
) -> FormValues:
    """The form of a connection as it is; secrets as facts alone."""
    one = card.connection
    texts = {"display_name": one.display_name, "endpoint": one.endpoint or ""}
    texts |= _schedule(one.schedule, one.time_zone)
    texts |= {f"credential.{name}": value for name, value in one.credentials.items()}
    kept = {
        f"credential.{secret.field}": text(
            "connections.form.secret",
            language,
            fingerprint=secret.fingerprint,
            when=dates.day(secret.set_at.astimezone(zone).date(), language=language),
        )
        for secret in card.secrets
    }
    return _with_settings(spec, one.settings, FormValues(texts=texts, boxes={}, kept=kept))


def upcoming_words(moments: Sequence[datetime], *, zone: tzinfo, language: Language) -> str:
    """``Ближайшие: 26 нояб., 06:00 и 26 нояб., 12:00``; empty for none."""
    match [dates.short_moment(one, zone=zone, language=language) for one in moments]:
        case [only]:
            return text("connections.form.upcoming_once", language, first=only)
        case [first, second, *_]:
            return text("connections.form.upcoming", language, first=first, second=second)
    return ""


def field_error(spec: ProviderSpec, name: str, language: Language) -> str:
    """What to say at an input whose value does not do."""
    fields = {f"credential.{field.name}": field for field in form_fields(spec.credentials)}
    fields |= {f"setting.{field.name}": field for field in form_fields(spec.settings)}
    field = fields.get(name)
    if field is not None and field.kind is FieldKind.NUMBER:
        return _number_error(field, language)
    known = ("display_name", "schedule", "time_zone", "endpoint")
    key = name if name in known else "other"
    return text(f"connection_word.wrong.{key}", language)


def refused_words(
    spec: ProviderSpec,
    reason: str,
    language: Language,
    *,
    place: str = "connection",
    retry_after: float | None = None,
    request_id: str | None = None,
) -> tuple[str, str]:
    """(what happened, what to do), the provider's own advice where it has some."""
    is_told = f"error_at.{place}.{reason}.title" in catalogue(language)
    words = explain(
        reason,
        language=language,
        place=place if is_told else "connection",
        retry_after=retry_after,
        request_id=request_id,
    )
    advice = None if reason in _OF_SYNCS else spec.advice.get(reason)
    return words.title, advice[language.value] if advice else words.action


def found_view(spec: ProviderSpec, found: Verification, language: Language) -> TestView:
    """A test that succeeded: the account, and which parts of the API are open."""
    account = account_view(found.account, (), language=language)
    parts = [
        CheckedPart(
            title=endpoint_title(spec.slug, part.name, language),
            is_open=part.status is EndpointStatus.SUCCEEDED,
            note="" if part.reason is None else refused_words(spec, part.reason, language)[0],
        )
        for part in found.parts
    ]
    return TestView(
        facts=account["facts"],
        parts=parts,
        is_partial=not all(part["is_open"] for part in parts),
    )


def _with_settings(
    spec: ProviderSpec, settings: Mapping[str, Any], values: FormValues
) -> FormValues:
    for field in form_fields(spec.settings):
        value = settings.get(field.name)
        shown = field.default if value is None else str(value)
        if field.kind is FieldKind.BOOL:
            values["boxes"][f"setting.{field.name}"] = shown.lower() == "true"
        else:
            values["texts"][f"setting.{field.name}"] = shown
    return values


def _schedule(schedule: str, time_zone: str) -> dict[str, str]:
    known = [line for line, _ in schedule_presets(Language.RU)]
    choice = schedule if schedule in known else CUSTOM
    return {"schedule_choice": choice, "schedule": schedule, "time_zone": time_zone}


def _number_error(field: FormField, language: Language) -> str:
    if field.minimum is None or field.maximum is None:
        return text("connections.form.wrong_number", language)
    low, high = (
        figures.number(bound, language=language) for bound in (field.minimum, field.maximum)
    )
    return text("connections.form.wrong_range", language, low=low, high=high)
