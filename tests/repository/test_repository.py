"""Rules of the repository itself."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {
    "core": PROJECT["project"]["dependencies"],
    "ui": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["server"],
        *PROJECT["project"]["optional-dependencies"]["ui"],
    ],
    "operator": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["operator"],
    ],
    "dev": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["ui"],
        *PROJECT["project"]["optional-dependencies"]["operator"],
        *PROJECT["dependency-groups"]["dev"],
    ],
}
OURS = {".ci", ".dockerignore", ".gitignore"}
MADE = {"__pycache__", "dist", "node_modules"}
# Written in parts, so that this file does not name what it forbids.
HOSTS = ["registry." + "npmjs.org", "pypi" + ".org", "files.python" + "hosted.org"]
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
CREDENTIALS = {
    "private key": "-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----\n[A-Za-z0-9+/=]{20}",
    "AWS key": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\b(ghp|gho|ghs|github_pat)_[A-Za-z0-9_]{30,}",
    "Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{20,}",
    "Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "Telegram token": r"\b[0-9]{9,10}:AA[0-9A-Za-z_-]{33}\b",
    "Yandex key": r"\b(AQVN|y0_)[0-9A-Za-z_-]{30,}",
    "password in a URL": r"://[a-z0-9_]+:(?!password@|canary@|…@|pw@|secret@)[A-Za-z0-9]{12,}@",
}


def tracked():
    """The repository's files; a bare machine has no git, and an unpacked archive no history."""
    listing = ["git", "ls-files", "-z"]
    try:
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return list(found(ROOT))
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def found(folder):
    """What lies in ``folder``, without what was installed, built or cached there."""
    for entry in sorted(folder.iterdir()):
        if entry.name in MADE or (entry.name.startswith(".") and entry.name not in OURS):
            continue
        if entry.is_dir():
            yield from found(entry)
        elif entry.is_file():
            yield entry


def test_without_git_the_same_files_are_looked_at():
    committed = {file for file in tracked() if file.name != ".gitkeep"}
    assert committed <= set(found(ROOT))


def texts():
    for file in tracked():
        try:
            yield file, file.read_text()
        except UnicodeDecodeError:
            continue


def pins(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    found = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(name.partition("[")[0]): version for name, version in found}


def test_folders_that_would_shadow_something_are_no_packages():
    for name in ("operator", "shared"):
        assert not list((ROOT / name).glob("*.py")), f"{name} is a folder, not a package"
    assert not (ROOT / "__init__.py").exists()
    import operator

    assert operator.add(1, 1) == 2


def test_the_version_is_said_once():
    from infrazen import __version__

    assert __version__ == PROJECT["project"]["version"]


def test_lock_files_with_addresses_stay_out():
    names = {file.name for file in tracked()}
    assert "uv.lock" not in names
    assert "yarn.lock" not in names


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_satisfy_the_project(lock):
    pinned = pins(lock)
    for text in LOCKS[lock]:
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        if name == "infrazen":
            continue
        assert name in pinned, f"{wanted.name} is not in {lock}.txt: run `make lock`"
        assert wanted.specifier.contains(pinned[name], prereleases=True), (
            f"{wanted} against {pinned[name]} in {lock}.txt: run `make lock`"
        )


def test_locks_agree_with_each_other():
    everything = pins("dev")
    for lock in LOCKS:
        assert pins(lock).items() <= everything.items(), f"{lock}.txt differs: run `make lock`"


@pytest.mark.parametrize(
    "lock", sorted(file.name for file in (ROOT / "requirements").glob("*.txt"))
)
def test_every_locked_package_has_hashes_and_no_address(lock):
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(--(?!hash)|-[a-z] )", text, re.MULTILINE)
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert packages
    for package in packages:
        assert "--hash=sha256:" in package, package.splitlines()[0]


def test_the_core_has_no_web_server_ui_or_cluster():
    assert not {"reflex", "uvicorn", "fastapi", "kopf", "kubernetes"} & pins("core").keys()


def test_bun_is_the_one_that_reflex_wants_and_pinned_by_integrity():
    from reflex_base.constants.installer import Bun

    lock = json.loads((ROOT / "tools/bun/package-lock.json").read_text())
    bun = lock["packages"]["node_modules/bun"]
    assert Version(bun["version"]) >= Version(Bun.MIN_VERSION)
    for name, package in lock["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine():
    for file, text in texts():
        for forbidden in (*HOSTS, *MACHINE_PATHS):
            assert forbidden not in text, f"{forbidden} in {file.relative_to(ROOT)}"


def test_no_file_holds_what_looks_like_a_live_credential():
    for file, text in texts():
        for kind, pattern in CREDENTIALS.items():
            found = re.search(pattern, text)
            assert not found, f"{kind} in {file.relative_to(ROOT)}: {found[0][:12]}…"


def test_what_runs_can_be_run():
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
