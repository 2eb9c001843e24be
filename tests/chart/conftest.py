"""Helm and kubeconform, from the cache of built programs or from PATH."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.chart.kubernetes_schemas import location, write_for_kubeconform
from tests.chart.rendering import CHART, VALUES, Manifest, find_program, helm_template

Render = Callable[[str], list[Manifest]]
Conform = Callable[[list[Manifest]], subprocess.CompletedProcess[str]]
DEFINITION = CHART / "files/crds/cloudconnections.yaml"
OTHERS = Path(__file__).with_name("other_schemas.yaml")


def program(name: str) -> Path:
    """A program, or a skip with a line that says so; in CI, where all is tested, a failure."""
    found = find_program(name)
    if found is None:
        line = f"no {name} here: run `python3 tools/cluster_programs.py` once, or install it"
        if os.environ.get("CI"):
            pytest.fail(line, pytrace=False)
        pytest.skip(line)
    return found


@pytest.fixture(scope="session")
def helm() -> Path:
    """Where Helm is."""
    return program("helm")


@pytest.fixture(scope="session")
def helm3() -> Path:
    """Where the oldest Helm is that the documents promise."""
    return program("helm3")


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    """Where kubeconform is."""
    return program("kubeconform")


@pytest.fixture(scope="session")
def rendered(helm: Path) -> Render:
    """The manifests of one of ``VALUES``, rendered once."""
    return cache(lambda case: helm_template(helm, VALUES[case]))


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where kubeconform finds the schemas of Kubernetes' kinds and of others."""
    folder = tmp_path_factory.mktemp("schemas")
    write_for_kubeconform(folder)
    for name, schema in yaml.safe_load(OTHERS.read_text()).items():
        (folder / f"{name}.json").write_text(json.dumps(schema))
    [own] = yaml.safe_load(DEFINITION.read_text())["spec"]["versions"]
    schema = own["schema"]["openAPIV3Schema"]
    (folder / f"infrazen.io_{own['name']}_cloudconnection.json").write_text(json.dumps(schema))
    return location(folder)


@pytest.fixture(scope="session")
def conform(kubeconform: Path, schemas: str) -> Conform:
    """What kubeconform says of manifests."""

    def check(manifests: list[Manifest]) -> subprocess.CompletedProcess[str]:
        command = [kubeconform, "-strict", "-summary", "-schema-location", schemas, "-"]
        text = "\n---\n".join(json.dumps(each) for each in manifests)
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)

    return check
