"""Make the hash-pinned locks in ``requirements/``, or say that one is behind.

    python tools/lock.py            refresh what pyproject.toml made necessary
    python tools/lock.py --upgrade  take the newest versions that pyproject.toml allows
    python tools/lock.py --check    change nothing; exit 1 where a lock is behind

A lock holds names, versions and hashes, and no address: where packages come from is the
business of the machine that installs them.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
UV = ROOT / ".venv/bin/uv"
MOST = ["pyproject.toml", "--extra", "ui", "--extra", "operator", "--group", "dev"]
SETS = {
    "dev.txt": MOST,
    "core.txt": ["pyproject.toml"],
    "ui.txt": ["pyproject.toml", "--extra", "ui"],
    "operator.txt": ["pyproject.toml", "--extra", "operator"],
    "bootstrap.txt": ["requirements/bootstrap.in"],
    "node.txt": ["requirements/node.in"],
}
"""Each lock and what it is made from; the first one decides every version."""


def compile_lock(name: str, *, into: Path, upgrade: bool) -> None:
    """Write lock ``name`` to ``into``, keeping the pins that ``into`` has unless ``upgrade``."""
    first = next(iter(SETS))
    command = [str(UV), "pip", "compile", *SETS[name], "--output-file", str(into)]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--quiet", "--no-strip-extras", "--custom-compile-command", "make lock"]
    command += ["--no-emit-package", "infrazen"]
    if name != first:
        command += ["--constraint", str(into.with_name(first))]
    if upgrade:
        command.append("--upgrade")
    subprocess.run(command, cwd=ROOT, check=True)
    into.write_text(without_paths(into.read_text(), into.with_name(first)))


def without_paths(lock: str, constraint: Path) -> str:
    """``lock`` without the path that uv notes for the constraint file it was given."""
    return lock.replace(str(constraint), f"requirements/{constraint.name}")


def behind(folder: Path) -> list[str]:
    """The locks that pyproject.toml has moved away from."""
    for name in SETS:
        (folder / name).write_text((LOCKS / name).read_text())
    for name in SETS:
        compile_lock(name, into=folder / name, upgrade=False)
    return [name for name in SETS if (folder / name).read_text() != (LOCKS / name).read_text()]


def main() -> int:
    """Run the command line; the exit code says whether all is up to date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say which lock is behind")
    parser.add_argument("--upgrade", action="store_true", help="take the newest allowed versions")
    arguments = parser.parse_args()
    if arguments.check:
        with tempfile.TemporaryDirectory() as folder:
            late = behind(Path(folder))
        print(f"behind pyproject.toml: {', '.join(late)}; run `make lock`" if late else "locks: ok")
        return 1 if late else 0
    for name in SETS:
        print(f"requirements/{name}")
        compile_lock(name, into=LOCKS / name, upgrade=arguments.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
