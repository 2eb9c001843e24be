"""The resource table's address: what people and programs may write there, and what it means."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infrazen.api.resource_query import FileQuery
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.domain.resource_columns import TAG, ResourceColumn
from infrazen.domain.resources import ResourceStatus
from infrazen_ui.backend.resource_moves import sorted_by, toggled
from infrazen_ui.backend.resource_query import (
    FACETS,
    SIZES,
    ResourceQuery,
    address,
    export_address,
    parse,
)

plain = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
words = st.text(plain, min_size=1, max_size=30).filter(lambda word: word != "-")
keys = st.text(plain, min_size=1, max_size=20).filter(lambda key: "=" not in key)
texts = st.lists(st.text(plain, min_size=1, max_size=12), max_size=4).map(
    lambda parts: " ".join(" ".join(parts).split())
)


def several(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(values, max_size=3, unique=True).map(tuple)


filters = st.builds(
    ResourceFilter,
    text=texts,
    connections=several(st.uuids()),
    providers=several(words),
    types=several(words),
    statuses=several(st.sampled_from(ResourceStatus)),
    regions=several(st.one_of(st.just(""), words)),
    owners=several(st.one_of(st.just(""), words)),
    environments=several(st.one_of(st.just(""), words)),
    projects=several(st.one_of(st.just(""), words)),
    tags=st.dictionaries(keys, st.one_of(st.just(""), words), max_size=3),
    presence=st.sampled_from(Presence),
)
asked = st.builds(
    ResourceQuery,
    wanted=filters,
    sort=st.sampled_from(SortKey),
    descending=st.booleans(),
    page=st.integers(1, 1000),
    size=st.sampled_from(SIZES),
    columns=several(
        st.one_of(st.sampled_from(ResourceColumn).map(str), keys.map(lambda key: f"{TAG}{key}"))
    ),
)


def query_of(url: str) -> str:
    return urlsplit(url).query


@given(asked)
def test_an_address_means_what_it_was_made_from(query):
    assert parse(query_of(address(query))) == (query, ())


@given(asked)
def test_the_api_takes_the_export_address_and_means_the_same(query):
    sent = parse_qs(query_of(export_address(query, query.columns)), keep_blank_values=True)
    single = {"text", "presence", "sort", "order"}
    asked_for = {name: values[0] if name in single else values for name, values in sent.items()}
    taken = FileQuery.model_validate(asked_for)
    assert taken.wanted == query.wanted
    assert (taken.sort, taken.descending) == (query.sort, query.descending)
    assert tuple(taken.column) == query.columns


@given(st.text(max_size=200))
def test_any_address_shows_something(query):
    found, _ = parse(query)
    assert parse(query_of(address(found))) == (found, ())


def test_the_plain_table_has_a_plain_address():
    assert address(ResourceQuery()) == "/resources"
    assert parse("") == (ResourceQuery(), ())


def test_an_address_as_people_share_it():
    connection = "3cf940aa-3704-499b-8b90-ef0ec941fc76"
    found, wrong = parse(
        f"q=runner%20rus&connection={connection}&type=vps&type=mysql&status=running"
        "&tag=env%3Dprod&sort=name&order=asc&page=2&size=100"
    )
    assert not wrong
    assert found == ResourceQuery(
        wanted=ResourceFilter(
            text="runner rus",
            connections=(UUID(connection),),
            types=("vps", "mysql"),
            statuses=(ResourceStatus.RUNNING,),
            tags={"env": "prod"},
        ),
        sort=SortKey.NAME,
        descending=False,
        page=2,
        size=100,
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("connection=1", "connection"),
        ("status=RUNNING!", "status"),
        ("presence=maybe", "presence"),
        ("sort=password_hash", "sort"),
        ("order=sideways", "order"),
        ("page=0", "page"),
        ("page=-3", "page"),
        ("page=two", "page"),
        ("page=9999999999", "page"),
        ("page=²", "page"),
        ("size=100000", "size"),
        ("tag=%3Dprod", "tag"),
        ("type=a%00b", "type"),
        ("colour=red", "colour"),
    ],
)
def test_what_makes_no_sense_is_named_and_left_out(query, named):
    found, wrong = parse(f"{query}&q=kept")
    assert wrong == (named,)
    assert found == ResourceQuery(wanted=ResourceFilter(text="kept"))


@given(asked, st.sampled_from([*FACETS, "tag"]))
def test_choosing_twice_changes_nothing_but_the_page(query, facet):
    value = {
        "connection": "3cf940aa-3704-499b-8b90-ef0ec941fc76",
        "status": "failed",
        "tag": "a-new-key=1",
    }.get(facet, "something new")
    assume(ResourceStatus.FAILED not in query.wanted.statuses)
    chosen = toggled(query, facet, value)
    assert chosen != replace(query, page=1)
    assert toggled(chosen, facet, value) == replace(query, page=1)


@pytest.mark.parametrize(
    ("facet", "value"),
    [("connection", "no-uuid"), ("status", "on fire"), ("wanted", "x"), ("__class__", "x"),
     ("type", ""), ("tag", "=x")],
)  # fmt: skip
def test_a_choice_that_makes_no_sense_changes_nothing(facet, value):
    query = ResourceQuery(page=1)
    assert toggled(query, facet, value) == query


def test_the_same_column_again_turns_the_order_round():
    by_name = sorted_by(ResourceQuery(page=4), "name")
    assert (by_name.sort, by_name.descending, by_name.page) == (SortKey.NAME, False, 1)
    assert sorted_by(by_name, "name").descending
    assert sorted_by(by_name, "cost").descending
    assert sorted_by(by_name, "secret") == by_name
