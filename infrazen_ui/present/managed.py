"""What a custom resource says of its connection, in the reader's language where we know it."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TypedDict

from infrazen.errors import ClusterRefused
from infrazen.manifests.commands import edit_command, look_command, sync_command
from infrazen.manifests.status import Condition, Truth
from infrazen_ui.locales import Language, catalogue, plural, text
from infrazen_ui.present import dates
from infrazen_ui.present.failures import Explanation, explain
from infrazen_ui.present.figures import number
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen.cluster.resources import ManagedResource
    from infrazen.db.queries.connections import Released
    from infrazen.services.managed import ClusterStatus, ManagedConnection

_ORDER = ("Ready", "Reconciling", "Stalled", "CredentialsValid", "Degraded")
_GOOD_WHEN_TRUE = frozenset({"Ready", "CredentialsValid"})
_QUIET = frozenset({"Reconciling"})
_REMOVING = frozenset({"Purging", "PurgeFailed"})
NOT_YET = frozenset({"NotSynced", "Suspended"})
"""Reasons for which a connection is not ready without anything being wrong."""


class ConditionView(TypedDict):
    """One condition: how it stands, why, since when; ``message`` as the operator has it."""

    title: str
    tone: str
    state: str
    reason: str
    code: str
    action: str
    message: str
    since: str
    since_at: str


class CommandView(TypedDict):
    """What to enter in a terminal, and what for."""

    title: str
    command: str


class _Removal(TypedDict):
    removal: str
    removal_note: str
    removed: int


class ManagedView(TypedDict):
    """What the cluster says of one connection.

    ``tone`` and ``state`` stand where a card says how it is, empty where the database knows
    best; ``note`` says why nothing is known; ``problem`` and ``action`` what to mend. ``removal``
    is empty unless the data is being deleted with the resource: ``removed`` percent of it are gone.
    """

    tone: str
    state: str
    can_sync: bool
    note: str
    note_tone: str
    problem: str
    action: str
    removal: str
    removal_note: str
    removed: int
    conditions: list[ConditionView]


class ReleasedView(TypedDict):
    """A connection that its resource has left: ``href`` leads to what it had read."""

    id: str
    name: str
    provider: str
    managed_by: str
    since: str
    since_at: str
    href: str


def released_view(
    one: "Released", *, now: datetime, zone: tzinfo, language: Language
) -> ReleasedView:
    """One released connection."""
    when = dates.relative(one.released_at, now=now, language=language)
    return ReleasedView(
        id=str(one.id),
        name=one.display_name,
        provider=one.provider,
        managed_by=one.managed_by,
        since=text("managed.released.since", language, when=when),
        since_at=dates.moment(one.released_at, zone=zone, language=language),
        href=f"/resources?presence=deleted&connection={one.id}",
    )


def commands(managed_by: str, language: Language) -> list[CommandView]:
    """How to look at the resource ``namespace/name``, to edit it, and to sync by hand."""
    return [
        CommandView(title=text(f"managed.command.{name}", language), command=command)
        for name, command in (
            ("look", look_command(managed_by)),
            ("edit", edit_command(managed_by)),
            ("sync", sync_command(managed_by)),
        )
    ]


def managed_views(
    found: "ClusterStatus", *, now: datetime, zone: tzinfo, language: Language
) -> dict[str, ManagedView]:
    """Every managed connection by id; times are told from ``now``."""
    return {
        str(id_): _view(one, found, now=now, zone=zone, language=language)
        for id_, one in found.managed.items()
    }


def stalled(one: "ManagedConnection", language: Language) -> Explanation | None:
    """Why no sync starts until somebody mends something; None where that is not so."""
    said = one.resource.says("Stalled") if one.resource else None
    return None if said is None else reason_words(said, language)


def reason_words(condition: Condition, language: Language) -> Explanation:
    """What a reason means and what to do; the operator's own words where we have none."""
    known, own = catalogue(language), f"condition_reason.{condition.reason}"
    if f"{own}.title" in known:
        action = text(f"{own}.action", language) if f"{own}.action" in known else ""
        return Explanation(text(f"{own}.title", language), action)
    if any(f"{place}.{condition.reason}.title" in known for place in ("error_at.sync", "error")):
        return explain(condition.reason, language=language, place="sync")
    return Explanation(condition.reason, condition.message)


