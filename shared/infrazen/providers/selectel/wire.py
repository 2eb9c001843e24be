"""The JSON of Selectel's own account APIs, as far as it is read."""

from decimal import Decimal

import msgspec


class Project(msgspec.Struct):
    """A project: what OpenStack's tokens are for."""

    id: str
    name: str
    enabled: bool = True


class Projects(msgspec.Struct):
    """``GET /vpc/resell/v2/projects``."""

    projects: list[msgspec.Raw]


class UnitPrice(msgspec.Struct):
    """What one unit of ``resource`` costs a month in ``group``, a pool or one of its zones."""

    resource: str
    group: str
    value: Decimal


class UnitPrices(msgspec.Struct):
    """``GET /v2/billing/vpc/prices``, which Selectel's panel asks."""

    prices: list[msgspec.Raw]


class BalanceSettings(msgspec.Struct):
    """How the account pays, and in what."""

    currency: str = "rub"
    mode: str = ""


class Billing(msgspec.Struct):
    """One of the account's balances, in kopecks."""

    billing_type: str
    final_sum: Decimal
    debt_sum: Decimal = Decimal(0)


class BalanceData(msgspec.Struct):
    """The balances of an account; most have one, older accounts one for each product."""

    billings: list[Billing]
    settings: BalanceSettings = msgspec.field(default_factory=BalanceSettings)
    debt_status: str = "no"


class Balance(msgspec.Struct):
    """``GET /v3/balances``."""

    data: BalanceData


class ChargedProject(msgspec.Struct):
    """The project of a charge."""

    id: str
    name: str = ""


class ChargedObject(msgspec.Struct):
    """What a charge is for: a server, a volume, an address, a bucket."""

    id: str
    name: str = ""
    type: str = ""


class Metric(msgspec.Struct):
    """What is measured of it, how much, and in which pool."""

    id: str
    name: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    region: str | None = None


class Consumption(msgspec.Struct):
    """A charge in kopecks, of the day that begins at ``period`` in Moscow."""

    provider_key: str
    value: Decimal
    period: str
    project: ChargedProject | None = None
    object: ChargedObject | None = None
    metric: Metric | None = None


class ConsumptionReply(msgspec.Struct):
    """``GET /v1/cloud_billing/statistic/consumption``."""

    data: list[msgspec.Raw]
