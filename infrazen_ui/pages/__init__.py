"""Importing this package registers every page."""

from infrazen.settings import settings
from infrazen_ui.pages import not_found, setup, sign_in

__all__ = ["not_found", "setup", "sign_in"]

if settings().ui_gallery:
    from infrazen_ui.pages import gallery

    __all__ += ["gallery"]
