"""What providers ask for what could be had."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from infrazen.db.columns import Exact, Id, Micro, Word, utc_now
from infrazen.db.tables.base import Within, of_connection
from infrazen.domain.kinds import Kind
from infrazen.domain.money import CostSource, Period
from infrazen.domain.prices import Measure


class PriceOfferRow(Within, table=True):
    """One offer of one account's price list; ``amount`` per ``period`` as stated.

    ``stated_at`` is when a sync found it new or changed.
    """

    __tablename__ = "price_offer"
    __table_args__ = (of_connection(),)

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    key: str = Field(primary_key=True, max_length=300)
    listing: str = Field(max_length=100)
    kind: Kind = Field(sa_type=Word(Kind))
    measure: Measure = Field(sa_type=Word(Measure))
    sku: str | None = Field(default=None, max_length=200)
    family: str = Field(default="", max_length=100)
    region: str = Field(default="", max_length=64)
    cpu: int | None = None
    memory_mb: int | None = None
    disk_mb: int | None = None
    instead_of: str | None = Field(default=None, max_length=200)
    currency: str = Field(max_length=3)
    amount: Decimal = Field(sa_type=Exact)
    period: Period = Field(sa_type=Word(Period))
    cost_source: CostSource = Field(sa_type=Word(CostSource))
    daily_cost: Decimal = Field(sa_type=Micro)
    monthly_cost: Decimal = Field(sa_type=Micro)
    in_account_rate: bool = False
    stated_at: datetime = Field(default_factory=utc_now)
