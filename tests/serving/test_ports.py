import socket

import pytest

from infrazen.errors import Conflict
from infrazen.serving.ports import PORTS_TRIED, free_port, is_free
from tests.servers import free_port as any_port


@pytest.fixture
def taken():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_free_port_that_is_wanted_is_taken():
    port = any_port()
    assert free_port(host="127.0.0.1", wanted=port) == port


def test_a_taken_port_that_is_wanted_says_what_to_do(taken):
    with pytest.raises(Conflict, match=f"port {taken} is taken: .*--port"):
        free_port(host="127.0.0.1", wanted=taken)


def test_without_a_wish_the_next_free_one_is_taken(taken):
    assert taken < free_port(host="127.0.0.1", wanted=None, first=taken) <= taken + PORTS_TRIED


def test_where_none_is_free_it_says_so(taken, monkeypatch):
    monkeypatch.setattr("infrazen.serving.ports.PORTS_TRIED", 1)
    with pytest.raises(Conflict, match="all taken"):
        free_port(host="127.0.0.1", wanted=None, first=taken)
    assert not is_free(host="127.0.0.1", port=taken)
