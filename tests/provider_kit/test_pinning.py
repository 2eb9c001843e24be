"""Names stay names, addresses are the checked ones: over real TLS."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infrazen.errors import EndpointNotAllowed, ProviderUnavailable
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.payload import Answer
from infrazen.provider_kit.pinning import PIN_SECONDS
from infrazen.provider_kit.retry import Retries
from infrazen.provider_kit.transport import Limits, Transport
from tests.provider_kit.fakes import FakeTime

NAME = "api.cloud.example"
ONCE = Limits(retries=Retries(attempts=1))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate of NAME, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


class Seen:
    """What the server saw: names asked for in SNI, Host headers."""

    def __init__(self) -> None:
        self.sni: list[str | None] = []
        self.hosts: list[str] = []


async def talk(
    certificate: tuple[Path, Path],
    name: str,
    answers: list[str],
    seen: Seen,
    *,
    then: str | None = None,
) -> bytes:
    """What a server with ``certificate`` says when asked as ``name``, and ``then`` as another."""
    server_tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_tls.load_cert_chain(*certificate)
    server_tls.sni_callback = lambda _socket, asked, _context: seen.sni.append(asked)
    client_tls = ssl.create_default_context(cafile=certificate[0])

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        seen.hosts += [line[6:] for line in lines if line.lower().startswith("host: ")]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()
        await reader.read()
        writer.close()

    async def resolve(_host, _port):
        return answers

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_tls)
    port = server.sockets[0].getsockname()[1]
    async with server:
        http = Transport(
            httpx.URL(f"https://{name}:{port}"),
            guard=Guard(hosts=frozenset({name, then or ""}), allow_private=True, resolve=resolve),
            rate=None,
            limits=ONCE,
            tls=client_tls,
        )
        try:
            body = await http.get("/", read=lambda answer: answer.body)
            if then is not None:
                other = http.at(httpx.URL(f"https://{then}:{port}"))
                body = await other.get("/", read=lambda answer: answer.body)
            return body
        finally:
            await http.aclose()


def test_the_checked_address_is_reached_under_its_name(certificate):
    seen = Seen()
    assert asyncio.run(talk(certificate, NAME, ["127.0.0.1"], seen)) == b"{}"
    assert seen.sni == [NAME]
    assert [host.partition(":")[0] for host in seen.hosts] == [NAME]


def test_a_certificate_of_another_name_is_refused(certificate):
    with pytest.raises(ProviderUnavailable, match="connection failed"):
        asyncio.run(talk(certificate, "other.example", ["127.0.0.1"], Seen()))


def test_another_host_at_the_same_address_gets_no_connection_of_the_first(certificate):
    seen = Seen()
    with pytest.raises(ProviderUnavailable, match="connection failed"):
        asyncio.run(talk(certificate, NAME, ["127.0.0.1"], seen, then="other.example"))
    assert seen.sni == [NAME, "other.example"]


def test_another_host_must_be_allowed_as_the_first():
    async def go() -> None:
        async def resolve(_host, _port):
            return ["198.18.0.1" if _host == NAME else "169.254.169.254"]

        guard = Guard(hosts=frozenset({NAME}), allow_private=True, resolve=resolve)
        http = Transport(httpx.URL(f"https://{NAME}"), guard=guard, rate=None, limits=ONCE)
        with pytest.raises(EndpointNotAllowed):
            await http.at(httpx.URL("https://metadata.example")).get("/", read=lambda a: a.body)
        await http.aclose()

    asyncio.run(go())


def test_the_next_address_is_tried_where_one_is_dead(certificate):
    assert asyncio.run(talk(certificate, NAME, ["::1", "127.0.0.1"], Seen())) == b"{}"


def test_a_name_that_moves_to_a_forbidden_address_is_caught():
    """DNS rebinding: the second answer is the metadata service's."""
    time = FakeTime()
    answers = [["127.0.0.1"], ["169.254.169.254"]]

    async def resolve(_host, _port):
        return answers.pop(0)

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    def body(answer: Answer) -> bytes:
        return answer.body

    async def go() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        guard = Guard(hosts=frozenset({NAME}), allow_private=True, resolve=resolve)
        async with server:
            url = httpx.URL(f"http://{NAME}:{port}")
            http = Transport(url, guard=guard, rate=None, limits=ONCE, clock=time.clock())
            assert await http.get("/", read=body) == b"{}"
            assert await http.get("/", read=body) == b"{}"
            assert len(answers) == 1, "a pinned address is not looked up again"
            time.seconds += PIN_SECONDS
            with pytest.raises(EndpointNotAllowed):
                await http.get("/", read=body)
            await http.aclose()

    asyncio.run(go())
