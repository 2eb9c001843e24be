"""The pages as they are shipped, and with them the gallery of every part."""

import os
import subprocess
import sys
from pathlib import Path

from tests.served import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from frontend import SOURCES, build_environment, ensure_bun, fingerprint, serve_anywhere

WEB = ROOT / ".tools" / "e2e" / "web"
GALLERY = {"INFRAZEN_UI_GALLERY": "true"}


def built_pages() -> Path:
    """A build of the pages; built anew where the sources have changed."""
    client = WEB / "build" / "client"
    mark = WEB / ".built-from"
    if mark.exists() and mark.read_text() == fingerprint(*SOURCES):
        return WEB
    ensure_bun()
    WEB.mkdir(parents=True, exist_ok=True)
    export = [Path(sys.executable).with_name("reflex"), "export", "--frontend-only", "--no-zip"]
    environment = os.environ | build_environment() | GALLERY | {"REFLEX_WEB_WORKDIR": str(WEB)}
    result = subprocess.run(
        export, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    serve_anywhere(client)
    mark.write_text(fingerprint(*SOURCES))
    return WEB
