"""What of a usage export is a connection's own, where several read one export."""

import pytest

from infrazen.providers.yandex.credentials import YandexSettings, are_apart
from infrazen.providers.yandex.shares import USAGE_EXPORT, ExportShare
from infrazen.providers.yandex.wire.usage import Item

EXPORT = {"export_bucket": "billing", "export_prefix": "/details/"}
BLANK = dict.fromkeys(Item._fields, "")


def item(cloud: str, folder: str) -> Item:
    return Item(**{**BLANK, "cloud_id": cloud, "folder_id": folder, "labels": ()})


ROWS = {
    "mine": item("c1", "f1"),
    "theirs": item("c1", "f2"),
    "nobody's": item("c1", "f3"),
    "the cloud's": item("c1", ""),
    "another cloud's": item("c2", "f4"),
    "the account's": item("", ""),
}


class Claims:
    """A sink that knows what others read, and keeps what is claimed."""

    def __init__(self, elsewhere=()):
        self.elsewhere = dict.fromkeys(elsewhere, "another")
        self.claimed: list[str] = []

    def read_elsewhere(self):
        return self.elsewhere

    def component(self, seen):
        assert seen.kind == USAGE_EXPORT
        self.claimed.append(seen.details["id"])


def claimed(elsewhere=(), **settings):
    sink = Claims(elsewhere)
    ExportShare(YandexSettings(**settings)).claim(sink, listing="folders")
    return sink.claimed


def ours(elsewhere=(), **settings):
    share = ExportShare(YandexSettings(**EXPORT, **settings))
    return {
        name
        for name, row in ROWS.items()
        if share.is_ours(row, here={"f1"}, elsewhere=set(elsewhere))
    }


def test_the_first_takes_the_rest_of_the_export():
    assert claimed(**EXPORT) == ["billing/details/:"]
    assert claimed(**EXPORT, cloud_ids="c2 c1") == [
        "billing/details/:c1",
        "billing/details/:c2",
    ]


@pytest.mark.parametrize("settings", [{}, {**EXPORT, "folder_ids": "f1"}])
def test_who_reads_none_or_only_folders_takes_no_rest(settings):
    assert claimed(**settings) == []


def test_the_rest_is_taken_once():
    assert claimed(["billing/details/:"], **EXPORT) == []
    assert claimed(["billing/details/:"], **EXPORT, cloud_ids="c1") == []
    assert claimed(["billing/details/:c1"], **EXPORT, cloud_ids="c1,c2") == ["billing/details/:c2"]
    assert claimed(["another/bucket:"], **EXPORT) == ["billing/details/:"]


def test_alone_one_has_every_row_of_what_was_chosen():
    assert ours() == set(ROWS)
    assert ours(cloud_ids="c1") == {"mine", "theirs", "nobody's", "the cloud's"}
    assert ours(folder_ids="f1,f3") == {"mine", "nobody's"}


def test_rows_of_folders_that_another_reads_are_not_ours():
    assert ours(["f2"]) == set(ROWS) - {"theirs"}


def test_beside_one_that_has_the_rest_only_what_is_read_here_is_ours():
    assert ours(["f2", "billing/details/:"]) == {"mine"}
    assert ours(["billing/details/:c1"]) == {"mine", "another cloud's", "the account's"}


def test_every_row_is_somebodys_and_nobody_elses():
    """Two connections, however they choose: the rows of both together are all, each once."""
    rest = ours(["f2"])
    theirs = ExportShare(YandexSettings(**EXPORT))
    second = {
        name
        for name, row in ROWS.items()
        if theirs.is_ours(row, here={"f2"}, elsewhere={"f1", "billing/details/:"})
    }
    assert second == {"theirs"}
    assert rest | second == set(ROWS)
    assert not rest & second


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({}, {}, False),
        ({"folder_ids": "a"}, {}, False),
        ({"folder_ids": "a"}, {"folder_ids": "b"}, True),
        ({"folder_ids": "a b"}, {"folder_ids": "b,c"}, False),
        ({"cloud_ids": "a"}, {"folder_ids": "b"}, False),
        ({"cloud_ids": "a"}, {"cloud_ids": "b"}, True),
        ({"cloud_ids": "a", "folder_ids": "x"}, {"cloud_ids": "a", "folder_ids": "y"}, True),
    ],
)
def test_choices_are_apart_where_they_have_nothing_in_common(one, other, apart):
    pair = YandexSettings(**one), YandexSettings(**other)
    assert are_apart(*pair) is apart
    assert are_apart(*reversed(pair)) is apart
