"""The audit log in plain sentences: who did what to what, and how it ended."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from infrazen.domain.roles import Permission, Role
from infrazen.security.access import ActorKind
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.dates import day, moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.people import role_name
from infrazen_ui.present.resource_words import provider_title
from infrazen_ui.present.tokens import scope_names

if TYPE_CHECKING:
    from infrazen.db.queries.audit import AuditEvent, AuditFilter

OPERATOR = "local operator"
_MOST_NAMES = 8
_WRONG_PASSWORD = ("session.start", "Unauthenticated")


class AuditRow(TypedDict):
    """One event; ``actor`` and ``target`` are what the log calls them."""

    id: str
    number: str
    at: str
    ago: str
    actor: str
    actor_name: str
    actor_note: str
    sentence: str
    details: str
    target: str
    href: str
    is_refused: bool
    outcome: str
    address: str


class Choice(TypedDict):
    """Something to choose among facts."""

    facet: str
    value: str
    label: str
    count: str
    is_chosen: bool


class Chip(TypedDict):
    """A choice in force."""

    facet: str
    value: str
    name: str
    label: str


def audit_rows(events: "Iterable[AuditEvent]", *, eyes: Eyes) -> list[AuditRow]:
    """The rows of a page."""
    return [_row(event, eyes) for event in events]


def area_choices(
    areas: Iterable[str], wanted: "AuditFilter", *, language: Language
) -> list[Choice]:
    """What happens, by kind."""
    return [
        _choice("area", area, text(f"audit_area.{area}", language), wanted.areas) for area in areas
    ]


def actor_choices(
    actors: Iterable[str], wanted: "AuditFilter", *, language: Language
) -> list[Choice]:
    """Everybody who is in the log; who is asked for stays in the list."""
    known = dict.fromkeys((*actors, *wanted.actors))
    return [
        _choice("actor", one, _actor_name(one, language), wanted.actors) for one in sorted(known)
    ]


def chips(wanted: "AuditFilter", *, language: Language) -> list[Chip]:
    """The choices in force."""
    found = [
        ("area", area, text("audit.area", language), text(f"audit_area.{area}", language))
        for area in wanted.areas
    ]
    actor = text("audit.actor", language)
    found += [("actor", one, actor, _actor_name(one, language)) for one in wanted.actors]
    if wanted.target:
        found.append(("target", wanted.target, text("audit.target", language), wanted.target))
    period = text("audit.period", language)
    if wanted.since is not None:
        words = text("audit.since_chip", language, day=day(wanted.since, language=language))
        found.append(("since", wanted.since.isoformat(), period, words))
    if wanted.until is not None:
        words = text("audit.until_chip", language, day=day(wanted.until, language=language))
        found.append(("until", wanted.until.isoformat(), period, words))
    return [
        Chip(facet=facet, value=value, name=name, label=label)
        for facet, value, name, label in found
    ]


def shown_numbers(events: "Sequence[AuditEvent]", *, language: Language) -> str:
    """``записи № 120–71``."""
    if not events:
        return ""
    first, last = events[0].sequence, events[-1].sequence
    return text("audit.shown", language, first=first, last=last)


def action_key(event: "AuditEvent") -> str:
    """The name of the sentence: some actions have two sides."""
    if event.action == "user.set-enabled" and "enabled" in event.details:
        return "user.enable" if event.details["enabled"] else "user.disable"
    if event.action == "connection.suspend" and event.details.get("suspended") is False:
        return "connection.resume"
    return event.action


def _row(event: "AuditEvent", eyes: Eyes) -> AuditRow:
    language = eyes.language
    is_refused = event.outcome != "done"
    name, note = _actor(event, language)
    return AuditRow(
        id=str(event.sequence),
        number=text("audit.number", language, n=event.sequence),
        at=moment(event.at, zone=eyes.zone, language=language),
        ago=relative(event.at, now=eyes.now, language=language),
        actor=event.actor,
        actor_name=name,
        actor_note=note,
        sentence=_sentence(event, is_refused=is_refused, language=language),
        details=" · ".join(_details(event, language)),
        target=event.target,
        href=_href(event),
        is_refused=is_refused,
        outcome=_outcome(event, language) if is_refused else "",
        address=event.address,
    )


def _choice(facet: str, value: str, label: str, chosen: Sequence[str]) -> Choice:
    return Choice(facet=facet, value=value, label=label, count="", is_chosen=value in chosen)


def _actor(event: "AuditEvent", language: Language) -> tuple[str, str]:
    if event.actor_kind == ActorKind.SYSTEM:
        return _actor_name(event.actor, language), text("audit.operator_note", language)
    email, _, token = event.actor.partition(" (")
    if event.actor_kind == ActorKind.TOKEN and token:
        return email, text("audit.by_token", language, token=token.removesuffix(")"))
    return event.actor, ""


def _actor_name(actor: str, language: Language) -> str:
    return text("audit.operator", language) if actor == OPERATOR else actor


def _sentence(event: "AuditEvent", *, is_refused: bool, language: Language) -> str:
    key = f"audit_action.{action_key(event)}.{'tried' if is_refused else 'done'}"
    if key not in catalogue(language):
        return text("audit.unknown", language, action=event.action, target=event.target)
    return text(key, language, target=event.target).rstrip(" :")


def _outcome(event: "AuditEvent", language: Language) -> str:
    if (event.action, event.outcome) == _WRONG_PASSWORD:
        return text("audit.wrong_password", language)
    title = f"error.{event.outcome}.title"
    return text(title, language).lower() if title in catalogue(language) else event.outcome


def _href(event: "AuditEvent") -> str:
    """Where the thing itself is to be seen, if it has a page."""
    if not event.action.startswith("resource."):
        return ""
    try:
        return f"/resources/{UUID(event.target)}"
    except ValueError:
        return ""


def _details(event: "AuditEvent", language: Language) -> list[str]:
    facts = dict(event.details)
    found = []
    if "from" in facts and "to" in facts:
        old, new = (_value("role", facts.pop(end), language) for end in ("from", "to"))
        found.append(f"{old} → {new}")
    if "keep_history" in facts:
        kept = facts.pop("keep_history")
        found.append(
            text("audit_detail.history_kept" if kept else "audit_detail.history_erased", language)
        )
    for told in ("enabled", "suspended"):  # the sentence says it
        facts.pop(told, None)
    if event.action == "organization.change":
        return [*found, *(str(value) for value in facts.values() if value)]
    told = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    return found + [_detail(name, value, language) for name, value in told.items()]


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
    except (ValueError, TypeError):
        pass  # a word that was abolished since: as the log has it
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        shown = ", ".join(str(each) for each in value[:_MOST_NAMES])
        return f"{shown}…" if len(value) > _MOST_NAMES else shown
    return str(value)


def _yes_or_no(value: Any, language: Language) -> str:
    return text("audit_detail.yes" if value else "audit_detail.no", language)


_READERS: dict[str, Callable[[Any, Language], str]] = {
    "role": lambda value, language: role_name(Role(value), language=language),
    "scopes": lambda value, language: ", ".join(
        scope_names([Permission(one) for one in value], language=language)
    ).lower(),
    "is_enabled": _yes_or_no,
    "provider": lambda value, _language: provider_title(str(value)),
}
