"""Requests to the Kubernetes API server; its refusals are errors of ours."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from infrazen.errors import (
    ClusterRefused,
    ClusterUnavailable,
    Conflict,
    InfraZenError,
    Invalid,
    NotFound,
)
from infrazen.manifests.names import GROUP, KIND, PLURAL, VERSION

R = TypeVar("R")

IN_CLUSTER = "in-cluster"
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
_PAGE = 500


class ClusterApi:
    """One API server; safe to share between threads.

    ``where`` is ``in-cluster`` for the pod's own service account, else a kubeconfig file.
    Every method raises ``ClusterUnavailable`` where the server does not answer in time, and
    ``ClusterRefused`` where it does not let us.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    def connections(self, namespace: str) -> list[dict[str, Any]]:
        """Every CloudConnection of a namespace, as documents."""
        try:
            return self._ask(
                lambda: [
                    dict(one)
                    for one in self._client.list(_resource(), namespace=namespace, chunk_size=_PAGE)
                ]
            )
        except NotFound as error:
            raise ClusterUnavailable(
                "the cluster knows no CloudConnections: their definition is not installed"
            ) from error

    def connection(self, namespace: str, name: str) -> dict[str, Any] | None:
        """One CloudConnection as a document, None where there is none; needs the right to list."""
        asked = {"namespace": namespace, "fields": {"metadata.name": name}}
        found = self._ask(lambda: [dict(one) for one in self._client.list(_resource(), **asked)])
        return found[0] if found else None

    def annotate(self, namespace: str, name: str, annotations: Mapping[str, str]) -> None:
        """Set annotations of a CloudConnection; ``NotFound`` where it is gone."""
        self.change(namespace, name, {"metadata": {"annotations": dict(annotations)}})

    def change(self, namespace: str, name: str, patch: Mapping[str, Any]) -> None:
        """Merge ``patch`` into a CloudConnection; ``NotFound`` where it is gone."""
        from lightkube.types import PatchType  # noqa: PLC0415

        self._ask(
            lambda: self._client.patch(
                _resource(), name, dict(patch), namespace=namespace, patch_type=PatchType.MERGE
            )
        )

    def replace_spec(self, namespace: str, name: str, spec: Mapping[str, Any], *, uid: str) -> None:
        """Put ``spec`` in the place of a CloudConnection's own; ``Conflict`` if it is another's.

        That is one of the same name with another uid.
        """
        from lightkube.types import PatchType  # noqa: PLC0415

        steps = [
            {"op": "test", "path": "/metadata/uid", "value": uid},
            {"op": "replace", "path": "/spec", "value": dict(spec)},
        ]
        self._ask(
            lambda: self._client.patch(
                _resource(), name, steps, namespace=namespace, patch_type=PatchType.JSON
            )
        )

    def create_connection(self, document: Mapping[str, Any], *, only_try: bool = False) -> None:
        """Create a CloudConnection, or with ``only_try`` find out whether that would do.

        Raises ``Conflict`` where there is one of this name, ``Invalid`` where the server's
        schema does not take it.
        """
        self._ask(lambda: self._client.create(_resource()(document), dry_run=only_try))

    def create_secret(self, document: Mapping[str, Any], *, only_try: bool = False) -> None:
        """Create a Secret, or with ``only_try`` find out whether that would do.

        Raises as ``create_connection`` does. What the server says of it is told to nobody:
        it may repeat what is in it.
        """
        from lightkube.resources.core_v1 import Secret  # noqa: PLC0415

        name = document["metadata"]["name"]
        try:
            self._ask(
                lambda: self._client.create(Secret.from_dict(dict(document)), dry_run=only_try)
            )
        except Conflict:
            refusal: InfraZenError = Conflict(f"a Secret called {name!r} exists there already")
        except Invalid:
            refusal = Invalid("the cluster does not take the Secret", field="name")
        else:
            return
        raise refusal

    def close(self) -> None:
        """Let go of connections that are kept open."""
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> Any:
        """The client; it reads a token that is rotated anew by itself."""
        import httpx2  # noqa: PLC0415
        from lightkube import Client, KubeConfig  # noqa: PLC0415

        timeout = httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        try:
            if self._where == IN_CLUSTER:
                config = KubeConfig.from_service_account()
            else:
                config = KubeConfig.from_file(self._where)
            # Where the server is stands in the configuration, a proxy on the way there, too.
            ways: dict[str, Any] = {"timeout": timeout, "trust_env": False}
            return Client(config, **ways, field_manager="infrazen", lazy=True)
        except Exception as error:  # noqa: BLE001 (such a file may be anything)
            kind = type(error).__name__
        raise ClusterUnavailable(f"INFRAZEN_CLUSTER leads to no cluster: {kind}")

    def _ask(self, request: Callable[[], R]) -> R:
        """What ``request`` returns, or one of our errors without what was sent."""
        try:
            from httpx2 import HTTPError  # noqa: PLC0415
            from lightkube import ApiError  # noqa: PLC0415
            from lightkube.core.exceptions import ConfigError  # noqa: PLC0415
        except ImportError as error:
            raise ClusterUnavailable(
                "asking a cluster needs the package lightkube: install infrazen[cluster]"
            ) from error
        try:
            return request()
        except ApiError as error:
            refusal = _refusal(error.status.code or 500, error.status.message or "")
        except HTTPError as error:
            refusal = ClusterUnavailable(f"the cluster does not answer: {type(error).__name__}")
        except (ConfigError, OSError, ValueError) as error:
            refusal = ClusterUnavailable(f"the cluster cannot be asked: {type(error).__name__}")
        raise refusal


def _resource() -> Any:
    """CloudConnections for lightkube."""
    from lightkube.generic_resource import (  # noqa: PLC0415
        create_namespaced_resource,
        get_generic_resource,
    )

    known: Any = get_generic_resource(f"{GROUP}/{VERSION}", KIND)  # type: ignore[no-untyped-call]
    return known or create_namespaced_resource(GROUP, VERSION, KIND, PLURAL)


def _refusal(code: int, message: str) -> InfraZenError:
    kinds: dict[int, Callable[[str], InfraZenError]] = {
        400: Invalid,
        401: ClusterRefused,
        403: ClusterRefused,
        404: NotFound,
        409: Conflict,
        422: Invalid,
    }
    if code in kinds:
        return kinds[code](message)
    return ClusterUnavailable(f"the cluster answered {code}")
