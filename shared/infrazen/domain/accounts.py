"""What a provider says of the account itself: plan, balance, limits, server."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class AccountStatus(StrEnum):
    """Green, orange, red."""

    ACTIVE = "active"
    WARNING = "warning"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much of an allowance is used; ``allowed`` None means without limit.

    ``unit`` is empty for a count, else ``MB``.
    """

    name: str
    used: Decimal
    allowed: Decimal | None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCharge:
    """What the provider says that the whole account costs, as stated.

    Amounts per day, month and year in ``currency``; None where the provider is silent.
    ``is_yearly``: the account is paid by the year already.
    """

    currency: str
    daily: Decimal
    monthly: Decimal
    yearly: Decimal | None = None
    is_yearly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInfo:
    """The account as the connection card shows it.

    ``days_to_block`` counts whole days until the balance runs out; ``server``,
    ``software`` and ``security`` are name → value pairs in the provider's own terms.
    """

    account_id: str
    status: AccountStatus
    plan: str = ""
    balance: Decimal | None = None
    currency: str = ""
    charge: AccountCharge | None = None
    days_to_block: int | None = None
    limits: tuple[Limit, ...] = ()
    server: dict[str, str] = field(default_factory=dict)
    software: dict[str, str] = field(default_factory=dict)
    security: dict[str, str] = field(default_factory=dict)
