"""Importing this package registers every page."""

from infrazen.settings import settings
from infrazen_ui.pages import (
    connection,
    connections,
    dashboard,
    not_found,
    resource_page,
    resources,
    setup,
    sign_in,
)

__all__ = [
    "connection",
    "connections",
    "dashboard",
    "not_found",
    "resource_page",
    "resources",
    "setup",
    "sign_in",
]

if settings().ui_gallery:
    from infrazen_ui.pages import bare, gallery

    __all__ += ["bare", "gallery"]
