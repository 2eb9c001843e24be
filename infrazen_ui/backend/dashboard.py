"""What the dashboard asks of the services."""

from infrazen.services.costs import PERIODS, Dashboard, get_dashboard
from infrazen.services.managed import ClusterStatus, ask_all, cluster_status
from infrazen.services.resources import ResourceFilter, ResourcePage, search_resources
from infrazen.services.syncs import Activity, sync_activity
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call

USUAL_PERIOD = 30
LONGEST_SEARCH = 100


def period(wanted: object) -> int:
    """The period that an address names, the usual one where it names none that there is."""
    text = str(wanted)
    return int(text) if text in {str(one) for one in PERIODS} else USUAL_PERIOD


async def dashboard(state: HasRouter, *, days: int) -> Dashboard | Refused:
    """Everything on the screen."""
    return await call(state, get_dashboard, days=days)


async def find_resources(state: HasRouter, words: str, *, limit: int) -> ResourcePage | Refused:
    """The dearest resources that ``words`` find."""
    wanted = ResourceFilter(text=words[:LONGEST_SEARCH])
    return await call(state, search_resources, wanted=wanted, limit=limit)


async def sync_all(state: HasRouter) -> int | Refused:
    """Queue every connection's sync; how many those are."""
    return await call(state, ask_all)


async def cluster_said(state: HasRouter) -> ClusterStatus | Refused:
    """What the cluster says of managed connections."""
    return await call(state, cluster_status)


async def activity(state: HasRouter) -> Activity | Refused:
    """Which syncs wait or run."""
    return await call(state, sync_activity)
