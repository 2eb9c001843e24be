"""The resource table for people: totals, what is chosen and what could be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import Money
from infrazen.domain.resources import ResourceStatus
from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.figures import counted, number
from infrazen_ui.present.money import per_day, per_month
from infrazen_ui.present.narrowing import Chip, Choice
from infrazen_ui.present.payable import payable_line

if TYPE_CHECKING:
    from infrazen.db.queries.connections import Source
    from infrazen.db.queries.resource_counts import FacetCount, Sum, Summary
    from infrazen.db.queries.resource_filter import ResourceFilter
    from infrazen.services.running_costs import RunningCost

MOST_OPTIONS = 50
"""How many choices of one facet a screen shows; search finds the others."""

_NO_REGION = "-"


class Total(TypedDict):
    """What a filter's resources cost in one currency.

    ``payable`` leads from all of them to what there is to pay, where that is another sum.
    """

    per_day: str
    per_month: str
    note: str
    payable: str


def totals(
    summary: "Summary", running: "Iterable[RunningCost]" = (), *, language: Language
) -> list[Total]:
    """One line a currency: amounts of two never meet.

    ``running`` is what all connections come to, where ``summary`` is of all their resources.
    """
    to_pay = {one.currency: one for one in running}
    found = [
        _total(one.currency, one.stated, _contained(one, language), to_pay, language=language)
        for one in summary.sums
    ]
    priced = {one.currency for one in summary.sums}
    charged_alone = [
        currency
        for currency, one in to_pay.items()
        if currency not in priced and one.payable != ZERO_RATE
    ]
    return found + [
        _total(currency, ZERO_RATE, "", to_pay, language=language) for currency in charged_alone
    ]


def _total(
    currency: str,
    stated: Rate,
    note: str,
    to_pay: "Mapping[str, RunningCost]",
    *,
    language: Language,
) -> Total:
    running = to_pay.get(currency)
    return Total(
        per_day=per_day(Money(stated.daily, currency), language=language),
        per_month=per_month(Money(stated.monthly, currency), language=language),
        note=note,
        payable="" if running is None else payable_line(stated, running, language=language),
    )


def _contained(one: "Sum", language: Language) -> str:
    part = one.in_account_rate.daily
    if part <= Decimal(0):
        return ""
    if part == one.stated.daily:
        return text("resources.contained_all", language)
    shown = per_day(Money(part, one.currency), language=language)
    return text("resources.contained_part", language, part=shown)


def count_words(summary: "Summary", *, language: Language) -> str:
    """``312 ресурсов``."""
    return counted("resources.count", summary.count, language=language)


@dataclass(frozen=True, slots=True)
class _Facet:
    """A fact to choose by: where a count has it, and what it is called."""

    of: Callable[["FacetCount"], Any]
    chosen: Sequence[Any]
    label: Callable[[Any], str]


def choices(
    counts: "Sequence[FacetCount]",
    wanted: "ResourceFilter",
    sources: "Sequence[Source]",
    *,
    language: Language,
) -> dict[str, list[Choice]]:
    """For each facet its choices with how many resources each would leave.

    The counts of one facet heed what is chosen in all others, but not in itself.
    """
    facets = _facets(wanted, sources, language)
    found: dict[str, list[Choice]] = {}
    for name, facet in facets.items():
        amounts: dict[Any, int] = dict.fromkeys(facet.chosen, 0)
        others = [other for key, other in facets.items() if key != name]
        for one in counts:
            if all(not other.chosen or other.of(one) in other.chosen for other in others):
                value = facet.of(one)
                amounts[value] = amounts.get(value, 0) + one.count
        found[name] = _listed(name, facet, amounts, language)
    return found


def _listed(name: str, facet: _Facet, amounts: dict[Any, int], language: Language) -> list[Choice]:
    ordered = sorted(amounts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    shown = ordered[:MOST_OPTIONS]
    shown += [pair for pair in ordered[MOST_OPTIONS:] if pair[0] in facet.chosen]
    return [
        Choice(
            facet=name,
            value=_value(value),
            label=facet.label(value),
            count=number(amount, language=language),
            is_chosen=value in facet.chosen,
        )
        for value, amount in shown
    ]


def chips(
    wanted: "ResourceFilter", sources: "Sequence[Source]", *, language: Language
) -> list[Chip]:
    """Every choice in force, in the order of the facets; tags last."""
    found = [
        Chip(
            facet=name,
            value=_value(value),
            name=text(f"resources.facet.{name}", language),
            label=facet.label(value),
        )
        for name, facet in _facets(wanted, sources, language).items()
        for value in facet.chosen
    ]
    found += [
        Chip(
            facet="tag",
            value=f"{key}={value}" if value else key,
            name=text("resources.facet.tag", language),
            label=f"{key} = {value}" if value else key,
        )
        for key, value in wanted.tags.items()
    ]
    return found


def _facets(
    wanted: "ResourceFilter", sources: "Sequence[Source]", language: Language
) -> dict[str, _Facet]:
    names = {one.id: one.display_name for one in sources}
    providers = {one.id: one.provider for one in sources}
    return {
        "connection": _Facet(
            lambda one: one.connection_id,
            wanted.connections,
            lambda value: names.get(value, text("resources.gone", language)),
        ),
        "provider": _Facet(
            lambda one: providers.get(one.connection_id, ""),
            wanted.providers,
            words.provider_title,
        ),
        "type": _Facet(
            lambda one: one.type,
            wanted.types,
            lambda value: words.type_titles(value, language=language),
        ),
        "status": _Facet(
            lambda one: one.status,
            wanted.statuses,
            lambda value: words.status_word(value, language=language),
        ),
        "region": _Facet(
            lambda one: one.region,
            wanted.regions,
            lambda value: value or text("resources.no_region", language),
        ),
        "owner": _Facet(
            lambda one: one.owner,
            wanted.owners,
            lambda value: value or text("resources.no_owner", language),
        ),
        "environment": _Facet(
            lambda one: one.environment,
            wanted.environments,
            lambda value: value or text("resources.no_environment", language),
        ),
        "project": _Facet(
            lambda one: one.project,
            wanted.projects,
            lambda value: value or text("resources.no_project", language),
        ),
    }


def _value(value: Any) -> str:
    return value.value if isinstance(value, ResourceStatus) else str(value) or _NO_REGION
