"""What resources, their states and their costs are called."""

from decimal import Decimal

from infrazen.domain.money import CostSource, Money
from infrazen.domain.resources import ResourceStatus
from infrazen.providers import all_providers
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.money import per_day, per_month
from infrazen_ui.present.trends import Tone

NOTHING = "—"

_TONES = {
    ResourceStatus.RUNNING: Tone.SUCCESS,
    ResourceStatus.ACTIVE: Tone.SUCCESS,
    ResourceStatus.PENDING: Tone.INFO,
    ResourceStatus.FAILED: Tone.DANGER,
    ResourceStatus.UNKNOWN: Tone.WARNING,
}
_SOURCE_TONES = {
    CostSource.BILLED: Tone.SUCCESS,
    CostSource.PRICED: Tone.NEUTRAL,
    CostSource.ESTIMATED: Tone.WARNING,
    CostSource.MANUAL: Tone.INFO,
}


def status_tone(status: ResourceStatus) -> str:
    """How a reader should feel about a resource in this state."""
    return _TONES.get(status, Tone.NEUTRAL).value


def status_word(status: ResourceStatus, *, language: Language) -> str:
    """``Работает``."""
    return text(f"resource_word.status.{status.value}", language)


def provider_title(slug: str) -> str:
    """What a provider calls itself; its slug where InfraZen has forgotten it."""
    spec = all_providers().get(slug)
    return slug if spec is None else spec.title


def type_title(provider: str, type_: str, *, language: Language) -> str:
    """``Виртуальный сервер``; a type that its provider does not name, as it is."""
    spec = all_providers().get(provider)
    title = None if spec is None else spec.resource_types.get(type_)
    return type_ if title is None else title[language.value]


def type_titles(type_: str, *, language: Language) -> str:
    """The same where several providers may be meant: the first that has a word for it."""
    for spec in all_providers().values():
        if title := spec.resource_types.get(type_):
            return title[language.value]
    return type_


def source_word(source: CostSource | None, *, language: Language) -> str:
    """Where a cost comes from, in a word; empty for no cost."""
    return "" if source is None else text(f"resource_word.source.{source.value}", language)


def source_hint(source: CostSource | None, *, in_account_rate: bool, language: Language) -> str:
    """The same in a sentence, and whether the account's charge contains the cost."""
    if source is None:
        return ""
    hint = text(f"resource_word.source_hint.{source.value}", language)
    return f"{hint} {text('resource.contained', language)}" if in_account_rate else hint


def source_tone(source: CostSource | None) -> str:
    """The mark's tone: an estimate is not as sure as a bill."""
    return Tone.NEUTRAL.value if source is None else _SOURCE_TONES[source].value


def no_price(language: Language) -> str:
    """What stands in the price's place where a provider states none: ``без цены``."""
    return text("resource_word.no_price", language)


def day_price(amount: Decimal | None, currency: str | None, *, language: Language) -> str:
    """``22,00 ₽/день``; where there is no price, a word for that."""
    if amount is None or currency is None:
        return no_price(language)
    return per_day(Money(amount, currency), language=language)


def month_price(amount: Decimal | None, currency: str | None, *, language: Language) -> str:
    """``660,00 ₽/мес``; empty where there is no price."""
    if amount is None or currency is None:
        return ""
    return per_month(Money(amount, currency), language=language)


def storage_class(name: object, *, language: Language) -> str:
    """``холодный``; a class that has no word here, as the provider calls it."""
    key = f"resource_word.storage_class.{name}"
    return text(key, language) if key in catalogue(language) else str(name)
