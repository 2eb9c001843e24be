"""Account charge against the sum of resources.

A provider that states a rate for the whole account has the resources inside it, so
adding both counts the same money twice. The listed sum still shows every line as the
provider states it; the payable sum is what the account charges, or what its resources
come to where that is more, plus what is charged beside the account's rate.
"""

from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation


def reconcile(
    *, currency: str, account: Rate | None, explained: Rate, separate: Rate
) -> Reconciliation:
    """Put an account's charge and its resources' prices side by side.

    For a day and for a month alike: ``explained + residual + separate == payable`` and
    ``account == explained + residual - excess``.
    """
    charge = account or ZERO_RATE
    residual = charge.excess_over(explained)
    return Reconciliation(
        currency=currency,
        account=account,
        explained=explained,
        separate=separate,
        residual=residual,
        excess=explained.excess_over(charge) if account else ZERO_RATE,
        listed=explained + separate + charge,
        payable=explained + residual + separate,
    )
