"""What the interface asks of the installation itself, before anybody is signed in."""

import asyncio

from infrazen.errors import StorageUnavailable
from infrazen.services import setup


async def needs_setup() -> bool:
    """Whether there is nobody yet who could sign in; False where the database is silent."""
    try:
        return await asyncio.to_thread(setup.setup_needed)
    except StorageUnavailable:
        return False
