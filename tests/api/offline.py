"""The API with providers whose own addresses lead nowhere: no test asks a real cloud."""

from dataclasses import replace

from fastapi import FastAPI

from infrazen.api import create_api
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.providers import all_providers

NOWHERE = "http://127.0.0.1:9"


def offline_providers() -> dict[str, ProviderSpec]:
    """Every provider, moved to an address that connections may not name."""
    return {slug: replace(spec, base_url=NOWHERE) for slug, spec in all_providers().items()}


def create() -> FastAPI:
    """The application for a server of its own."""
    all_providers().update(offline_providers())
    return create_api()