def state_of(resource: "ManagedResource") -> tuple[str, str]:
    """(tone, word) of how a resource is; two empty texts where it has not said so yet."""
    ready = resource.status.condition("Ready")
    if resource.metadata.deletion_timestamp is not None:
        return Tone.NEUTRAL.value, "going"
    if resource.says("Stalled"):
        return Tone.DANGER.value, "stalled"
    if resource.is_suspended:
        return Tone.NEUTRAL.value, "suspended"
    if resource.says("Degraded"):
        return Tone.WARNING.value, "degraded"
    if ready is None or ready.status is Truth.UNKNOWN or ready.reason in NOT_YET:
        return "", ""
    is_ready = ready.status is Truth.TRUE
    return (Tone.SUCCESS.value, "ready") if is_ready else (Tone.DANGER.value, "failed")


def _view(
    one: "ManagedConnection",
    found: "ClusterStatus",
    *,
    now: datetime,
    zone: tzinfo,
    language: Language,
) -> ManagedView:
    note_tone, note = _note(one, found)
    tone, word = state_of(one.resource) if one.resource else ("", "")
    if note == "gone":
        tone, word = Tone.WARNING.value, "gone"
    why = stalled(one, language)
    said = one.resource.status.conditions if one.resource else ()
    known = sorted(
        (each for each in said if each.type in _ORDER), key=lambda each: _ORDER.index(each.type)
    )
    return ManagedView(
        tone=tone,
        state=text(f"managed.state.{word}", language) if word else "",
        can_sync=found.is_known and not one.trouble and _is_here_to_stay(one.resource),
        note=text(f"managed.note.{note}", language) if note else "",
        note_tone=note_tone,
        problem=why.title if why else "",
        action=why.action if why else "",
        **_removal(one.resource, language),
        conditions=[_condition(each, now=now, zone=zone, language=language) for each in known],
    )


def _is_here_to_stay(resource: "ManagedResource | None") -> bool:
    return resource is not None and resource.metadata.deletion_timestamp is None


def _removal(resource: "ManagedResource | None", language: Language) -> _Removal:
    """How far the data of a resource that is being deleted is gone."""
    said = resource.says("Reconciling") if resource else None
    if resource is None or said is None or said.reason not in _REMOVING:
        return _Removal(removal="", removal_note="", removed=0)
    far = resource.status.removal
    if far is None:
        note, removed = text("managed.removal.begins", language), 0
    else:
        shown = {"erased": far.erased_rows, "total": far.total_rows}
        counts = {name: number(rows, language=language) for name, rows in shown.items()}
        note = plural("managed.removal.note", far.total_rows, language, **counts)
        removed = min(100 * far.erased_rows // max(far.total_rows, 1), 100)
    return _Removal(removal=reason_words(said, language).title, removal_note=note, removed=removed)


def _note(one: "ManagedConnection", found: "ClusterStatus") -> tuple[str, str]:
    """(tone, word) of what hinders knowing more; two empty texts where nothing does."""
    if not found.is_known:
        return Tone.INFO.value, "off"
    if one.trouble:
        is_refused = one.trouble == ClusterRefused.reason
        return Tone.WARNING.value, "refused" if is_refused else "unreachable"
    if one.resource is None:
        return Tone.WARNING.value, "gone"
    if not one.resource.status.conditions:
        return Tone.INFO.value, "silent"
    return "", ""


def _condition(one: Condition, *, now: datetime, zone: tzinfo, language: Language) -> ConditionView:
    tone, word = _standing(one)
    is_well = tone in (Tone.SUCCESS, Tone.NEUTRAL)
    words = reason_words(one, language)
    return ConditionView(
        title=text(f"managed.condition.{one.type}", language),
        tone=tone.value,
        state=text(f"managed.truth.{word}", language),
        reason=words.title,
        code=one.reason,
        action="" if is_well else words.action,
        message="" if is_well or one.message == words.action else one.message,
        since=dates.relative(one.last_transition_time, now=now, language=language),
        since_at=dates.moment(one.last_transition_time, zone=zone, language=language),
    )


def _standing(one: Condition) -> tuple[Tone, str]:
    if one.status is Truth.UNKNOWN:
        return Tone.NEUTRAL, "unknown"
    is_true = one.status is Truth.TRUE
    if one.type in _QUIET:
        return (Tone.INFO if is_true else Tone.NEUTRAL), ("yes" if is_true else "no")
    if is_true == (one.type in _GOOD_WHEN_TRUE):
        return Tone.SUCCESS, "yes" if is_true else "no"
    if one.type == "Degraded":
        return Tone.WARNING, "yes"
    if one.type == "Ready" and one.reason in NOT_YET:
        return Tone.NEUTRAL, "no"
    return Tone.DANGER, "yes" if is_true else "no"
