"""What people say of a resource in the provider's place."""

from decimal import Decimal
from uuid import UUID

from infrazen.domain.money import Period
from infrazen.domain.overrides import OverrideField
from infrazen.services import overrides
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call


async def set_name(
    state: HasRouter, resource_id: UUID, *, name: str, reason: str
) -> Refused | None:
    """Call a resource otherwise than its provider does."""
    return await call(state, overrides.set_name, resource_id=resource_id, name=name, reason=reason)


async def set_price(
    state: HasRouter, resource_id: UUID, *, amount: Decimal, period: Period, reason: str
) -> Refused | None:
    """Say what a resource costs in truth."""
    return await call(
        state,
        overrides.set_price,
        resource_id=resource_id,
        amount=amount,
        period=period,
        reason=reason,
    )


async def reset(state: HasRouter, resource_id: UUID, field: OverrideField) -> Refused | None:
    """Let the provider's word count again."""
    return await call(state, overrides.reset_override, resource_id=resource_id, field=field)
