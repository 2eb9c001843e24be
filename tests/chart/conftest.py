"""Helm and kubeconform, from the cache of built programs or from PATH."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.chart.rendering import VALUES, Manifest, find_program, helm_template

Render = Callable[[str], list[Manifest]]


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
def kubeconform() -> Path:
    """Where kubeconform is."""
    return program("kubeconform")


@pytest.fixture(scope="session")
def rendered(helm: Path) -> Render:
    """The manifests of one of ``VALUES``, rendered once."""
    return cache(lambda case: helm_template(helm, VALUES[case]))
