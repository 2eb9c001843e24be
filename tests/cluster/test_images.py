"""Each image does its work as somebody without rights, on a root that cannot be written."""

import pytest

from tests.cluster.conftest import IMAGES
from tests.cluster.observed import Packed
from tests.cluster.pods import RESTRICTED, container, job
from tests.waiting import wait_for

WRITABLE = ("data", "tmp")
MOUNTS = [{"name": name, "mountPath": f"/{name}"} for name in WRITABLE]
VOLUMES = [{"name": name, "emptyDir": {}} for name in WRITABLE]
ENDS = {"Complete", "Failed"}
TOOLS = ("pip", "cc", "gcc", "node", "bun", "npm", "apt-get", "dpkg", "perl")
LACKING = """
import importlib.util, os, shutil, sys
tools, modules = sys.argv[1].split(","), sys.argv[2].split(",")
print([*filter(shutil.which, tools), *filter(importlib.util.find_spec, modules)], os.getuid())
try:
    open("/app/written", "w")
except OSError as refused:
    print(refused.strerror)
"""
EVERY_MODULE = """
import importlib, pkgutil, infrazen_operator as top
for found in pkgutil.walk_packages(top.__path__, "infrazen_operator."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
"""
FIRST_PAGE = """
import urllib.request
page = urllib.request.urlopen("http://127.0.0.1:8000/", timeout=5)
print(page.status, page.headers.get_content_type(), "<title>" in page.read().decode())
"""

MOST_BYTES = {"core": 200_000_000, "operator": 200_000_000, "ui": 350_000_000}
LABELS = ("title", "description", "licenses", "version", "revision", "base.name")


def conditions(node, job, namespace):
    status = node.get("job", job, namespace=namespace)["status"]
    return {one["type"] for one in status.get("conditions", []) if one["status"] == "True"}


@pytest.fixture(scope="module")
def restricted(node):
    with node.namespace(**RESTRICTED) as name:
        yield name


@pytest.fixture
def said(node, restricted, image):
    """What a container of an image prints; it must end well."""

    def run(name, *words, entrypoint=()):
        title = f"run-{len(node.get('jobs', namespace=restricted)['items'])}"
        command = {"command": list(entrypoint)} if entrypoint else {}
        main = container(image(name), args=list(words), volumeMounts=MOUNTS, **command)
        node.apply(job(title, main, volumes=VOLUMES), namespace=restricted)
        ends = wait_for(lambda: ENDS & conditions(node, title, restricted), seconds=60)
        printed = node.kubectl("logs", f"job/{title}", namespace=restricted)
        assert ends == {"Complete"}, printed
        return printed

    return run


@pytest.mark.parametrize("name", MOST_BYTES)
def test_an_image_is_small_and_says_what_it_is(image, name):
    image(name)
    config, size = Packed.read(IMAGES[name].archive)
    assert 10_000_000 < size < MOST_BYTES[name]
    labels = {f"org.opencontainers.image.{label}" for label in LABELS}
    assert all(config["Labels"].get(label) for label in labels)
    assert config["Labels"]["org.opencontainers.image.title"] == f"infrazen-{name}"
    assert config["User"] == "65532:65532"
    # Whatever serves can be asked how it is; core's commands end by themselves.
    assert ("Healthcheck" in config) == (name != "core")


def test_core_syncs_and_migrates(said):
    assert said("core", "--version").startswith("infrazen")
    assert "applied" in said("core", "db", "upgrade")


def test_the_operator_starts(said):
    assert "run" in said("operator", "--help", entrypoint=["python", "-m", "infrazen_operator"])


def test_the_operator_lacks_nothing_that_it_imports(said):
    assert said("operator", "-c", EVERY_MODULE, entrypoint=["python"]) == ""


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("core", ("fastapi", "uvicorn", "reflex", "kopf", "lightkube", "infrazen_ui")),
        ("operator", ("reflex", "fastapi", "sqlalchemy", "psycopg", "infrazen_ui")),
        ("ui", ("kopf", "infrazen_operator")),
    ],
)
def test_an_image_holds_what_it_needs_alone(said, name, others):
    modules = ",".join((*others, "pip", "setuptools"))
    words = ("-c", LACKING, ",".join(TOOLS), modules)
    printed = said(name, *words, entrypoint=["python"])
    assert printed.splitlines() == ["[] 65532", "Read-only file system"]
