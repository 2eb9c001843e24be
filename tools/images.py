"""The images, built as tests need them: on a base made here, from wheels, without a registry.

    python3 tools/images.py              all that have changed
    python3 tools/images.py core ui      these

Each becomes an archive beside the cluster's own images, and is built anew only when what goes
into it has changed. For use, build them with ``docker build``: see docs/kubernetes/images.md.
"""

import argparse
import fcntl
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from frontend import SOURCES as PAGES
from frontend import ensure_frontend, fingerprint
from packages import LOCKS, PYTHON, ensure_packages
from steps import ROOT, StepFailed, end_on_sigterm, run, step

CACHE = Path(os.environ.get("INFRAZEN_TEST_CACHE") or Path.home() / ".cache/infrazen-test")
BASE = "localhost/python:1"
"""Debian with Python and pip, by ``tests/cluster/kubernetes/build-images.sh``."""
BASE_ARCHIVE = CACHE / "images" / "python.tar"
PYTHON_VERSION = "3.11"
"""Of Debian in the base; its last part may be older than this machine's."""
FOR_OLDER = re.compile(r" ; python_full_version < '3\.11\.\d+'")


@dataclass(frozen=True, slots=True)
class Image:
    """An image of ours and what it is made from."""

    name: str
    sources: tuple[str, ...]

    @property
    def tag(self) -> str:
        """What a cluster calls it."""
        return f"localhost/infrazen-{self.name}:test"

    @property
    def dockerfile(self) -> str:
        """Where it is described, from the root."""
        return f"containers/{self.name}/Dockerfile"

    @property
    def archive(self) -> Path:
        """Where it is kept."""
        return CACHE / "images" / f"infrazen-{self.name}.tar"

    @property
    def wanted(self) -> str:
        """A digest of all that goes into it."""
        lock = f"requirements/{self.name}.txt"
        common = (".dockerignore", "containers/slim.sh", self.dockerfile, lock)
        base = BASE_ARCHIVE.with_suffix(".version").read_text().strip()
        return f"{fingerprint(*common, *self.sources)} on {base}"

    @property
    def is_current(self) -> bool:
        """Whether the archive holds what the sources say."""
        mark, base = self.archive.with_suffix(".version"), BASE_ARCHIVE.with_suffix(".version")
        there = self.archive.exists() and mark.exists() and base.exists()
        return there and mark.read_text() == self.wanted


IMAGES = {
    image.name: image
    for image in (
        Image("core", ("shared/infrazen",)),
        Image("operator", ("shared/infrazen", "operator/infrazen_operator")),
        Image("ui", ("shared/infrazen", *PAGES, "reflex.lock")),
    )
}


def ensure_images(*names: str) -> None:
    """Have the archives of these images, or of all, as the sources are now."""
    with _alone():
        for image in (IMAGES[name] for name in names or IMAGES):
            if not image.is_current:
                with step(f"Image infrazen-{image.name}"):
                    _build(image)


def _build(image: Image) -> None:
    if image.name == "ui":
        ensure_frontend()
    _pull_base()
    packages = wheels(image.name)
    offline = ("--build-arg", "PIP_NO_INDEX=1", "--build-arg", "PIP_FIND_LINKS=/wheels")
    wanted = image.wanted
    run(
        [
            *("buildah", "bud", "--isolation", "chroot", "--layers", "--format", "docker"),
            *("--volume", f"{packages}:/wheels:ro", *offline),
            *("--build-arg", f"BASE={BASE}", "--file", ROOT / image.dockerfile),
            *("--tag", image.tag, ROOT),
        ]
    )
    image.archive.unlink(missing_ok=True)
    run(["buildah", "push", image.tag, f"docker-archive:{image.archive}:{image.tag}"])
    image.archive.with_suffix(".version").write_text(wanted)


def _pull_base() -> None:
    """Have the base where buildah looks, as its archive is."""
    run(["buildah", "pull", f"docker-archive:{BASE_ARCHIVE}"])


def wheels(lock: str) -> Path:
    """A folder with every package that ``requirements/<lock>.txt`` names."""
    folder = CACHE / "wheels" / fingerprint(f"requirements/{lock}.txt")[:16]
    if not folder.exists():
        part = folder.with_suffix(".part")
        part.mkdir(parents=True, exist_ok=True)
        wanted = part / "requirements.txt"
        wanted.write_text(FOR_OLDER.sub("", (LOCKS / f"{lock}.txt").read_text()))
        pip = [PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        only = ["--only-binary", ":all:", "--python-version", PYTHON_VERSION, "--require-hashes"]
        run([*pip, *only, "--requirement", wanted, "--dest", part])
        part.rename(folder)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    """Two that build at once would only wait for each other's layers."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".product.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", choices=[*IMAGES, []], help="which; all where none")
    chosen = parser.parse_args(arguments)
    end_on_sigterm()
    try:
        ensure_packages("dev")
        ensure_images(*chosen.names)
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
