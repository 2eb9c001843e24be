"""A real Kubernetes for the tests of this folder.

``control_plane`` is an API server with its controllers: custom resources, admission, rights,
Jobs as objects. ``node`` is a whole cluster with one node that runs pods. A test asks for one
of them and has its marker by that. ``KUBECONFIG`` names a cluster of the developer's own
instead (kind, k3d, minikube), ``KUBEBUILDER_ASSETS`` a folder with an API server and etcd.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from tests.cluster.docker_engine import NAMESPACES, Engine, docker_engine
from tests.cluster.kubernetes_cluster import (
    Cluster,
    developers_own,
    made_here,
    may_make_namespaces,
    missing,
)

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from images import IMAGES, ensure_images

MARKERS = {"node": "node", "docker": "node", "control_plane": "cluster"}
"""A fixture, and the marker of those who use it."""
NODE_SECONDS = 1200
"""The first test on a node waits for its images and for what it installs."""
CONTROL_PLANE = ("pause", "kube-apiserver", "kube-controller-manager", "kubectl", "etcd")
UNTHROTTLED = "--kube-api-qps=200 --kube-api-burst=400"
"""Controllers take a second for twenty requests otherwise, which tests of crowds wait for."""
SCALING_SOON = "--horizontal-pod-autoscaler-sync-period=2s"
"""Scalers look every fifteen seconds otherwise."""
NODE = (
    *CONTROL_PLANE,
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
    "containerd",
    "containerd-shim-runc-v2",
    "ctr",
    "metrics-server",
)
FOR_TRIALS = (
    "infrazen-test",
    "kind-",
    "k3d-",
    "minikube",
    "docker-desktop",
    "rancher-desktop",
    "colima",
    "orbstack",
)
"""How contexts of clusters begin in which a test may make and remove what it likes."""
BUILD = "run `python3 tools/cluster_programs.py` once"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test of this folder by the cluster it asks for."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        asked = getattr(item, "fixturenames", ())
        markers = [marker for fixture, marker in MARKERS.items() if fixture in asked]
        for marker in markers:
            item.add_marker(marker)
        if "node" in markers:
            item.add_marker(pytest.mark.timeout(NODE_SECONDS))
        if not markers and not any(item.iter_markers("cluster")):
            raise pytest.UsageError(f"{item.nodeid} needs no cluster: it belongs elsewhere")


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An API server with its controllers, for the whole run."""
    folder = tmp_path_factory.mktemp("control-plane")
    if os.environ.get("KUBECONFIG"):
        yield _own(folder)
        return
    if not may_make_namespaces("pid", "mount", "ipc"):
        _unavailable("this user may not make namespaces for its processes")
    if not os.environ.get("KUBEBUILDER_ASSETS"):
        _need(*CONTROL_PLANE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCM_FLAGS", UNTHROTTLED)
        with made_here(folder, node=False) as cluster:
            yield cluster


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A whole cluster with one node, for the whole run."""
    folder = tmp_path_factory.mktemp("node")
    if os.environ.get("KUBECONFIG"):
        yield _own(folder)
        return
    if os.geteuid() != 0 or not may_make_namespaces("pid", "mount", "ipc", "net", "uts"):
        _unavailable("a node is made by root alone, and needs network namespaces")
    if not Path("/sys/fs/cgroup/cpuset").is_dir():
        _unavailable("a node is made on cgroup v1 alone")
    _need(*NODE, images=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCM_FLAGS", SCALING_SOON)
        with made_here(folder, node=True) as cluster:
            yield cluster


@pytest.fixture(scope="session")
def image(node: Cluster) -> Callable[[str], str]:
    """The tag of one of our images (``core``, ``operator``, ``ui``), on the node.

    It holds the sources as they are now.
    """
    if os.geteuid() != 0 or shutil.which("buildah") is None:
        _unavailable("images are built by root alone, with buildah")

    @cache
    def loaded(name: str) -> str:
        ensure_images(name)
        node.load_image(IMAGES[name].archive)
        return IMAGES[name].tag

    return loaded


@pytest.fixture(scope="module")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Docker engine that has no image yet."""
    if os.geteuid() != 0 or not may_make_namespaces(*NAMESPACES):
        _absent("no Docker here: root alone starts an engine, and needs namespaces")
    if shutil.which("dockerd") is None:
        _absent("no Docker here: install docker.io")
    with docker_engine(tmp_path_factory.mktemp("docker")) as engine:
        yield engine


@pytest.fixture
def namespace(request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of the test's own, on the cluster that the test asks for."""
    asked = "node" if "node" in request.fixturenames else "control_plane"
    cluster: Cluster = request.getfixturevalue(asked)
    with cluster.namespace() as name:
        yield name


def _own(folder: Path) -> Cluster:
    if shutil.which("kubectl") is None:
        _need("kubectl")
    cluster = developers_own(Path(os.environ["KUBECONFIG"]), folder)
    context = cluster.kubectl("config", "current-context").strip()
    if not context.startswith(FOR_TRIALS) and not os.environ.get("INFRAZEN_TEST_ANY_CLUSTER"):
        pytest.fail(
            f"KUBECONFIG is at {context}, which does not look like a cluster for trials: unset it, "
            "or set INFRAZEN_TEST_ANY_CLUSTER=1 to let tests make and remove things there",
            pytrace=False,
        )
    return cluster


def _need(*names: str, images: bool = False) -> None:
    if absent := missing(*names, images=images):
        more = ", …" if len(absent) > 3 else ""
        _unavailable(f"{', '.join(absent[:3])}{more} not built yet ({BUILD})")


def _unavailable(reason: str) -> NoReturn:
    _absent(f"no Kubernetes here: {reason}, or name a cluster in KUBECONFIG")


def _absent(line: str) -> NoReturn:
    """Skip with a line that says so; where everything has to be tested, that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(line, pytrace=False)
    pytest.skip(line)
