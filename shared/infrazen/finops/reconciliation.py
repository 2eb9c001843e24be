"""Account charge against the sum of resources.

A provider that states a rate for the whole account has the resources inside it, so
adding both counts the same money twice. The listed sum still shows every line as the
provider states it; the payable sum is what the account charges, or what its resources
come to where that is more, plus what is charged beside the account's rate.
"""

from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation


def reconcile(
    *,
    currency: str,
    account: Rate | None,
    explained: Rate,
    separate: Rate,
    corrected: Rate = ZERO_RATE,
) -> Reconciliation:
    """Put an account's charge and its resources' prices side by side.

    ``corrected`` is by how much manual prices raise ``explained`` above what the provider
    states. They say which resource the account's charge goes to, not how high it is, so
    they change what is left unexplained, or what is taken off again, but nothing payable.
    Without an account's charge they are what is payable.

    For a day and for a month alike: ``explained + residual - offset + separate == payable``
    and ``account == explained + residual - offset - excess``.
    """
    charge = account or ZERO_RATE
    provided = explained - corrected if account else explained
    inside = provided + charge.excess_over(provided)
    return Reconciliation(
        currency=currency,
        account=account,
        explained=explained,
        separate=separate,
        residual=inside.excess_over(explained),
        excess=provided.excess_over(charge) if account else ZERO_RATE,
        offset=explained.excess_over(inside),
        listed=explained + separate + charge,
        payable=inside + separate,
    )
