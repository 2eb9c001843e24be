"""Columns of the resource table: which there are, and what a choice makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.resource_columns import (
    MOST_COLUMNS,
    USUAL,
    ResourceColumn,
    column_of,
    columns_of,
    moved,
    tag_key,
    toggled,
)

some = st.lists(
    st.one_of(st.sampled_from([one.value for one in ResourceColumn]), st.just("tag:env")),
    min_size=1,
    unique=True,
).map(tuple)


@pytest.mark.parametrize("name", [*(one.value for one in ResourceColumn), "tag:env", "tag:a,b c"])
def test_what_is_a_column(name):
    assert column_of(name) == name


@pytest.mark.parametrize(
    "name", ["", "name", "Cost", "tag:", "tag:a=b", "tag:\x00", "tag:" + "x" * 200]
)
def test_what_is_none(name):
    with pytest.raises(ValueError, match="^" if name == "" else "."):
        column_of(name)
    assert columns_of([name, "cost", "cost", None, 3]) == ("cost",)


def test_a_column_comes_before_those_offered_after_it():
    assert toggled(USUAL, "project") == (
        "type",
        "status",
        "region",
        "owner",
        "project",
        "changed",
        "cost",
    )
    assert toggled(USUAL, "tag:env").index("tag:env") == USUAL.index("changed")
    assert toggled(("type",), "cost") == ("type", "cost")


@given(some, st.sampled_from([one.value for one in ResourceColumn]))
def test_twice_is_as_before_or_elsewhere_but_never_twice(columns, column):
    once = toggled(columns, column)
    assert len(set(once)) == len(once) >= 1
    assert set(toggled(once, column)) == set(columns) or len(columns) == 1


def test_the_last_one_stays_and_there_is_a_most():
    assert toggled(("cost",), "cost") == ("cost",)
    many = tuple(f"tag:{n}" for n in range(MOST_COLUMNS))
    assert len(toggled(many, "cost")) == MOST_COLUMNS


@given(some, some, st.sampled_from([-1, 1]))
def test_moving_loses_nothing_and_back_is_back(columns, others, step):
    column = columns[0]
    there = moved(columns, column, step)
    assert sorted(there) == sorted(columns)
    if there != columns:
        assert moved(there, column, -step) == columns
    assert moved(columns, "no such", step) == columns
    assert moved(others, others[-1], 5) == others


def test_the_key_of_a_tags_column():
    assert (tag_key("tag:env"), tag_key("cost")) == ("env", "")
