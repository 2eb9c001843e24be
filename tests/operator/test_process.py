"""What a process of the operator's sets for itself."""

import gc

import pytest

from infrazen_operator.process import MADE_BETWEEN_SEARCHES, search_seldom


@pytest.fixture
def garbage_collector():
    before = gc.get_threshold()
    yield gc
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_there_is_not_searched_for_garbage(garbage_collector):
    known = ["a module's own"]
    search_seldom()
    assert not any(one is known for one in garbage_collector.get_objects())
    assert garbage_collector.get_threshold()[0] == MADE_BETWEEN_SEARCHES
    assert garbage_collector.isenabled()
