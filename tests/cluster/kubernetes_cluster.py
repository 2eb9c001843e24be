"""A Kubernetes cluster for tests: made here from programs in the cache, or a developer's own."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

SCRIPTS = Path(__file__).with_name("kubernetes")
CACHE = Path(os.environ.get("INFRAZEN_TEST_CACHE") or Path.home() / ".cache/infrazen-test")
BASE_IMAGE = "localhost/base:1"
"""Debian with Python: what stands for python:3.11-slim on a node without a registry."""
WHOLE_CONFIG = ("config", "view", "--raw", "--minify", "--flatten")
LOADERS: Mapping[str, tuple[str, ...]] = {
    "kind-": ("kind", "load", "image-archive", "{archive}", "--name", "{name}"),
    "k3d-": ("k3d", "image", "import", "{archive}", "--cluster", "{name}"),
    "minikube": ("minikube", "image", "load", "{archive}"),
}
"""By the beginning of a context's name: how an image gets onto such a cluster's node."""


class Refused(Exception):
    """A command that the cluster, or its tool, did not carry out; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster and who speaks to it: all is asked as the user of ``kubeconfig``."""

    kubeconfig: Path
    folder: Path | None = None
    """Where a cluster made here keeps its state; None for a developer's own."""
    machine: str = ""
    """What pods call the machine the tests run on; nothing where they cannot reach it."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which kubectl, helm and Kubernetes' libraries speak to it."""
        path = f"{_programs()}:{CACHE / 'bin'}:{os.environ.get('PATH', '')}"
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "PATH": path}

    def run(self, *words: str | Path, given: str | None = None, seconds: float = 120) -> str:
        """What a program printed that ran with this cluster's variables; raises ``Refused``."""
        return _said(words, environment=self.environment, given=given, seconds=seconds)

    def kubectl(self, *words: str, namespace: str = "", given: str | None = None) -> str:
        """What ``kubectl`` printed; raises ``Refused`` with what it complained of."""
        inside = ["--namespace", namespace] if namespace else []
        return self.run("kubectl", *inside, *words, given=given)

    def helm(self, *words: str, namespace: str = "", seconds: float = 300) -> str:
        """What ``helm`` printed; raises ``Refused`` with what it complained of."""
        inside = ["--namespace", namespace] if namespace else []
        return self.run("helm", *inside, *words, seconds=seconds)

    def apply(self, *documents: Mapping[str, Any], namespace: str = "") -> None:
        """Apply ``documents``, each a Kubernetes object."""
        listed = {"apiVersion": "v1", "kind": "List", "items": documents}
        self.kubectl("apply", "--filename", "-", namespace=namespace, given=json.dumps(listed))

    def get(self, *words: str, namespace: str = "") -> dict[str, Any]:
        """The object or the list that ``kubectl get`` finds for ``words``."""
        return json.loads(self.kubectl("get", *words, "--output", "json", namespace=namespace))

    @contextmanager
    def namespace(self, **labels: str) -> Iterator[str]:
        """The name of a new namespace, on its way out afterwards."""
        name = f"test-{uuid4().hex[:8]}"
        named = {"metadata": {"name": name, "labels": labels}}
        self.apply({"apiVersion": "v1", "kind": "Namespace", **named})
        try:
            yield name
        finally:
            self.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")

    def user(self, name: str, group: str = "") -> "Cluster":
        """The same cluster for somebody who has a client certificate, and no rights yet."""
        if self.folder:
            words = ("user", self.folder, name, *([group] if group else []))
            return replace(self, kubeconfig=Path(_said([_script(), *words]).strip()))
        return self._as(name, self._certificate(name, group))

    def service_account(self, name: str, *, namespace: str) -> "Cluster":
        """The same cluster for a service account, by a token of its own."""
        token = self.kubectl("create", "token", name, namespace=namespace).strip()
        return self._as(f"{namespace}-{name}", {"token": token})

    @property
    def machine_address(self) -> str:
        """The address at which pods reach the machine; nothing where they cannot."""
        if self.folder is None:
            return ""
        known = dict(line.split("=", 1) for line in (self.folder / "env").read_text().split())
        return known["HOST_IP"]

    def name_image(self, tag: str, name: str) -> None:
        """Let an image of the node's have another name, too."""
        if self.folder is None:
            raise Refused("only on a node that was made here can an image be given another name")
        words = ("ctr", "--namespace", "k8s.io", "images", "tag", "--force", tag, name)
        _said([_script(), "exec", self.folder, *words])

    def load_image(self, archive: Path) -> None:
        """Put an image archive (``docker save``) onto the node."""
        if self.folder:
            _said([_script(), "load-image", self.folder, archive])
            return
        context = self.kubectl("config", "current-context").strip()
        for beginning, words in LOADERS.items():
            if context.startswith(beginning):
                name = context.removeprefix(beginning)
                self.run(*[word.format(archive=archive, name=name) for word in words])

    def restart(self, process: str) -> None:
        """Kill one of a cluster's own processes, such as ``kube-apiserver``, and start it anew."""
        self._do("restart", process)

    @contextmanager
    def without(self, process: str) -> Iterator[None]:
        """One of a cluster's own processes, such as ``kubelet``, is away as long as the block."""
        self._do("stop", process)
        try:
            yield
        finally:
            self._do("start", process)

    @contextmanager
    def metrics(self) -> Iterator[None]:
        """As long as the block, the cluster says what pods take; a developer's own has to, too."""
        if self.folder is None:
            self.get("apiservice", "v1beta1.metrics.k8s.io")
            yield
            return
        self._do("metrics", "on")
        try:
            yield
        finally:
            self._do("metrics", "off")

    def within(self, *words: str) -> str:
        """What a program printed that ran where the cluster's own processes do."""
        return self._do("exec", *words)

    def _do(self, action: str, *words: str) -> str:
        if self.folder is None:
            raise Refused(f"only a cluster that was made here can {action} a process")
        return _said([_script(), action, self.folder, *words])

    def _certificate(self, name: str, group: str) -> dict[str, str]:
        """Ask the cluster to sign a client certificate, as an administrator would."""
        key, subject = self.kubeconfig.with_name(f"{name}.key"), f"/CN={name}"
        if group:
            subject = f"/O={group}{subject}"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        request = _said(["openssl", "req", "-new", *curve, "-keyout", key, "-subj", subject])
        wanted = f"test-{uuid4().hex[:8]}"
        spec = {
            "request": _packed(request),
            "signerName": "kubernetes.io/kube-apiserver-client",
            "usages": ["client auth"],
        }
        kind = {"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest"}
        self.apply({**kind, "metadata": {"name": wanted}, "spec": spec})
        self.kubectl("certificate", "approve", wanted)
        signed = ("wait", f"csr/{wanted}", "--for=jsonpath={.status.certificate}", "--timeout=30s")
        self.kubectl(*signed)
        certificate = self.get("csr", wanted)["status"]["certificate"]
        return {
            "client-certificate-data": certificate,
            "client-key-data": _packed(key.read_text()),
        }

    def _as(self, name: str, credentials: Mapping[str, str]) -> "Cluster":
        config = json.loads(self.kubectl(*WHOLE_CONFIG, "--output", "json"))
        config["users"] = [{"name": name, "user": dict(credentials)}]
        config["contexts"][0]["context"]["user"] = name
        file = self.kubeconfig.with_name(f"{name}-{uuid4().hex[:8]}.kubeconfig")
        file.touch(mode=0o600)
        file.write_text(json.dumps(config))
        return replace(self, kubeconfig=file)


