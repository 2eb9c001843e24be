"""Reflex reads this from the directory it runs in."""

import os

import reflex as rx

from infrazen_ui.gate.origins import allowed_origins

config = rx.Config(
    app_name="infrazen_ui",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # One process serves everybody and keeps states itself (`infrazen up` has it write them down,
    # so that open pages outlast it); several share them in Redis.
    state_manager_mode="redis" if os.environ.get("REFLEX_REDIS_URL") else "memory",
    cors_allowed_origins=allowed_origins(),
    # Else every page loads whole libraries for components made at run time: we make none.
    frontend_lazy_bundled_libraries=True,
    plugins=[],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
