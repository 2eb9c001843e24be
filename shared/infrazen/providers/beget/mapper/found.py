"""What the mappings of servers and services share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import msgspec

from infrazen.domain.resources import (
    HandedSecret,
    MetricPoint,
    ResourceStatus,
    SeenComponent,
    SeenResource,
    UsageSeries,
)
from infrazen.providers.beget.mapper.common import BYTES_A_MB

_STATUS = {
    "RUNNING": ResourceStatus.RUNNING,
    "STOPPED": ResourceStatus.STOPPED,
    "SUSPENDED": ResourceStatus.INACTIVE,
    **dict.fromkeys(
        (
            "CREATING",
            "STARTING",
            "STOPPING",
            "RESTARTING",
            "RECONFIGURING",
            "REINSTALLING",
            "RESTORING",
            "REMOVING",
        ),
        ResourceStatus.PENDING,
    ),
    "DONE": ResourceStatus.ACTIVE,
}
GONE = frozenset({"REMOVED", "DELETED"})
"""Statuses of records that the API still lists although the thing is gone."""


class Found(msgspec.Struct, kw_only=True):
    """A resource with all that came with it."""

    resource: SeenResource
    components: list[SeenComponent] = []
    secrets: list[HandedSecret] = []
    usage: list[UsageSeries] = []


def status(word: str | None) -> ResourceStatus:
    """Beget's word as ours; a new one is unknown."""
    return _STATUS.get(word or "", ResourceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A project as sub-account and tag, or the news that it could not be read."""

    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


_NO_PROJECT = Place()
_UNREAD_PROJECT = Place(unknown=("sub_account", "tags"))


def project_place(project_id: int | str | None, projects: Mapping[str, str] | None) -> Place:
    """The place of a record; ``projects`` (id → name) are None where they are not known."""
    if projects is None:
        return _UNREAD_PROJECT
    name = projects.get(str(project_id)) if project_id else None
    return _place(name) if name else _NO_PROJECT


@lru_cache(maxsize=1024)
def _place(name: str) -> Place:
    return Place(name, {"project": name})


def optional_text(value: int | str | None) -> str | None:
    """An id as a text, None where it is unset."""
    return str(value) if value else None


def disk_usage(
    key: str, used_bytes: int | None, *, capacity_mb: int, at: datetime
) -> UsageSeries | None:
    """One reading of how full a disk is, in MB."""
    if used_bytes is None:
        return None
    return UsageSeries(
        resource=key,
        metric="disk",
        unit="MB",
        points=(MetricPoint(at, round(used_bytes / BYTES_A_MB, 2)),),
        capacity=float(capacity_mb),
    )
