"""What an installation says of every Job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _fixed(**values: str) -> Mapping[str, str]:
    return MappingProxyType(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """Image and surroundings of every Job.

    ``namespace`` is the operator's own: what cleans up after a connection runs there.
    ``secrets`` and ``config_maps`` become the container's environment: the database's
    address and the master keys. They are looked up in the Job's namespace, as the service
    account is; empty means the namespace's default one. ``environment`` has what is no
    secret. ``requests`` and ``limits`` hold where a connection does not say otherwise. A Job
    that has ended is deleted ``ttl_seconds`` later. None asks for ephemeral storage: kubelets that
    do not measure theirs offer none, and no Pod that asks for some would start there.
    """

    image: str
    namespace: str
    pull_policy: str = ""
    pull_secrets: tuple[str, ...] = ()
    service_account: str = ""
    secrets: tuple[str, ...] = ()
    config_maps: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=_fixed)
    requests: Mapping[str, str] = field(default_factory=_fixed)
    limits: Mapping[str, str] = field(default_factory=_fixed)
    ttl_seconds: int = 6 * 3600
