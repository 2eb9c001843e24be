"""What an event of the audit log tells beside its sentence: roles, rights, fields, values."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from infrazen.domain.roles import Permission, Role
from infrazen.finops.rules import rules
from infrazen.provider_kit.contract import Label
from infrazen.providers import all_providers
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.people import role_name
from infrazen_ui.present.resource_words import provider_title
from infrazen_ui.present.tokens import scope_names

if TYPE_CHECKING:
    from infrazen.db.queries.audit import AuditEvent

_MOST_NAMES = 8
_SAID_ALREADY = ("enabled", "suspended", "given_back", "called", "id")
"""The sentence says it."""


def details(event: "AuditEvent", *, language: Language) -> list[str]:
    """Each in a few words; what has no words of its own, as the log has it."""
    facts = {name: value for name, value in event.details.items() if name not in _SAID_ALREADY}
    found = []
    if "from" in facts and "to" in facts:
        old, new = (_value("role", facts.pop(end), language) for end in ("from", "to"))
        found.append(f"{old} → {new}")
    if "keep_history" in facts:
        kept = facts.pop("keep_history")
        found.append(
            text("audit_detail.history_kept" if kept else "audit_detail.history_erased", language)
        )
    if event.action == "organization.change":
        return [*found, *(str(value) for value in facts.values() if value)]
    if event.action == "rule.set" and isinstance(facts.get("parameters"), Mapping):
        facts["parameters"] = _parameters(event.target, facts["parameters"], language)
    told = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    return found + [_detail(name, value, language) for name, value in told.items()]


def rule_title(rule: str, language: Language) -> str:
    """``Лишние процессоры``; a rule that there is no more, as the log has it."""
    known = rules().get(rule)
    return known.title[language] if known else rule


def _parameters(rule: str, values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The values under the names that the rule's form gives them."""
    known = rules().get(rule)
    titles = _titles(known.parameters, language) if known else {}
    return {titles.get(name, name): value for name, value in values.items()}


def _titles(model: type[BaseModel], language: Language) -> dict[str, str]:
    """What a form made of ``model`` calls each field."""
    return {
        name: label.title[language]
        for name, field in model.model_fields.items()
        for label in field.metadata
        if isinstance(label, Label)
    }


def _detail(name: str, value: Any, language: Language) -> str:
    key, words = f"audit_detail.{name}", _value(name, value, language)
    if key in catalogue(language):
        return text(key, language, value=words)
    return f"{name}: {words}"


def _value(name: str, value: Any, language: Language) -> str:
    read = _READERS.get(name)
    try:
        if read is not None:
            return read(value, language)
    except (ValueError, TypeError, KeyError):
        pass  # a word that was abolished since: as the log has it
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        shown = ", ".join(str(each) for each in value[:_MOST_NAMES])
        return f"{shown}…" if len(value) > _MOST_NAMES else shown
    return str(value)


def _yes_or_no(value: Any, language: Language) -> str:
    return text("audit_detail.yes" if value else "audit_detail.no", language)


def _field(name: Any, language: Language) -> str:
    """What forms call a field; those of providers have titles of their own."""
    for key in (f"audit_field.{name}", f"resource.owner_field.{name}"):
        if key in catalogue(language):
            return _small(text(key, language))
    found = (_titles(spec.credentials, language) for spec in all_providers().values())
    return next((_small(titles[name]) for titles in found if name in titles), str(name))


def _small(words: str) -> str:
    """``Пароль API`` as ``пароль API``, ``API-токен`` as it is."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _fields(names: Any, language: Language) -> str:
    return ", ".join(_field(name, language) for name in names)


def _price(value: Any, language: Language) -> str:
    """``1500 RUB в месяц``."""
    amount, _, period = str(value).partition(" / ")
    return f"{amount} {text(f'overrides.{period}', language)}" if period else amount


_READERS: dict[str, Callable[[Any, Language], str]] = {
    "role": lambda value, language: role_name(Role(value), language=language),
    "scopes": lambda value, language: ", ".join(
        scope_names([Permission(one) for one in value], language=language)
    ).lower(),
    "is_enabled": _yes_or_no,
    "is_shared": _yes_or_no,
    "provider": lambda value, _language: provider_title(str(value)),
    "state": lambda value, language: text(f"recommendations.state.{value}", language).lower(),
    "rule": lambda value, language: rule_title(str(value), language),
    "price": _price,
    "field": _field,
    "fields": _fields,
    "changed": _fields,
}
