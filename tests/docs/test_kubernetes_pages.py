"""Each command in the documents on Kubernetes is run by a test, and all YAML is looked at."""

import re
from collections import Counter
from importlib import import_module

import pytest

from tests.docs.blocks import PAGES, blocks_of, sections_of

RUNNERS = (
    "tests.cluster.test_connection_guide",
    "tests.cluster.test_docker",
    "tests.cluster.test_document_commands",
    "tests.cluster.test_document_story",
)
"""The modules whose tests say with the marker ``told`` which section of which page they run."""
PROGRAMS = ("kubectl", "helm", "docker", "buildah", "infrazen", "pg_restore", "psql", "curl")
COMMAND = re.compile(rf"`((?:{'|'.join(PROGRAMS)}) [^`]+)`")
ELSEWHERE = {
    ("install", "A closed network"): "no registry: the values' objects are checked by schemas",
    ("install", "The network"): "no OpenShift: the values' objects are checked by schemas",
    ("gitops", "Flux"): "no controllers: schemas check it, and the API server's CEL its checks",
    ("gitops", "Argo CD"): "no controllers: schemas check it, and Lua runs its check",
    ("gitops", "External Secrets"): "no controllers: schemas check it",
}
"""What does not run in tests as people run it, why, and what is done instead.

In `More than a trial` there are neither an Ingress controller nor cert-manager: the rest runs.
"""
READ_ALONE = {
    "kubectl explain",
    "kubectl get cloudconnections",
    "infrazen connection release --managed-by NAMESPACE/NAME",
}
"""What prose names, not what it tells to run; beginnings of commands."""


def told():
    """Page and section of each marker of a test that runs documents; no section means all."""
    for name in RUNNERS:
        for each in vars(import_module(name)).values():
            for marker in getattr(each, "pytestmark", []):
                if marker.name == "told":
                    yield marker.args


RUN = {
    (page, each)
    for page, *section in told()
    for each in (section or {block.section for block in blocks_of(page, language="bash")})
}


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_commands_is_run_by_a_test(page):
    for block in blocks_of(page, language="bash"):
        assert (page, block.section) in RUN, f"no test runs\n{block.text}"


def test_every_section_that_a_test_runs_is_there():
    shown = {(page, block.section) for page in PAGES for block in blocks_of(page, language="bash")}
    assert shown >= RUN


def test_what_does_not_run_as_it_is_told_is_there():
    assert {(page, block.section) for page in PAGES for block in blocks_of(page)} >= set(ELSEWHERE)


@pytest.mark.parametrize("page", PAGES)
def test_blocks_are_commands_or_yaml_and_sections_have_names_of_their_own(page):
    assert {block.language for block in blocks_of(page)} <= {"bash", "yaml"}
    assert [name for name, times in Counter(sections_of(page)).items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_stand_in_blocks(page):
    """Where tests find them: neither indented nor within a sentence."""
    prose = re.sub(r"```.*?```", "", PAGES[page].read_text(), flags=re.DOTALL)
    assert not re.search(rf"^    (?:{'|'.join(PROGRAMS)}) ", prose, re.MULTILINE)
    for command in COMMAND.findall(prose):
        words = command.split()
        is_read = any(command.startswith(beginning) for beginning in READ_ALONE)
        assert is_read or len(words) == 2, f"`{command}` stands in a sentence"
