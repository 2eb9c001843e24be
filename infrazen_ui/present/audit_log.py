"""The audit log in plain sentences: who did what to what, and how it ended."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from infrazen.security.access import ActorKind
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.audit_details import details, rule_title
from infrazen_ui.present.dates import day, moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.narrowing import Chip, Choice

if TYPE_CHECKING:
    from infrazen.db.queries.audit import AuditEvent, AuditFilter

OPERATOR = "local operator"
_QUOTED = {Language.RU: "«{}»", Language.EN: "“{}”"}
_MORE = re.compile(r" and (\d+) more$")
_WRONG_PASSWORD = ("session.start", "Unauthenticated")


class AuditRow(TypedDict):
    """One event; ``actor`` and ``target`` are what the log calls them.

    ``called`` is what people call the target.
    """

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
    called: str
    href: str
    is_refused: bool
    outcome: str
    address: str


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


def chips(
    wanted: "AuditFilter", events: "Iterable[AuditEvent]" = (), *, language: Language
) -> list[Chip]:
    """The choices in force; ``events`` are what they found, and know what the target is called."""
    found = [
        ("area", area, text("audit.area", language), text(f"audit_area.{area}", language))
        for area in wanted.areas
    ]
    actor = text("audit.actor", language)
    found += [("actor", one, actor, _actor_name(one, language)) for one in wanted.actors]
    if wanted.target:
        about = (_called(one, language) for one in events if one.target == wanted.target)
        called = next(about, wanted.target)
        found.append(("target", wanted.target, text("audit.target", language), called))
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
    """``записи № 120–71``, or ``запись № 8`` where it is alone."""
    if not events:
        return ""
    first, last = events[0].sequence, events[-1].sequence
    if first == last:
        return text("audit.number", language, n=first)
    return text("audit.shown", language, first=first, last=last)


def action_key(event: "AuditEvent") -> str:
    """The name of the sentence: some actions have two sides."""
    if event.action == "user.set-enabled" and "enabled" in event.details:
        return "user.enable" if event.details["enabled"] else "user.disable"
    if event.action == "connection.suspend" and event.details.get("suspended") is False:
        return "connection.resume"
    if event.action == "connection.release" and event.details.get("given_back"):
        return "connection.give-back"
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
        details=" · ".join(details(event, language=language)),
        target=event.target,
        called=_called(event, language),
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
    target = _called(event, language)
    if event.called and ", " not in event.target:
        target = _QUOTED[language].format(target)
    return text(key, language, target=target).rstrip(" :")


def _called(event: "AuditEvent", language: Language) -> str:
    """What people call what ``event`` is about; as the log has it where nobody knows better."""
    if event.action.startswith("rule."):
        return rule_title(event.target, language)
    return _MORE.sub(
        lambda found: f" {text('audit.and_more', language, n=found[1])}",
        event.called or event.target,
    )


def _outcome(event: "AuditEvent", language: Language) -> str:
    if (event.action, event.outcome) == _WRONG_PASSWORD:
        return text("audit.wrong_password", language)
    title = f"error.{event.outcome}.title"
    return text(title, language).lower() if title in catalogue(language) else event.outcome


def _href(event: "AuditEvent") -> str:
    """Where the thing itself is to be seen, if it is still there and has a page."""
    if event.action == "recommendation.decide":
        return f"/recommendations?open={event.target}" if _is_id(event.target) else ""
    if not event.subject:
        return ""
    page = "/resources/" if event.area in ("resource", "secret") else "/connections/"
    return f"{page}{event.subject}"


def _is_id(target: str) -> bool:
    try:
        return bool(UUID(target))
    except ValueError:
        return False
