"""The API server that other tests stand on is what they take it for."""

import os

import pytest

from tests.cluster.kubernetes_cluster import BASE_IMAGE, Refused
from tests.cluster.pods import RESTRICTED, job, pod, python
from tests.waiting import wait_for


@pytest.mark.skipif(
    bool(os.environ.get("KUBEBUILDER_ASSETS")), reason="those binaries have no controllers"
)
def test_controllers_carry_on_from_what_the_server_holds(control_plane, namespace):
    control_plane.apply(job("made", python("pass")), namespace=namespace)
    made = ("pods", "--selector", "job-name=made")
    pods = wait_for(lambda: control_plane.get(*made, namespace=namespace)["items"])
    assert pods[0]["metadata"]["ownerReferences"][0]["kind"] == "Job"


def test_somebody_with_a_certificate_has_the_rights_that_are_given(control_plane, namespace):
    somebody = control_plane.user("somebody", "team")
    with pytest.raises(Refused, match='User "somebody" cannot list resource "pods"'):
        somebody.get("pods", namespace=namespace)
    give = ("create", "rolebinding", "team", "--clusterrole=view", "--group=team")
    control_plane.kubectl(*give, namespace=namespace)
    # The server takes a moment to know of a binding.
    wait_for(lambda: may(somebody, "list", "pods", namespace))
    with pytest.raises(Refused, match="cannot list resource"):
        somebody.get("secrets", namespace=namespace)


def may(somebody, verb, kind, namespace):
    words = ("auth", "can-i", verb, kind)
    try:
        return somebody.kubectl(*words, namespace=namespace).strip() == "yes"
    except Refused:
        return False


def test_a_service_account_speaks_for_itself(control_plane, namespace):
    control_plane.kubectl("create", "serviceaccount", "robot", namespace=namespace)
    robot = control_plane.service_account("robot", namespace=namespace)
    said = robot.kubectl("auth", "whoami", "--output", "jsonpath={.status.userInfo.username}")
    assert said == f"system:serviceaccount:{namespace}:robot"


def test_a_namespace_for_restricted_pods_refuses_others(control_plane):
    with control_plane.namespace(**RESTRICTED) as name:
        plain = {"name": "main", "image": BASE_IMAGE}
        with pytest.raises(Refused, match="violates PodSecurity"):
            control_plane.apply(pod("plain", plain), namespace=name)
