"""The pod of a Job: one container, no rights, nothing it can write to but ``/tmp``."""

from collections.abc import Mapping, Sequence
from typing import Any

from infrazen_operator.job_settings import JobSettings

USER = 65532
GRACE_SECONDS = 30
"""How long a sync has to close its run when it is told to stop."""
TERMINATION_LOG = "/dev/termination-log"
_TMP = "/tmp"  # noqa: S108 (a volume of the pod's own)
_SURROUNDINGS = {"HOME": _TMP, "INFRAZEN_DATA_DIR": f"{_TMP}/infrazen"}


def pod(
    settings: JobSettings,
    *,
    container: str,
    command: Sequence[str],
    environment: Sequence[Mapping[str, Any]],
    resources: Mapping[str, Any],
) -> dict[str, Any]:
    """The spec of a pod that the restricted pod security standard lets in.

    ``command`` are the words after ``infrazen``.
    """
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        # Its variables would be taken for settings where a Service is called infrazen.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **_optional(settings),
        "containers": [
            {
                "name": container,
                "image": settings.image,
                **({"imagePullPolicy": settings.pull_policy} if settings.pull_policy else {}),
                "command": ["infrazen", *command],
                "env": _environment(settings, environment),
                **_environment_from(settings),
                "resources": dict(resources),
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "privileged": False,
                    "readOnlyRootFilesystem": True,
                    "runAsNonRoot": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "terminationMessagePath": TERMINATION_LOG,
                "terminationMessagePolicy": "File",
                "volumeMounts": [{"name": "tmp", "mountPath": _TMP}],
            }
        ],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "512Mi"}}],
    }


def variable(name: str, value: str) -> dict[str, Any]:
    """An environment variable."""
    return {"name": name, "value": value}


def secret_variable(name: str, *, secret: str, key: str, optional: bool) -> dict[str, Any]:
    """An environment variable that the kubelet fills from a Secret."""
    reference: dict[str, Any] = {"name": secret, "key": key}
    if optional:
        reference["optional"] = True
    return {"name": name, "valueFrom": {"secretKeyRef": reference}}


def _environment(
    settings: JobSettings, own: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Every variable once: what the Job says goes before what the installation says."""
    plain = {**settings.environment, **_SURROUNDINGS}
    variables = (*(variable(*pair) for pair in plain.items()), *own)
    return list({one["name"]: one for one in variables}.values())


def _environment_from(settings: JobSettings) -> dict[str, Any]:
    sources = [
        *({"configMapRef": {"name": name}} for name in settings.config_maps),
        *({"secretRef": {"name": name}} for name in settings.secrets),
    ]
    return {"envFrom": sources} if sources else {}


def _optional(settings: JobSettings) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if settings.service_account:
        parts["serviceAccountName"] = settings.service_account
    if settings.pull_secrets:
        parts["imagePullSecrets"] = [{"name": name} for name in settings.pull_secrets]
    return parts
