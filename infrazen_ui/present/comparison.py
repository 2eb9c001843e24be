"""Resources side by side, for people: a line for each fact, marked where they differ."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.configuration import configuration
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.metrics import metric_cards
from infrazen_ui.present.recommendations import advised
from infrazen_ui.present.resource_detail import CONTEXT_FIELDS, identity, tags
from infrazen_ui.present.resource_words import NOTHING

if TYPE_CHECKING:
    from infrazen.services.comparison import Compared


class Value(TypedDict):
    """What one resource has of a fact; ``note`` stands beneath, ``mark`` is a word beside."""

    text: str
    note: str
    mark: str
    tone: str
    href: str


class Line(TypedDict):
    """A fact of all of them."""

    name: str
    is_different: bool
    values: list[Value]


class Section(TypedDict):
    """Facts that belong together, those of which any resource has something."""

    key: str
    title: str
    lines: list[Line]


class Head(TypedDict):
    """A resource above its column."""

    id: str
    name: str
    href: str
    provider: str
    type: str
    connection: str
    tone: str
    status: str


NO_VALUE = Value(text=NOTHING, note="", mark="", tone="", href="")
Facts = Mapping[str, Value]


def heads(found: "Sequence[Compared]", *, language: Language) -> list[Head]:
    """What stands above the columns."""
    return [
        Head(
            id=str(one.view.resource.id),
            name=one.view.resource.name,
            href=f"/resources/{one.view.resource.id}",
            provider=one.view.resource.provider,
            type=words.type_title(
                one.view.resource.provider, one.view.resource.type, language=language
            ),
            connection=one.view.connection,
            tone=words.status_tone(one.view.resource.status),
            status=words.status_word(one.view.resource.status, language=language),
        )
        for one in found
    ]


def sections(found: "Sequence[Compared]", *, only: bool, eyes: Eyes) -> list[Section]:
    """Everything that is known of them; with ``only``, what they differ in."""
    made = [
        Section(
            key=key,
            title=text(f"compare.section.{key}", eyes.language),
            lines=_lines([read(one, eyes) for one in found], only=only),
        )
        for key, read in _SECTIONS.items()
    ]
    return [section for section in made if section["lines"]]


def different_words(made: Sequence[Section], *, language: Language) -> str:
    """``12 отличий``."""
    count = sum(line["is_different"] for section in made for line in section["lines"])
    return counted("compare.differences", count, language=language)


def missing_words(count: int, *, language: Language) -> str:
    """How many could not be found; empty for none."""
    return counted("compare.missing", count, language=language) if count else ""


def _lines(columns: Sequence[Facts], *, only: bool) -> list[Line]:
    names = dict.fromkeys(name for column in columns for name in column)
    lines = [_line(name, [column.get(name, NO_VALUE) for column in columns]) for name in names]
    said = [line for line in lines if any(one["text"] != NOTHING for one in line["values"])]
    return [line for line in said if line["is_different"] or not only]


def _line(name: str, values: list[Value]) -> Line:
    seen = {(one["text"], one["note"], one["mark"]) for one in values}
    return Line(name=name, is_different=len(seen) > 1, values=values)


def _value(shown: str, *, note: str = "", mark: str = "", tone: str = "", href: str = "") -> Value:
    return Value(text=shown or NOTHING, note=note, mark=mark, tone=tone, href=href)


def _costs(one: "Compared", eyes: Eyes) -> Facts:
    resource, language = one.view.resource, eyes.language

    def day(amount: Decimal | None, note: str = "") -> Value:
        return _value(words.day_price(amount, resource.currency, language=language), note=note)

    def month(amount: Decimal | None) -> Value:
        return _value(words.month_price(amount, resource.currency, language=language))

    source = words.source_word(resource.cost_source, language=language)
    contained = text("compare.contained", language) if resource.in_account_rate else ""
    payable = one.payable
    return {
        text("compare.listed_day", language): _value(
            words.day_price(resource.daily_cost, resource.currency, language=language),
            mark=source,
            tone=words.source_tone(resource.cost_source) if source else "",
        ),
        text("compare.listed_month", language): month(resource.monthly_cost),
        text("compare.payable_day", language): day(payable and payable.daily, contained),
        text("compare.payable_month", language): month(payable and payable.monthly),
    }


def _identity(one: "Compared", eyes: Eyes) -> Facts:
    resource, language = one.view.resource, eyes.language
    first = {
        text("resources.column.type", language): words.type_title(
            resource.provider, resource.type, language=language
        ),
        text("resources.column.status", language): words.status_word(
            resource.status, language=language
        ),
        text("resources.column.provider", language): words.provider_title(resource.provider),
        text("resources.column.connection", language): one.view.connection,
    }
    facts = {fact["name"]: fact["value"] for fact in identity(resource, eyes=eyes)}
    return {name: _value(shown) for name, shown in (first | facts).items()}


def _configuration(one: "Compared", eyes: Eyes) -> Facts:
    facts = configuration(one.view.resource.provider_config, language=eyes.language)
    return {fact["name"]: _value(fact["value"]) for fact in facts}


def _usage(one: "Compared", eyes: Eyes) -> Facts:
    found: dict[str, Value] = {}
    for card in metric_cards(one.view.usage, {}, eyes=eyes):
        highest = " / ".join(line["maximum"] for line in card["lines"] if line["maximum"])
        most = text("compare.maximum", eyes.language, value=highest) if highest else ""
        found[card["title"]] = _value(
            card["headline"],
            note=" · ".join(part for part in (card["detail"], most) if part),
            mark=card["tier_label"] if card["tier"] else "",
            tone=_TIER_TONES.get(card["tier"], ""),
        )
    return found


def _belonging(one: "Compared", eyes: Eyes) -> Facts:
    return {
        text(f"resource.owner_field.{name}", eyes.language): _value(
            getattr(one.view.resource, name) or ""
        )
        for name in CONTEXT_FIELDS
    }


def _tags(one: "Compared", _eyes: Eyes) -> Facts:
    return {mark["key"]: _value(mark["value"]) for mark in reversed(tags(one.view.tags))}


def _advice(one: "Compared", eyes: Eyes) -> Facts:
    return {
        item["title"]: _value(item["saving"], href=item["href"])
        for item in advised(one.recommendations, eyes=eyes)
    }


_TIER_TONES = {"low": "success", "medium": "info", "high": "warning"}
_SECTIONS: "dict[str, Callable[[Compared, Eyes], Facts]]" = {
    "costs": _costs,
    "advice": _advice,
    "configuration": _configuration,
    "usage": _usage,
    "belonging": _belonging,
    "tags": _tags,
    "identity": _identity,
}
