"""Helm 3 reads the chart as Helm 4 does."""

import copy
import subprocess

import pytest

from tests.chart.rendering import CHART, VALUES, helm_template, of_kind


def compared(manifests):
    """By their names, and without what is made up anew each time."""
    kept = copy.deepcopy(manifests)
    for secret in of_kind(kept, "Secret"):
        secret["data"] = sorted(secret["data"])
    for deployment in of_kind(kept, "Deployment"):
        annotations = deployment["spec"]["template"]["metadata"].get("annotations", {})
        annotations.pop("checksum/environment", None)
    return sorted(kept, key=lambda each: (each["kind"], str(each["metadata"])))


@pytest.mark.parametrize("case", VALUES)
def test_it_renders_the_same(helm3, rendered, case):
    assert compared(helm_template(helm3, VALUES[case])) == compared(rendered(case))


def test_its_lint_finds_nothing(helm3):
    words = [helm3, "lint", "--strict", CHART]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
