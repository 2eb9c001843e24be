import asyncio
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.paging import Page, cursor_pages, offset_pages


def raw(number: int) -> msgspec.Raw:
    return msgspec.Raw(str(number).encode())


class Api:
    """A listing of ``count`` records by offset; ``cap`` is the longest page it gives."""

    def __init__(self, count: int, *, cap: int = 1000, states_total: bool = True) -> None:
        self.records = [raw(n) for n in range(count)]
        self.cap = cap
        self.states_total = states_total
        self.asked: list[tuple[int, int]] = []
        self.busy = self.most = 0

    async def fetch(self, offset: int, limit: int) -> Page[msgspec.Raw]:
        self.asked.append((offset, limit))
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        items = self.records[offset : offset + min(limit, self.cap)]
        return Page(items, len(self.records) if self.states_total else None)


def read(fetch, **options) -> list[int]:
    async def go() -> list[int]:
        pages = offset_pages(fetch, what="things", **options)
        return [int(bytes(item)) async for page in pages for item in page]

    return asyncio.run(go())


@given(
    count=st.integers(0, 300),
    cap=st.integers(1, 50),
    size=st.integers(1, 60),
    at_once=st.integers(1, 6),
    states_total=st.booleans(),
)
def test_every_record_comes_once_however_the_server_cuts(count, cap, size, at_once, states_total):
    api = Api(count, cap=cap, states_total=states_total)
    assert sorted(read(api.fetch, size=size, at_once=at_once)) == list(range(count))
    assert api.most <= at_once


@given(cuts=st.lists(st.integers(1, 7), min_size=50, max_size=50))
def test_pages_may_be_shorter_than_asked_for(cuts):
    api = Api(100)
    lengths = iter(cuts * 10)

    async def fetch(offset, limit):
        page = await api.fetch(offset, limit)
        return Page(page.items[: next(lengths)], page.total)

    assert sorted(read(fetch, size=10)) == list(range(100))


def test_a_page_that_repeats_is_noticed():
    api = Api(100)

    async def fetch(_offset, limit):
        return await api.fetch(0, limit)

    with pytest.raises(UnexpectedPayload, match="same page came twice"):
        read(fetch, size=10)


@pytest.mark.parametrize("total", [None, 100])
def test_a_page_that_repeats_is_noticed_without_total_too(total):
    async def fetch(_offset, _limit):
        return Page([raw(1), raw(2)], total)

    with pytest.raises(UnexpectedPayload, match="same page came twice"):
        read(fetch)


def test_an_end_before_the_total_is_noticed():
    api = Api(50)

    async def fetch(offset, limit):
        page = await api.fetch(offset, limit)
        return Page(page.items, 80)

    with pytest.raises(UnexpectedPayload, match="ended after 50 of 80"):
        read(fetch, size=10, at_once=1)


def test_an_empty_first_page_of_a_full_list_is_noticed():
    async def fetch(_offset, _limit):
        return Page([], 7)

    with pytest.raises(UnexpectedPayload, match="ended after 0 of 7"):
        read(fetch)


def test_a_list_that_changes_is_read_anew():
    api = Api(40)

    async def fetch(offset, limit):
        if len(api.asked) == 2:
            del api.records[0]
        return await api.fetch(offset, limit)

    assert set(range(1, 40)) <= set(read(fetch, size=10, at_once=1))


def test_a_list_that_keeps_changing_is_given_up():
    api = Api(40)

    async def fetch(offset, limit):
        api.records.append(raw(len(api.records)))
        return await api.fetch(offset, limit)

    with pytest.raises(UnexpectedPayload, match="keeps changing"):
        read(fetch, size=10)


def test_after_the_first_page_the_others_come_together():
    api = Api(10_000)
    read(api.fetch, size=1000, at_once=4)
    assert api.most == 4
    assert len(api.asked) == 10


def test_an_error_in_one_page_ends_the_reading():
    api = Api(100)

    async def fetch(offset, limit):
        if offset == 50:
            raise UnexpectedPayload("broken")
        return await api.fetch(offset, limit)

    with pytest.raises(UnexpectedPayload, match="broken"):
        read(fetch, size=10)


def test_cursors_are_followed_until_there_is_none():
    pages = {None: ([1, 2], "a"), "a": ([3], "b"), "b": ([], None)}

    async def fetch(cursor):
        return pages[cursor]

    async def go():
        return [item async for page in cursor_pages(fetch, what="things") for item in page]

    assert asyncio.run(go()) == [1, 2, 3]


@given(st.lists(st.sampled_from("abc"), min_size=4, max_size=10))
def test_a_cursor_that_comes_back_is_noticed(cursors):
    following = iter(cursors)
    asked = Counter()

    async def fetch(cursor):
        asked[cursor] += 1
        return [1], next(following)

    async def go():
        async for _ in cursor_pages(fetch, what="things"):
            pass

    with pytest.raises(UnexpectedPayload, match="cursor came twice"):
        asyncio.run(go())
    assert max(asked.values()) == 1
