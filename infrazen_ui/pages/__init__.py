"""Importing this package registers every page."""

from infrazen.settings import settings as configured
from infrazen_ui.pages import (
    connection,
    connections,
    dashboard,
    not_found,
    recommendations,
    resource_page,
    resources,
    settings,
    setup,
    sign_in,
)

__all__ = [
    "connection",
    "connections",
    "dashboard",
    "not_found",
    "recommendations",
    "resource_page",
    "resources",
    "settings",
    "setup",
    "sign_in",
]

if configured().ui_gallery:
    from infrazen_ui.pages import bare, gallery

    __all__ += ["bare", "gallery"]
