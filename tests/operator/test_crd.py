"""The definition that the API server gets says what the models say."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import Field

from infrazen.domain.labels import Label, Text
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.spec import Spec
from infrazen.manifests.status import Status
from infrazen.provider_kit.contract import ConnectionSettings
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import all_providers
from infrazen_operator.crd import crd, crd_text, spec_schema
from tools.crd import FILE

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "docs/samples"
BEGET = all_providers()["beget"]
LABEL = Label(title=Text("Поле", "Field"))


def schema():
    version = crd(all_providers())["spec"]["versions"][0]
    return version["schema"]["openAPIV3Schema"]


def nodes(node, path=""):
    """Every node of a schema with its path; entries of lists and mappings end in ``[]``."""
    yield path, node
    for name, part in node.get("properties", {}).items():
        yield from nodes(part, f"{path}.{name}")
    for inner in ("items", "additionalProperties"):
        if inner in node:
            yield from nodes(node[inner], f"{path}[]")


def test_the_charts_definition_is_the_models():
    assert FILE.read_text() == crd_text(), "run make crd"


@pytest.mark.parametrize(("model", "name"), [(Spec, "spec"), (Status, "status")])
def test_every_field_of_the_models_is_in_it(model, name):
    fields = {info.alias for info in model.model_fields.values()}
    assert schema()["properties"][name]["properties"].keys() == fields


def test_every_field_is_described():
    said = {path: node.get("description") for path, node in nodes(schema()) if path[-2:] != "[]"}
    assert said[".status.lastSync.cost.payable.daily"]
    assert [path for path, words in said.items() if not words] == [".metadata"]


def test_every_text_list_and_mapping_of_a_spec_is_bounded():
    limits = {"string": "maxLength", "array": "maxItems"}
    for path, node in nodes(schema()["properties"]["spec"], "spec"):
        limit = limits.get(node.get("type"))
        if limit and "enum" not in node:
            assert limit in node, path
        if "additionalProperties" in node:
            assert "maxProperties" in node, path
            assert "self.all(key," in node["x-kubernetes-validations"][0]["rule"], path


def test_defaults_are_the_models():
    spec = Spec.model_validate({"provider": "beget", "credentialsSecretRef": {"name": "x"}})
    written = spec.model_dump(mode="json", by_alias=True, exclude={"job_template"})
    said = schema()["properties"]["spec"]["properties"]
    defaults = {name: part["default"] for name, part in said.items() if "default" in part}
    assert defaults == {name: written.pop(name) for name in defaults}
    assert {name for name, value in written.items() if value} == {
        "provider",
        "credentialsSecretRef",
    }


def test_a_status_takes_words_that_this_version_does_not_know():
    assert not [path for path, node in nodes(schema()["properties"]["status"]) if "enum" in node]


class OtherSettings(ConnectionSettings):
    """Settings of a provider that is not there."""

    statistics_seconds: Annotated[int, Field(ge=60, le=600), LABEL] = 120
    size: Annotated[Literal["small", "large"], LABEL] = "small"
    namespace: Annotated[str | None, LABEL] = None


def test_a_new_provider_brings_its_settings_and_rules():
    other = replace(BEGET, slug="other", title="Other", settings=OtherSettings)
    found = spec_schema({"beget": BEGET, "other": other})
    assert found["properties"]["provider"]["enum"] == ["beget", "other"]
    settings = found["properties"]["settings"]["properties"]
    assert settings["size"]["enum"] == ["small", "large"]
    assert settings["namespace"]["maxLength"] == 4096
    seconds = settings["statisticsSeconds"]
    assert (seconds["minimum"], seconds["maximum"]) == (10, 3600)
    assert "Beget: seconds for utilisation" in seconds["description"]
    assert "Other: field. From 60 to 600. Default: 120." in seconds["description"]
    rules = {one["message"]: one["rule"] for one in found["x-kubernetes-validations"]}
    narrower = rules["for other statisticsSeconds is at most 600"]
    assert narrower.endswith("self.settings.statisticsSeconds <= 600")
    assert "self.settings.__namespace__" in rules["namespace is a setting of other alone"]
    assert any("other needs credentials" in message for message in rules)


class ContrarySettings(ConnectionSettings):
    """Calls something else by a name that is taken."""

    statistics_seconds: Annotated[str, LABEL] = "many"


def test_providers_that_mean_different_things_by_one_name_are_told():
    contrary = replace(BEGET, slug="contrary", settings=ContrarySettings)
    with pytest.raises(TypeError, match="beget, contrary have a setting statisticsSeconds"):
        spec_schema({"beget": BEGET, "contrary": contrary})


@pytest.mark.parametrize("slug", sorted(all_providers()))
def test_every_provider_has_a_sample_that_is_right(slug):
    secret, connection = yaml.safe_load_all((SAMPLES / f"{slug}.yaml").read_text())
    spec = CloudConnection.read(connection).spec
    assert spec.provider == slug
    assert spec.credentials_secret_ref.name == secret["metadata"]["name"]
    asked = form_fields(all_providers()[slug].credentials)
    given = secret["stringData"].keys()
    assert given <= {field.name for field in asked}
    assert {field.name for field in asked if field.required} <= given
