"""What the API server and the restricted pod security standard ask of a Job, checked here."""

import re
from typing import Any

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_POD = {
    "restartPolicy",
    "automountServiceAccountToken",
    "enableServiceLinks",
    "terminationGracePeriodSeconds",
    "securityContext",
    "serviceAccountName",
    "imagePullSecrets",
    "containers",
    "volumes",
    "nodeSelector",
    "tolerations",
}
_CONTAINER = {
    "name",
    "image",
    "imagePullPolicy",
    "command",
    "env",
    "envFrom",
    "resources",
    "securityContext",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "volumeMounts",
}
_JOB = {
    "ttlSecondsAfterFinished",
    "podFailurePolicy",
    "activeDeadlineSeconds",
    "backoffLimit",
    "template",
}


def check_job(job: dict[str, Any]) -> None:
    """Fail where ``job`` would be refused, or its pod be let do more than it must."""
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    meta, spec = job["metadata"], job["spec"]
    assert _NAME.fullmatch(meta["name"])
    assert _NAME.fullmatch(meta["namespace"])
    assert set(spec) == _JOB
    assert spec["activeDeadlineSeconds"] > 0
    assert spec["backoffLimit"] >= 0
    for labelled in (meta, spec["template"]["metadata"]):
        _check_entries(labelled)
    _check_policy(spec)
    _check_pod(spec["template"]["spec"])


def _check_entries(meta: dict[str, Any]) -> None:
    for name, value in meta["labels"].items():
        prefix, _, word = name.rpartition("/")
        assert not prefix or _SUBDOMAIN.fullmatch(prefix)
        assert word
        assert _VALUE.fullmatch(word)
        assert _VALUE.fullmatch(value), value
    sizes = (len(text.encode()) for pair in meta["annotations"].items() for text in pair)
    assert sum(sizes) <= 256 * 1024


def _check_policy(spec: dict[str, Any]) -> None:
    (container,) = spec["template"]["spec"]["containers"]
    ignored, failed = spec["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    codes = failed["onExitCodes"]
    assert codes["containerName"] == container["name"]
    assert codes["values"] == sorted(set(codes["values"]))
    assert 0 not in codes["values"]
    assert len(codes["values"]) <= 255


def _check_pod(pod: dict[str, Any]) -> None:
    assert set(pod) <= _POD, "hostNetwork, hostPID and the like are not even there"
    assert pod["restartPolicy"] == "Never"
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert [set(volume) for volume in pod["volumes"]] == [{"name", "emptyDir"}]
    for container in pod["containers"]:
        _check_container(container)


def _check_container(container: dict[str, Any]) -> None:
    assert set(container) <= _CONTAINER, "no ports, no probes, no lifecycle hooks"
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    names = [one["name"] for one in container["env"]]
    assert len(names) == len(set(names))
    assert all(_VARIABLE.fullmatch(name) for name in names)
    for one in container["env"]:
        assert set(one) in ({"name", "value"}, {"name", "valueFrom"})
        assert isinstance(one.get("value", ""), str)
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
