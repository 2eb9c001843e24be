"""The cluster of this installation."""

from dataclasses import dataclass
from functools import cache

from infrazen.cluster.api import ClusterApi
from infrazen.cluster.recent import RecentStatus
from infrazen.settings import settings


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where to write, and what it said a moment ago."""

    api: ClusterApi
    recent: RecentStatus


def cluster() -> Cluster | None:
    """The cluster that the settings name, None where there is none."""
    where = settings().cluster
    return None if where == "off" else _cluster(where)


@cache
def _cluster(where: str) -> Cluster:
    api = ClusterApi(where)
    return Cluster(api, RecentStatus(api))
