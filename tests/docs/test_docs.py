"""What the documents say is so."""

import re
import shlex
from pathlib import Path

import click
import pytest

from infrazen.cli.root import cli
from tools.reference import FOLDER, pages

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```(?:bash)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def ids(path):
    return str(path.relative_to(ROOT))


def commands_in(text):
    """Every `infrazen …` and `make …` that a reader is told to run."""
    for match in CODE.finditer(text):
        for line in (match[1] or match[2]).splitlines():
            command = line.partition("#")[0].strip()
            if re.match(r"(\.venv/bin/)?(infrazen|make) [a-z]", command):
                yield command.removeprefix(".venv/bin/")


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_is_what_the_program_knows(name):
    assert (FOLDER / name).read_text() == pages()[name], "run `make docs`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_links_lead_somewhere(document):
    for target in LINK.findall(document.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), f"{target} in {ids(document)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_commands_exist(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for command in commands_in(document.read_text()):
        words = shlex.split(command)
        if words[0] == "make":
            assert words[1] in targets, command
        else:
            assert find(words[1:]) is not None, f"{command} in {ids(document)}"


def find(words):
    """The click command that ``words`` call, None where there is none."""
    command = cli
    for word in words:
        if not isinstance(command, click.Group):
            return command
        command = command.get_command(click.Context(command), word)
    return command


def test_the_readme_begins_with_its_two_commands():
    assert list(commands_in((ROOT / "README.md").read_text()))[:2] == ["make run", "make test"]
    assert list(commands_in((ROOT / "README.ru.md").read_text()))[:2] == ["make run", "make test"]


def test_every_decision_is_listed():
    folder = ROOT / "docs/adr"
    listed = (folder / "README.md").read_text()
    decisions = list(folder.glob("[0-9]*.md"))
    assert decisions
    for file in decisions:
        assert file.name in listed
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in file.read_text(), f"{file.name} lacks {part}"
