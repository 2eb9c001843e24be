"""Recommendations for people: cards and rows, key figures, filters."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.money import Money
from infrazen.domain.recommendations import LIVE, MOVES, Category, State
from infrazen.finops.rules import rules
from infrazen_ui.locales import Language, text
from infrazen_ui.present.dates import day, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted, number
from infrazen_ui.present.money import axis_unit, money, money_round, per_month
from infrazen_ui.present.narrowing import Chip, Choice
from infrazen_ui.present.recommendation_words import change_of, reason_words, why
from infrazen_ui.present.resource_words import type_title

if TYPE_CHECKING:
    from infrazen.db.queries.connections import Source
    from infrazen.db.queries.recommendations import Recommendation
    from infrazen.services.recommendations import SavedDay, Standing
    from infrazen.services.rules import RuleView
    from infrazen_ui.backend.recommendation_query import RecommendationQuery

STATE_TONES = {
    State.OPEN: "info",
    State.ACCEPTED: "info",
    State.IN_PROGRESS: "warning",
    State.DONE: "success",
    State.DISMISSED: "neutral",
    State.SNOOZED: "neutral",
    State.CLOSED: "neutral",
}
_CONFIDENCE_TONES = {"high": "success", "medium": "info", "low": "warning"}


class Advised(TypedDict):
    """A card or a row. The flags say what may be done with it."""

    id: str
    href: str
    title: str
    resource: str
    resource_href: str
    type: str
    provider: str
    connection: str
    category: str
    category_word: str
    saving: str
    saving_note: str
    confidence: str
    confidence_tone: str
    why: str
    change: str
    state: str
    state_tone: str
    state_note: str
    reason: str
    accept: bool
    start: bool
    finish: bool
    snooze: bool
    dismiss: bool
    reopen: bool


class Figures(TypedDict):
    """The key figures above the list; every currency has its own line."""

    potential: list[str]
    potential_note: str
    agreed: str
    agreed_note: str
    saved: list[str]
    saved_note: str
    risks: str
    has_risks: bool


NO_FIGURES = Figures(
    potential=[],
    potential_note="",
    agreed="",
    agreed_note="",
    saved=[],
    saved_note="",
    risks="",
    has_risks=False,
)


class SavedChart(TypedDict):
    """What was promised and saved on each day, in one currency."""

    currency: str
    unit: str
    title: str
    points: list[dict[str, Any]]


def advised(found: "Iterable[Recommendation]", *, eyes: Eyes) -> list[Advised]:
    """Cards or rows."""
    known = rules()
    return [
        card(one, rule.title[eyes.language] if rule else one.rule, eyes=eyes)
        for one in found
        for rule in [known.get(one.rule)]
    ]


def card(one: "Recommendation", title: str, *, eyes: Eyes) -> Advised:
    """One recommendation."""
    language = eyes.language
    moves = MOVES[one.state]
    return Advised(
        id=str(one.id),
        href=f"/recommendations?open={one.id}",
        title=title,
        resource=one.resource or text("recommendations.account", language),
        resource_href=f"/resources/{one.resource_id}" if one.resource_id else "/connections",
        type=type_title(one.provider, one.resource_type, language=language)
        if one.resource_type
        else "",
        provider=one.provider,
        connection=one.connection,
        category=one.category.value,
        category_word=text(f"recommendations.category.{one.category}", language),
        saving=_saving(one, language),
        saving_note=_saving_note(one, language),
        confidence=text(f"recommendations.confidence.{one.confidence}", language),
        confidence_tone=_CONFIDENCE_TONES[one.confidence.value],
        why=why(one, eyes=eyes),
        change=change_of(one, language=language),
        state=text(f"recommendations.state.{one.state}", language),
        state_tone=STATE_TONES[one.state],
        state_note=_state_note(one, eyes),
        reason=reason_words(one.state_reason, language) if one.state not in LIVE else "",
        accept=State.ACCEPTED in moves and one.state in (State.OPEN, State.SNOOZED),
        start=State.IN_PROGRESS in moves and one.state is State.ACCEPTED,
        finish=State.DONE in moves and one.state in (State.ACCEPTED, State.IN_PROGRESS),
        snooze=State.SNOOZED in moves,
        dismiss=State.DISMISSED in moves,
        reopen=State.OPEN in moves,
    )


def _saving(one: "Recommendation", language: Language) -> str:
    counts = one.monthly_saving if one.state in LIVE else None
    amount = counts or one.own_saving
    if not amount:
        return ""
    return per_month(Money(amount, one.currency), language=language)


def _saving_note(one: "Recommendation", language: Language) -> str:
    """Why the saving is not added up, or that there is none."""
    if one.category is Category.RISK or not one.own_saving:
        return text("recommendations.no_saving", language)
    if not one.monthly_saving and one.state in LIVE:
        return text("recommendations.beside", language)
    return ""


def _state_note(one: "Recommendation", eyes: Eyes) -> str:
    language = eyes.language
    if one.state is State.SNOOZED and one.snoozed_until is not None:
        until = day(one.snoozed_until, language=language)
        return text("recommendations.until", language, day=until)
    if one.state is State.OPEN:
        return ""
    when = relative(one.state_at, now=eyes.now, language=language)
    if not one.state_by:
        return text("recommendations.by_itself", language, when=when)
    return f"{one.state_by}, {when}"


def figures(found: "Standing", *, language: Language) -> Figures:
    """What could be saved, what is in work, what was saved, and what is at risk."""

    def promised(amount: str) -> str:
        return text("recommendations.kpi.promised", language, amount=amount)

    return Figures(
        potential=[money_round(one, language=language) for one in found.potential],
        potential_note=counted("recommendations.count", found.live, language=language),
        agreed=number(found.agreed, language=language),
        agreed_note=", ".join(
            promised(per_month(one, language=language)) for one in found.promised
        ),
        saved=[money(one, language=language) for one in found.realised],
        saved_note=", ".join(
            promised(money(one, language=language)) for one in found.promised_so_far if one.amount
        ),
        risks=number(found.risks, language=language),
        has_risks=found.risks > 0,
    )


def why_empty(
    query: "RecommendationQuery",
    known_rules: "Sequence[RuleView]",
    sources: "Sequence[Source]",
) -> str:
    """Why a list has nothing in it: newcomer, nothing, empty, unconfigured or unread."""
    if all(source.is_removed for source in sources):
        return "newcomer"
    if query.is_narrowed:
        return "nothing"
    if query.shelf != "active":
        return "empty"
    asked = [rule.asked for rule in known_rules if rule.is_enabled]
    if not asked:
        return "unconfigured"
    return "empty" if any(asked) else "unread"


def options(
    query: "RecommendationQuery",
    known_rules: "Sequence[RuleView]",
    sources: "Sequence[Source]",
    *,
    language: Language,
) -> dict[str, list[Choice]]:
    """What can be chosen, by facet."""
    known: dict[str, list[tuple[str, str]]] = {
        "category": [
            (one.value, text(f"recommendations.category.{one}", language)) for one in Category
        ],
        "rule": [(rule.id, rule.title[language]) for rule in known_rules],
        "connection": [(str(source.id), source.display_name) for source in sources],
    }
    found = {rule.id: number(rule.found, language=language) for rule in known_rules}
    return {
        name: [
            Choice(
                facet=name,
                value=value,
                label=label,
                count=found.get(value, "") if name == "rule" else "",
                is_chosen=value in getattr(query, name),
            )
            for value, label in choices
        ]
        for name, choices in known.items()
    }


def chips(chosen: dict[str, list[Choice]], *, language: Language) -> list[Chip]:
    """The choices in force."""
    return [
        Chip(
            facet=one["facet"],
            value=one["value"],
            name=text(f"recommendations.facet.{one['facet']}", language),
            label=one["label"],
        )
        for some in chosen.values()
        for one in some
        if one["is_chosen"]
    ]


def saved_charts(saved: "Iterable[SavedDay]", *, language: Language) -> list[SavedChart]:
    """Promised and realised by day: a chart for each currency that was measured."""
    by_currency: dict[str, list[SavedDay]] = {}
    for one in saved:
        by_currency.setdefault(one.currency, []).append(one)
    return [
        SavedChart(
            currency=currency,
            unit=axis_unit(currency, language),
            title=text("recommendations.saved.title_in", language, currency=currency)
            if len(by_currency) > 1
            else text("recommendations.saved.title", language),
            points=[_saved_point(one, language) for one in days],
        )
        for currency, days in sorted(by_currency.items())
    ]


def _saved_point(one: "SavedDay", language: Language) -> dict[str, Any]:
    shown = day(one.day, language=language)
    return {
        "label": shown,
        "title": shown,
        "promised": float(one.promised),
        "promised_text": money(Money(one.promised, one.currency), language=language),
        "realised": float(one.realised),
        "realised_text": money(Money(one.realised, one.currency), language=language),
    }
