"""The REST API: thin routers over services.

A resource is one file in ``routers``: its answers (pydantic models made from what the
service returns), its routes (plain ``def``: services are synchronous and run in threads),
and an entry in ``app.ROUTERS``. ``routers/tokens.py`` shows it all.
"""

from infrazen.api.app import create_api

__all__ = ["create_api"]
