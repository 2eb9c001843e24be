"""A Docker engine builds the images as the document says, and runs them."""

import json
import shlex
from pathlib import Path

import pytest

from tests.cluster.conftest import IMAGES
from tests.cluster.docker_engine import WHEELS
from tests.docs.blocks import blocks_of
from tests.waiting import wait_for
from tools.frontend import ensure_frontend
from tools.images import BASE, BASE_ARCHIVE, wheels


def told(action, section):
    """The words of each ``docker`` command that a section of the document shows."""
    [block] = blocks_of("images", section, language="bash")
    lines = [line for line in block.text.splitlines() if line.startswith("docker ")]
    assert all(line.startswith(f"docker {action} ") for line in lines)
    return [shlex.split(line)[1:] for line in lines]


def offline(words):
    """What a build is given where no registry has a base or packages."""
    lock = Path(words[words.index("-f") + 1]).parent.name
    given = {
        "BASE": BASE,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": f"{WHEELS}/{wheels(lock).name}/",
    }
    arguments = [f"--build-arg={name}={value}" for name, value in given.items()]
    return [words[0], "--network=host", *arguments, *words[1:]]


@pytest.fixture(scope="module")
def built(docker):
    """The engine, once it has built all three; at once, so that they share what they can."""
    ensure_frontend()
    docker.run("load", "--input", BASE_ARCHIVE)
    builds = [docker.start(*offline(words)) for words in told("build", "Building")]
    for build in builds:
        said, _ = build.communicate()
        assert build.returncode == 0, said
    return docker


@pytest.mark.told("images", "Building")
def test_images_are_built_as_the_document_says(built):
    for name in IMAGES:
        [image] = json.loads(built.run("image", "inspect", f"infrazen-{name}"))
        config = image["Config"]
        assert config["User"] == "65532:65532"
        assert config["Labels"]["org.opencontainers.image.title"] == f"infrazen-{name}"
        assert config["Labels"]["org.opencontainers.image.base.name"] == BASE
        assert ("Healthcheck" in config) == (name != "core")


@pytest.mark.told("images", "Trying one")
def test_what_the_document_tries_works(built):
    """The UI, and beside it, once it is healthy, a command on the same volume."""
    ui, command = told("run", "Trying one")
    running = built.start(*ui)
    healthy = ("ps", "--filter", "health=healthy", "--format", "{{.Image}}")
    wait_for(lambda: "infrazen-ui" in built.run(*healthy), seconds=90)
    assert built.status_of("http://127.0.0.1:8000/healthz") == 200
    assert "no connection yet" in built.run(*command)
    # As Ctrl-C does; it goes, and by --rm its container, too.
    running.terminate()
    said, _ = running.communicate()
    assert "/setup?code=" in said
    assert "Traceback" not in said
    wait_for(lambda: built.run("ps", "--all", "--quiet") == "")