@contextmanager
def made_here(folder: Path, *, node: bool) -> Iterator[Cluster]:
    """A cluster that lives as long as the block, with a node that runs pods, or without."""
    extent = [] if node else ["--control-plane"]
    # However this process ends, its cluster goes with it.
    bound = ["--while", str(os.getpid())]
    try:
        _said([_script(), "up", folder, *extent, *bound], seconds=240)
        machine = "host.test.internal" if node else ""
        yield Cluster(folder / "kubeconfig", folder, machine)
    finally:
        _said([_script(), "down", folder])


def developers_own(kubeconfig: Path, folder: Path) -> Cluster:
    """A cluster that somebody already runs; ``folder`` keeps what the tests add of users."""
    copy = folder / "kubeconfig"
    copy.touch(mode=0o600)
    copy.write_text(Cluster(kubeconfig).kubectl(*WHOLE_CONFIG))
    return Cluster(copy)


def missing(*names: str, images: bool = False) -> list[str]:
    """Which of these programs, and of the node's ``images``, are not in the cache yet."""
    found = _said([SCRIPTS / "build-programs.sh", "--missing", *names]).split()
    if images:
        found += _said([SCRIPTS / "build-images.sh", "--missing"]).split()
    return found


def _said(
    words: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
    seconds: float = 120,
) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        env=environment,
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise Refused(done.stderr.strip() or done.stdout.strip())
    return done.stdout


def _script() -> Path:
    return SCRIPTS / "cluster.sh"


def _programs() -> str:
    return os.environ.get("KUBEBUILDER_ASSETS") or str(CACHE / "bin")


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def may_make_namespaces(*kinds: str) -> bool:
    """Whether this user may make kernel namespaces of these ``kinds``, e.g. ``pid``, ``net``."""
    if shutil.which("unshare") is None:
        return False
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = ["unshare", *user, "--fork", *(f"--{kind}" for kind in kinds), "true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
