"""The Reflex app: pages, API and gates in one ASGI application."""

import reflex as rx

from infrazen.api.app import create_api
from infrazen_ui import pages as _pages  # noqa: F401 (importing registers them)
from infrazen_ui.gate.events import SessionGuard
from infrazen_ui.gate.kept_pages import keep_no_cookies
from infrazen_ui.gate.origins import may_connect
from infrazen_ui.gate.web import gate
from infrazen_ui.layout.document import STYLESHEETS, head
from infrazen_ui.layout.trouble import app_wraps, toaster
from infrazen_ui.states.troubles import on_backend_error, on_frontend_error

keep_no_cookies()
app = rx.App(
    html_lang="ru",
    stylesheets=STYLESHEETS,
    reset_style=False,
    head_components=head(),
    app_wraps=app_wraps(),
    toaster=toaster(),
    api_transformer=[create_api(), gate],
    backend_exception_handler=on_backend_error,
    frontend_exception_handler=on_frontend_error,
)
app.add_middleware(SessionGuard())
if app.sio is not None:
    app.sio.eio.cors_allowed_origins = may_connect
    # A connection that died without a word is noticed within so many seconds, on both sides.
    app.sio.eio.ping_interval, app.sio.eio.ping_timeout = 15, 20
