"""Importing this package registers every page."""

from infrazen.settings import settings as configured
from infrazen_ui.pages import (
    comparison,
    connection,
    connections,
    dashboard,
    demo,
    not_found,
    recommendations,
    resource_page,
    resources,
    settings,
    setup,
    sign_in,
    welcome,
)

__all__ = [
    "comparison",
    "connection",
    "connections",
    "dashboard",
    "demo",
    "not_found",
    "recommendations",
    "resource_page",
    "resources",
    "settings",
    "setup",
    "sign_in",
    "welcome",
]

if configured().ui_gallery:
    from infrazen_ui.pages import bare, gallery

    __all__ += ["bare", "gallery"]
