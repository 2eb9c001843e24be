"""Money as JSON: decimal strings with their currency beside them, never floats."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, WithJsonSchema

from infrazen.api.schemas import Answer
from infrazen.sync.result import amount

Amount = Annotated[
    Decimal,
    PlainSerializer(amount, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2,}$", "examples": ["60.73"]}),
]
"""An exact amount with at least two decimals; its currency is beside it."""

Percent = Annotated[
    Decimal,
    PlainSerializer(lambda value: float(round(value, 2)), return_type=float),
    WithJsonSchema({"type": "number", "examples": [-12.5]}),
]
"""A percentage, to the hundredth."""

Currency = Annotated[str, Field(description="ISO 4217.", examples=["RUB"])]


class Money(Answer):
    """An amount in one currency."""

    amount: Amount
    currency: Currency


class Rate(Answer):
    """What something costs per day and per month, each as stated; they need not agree."""

    daily: Amount
    monthly: Amount


class Cost(Answer):
    """What there is to pay, and every line as the provider states it."""

    currency: Currency
    payable: Rate
    listed: Rate
