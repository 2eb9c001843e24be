"""The node that other tests stand on runs pods as a production cluster does."""

import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from tests.cluster.kubernetes_cluster import CACHE, Refused
from tests.cluster.pods import RESTRICTED, job, pod, python
from tests.waiting import wait_for

SERVE = "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port=8080)"
READY = {"tcpSocket": {"port": 8080}, "periodSeconds": 1}
FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=2).status)"


@pytest.fixture(scope="module")
def restricted(node):
    node.load_image(CACHE / "images/base.tar")
    with node.namespace(**RESTRICTED) as name:
        yield name


@pytest.fixture(scope="module")
def pods(node, restricted):
    """A web server behind a Service, and a pod to ask it from."""
    service = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}
    node.apply(
        pod("web", python(SERVE, readinessProbe=READY)),
        pod("client", python("import time; time.sleep(100000)")),
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": service},
        namespace=restricted,
    )
    ready = ("wait", "--for=condition=Ready", "pod/web", "pod/client", "--timeout=60s")
    node.kubectl(*ready, namespace=restricted)
    return restricted


def asked(node, namespace, url):
    """The status that the client's pod gets from ``url``, None where it gets no answer."""
    try:
        words = ("exec", "client", "--", "python3", "-c", FETCH, url)
        return int(node.kubectl(*words, namespace=namespace))
    except Refused:
        return None


def test_a_job_has_its_secret_and_leaves_a_message(node, restricted):
    node.kubectl("create", "secret", "generic", "s", "--from-literal=a=b", namespace=restricted)
    note = (
        "import os; open('/dev/termination-log', 'w').write(f'{os.environ[\"A\"]} {os.getuid()}')"
    )
    secret = {"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a"}}}
    node.apply(job("job", python(note, env=[secret])), namespace=restricted)
    done = ("wait", "--for=condition=Complete", "job/job", "--timeout=60s")
    node.kubectl(*done, namespace=restricted)
    (ended,) = node.get("pods", "-l", "job-name=job", namespace=restricted)["items"]
    state = ended["status"]["containerStatuses"][0]["state"]["terminated"]
    assert state["message"] == "b 65532"


def test_pods_reach_services_by_name_and_nothing_outside(node, pods):
    assert wait_for(lambda: asked(node, pods, "http://web/")) == 200
    assert asked(node, pods, f"http://web.{pods}.svc.cluster.local/") == 200
    assert asked(node, pods, "http://nowhere.example/") is None


def test_pods_reach_the_machine_that_runs_the_tests(node, pods):
    if not node.machine:
        pytest.skip("pods of this cluster have no name for the machine")
    with answering() as port:
        assert asked(node, pods, f"http://{node.machine}:{port}/") == 204


def test_a_network_policy_is_enforced(node, pods):
    if node.folder is None:
        pytest.skip("a cluster of one's own may have no plug-in for NetworkPolicies")
    only = {"podSelector": {"matchLabels": {"role": "friend"}}}
    spec = {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [only], "ports": [{"port": 8080}]}],
    }
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    assert wait_for(lambda: asked(node, pods, "http://web/")) == 200
    node.apply({**kind, "metadata": {"name": "web"}, "spec": spec}, namespace=pods)
    wait_for(lambda: asked(node, pods, "http://web/") is None)
    node.kubectl("label", "pod", "client", "role=friend", namespace=pods)
    assert wait_for(lambda: asked(node, pods, "http://web/")) == 200


@contextmanager
def answering():
    """The port of a server on this machine, on every interface, that says 204."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with socketserver.TCPServer(("0.0.0.0", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
