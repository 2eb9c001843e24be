"""What the screens ask about the organization itself, and change in it."""

from functools import cache
from zoneinfo import available_timezones

from infrazen.domain.people import Organization
from infrazen.services import organizations
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call
from infrazen_ui.backend.visitors import visitors

_AREAS = ("Europe", "Asia", "America", "Africa", "Australia", "Atlantic", "Indian", "Pacific")


async def my_organization(state: HasRouter) -> Organization | Refused:
    """The organization that the visitor acts in."""
    return await call(state, organizations.current_organization)


async def change(
    state: HasRouter, *, name: str, time_zone: str, currency: str
) -> Organization | Refused:
    """Change name, time zone and main currency."""
    found = await call(
        state,
        organizations.change_organization,
        name=name,
        time_zone=time_zone,
        currency=currency,
    )
    visitors().forget()
    return found


@cache
def time_zones() -> tuple[str, ...]:
    """The time zones to choose from: those named for places, and UTC."""
    named = (zone for zone in available_timezones() if zone.partition("/")[0] in _AREAS)
    return ("UTC", *sorted(named))
