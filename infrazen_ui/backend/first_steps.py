"""What the dashboard asks about an organization's first steps."""

from infrazen.services.first_steps import FirstSteps, get_first_steps
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call


async def first_steps(state: HasRouter) -> FirstSteps | None:
    """How far the organization is; None for those who may not take such steps."""
    found = await call(state, get_first_steps)
    return None if isinstance(found, Refused) else found
