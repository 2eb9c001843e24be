import socket

import pytest

from infrazen.errors import Conflict
from infrazen.serving.ports import EVERYWHERE, PORTS_TRIED, hold_port, port_of
from tests.servers import free_port as any_port


@pytest.fixture
def taken():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_free_port_that_is_wanted_is_taken():
    port = any_port()
    with hold_port(host="127.0.0.1", wanted=port) as listener:
        assert port_of(listener) == port


def test_a_taken_port_that_is_wanted_says_what_to_do(taken):
    with pytest.raises(Conflict, match=f"port {taken} is taken: .*--port"):
        hold_port(host="127.0.0.1", wanted=taken)


def test_without_a_wish_the_next_free_one_is_taken(taken):
    with hold_port(host="127.0.0.1", wanted=None, first=taken) as listener:
        assert taken < port_of(listener) <= taken + PORTS_TRIED


def test_two_that_start_at_once_get_a_port_each():
    first = any_port()
    with (
        hold_port(host="127.0.0.1", wanted=None, first=first) as one,
        hold_port(host="127.0.0.1", wanted=None, first=first) as other,
    ):
        assert port_of(one) < port_of(other)


def test_who_comes_before_the_start_is_over_waits():
    with (
        hold_port(host="127.0.0.1", wanted=any_port()) as listener,
        socket.create_connection(listener.getsockname(), timeout=5) as early,
    ):
        early.sendall(b"hello")
        served, _ = listener.accept()
        with served:
            assert served.recv(5) == b"hello"


def test_every_address_is_of_ipv4_and_of_ipv6_where_there_is_one():
    with hold_port(host=EVERYWHERE, wanted=any_port()) as listener:
        hosts = ["127.0.0.1", *(["::1"] if socket.has_dualstack_ipv6() else [])]
        for host in hosts:
            socket.create_connection((host, port_of(listener)), timeout=5).close()


def test_where_the_machine_knows_no_ipv6_every_address_is_of_ipv4(monkeypatch):
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    with hold_port(host=EVERYWHERE, wanted=any_port()) as listener:
        assert listener.family is socket.AF_INET
        socket.create_connection(("127.0.0.1", port_of(listener)), timeout=5).close()


def test_where_none_is_free_it_says_so(taken, monkeypatch):
    monkeypatch.setattr("infrazen.serving.ports.PORTS_TRIED", 1)
    with pytest.raises(Conflict, match="all taken"):
        hold_port(host="127.0.0.1", wanted=None, first=taken)
