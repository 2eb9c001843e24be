"""An API server that answers as a test says, and the operator's client of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer
from lightkube.config.kubeconfig import KubeConfig
from lightkube.config.models import Cluster, User

from infrazen_operator.api import Api
from infrazen_operator.server import Server

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(
    handler: Handler, *, user: User | None = None, prefix: str = ""
) -> AsyncIterator[Api]:
    """A client of a server that answers every request by ``handler``."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    async with (
        TestServer(application) as server,
        client_of(str(server.make_url(prefix or "/")), user=user) as client,
    ):
        yield client


@asynccontextmanager
async def client_of(
    address: str, *, user: User | None = None, tries: int = 5
) -> AsyncIterator[Api]:
    """A client of what is at ``address``, if anything is."""
    config = KubeConfig.from_one(cluster=Cluster(server=address), user=user or User()).get()
    assert config is not None
    client = Api(Server(config), tries=tries)
    try:
        yield client
    finally:
        await client.close()
