"""The Content-Security-Policy of our pages.

Inline scripts run only where their hash is known: those that the build wrote into the
pages. ``unsafe-eval`` stays, as Reflex runs the events that a server sends with it;
inline styles stay, as its style library writes them.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from reflex.utils.prerequisites import get_web_dir
from reflex_base.constants import Dirs

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")


def content_policy(host: str) -> str:
    """The policy for a page served at ``host`` (from the request, so not to be trusted)."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    scripts = " ".join(script_sources(get_web_dir() / Dirs.STATIC))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",  # scripts send forms; before they run, nothing does
            "frame-ancestors 'none'",
        )
    )


@cache
def script_sources(built: Path) -> tuple[str, ...]:
    """The hash of every inline script in the pages under ``built``."""
    hashes = {
        _source(script)
        for page in built.rglob("*.html")
        for script in _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    }
    return tuple(sorted(hashes))


def _source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
