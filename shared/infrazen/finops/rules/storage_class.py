"""A bucket without a rule that moves old objects to a cheaper class."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.prices import PriceOffer
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import (
    Hit,
    LeastSaving,
    Parameters,
    Rule,
    Sight,
    Verdict,
    days_since,
)


class StorageClass(Parameters):
    """When a bucket is worth a lifecycle rule, and how much of it is cold."""

    age_days: Annotated[
        int,
        Field(ge=1, le=3650),
        Label(title=Text("Бакет старше, дней", "Bucket older than, days")),
    ] = 30
    cold_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(
            title=Text("Доля редко нужных данных, %", "Share of cold data, %"),
            help=Text(
                "Провайдеры не сообщают, что давно не читали, поэтому доля — ваша оценка.",
                "Providers do not tell what nobody reads: this is your estimate.",
            ),
        ),
    ] = 50
    least_saving: LeastSaving = 10


def judge(facts: Facts, parameters: StorageClass, sight: Sight) -> Verdict:
    """What a cheaper class for the cold part would save, by the provider's own prices."""
    if facts.config.get("lifecycle_rules"):
        return None
    unknown = _unknown(facts)
    if unknown is not None or facts.created_at is None:
        return unknown
    days = days_since(facts.created_at, sight.now)
    found = _cheaper(facts, sight)
    if found is None or days < parameters.age_days:
        return None if found else Unknown.NO_OFFER
    ours, theirs = found
    saving = _saving(facts.monthly_micro or 0, ours, theirs, parameters)
    if not saving or saving < parameters.least_saving * 10**6:
        return None
    return Hit(
        saving_micro=saving,
        confidence=Confidence.LOW,
        evidence={
            "days": days,
            "threshold_days": parameters.age_days,
            "cold_percent": parameters.cold_percent,
            "lifecycle_rules": 0,
            "price_source": theirs.listing,
        },
        change={
            "storage_class": [ours.family, theirs.family],
            "gib_monthly": [_text(ours), _text(theirs)],
        },
    )


def _unknown(facts: Facts) -> Unknown | None:
    if "lifecycle_rules" not in facts.config or not facts.family:
        return Unknown.NO_CLASS
    if facts.created_at is None:
        return Unknown.NO_AGE
    return Unknown.NO_PRICE if facts.monthly_micro is None else None


def _cheaper(facts: Facts, sight: Sight) -> tuple[PriceOffer, PriceOffer] | None:
    """What a GiB costs now, and in the next class below; None where either is not known."""
    offers = sight.market.classes(facts)
    ours = next((one for one in offers if one.family == facts.family), None)
    if ours is None or len(offers) < 2:
        return None
    below = [one for one in offers if one.price.monthly_micro < ours.price.monthly_micro]
    return ours, max(below, key=lambda one: one.price.monthly_micro, default=ours)


def _saving(monthly: int, ours: PriceOffer, theirs: PriceOffer, parameters: StorageClass) -> int:
    if theirs is ours:
        return 0
    cold = monthly * parameters.cold_percent // 100
    return cold - cold * theirs.price.monthly_micro // ours.price.monthly_micro


def _text(offer: PriceOffer) -> str:
    return format((Decimal(offer.price.monthly_micro) / 10**6).normalize(), "f")


RULE = Rule(
    id="storage_class",
    category=Category.STORAGE,
    action=Action.CHANGE_CLASS,
    title=Text("Дорогой класс хранения", "Expensive storage class"),
    why=Text(
        "В бакете нет правил жизненного цикла: всё лежит в дорогом классе.",
        "The bucket has no lifecycle rules: all of it lies in the expensive class.",
    ),
    parameters=StorageClass,
    kinds=frozenset({Kind.BUCKET}),
    judge=judge,
)
