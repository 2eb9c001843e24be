"""What a sync's Job gets of its CloudConnection: environment variables, written and read here.

Each field of the credentials is a variable of its own, filled from the Secret by the kubelet.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from infrazen.errors import Invalid
from infrazen.manifests.connection import CloudConnection, read_spec, spec_document
from infrazen.manifests.fields import Asked
from infrazen.manifests.spec import Spec
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import form_fields

HANDED = "INFRAZEN_CLOUD_CONNECTION"
"""The variable with the connection as JSON."""
_CREDENTIAL = "INFRAZEN_CREDENTIAL_"
_Word = Annotated[str, Field(min_length=1, max_length=253)]


class _Identity(Asked):
    namespace: _Word
    name: _Word
    uid: str = ""
    generation: int = 0


class Handed(_Identity):
    """A CloudConnection as its Job knows it."""

    spec: Spec

    @property
    def handle(self) -> str:
        """``namespace/name``: what a connection's ``managed_by`` says."""
        return f"{self.namespace}/{self.name}"


def handed(connection: CloudConnection) -> str:
    """``connection`` as the value of ``HANDED``.

    The kubelet puts other variables in place of ``$(NAME)`` in a value, secret ones too, so
    there is no dollar sign in it, whatever people write into a spec.
    """
    meta = connection.metadata
    spec = spec_document(connection.spec)
    spec.pop("jobTemplate", None)
    document = {
        "namespace": meta.namespace,
        "name": meta.name,
        "uid": meta.uid,
        "generation": meta.generation,
        "spec": spec,
    }
    return json.dumps(document, separators=(",", ":")).replace("$", "\\u0024")


def read_handed(text: str) -> Handed:
    """The connection in the value of ``HANDED``; ``Invalid`` with the field that is wrong."""
    document = _object(text)
    spec = read_spec(document.pop("spec", None))
    try:
        known = _Identity.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise Invalid(f"{HANDED}: {field}: {first['msg']}", field=field) from None
    return Handed(**dict(known), spec=spec)


def credential_variable(field: str) -> str:
    """The variable with a field of the credentials."""
    return f"{_CREDENTIAL}{field.upper()}"


def handed_credentials(spec: ProviderSpec, environment: Mapping[str, str]) -> dict[str, str]:
    """The credentials in ``environment``, by field; what is not there is left out."""
    names = {field.name: credential_variable(field.name) for field in form_fields(spec.credentials)}
    return {field: environment[name] for field, name in names.items() if name in environment}


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid(f"{HANDED} is no JSON object")
    return found
