"""The billing account."""

from decimal import Decimal

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.providers.yandex.wire import billing as wire


def account(source: wire.BillingAccount) -> AccountInfo:
    """The account that pays: red where it is closed, orange where nothing is left on it.

    Raises ``ArithmeticError`` for a balance that is no number.
    """
    balance = Decimal(source.balance) if source.balance else None
    return AccountInfo(
        account_id=source.id,
        status=_status(active=source.active, balance=balance),
        plan=source.name,
        balance=balance,
        currency=source.currency,
    )


def _status(*, active: bool, balance: Decimal | None) -> AccountStatus:
    if not active:
        return AccountStatus.SUSPENDED
    owing = balance is not None and balance <= 0
    return AccountStatus.WARNING if owing else AccountStatus.ACTIVE
