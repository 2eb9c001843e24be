"""The Python environment in ``.venv``, made from nothing but Python 3.11.

Where packages come from is left to the machine's own configuration of pip; uv, which
does not read that configuration, is told of it.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

from steps import ROOT, StepFailed, run, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
LOCKS = ROOT / "requirements"
OLDEST_PYTHON = (3, 11)
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
"""What pip calls a setting and what uv calls it."""
PIP_SECTIONS = ("global", "install", ":env:")
"""Where pip's settings stand: its files, then its variables, which win."""


def ensure_packages(lock: str) -> None:
    """Make ``.venv`` hold the packages of ``requirements/<lock>.txt`` and InfraZen itself."""
    _ensure_environment()
    mark = VENV / f".{lock}.installed"
    wanted = _digest(LOCKS / "bootstrap.txt", LOCKS / f"{lock}.txt", ROOT / "pyproject.toml")
    if mark.exists() and mark.read_text() == wanted:
        return
    with step("Installer (uv) from requirements/bootstrap.txt"):
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "--requirement", LOCKS / "bootstrap.txt"])
    with step(f"Python packages from requirements/{lock}.txt"):
        install_locked(lock, "--compile-bytecode")
    with step("InfraZen itself, editable"):
        _install("--no-deps", "--no-build-isolation", "--editable", ROOT)
    mark.write_text(wanted)


def install_locked(lock: str, *options: str | Path) -> None:
    """Install the packages of ``requirements/<lock>.txt``, from where pip would take them."""
    _install(*options, "--require-hashes", "--requirement", LOCKS / f"{lock}.txt")


def as_root(*packages: str) -> bool:
    """Install Debian packages where this is root on Debian; say whether that was possible."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    with step(f"Debian packages: {' '.join(packages)}"):
        try:
            run(install, environment=quiet)
        except StepFailed:
            run(["apt-get", "update"], environment=quiet)
            run(install, environment=quiet)
    return True


def _ensure_environment() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise StepFailed(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: "
            "install python3.11 and say `make PYTHON=python3.11 …`"
        )
    if PYTHON.exists() and _works(PYTHON):
        return
    if importlib.util.find_spec("ensurepip") is None and not as_root("python3-venv"):
        raise StepFailed(
            "This Python cannot make virtual environments: "
            "`sudo apt-get install -y python3-venv`, then try again."
        )
    with step("Python environment in .venv"):
        run([sys.executable, "-m", "venv", "--clear", VENV])


def _works(python: Path) -> bool:
    """Whether the environment survived a move or an upgrade of its Python."""
    try:
        run([python, "-c", "pass"])
    except (StepFailed, OSError):
        return False
    return True


def _install(*arguments: str | Path) -> None:
    uv = [VENV / "bin/uv", "pip", "install", "--python", PYTHON]
    run([*uv, *arguments], environment=_sources())


def _sources() -> dict[str, str]:
    """What pip is configured with, in uv's words; a variable that is set already wins."""
    listed = run([PYTHON, "-m", "pip", "config", "list"])
    pairs = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    found = {
        UV_NAMES[name]: pairs[f"{section}.{name}"].strip("'\"")
        for section in PIP_SECTIONS
        for name in UV_NAMES
        if f"{section}.{name}" in pairs
    }
    return {name: value for name, value in found.items() if name not in os.environ}


def _digest(*files: Path) -> str:
    content = json.dumps([file.read_text() for file in files])
    return hashlib.sha256(content.encode()).hexdigest()
