"""The table of addresses that must not be reached, and of the ways to write them."""

import asyncio
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import EndpointNotAllowed, Invalid, ProviderUnavailable
from infrazen.provider_kit.guard import Guard, Reach, parse_endpoint, reach, system_resolve

OWN = "api.cloud.example"
PUBLIC = "93.184.215.14"


def check(
    url: str, *, answers: dict[str, list[str]] | None = None, private: bool = False, resolve=None
) -> tuple[str, ...]:
    async def fake(host: str, _port: int) -> list[str]:
        if host not in (answers or {}):
            raise OSError("no such host")
        return (answers or {})[host]

    guard = Guard(hosts=frozenset({OWN}), allow_private=private, resolve=resolve or fake)
    return asyncio.run(guard.addresses(parse_endpoint(url)))


NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.7",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:a9fe:a9fe::1",
    "2001::1",
    "2001:db8::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "fd00:ec2::254",
    "100::1",
]
PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "::1",
    "fd12:3456::1",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [False, True])
def test_some_addresses_are_never_reached(address, private):
    assert reach(address) is Reach.NEVER
    with pytest.raises(EndpointNotAllowed, match="never"):
        check(f"https://{OWN}/", answers={OWN: [address]}, private=private)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_the_operators_word(address):
    assert reach(address) is Reach.PRIVATE
    with pytest.raises(EndpointNotAllowed, match="INFRAZEN_ALLOW_PRIVATE_ENDPOINTS=true"):
        check(f"https://{OWN}/", answers={OWN: [address]})
    assert check("http://any.name/", answers={"any.name": [address]}, private=True) == (address,)


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "172.32.0.1", "100.128.0.1"]
)
def test_public_addresses_are_reached_by_their_own_name_only(address):
    assert reach(address) is Reach.PUBLIC
    assert check(f"https://{OWN}/", answers={OWN: [address]}) == (address,)
    for private in (False, True):
        with pytest.raises(EndpointNotAllowed, match="INFRAZEN_ALLOWED_ENDPOINTS"):
            check("https://evil.example/", answers={"evil.example": [address]}, private=private)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0x7f.0x0.0x0.0x1",
        "127.0.0.01",
        "2852039166",
        "169.254.43518",
    ],
)
@pytest.mark.parametrize("private", [False, True])
def test_unusual_ways_to_write_an_address_are_refused(host, private):
    with pytest.raises((EndpointNotAllowed, Invalid)):
        check(f"http://{host}/", answers={host: ["127.0.0.1"]}, private=private)


def test_every_address_of_a_host_is_checked():
    for bad in ("10.0.0.1", "169.254.169.254", "::1"):
        with pytest.raises(EndpointNotAllowed):
            check(f"https://{OWN}/", answers={OWN: [PUBLIC, bad]}, private=True)


def test_public_hosts_are_reached_by_https_only():
    with pytest.raises(EndpointNotAllowed, match="https://"):
        check(f"http://{OWN}/", answers={OWN: [PUBLIC]}, private=True)


def test_a_host_that_is_not_listed_is_not_even_looked_up():
    asked = []

    async def resolve(host, _port):
        asked.append(host)
        return [PUBLIC]

    with pytest.raises(EndpointNotAllowed):
        check("https://internal.corp/", resolve=resolve)
    assert asked == []


def test_an_unknown_host_is_unavailable_and_named():
    with pytest.raises(ProviderUnavailable, match=f"no host {OWN}"):
        check(f"https://{OWN}/", answers={})


def test_names_are_compared_without_case_and_final_dot():
    assert check("https://API.Cloud.Example./", answers={OWN: [PUBLIC]}) == (PUBLIC,)


def test_names_that_only_look_like_the_own_one_are_refused():
    for host in (
        f"{OWN}.evil.example",
        f"x{OWN}",
        "api.cloud.example@evil.example".partition("@")[2],
    ):
        with pytest.raises(EndpointNotAllowed):
            check(f"https://{host}/", answers={host: [PUBLIC]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.cloud.example",
        "ftp://api.cloud.example",
        "file:///etc/passwd",
        "https://",
        "https://user:password@api.cloud.example",
        "https://api.cloud.example@evil.example",
        "https://api.cloud.example/?a=b",
        "https://api.cloud.example/#x",
        "http://[fe80::1%25eth0]/",
        "https://[nonsense",
        "https://api.cloud.example:99999999",
        "https://\u0000/",
    ],
)
def test_odd_endpoints_are_invalid(text):
    with pytest.raises(Invalid) as caught:
        parse_endpoint(text)
    assert caught.value.field == "endpoint"
    assert "password" not in str(caught.value)


def test_a_good_endpoint_loses_its_final_slash():
    assert (
        str(parse_endpoint(" https://api.cloud.example/base/ ")) == "https://api.cloud.example/base"
    )


def test_the_system_resolves_loopback():
    assert "127.0.0.1" in asyncio.run(system_resolve("localhost", 80))


@given(st.integers(0, 2**32 - 1))
def test_mapped_addresses_lie_where_the_plain_ones_do(number):
    plain = IPv4Address(number)
    mapped = IPv6Address(0xFFFF00000000 + number)
    assert reach(str(mapped)) is reach(str(plain))


@given(st.ip_addresses())
def test_nothing_public_is_private_to_the_standard_library(address):
    if reach(str(address)) is Reach.PUBLIC:
        embedded = getattr(address, "sixtofour", None) or getattr(address, "ipv4_mapped", None)
        assert embedded is not None or not (
            address.is_loopback
            or address.is_link_local
            or address.is_multicast
            or address.is_unspecified
            or address.is_private
        )


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://ru-3.cloud.example", True),
        ("https://ru-3.api.cloud.example", True),
        ("https://cloud.example", False),
        ("https://evilcloud.example", False),
        ("https://cloud.example.evil.example", False),
    ],
)
def test_a_name_with_a_dot_before_it_stands_for_every_host_under_it(url, allowed):
    async def resolve(_host, _port):
        return [PUBLIC]

    guard = Guard(hosts=frozenset({".cloud.example"}), resolve=resolve)
    if allowed:
        assert asyncio.run(guard.addresses(parse_endpoint(url))) == (PUBLIC,)
    else:
        with pytest.raises(EndpointNotAllowed):
            asyncio.run(guard.addresses(parse_endpoint(url)))


def test_a_simulator_opens_its_own_address_on_this_machine_and_no_other():
    guard = Guard(hosts=frozenset({OWN}), simulators=frozenset({"127.0.0.1:8123"}))

    def ask(url: str) -> tuple[str, ...]:
        return asyncio.run(guard.addresses(parse_endpoint(url)))

    assert ask("http://127.0.0.1:8123/anything") == ("127.0.0.1",)
    for url in ("http://127.0.0.1:8124", "http://127.0.0.1", "http://localhost:8123"):
        with pytest.raises(EndpointNotAllowed):
            ask(url)
