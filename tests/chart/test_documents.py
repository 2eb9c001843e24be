"""What the documents tell people to set is what the chart takes."""

import re

import pytest
import yaml

from tests.chart.rendering import CHART, helm_template
from tests.chart.test_values import PROPERTIES
from tests.docs.blocks import PAGES, blocks_of

FOLDER = CHART.parents[1] / "docs/kubernetes"
DOCUMENTS = sorted(FOLDER.glob("*.md"))
SET = re.compile(r"--set ([A-Za-z.]+)=")
NAMED = re.compile(r"`([a-z][A-Za-z]+(?:\.[a-zA-Z]+)+)(?:=[A-Za-z]+)?`")
PARTS = {path.partition(".")[0] for path in PROPERTIES}


def ids(path):
    return path.name


SHOWN = [
    pytest.param(block.text, id=f"{page}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks_of(page, language="yaml"))
]
"""Each block of YAML that a document shows."""


def values_in(text):
    """The chart's values that a block shows, None where it shows something else."""
    shown = yaml.safe_load(text)
    if text.startswith("# values.yaml"):
        return shown
    if shown.get("kind") == "HelmRelease":
        return shown["spec"]["values"]
    if shown.get("kind") == "Application":
        return shown["spec"]["source"]["helm"]["valuesObject"]
    return None


@pytest.mark.parametrize("text", SHOWN)
def test_values_that_are_shown_make_valid_objects(helm, conform, text):
    values = values_in(text)
    if values is not None:
        done = conform(helm_template(helm, values))
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", SHOWN)
def test_manifests_that_are_shown_are_valid(conform, text):
    """Of Kubernetes' kinds, ours, and those of Flux, Argo CD and External Secrets."""
    shown = list(yaml.safe_load_all(text))
    if text.startswith("# values.yaml"):
        return
    assert all({"apiVersion", "kind"} <= each.keys() for each in shown)
    done = conform(shown)
    assert done.returncode == 0, done.stdout
    assert "Skipped: 0" in done.stdout


def test_some_are_shown():
    shown = [values_in(text.values[0]) for text in SHOWN]
    assert sum(values is not None for values in shown) >= 5
    assert sum(values is None for values in shown) >= 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_values_that_are_named_exist(document):
    text = document.read_text()
    named = [name for name in NAMED.findall(text) if name.partition(".")[0] in PARTS]
    for name in [*SET.findall(text), *named]:
        assert name in PROPERTIES, f"{name} in {document.name}"


@pytest.mark.parametrize("case", ["install", "gitops", "rbac"])
def test_the_documents_do_name_values(case):
    text = (FOLDER / f"{case}.md").read_text()
    assert len(NAMED.findall(text)) > 1


def test_notes_lead_to_objects_that_are_there(helm, rendered):
    """Commands in what Helm prints name the chart's own objects."""
    notes = (CHART / "templates/NOTES.txt").read_text()
    names = {each["metadata"]["name"] for each in rendered("nothing")}
    told = re.findall(r"(?:deployment|service|secret)[/ ]\{\{ \$name \}\}-([a-z]+)", notes)
    assert told
    assert {f"infrazen-{name}" for name in told} <= names
