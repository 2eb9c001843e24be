"""A connection form as a browser sent it, read with suspicion.

Inputs are named by where they belong: ``credential.login``, ``setting.collect_statistics``,
``forget.token``; the rest by the field of ``Draft``. What has another shape counts as blank.
"""

from collections.abc import Mapping
from typing import Any

from infrazen.db.queries.connections import Connection
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import FieldKind, FormField, form_fields
from infrazen.services import connection_drafts
from infrazen.services.connection_drafts import Draft

DEFAULT_SCHEDULE = connection_drafts.DEFAULT_SCHEDULE
CREDENTIAL = "credential."
SETTING = "setting."
FORGET = "forget."
CUSTOM = "custom"
"""The choice that lets people write their own cron line."""

_LONGEST = 10_000
_ON = (True, "on", "true")
_NOT_ASKED = ("is_suspended", "timeout_seconds", "starting_deadline_seconds")


def inputs_of(sent: object) -> dict[str, Any]:
    """What came as named inputs; nothing where it is no form at all."""
    if not isinstance(sent, Mapping):
        return {}
    return {name: value for name, value in sent.items() if isinstance(name, str)}


def text_of(inputs: Mapping[str, Any], name: str) -> str:
    """An input's text, trimmed and bounded; empty for anything else."""
    value = inputs.get(name)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def draft_of(
    spec: ProviderSpec, inputs: Mapping[str, Any], *, known: Connection | None = None
) -> Draft:
    """The connection that a form describes; what it does not ask stays as ``known`` has it."""
    schedule, time_zone = schedule_of(inputs)
    secrets = [field for field in form_fields(spec.credentials) if field.secret]
    return Draft(
        provider=spec.slug,
        display_name=text_of(inputs, "display_name"),
        credentials={
            field.name: text_of(inputs, CREDENTIAL + field.name)
            for field in form_fields(spec.credentials)
        },
        settings={field.name: _setting(inputs, field) for field in form_fields(spec.settings)},
        endpoint=text_of(inputs, "endpoint"),
        schedule=schedule,
        time_zone=time_zone,
        forget=tuple(field.name for field in secrets if inputs.get(FORGET + field.name) in _ON),
        **({name: getattr(known, name) for name in _NOT_ASKED} if known else {}),
    )


def schedule_of(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """(cron line, time zone) that a form describes."""
    choice = text_of(inputs, "schedule_choice")
    line = text_of(inputs, "schedule") if choice == CUSTOM else choice
    return line, text_of(inputs, "time_zone")


def missing_fields(
    spec: ProviderSpec, inputs: Mapping[str, Any], *, kept: frozenset[str] = frozenset()
) -> list[str]:
    """Inputs that must be filled in and are not; secrets in ``kept`` may stay blank."""
    needed = ["display_name"]
    needed += [
        CREDENTIAL + field.name
        for field in form_fields(spec.credentials)
        if field.required and field.name not in kept
    ]
    if text_of(inputs, "schedule_choice") == CUSTOM:
        needed.append("schedule")
    return [name for name in needed if not text_of(inputs, name)]


def input_named(spec: ProviderSpec, field: str | None) -> str:
    """The input that a use case means by ``field``; empty for none of the form's."""
    for prefix, model in ((CREDENTIAL, spec.credentials), (SETTING, spec.settings)):
        if field in model.model_fields:
            return f"{prefix}{field}"
    return field if field in ("display_name", "schedule", "time_zone", "endpoint") else ""


def _setting(inputs: Mapping[str, Any], field: FormField) -> str:
    """A box that is not ticked is not sent at all."""
    if field.kind is FieldKind.BOOL:
        return "true" if inputs.get(SETTING + field.name) in _ON else "false"
    value = text_of(inputs, SETTING + field.name)
    return value.replace(",", ".") if field.kind is FieldKind.NUMBER else value
