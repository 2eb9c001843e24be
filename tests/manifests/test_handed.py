"""What a Job gets of its connection, and what it says where that makes no sense."""

import json

import pytest

from infrazen.errors import Invalid
from infrazen.manifests.handed import handed_credentials, read_handed
from infrazen.providers import provider

SPEC = {"provider": "beget", "credentialsSecretRef": {"name": "beget"}}
DOCUMENT = {"namespace": "finops", "name": "beget-main", "uid": "u", "generation": 1, "spec": SPEC}


def test_it_is_read():
    found = read_handed(json.dumps(DOCUMENT))
    assert found.handle == "finops/beget-main"
    assert found.spec.provider == "beget"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"spec": {**SPEC, "timeoutSeconds": 0}}, "spec.timeoutSeconds"),
        ({"spec": {**SPEC, "settings": {"regions": 1}}}, "spec.settings.regions"),
        ({"spec": None}, "spec"),
        ({"name": ""}, "name"),
        ({"namespace": 7}, "namespace"),
        ({"more": 1}, "more"),
    ],
)
def test_what_makes_no_sense_is_named(changes, field):
    with pytest.raises(Invalid) as wrong:
        read_handed(json.dumps({**DOCUMENT, **changes}))
    assert wrong.value.field == field


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"'])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(Invalid, match="INFRAZEN_CLOUD_CONNECTION"):
        read_handed(text)


def test_credentials_are_found_by_field():
    found = {
        "INFRAZEN_CREDENTIAL_LOGIN": "demo",
        "INFRAZEN_CREDENTIAL_ACCOUNT_PASSWORD": "",
        "INFRAZEN_CREDENTIAL_OTHER": "no field of this provider",
    }
    assert handed_credentials(provider("beget"), found) == {"login": "demo", "account_password": ""}
