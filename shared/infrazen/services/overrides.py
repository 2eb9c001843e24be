"""What people say of a resource in the provider's place: its name and its price.

A sync never writes it away. What the provider says stays beside it and can be had back.
"""

from decimal import Decimal
from uuid import UUID

from infrazen.db.queries import connections, overrides, resource_detail
from infrazen.db.queries.overrides import Override
from infrazen.db.queries.resource_detail import Resource
from infrazen.domain.money import Period, price, to_micro
from infrazen.domain.overrides import ManualPrice, OverrideField, applies
from infrazen.domain.roles import Permission
from infrazen.domain.text import one_line
from infrazen.errors import Conflict, Invalid, PrecisionLost
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, use_case
from infrazen.sync.overriding import make_count, scope_of

MOST = Decimal(10) ** 9
"""A price above this a day or a month is a slip of the keyboard."""
PERIODS = (Period.DAY, Period.MONTH)
LONGEST_REASON = 500


@use_case(Permission.RESOURCE_READ)
def list_overrides(work: Work, *, resource_id: UUID) -> list[Override]:
    """What people say and ever said of a resource, latest first."""
    _resource(work, resource_id)
    return overrides.history(work.session, resource_id)


@use_case(Permission.RESOURCE_WRITE, audit="resource.name")
def set_name(work: Work, *, resource_id: UUID, name: str, reason: str = "") -> None:
    """Call a resource otherwise than its provider does."""
    resource = _begun(work, resource_id)
    shown = one_line(name, field="name", longest=200)
    work.details.update({"name": shown, "provided_name": resource.provided.name})
    _put(work, resource, value=shown, reason=_reason(reason, shortest=0))


@use_case(Permission.RESOURCE_WRITE, audit="resource.price")
def set_price(
    work: Work,
    *,
    resource_id: UUID,
    amount: Decimal,
    period: Period,
    reason: str,
    currency: str | None = None,
) -> None:
    """Say what a resource costs in truth; that counts from today on.

    ``currency`` is the provider's, and where it names no price the organization's own.
    """
    resource = _begun(work, resource_id)
    if not resource.is_active:
        raise Conflict("the resource is deleted: it costs nothing any more")
    provided = resource.provided.price
    usual = provided.currency if provided else organization_of(work).currency
    manual = _price(amount, period, currency or usual)
    if not applies(manual, provided):
        raise Invalid(f"the provider asks in {usual}: enter the price in {usual}", field="currency")
    work.details["price"] = f"{manual.amount} {manual.currency} / {manual.period}"
    _put(work, resource, value=manual, reason=_reason(reason, shortest=3))


@use_case(Permission.RESOURCE_WRITE, audit="resource.reset-override")
def reset_override(work: Work, *, resource_id: UUID, field: OverrideField) -> None:
    """Let the provider's word count again; that it did already is no mistake."""
    resource = _begun(work, resource_id)
    work.details["field"] = field.value
    overrides.end(work.session, resource_id, field=field, at=work.now, by=work.actor.name)
    _make_count(work, resource, field)


def _begun(work: Work, resource_id: UUID) -> Resource:
    """The resource, which no sync changes meanwhile."""
    resource = _resource(work, resource_id)
    log_name = f"{resource.type}/{resource.external_id}"
    work.about(log_name, called=resource.name, id=resource.id)
    overrides.hold(work.session, resource.connection_id)
    work.session.expire_all()
    return _resource(work, resource_id)


def _resource(work: Work, resource_id: UUID) -> Resource:
    return resource_detail.get(
        work.session, organization_id=work.organization_id, resource_id=resource_id
    )


def _put(work: Work, resource: Resource, *, value: str | ManualPrice, reason: str) -> None:
    if reason:
        work.details["reason"] = reason
    overrides.put(
        work.session,
        organization_id=work.organization_id,
        connection_id=resource.connection_id,
        resource_id=resource.id,
        value=value,
        reason=reason,
        author_id=work.actor.user_id,
        author=work.actor.name,
        at=work.now,
    )
    field = OverrideField.NAME if isinstance(value, str) else OverrideField.PRICE
    _make_count(work, resource, field)


def _make_count(work: Work, resource: Resource, field: OverrideField) -> None:
    connection = connections.even_removed(
        work.session, organization_id=work.organization_id, connection_id=resource.connection_id
    )
    make_count(
        work.session,
        scope_of(connection, now=work.now),
        connection,
        resource.id,
        costs=field is OverrideField.PRICE and resource.is_active,
    )


def _reason(text: str, *, shortest: int) -> str:
    return one_line(text, field="reason", longest=LONGEST_REASON, shortest=shortest)


def _price(amount: Decimal, period: Period, currency: str) -> ManualPrice:
    if period not in PERIODS:
        raise Invalid("a price is per day or per month", field="period")
    if not (amount.is_finite() and 0 <= amount <= MOST):
        raise Invalid(f"a price is a number from 0 to {MOST}", field="amount")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise Invalid("a currency has three letters, like RUB", field="currency")
    try:
        to_micro(amount)
        price(amount, per=period, currency=currency)
    except PrecisionLost as error:
        raise Invalid("a price has at most six decimals", field="amount") from error
    return ManualPrice(amount=amount, period=period, currency=currency)
