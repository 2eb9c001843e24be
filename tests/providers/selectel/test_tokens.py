"""Tokens: asked for once a scope, renewed before and at their end; microversions; pages."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from infrazen.domain.syncs import EndpointStatus
from infrazen.errors import PermissionMissing, UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.openstack.keystone import EARLY, Keystone, Scope, Service
from infrazen.provider_kit.openstack.session import Session, joined
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.transport import Transport
from infrazen.providers.selectel.api import IDENTITY, identity_transport
from infrazen.providers.selectel.client import READING_POSTS
from infrazen.providers.selectel.inventory import MICROVERSION
from infrazen.providers.selectel.simulator.worlds import PROJECT
from tests.simulators import read_account

QUIET = {"collect_statistics": False}
ANY = msgspec.json.Decoder(dict[str, msgspec.Raw])


def at_url(url, do, *, clock=None):
    """What ``do`` makes of a Keystone and a transport at ``url``."""

    async def go():
        transport = Transport(
            httpx.URL(url),
            guard=Guard(hosts=frozenset(), allow_private=True),
            rate=None,
            reading_posts=READING_POSTS,
            clock=clock,
        )
        keystone = Keystone(
            transport,
            root=IDENTITY,
            user="infrazen",
            domain="123456",
            password="simulator-password",
        )
        try:
            return await do(transport, keystone)
        finally:
            await transport.aclose()

    return asyncio.run(go())


def test_each_scope_signs_in_once_a_sync(selectel):
    read_account("selectel", selectel.url, settings=QUIET)
    posts = [r for r in selectel.requests() if r["method"] == "POST"]
    assert len(posts) == 2, "one token for the account and one for its project"


def test_a_token_that_expires_in_mid_sync_is_renewed_once(selectel):
    selectel.fault(Kind.EXPIRED_TOKEN, "/msk/compute/v2.1/servers/detail", times=1)
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert len(reading.resources) == 4
    posts = [r for r in selectel.requests() if r["method"] == "POST"]
    assert len(posts) == 3


def test_tokens_that_never_work_are_no_endless_loop(selectel):
    selectel.fault(Kind.EXPIRED_TOKEN, "/msk/compute/v2.1/servers/detail")
    reading = read_account("selectel", selectel.url, settings=QUIET)
    [servers] = [e for e in reading.endpoints if e.name == "compute.servers"]
    assert (servers.status, servers.reason) == (EndpointStatus.FAILED, "CredentialsRefused")
    asked = Counter(r["path"] for r in selectel.requests())
    assert asked["/msk/compute/v2.1/servers/detail"] == 2


def test_a_token_is_renewed_before_it_ends(selectel):
    later = {"by": timedelta(0)}
    clock = Clock(now=lambda: datetime.now(UTC) + later["by"])

    async def do(_transport, keystone):
        scope = Scope("123456", PROJECT)
        first = await keystone.token(scope)
        same = await keystone.token(scope)
        later["by"] = first.expires_at - datetime.now(UTC) - EARLY + timedelta(seconds=1)
        return first, same, await keystone.token(scope)

    first, same, renewed = at_url(selectel.url, do, clock=clock)
    assert first is same
    assert renewed.value != first.value
    assert first.value not in repr(first)


def test_the_catalogue_leads_to_both_regions(selectel):
    async def do(_transport, keystone):
        return await keystone.token(Scope("123456", PROJECT))

    token = at_url(selectel.url, do)
    compute = [service for service in token.services if service.type == "compute"]
    assert [service.region for service in compute] == ["msk", "spb"]
    assert all(service.url.startswith(selectel.url) for service in compute)
    assert token.project_id == PROJECT


def test_a_project_without_a_role_is_a_missing_permission_not_a_wrong_password(selectel):
    async def do(_transport, keystone):
        await keystone.token(Scope("123456"))
        with pytest.raises(PermissionMissing):
            await keystone.token(Scope("123456", "nobody-knows"))
        with pytest.raises(PermissionMissing):
            await keystone.token(Scope("123456", "nobody-knows"))
        return await keystone.token(Scope("123456", PROJECT))

    assert at_url(selectel.url, do).services
    posts = [r for r in selectel.requests() if r["method"] == "POST"]
    assert len(posts) == 3, "what was refused is not asked again"


def test_a_server_has_its_flavor_inside_from_microversion_2_47_on(selectel):
    async def flavors(version):
        async def do(transport, keystone):
            session = Session(transport, keystone, Scope("123456", PROJECT))
            url = f"{selectel.url}/msk/compute/v2.1/servers/detail"
            headers = {"OpenStack-API-Version": version} if version else {}
            pages = [page async for page in session.pages(url, "servers", headers=headers)]
            return [msgspec.json.decode(raw)["flavor"] for page in pages for raw in page]

        return do

    embedded = at_url(selectel.url, asyncio.run(flavors(MICROVERSION["OpenStack-API-Version"])))
    assert embedded[0]["original_name"] == "SL1.16-32768"
    plain = at_url(selectel.url, asyncio.run(flavors(None)))
    assert set(plain[0]) == {"id"}
    with pytest.raises(UnexpectedPayload, match="406"):
        at_url(selectel.url, asyncio.run(flavors("compute 2.999")))


def test_pages_go_on_where_their_link_says_though_its_host_cannot_be_reached(selectel):
    selectel.reset("large", size=400)

    async def do(transport, keystone):
        projects = await projects_of(transport, keystone)
        session = Session(transport, keystone, Scope("123456", projects[0]))
        url = f"{selectel.url}/msk/compute/v2.1/servers/detail"
        return [len(page) async for page in session.pages(url, "servers", params={"limit": 10})]

    sizes = at_url(selectel.url, do)
    assert len(sizes) > 2
    assert set(sizes[:-1]) == {10}


async def projects_of(transport, keystone):
    session = Session(transport, keystone, Scope("123456"))
    url = f"{transport.base_url}/vpc/resell/v2/projects"
    reply = await session.get(url, ANY)
    return [project["id"] for project in msgspec.json.decode(reply["projects"])]


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://ru-3.example/network", "https://ru-3.example/network/v2.0/floatingips"),
        ("https://ru-3.example/network/v2.0", "https://ru-3.example/network/v2.0/floatingips"),
        ("https://ru-3.example/volume/v3/abc", "https://ru-3.example/volume/v3/abc/floatingips"),
    ],
)
def test_a_version_is_added_where_the_catalogue_has_none(url, whole):
    assert joined(Service("any", "ru-3", url), "/v2.0", "/floatingips") == whole


def test_only_selectels_own_address_signs_in_elsewhere():
    def transport(url):
        return Transport(httpx.URL(url), guard=Guard(hosts=frozenset()), rate=None)

    real = identity_transport(transport("https://api.selectel.ru"))
    assert str(real.base_url) == "https://cloud.api.selcloud.ru"
    other = transport("http://127.0.0.1:8090")
    assert identity_transport(other) is other
