"""The way to the sign-in page, and back to where somebody wanted to go."""

from urllib.parse import quote


def sign_in_address(path: str, query: str) -> str:
    """Where to sign in before going on to ``path`` with ``query``."""
    wanted = f"{path}?{query}" if query else path
    if wanted.strip("/") == "" or path.strip("/") == "login":
        return "/login"
    return f"/login?next={quote(wanted, safe='/')}"
