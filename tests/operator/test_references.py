"""Which connections are told of which Secret's change."""

from infrazen.manifests.names import CREDENTIALS_VERSION
from infrazen_operator.follow import Change, slim
from infrazen_operator.secret_watch import References
from tests.operator.cluster_objects import NAMESPACE, connection

KEY = (NAMESPACE, "beget-main")


def secret(version: int, *, name: str = "beget-main", namespace: str = NAMESPACE):
    about = {"name": name, "namespace": namespace, "resourceVersion": str(version)}
    return {"metadata": about}


def told(version: int):
    return connection(metadata={"annotations": {CREDENTIALS_VERSION: str(version)}})


def note(references: References, *, connections=(), secrets=(), **how: bool):
    """Take them in; who was touched and is to be told."""
    touched = references.note_connections(Change(tuple(connections), **how), namespace=None)
    touched |= references.note_secrets(Change(tuple(secrets), **how), namespace=None)
    return {key: untold[1] for key in touched if (untold := references.untold(key))}


def test_a_connection_is_told_of_its_secret_whichever_was_there_first():
    references = References()
    assert note(references, connections=[connection()]) == {}
    assert note(references, secrets=[secret(5)]) == {KEY: "5"}

    references = References()
    assert note(references, secrets=[secret(5)]) == {}
    assert note(references, connections=[connection()]) == {KEY: "5"}


def test_who_was_told_is_not_told_again_until_the_secret_changes():
    references = References()
    note(references, secrets=[secret(5)])
    assert note(references, connections=[told(5)]) == {}
    assert note(references, secrets=[secret(6)]) == {KEY: "6"}


def test_other_secrets_concern_nobody():
    references = References()
    note(references, connections=[connection()])
    assert note(references, secrets=[secret(5, name="other")]) == {}
    assert note(references, secrets=[secret(5, namespace="elsewhere")]) == {}


def test_a_secret_that_is_gone_is_nothing_to_tell_of():
    references = References()
    note(references, connections=[told(5)], secrets=[secret(5)])
    assert note(references, secrets=[secret(5)], deleted=True) == {}
    assert note(references, secrets=[secret(9)]) == {KEY: "9"}


def test_a_list_clears_what_it_does_not_have():
    references = References()
    note(references, connections=[connection(), connection("second")], secrets=[secret(5)])
    assert note(references, connections=[connection()], secrets=[secret(6)], listed=True) == {
        KEY: "6"
    }


def test_a_connection_without_a_secret_is_left_alone():
    references = References()
    note(references, secrets=[secret(5)])
    assert note(references, connections=[connection(spec={"provider": "beget"})]) == {}


def test_nothing_is_kept_of_what_kubectl_wrote_into_an_annotation():
    given = secret(5)
    last = "kubectl.kubernetes.io/last-applied-configuration"
    given["metadata"] |= {"annotations": {last: "{data}", "kept": "yes"}, "managedFields": [{}]}
    assert slim(given)["metadata"]["annotations"] == {"kept": "yes"}
    assert "managedFields" not in given["metadata"]
