"""Cursors come back as they were made, and nothing else is one."""

import contextlib
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.api.paging import cursor_at, position_at
from infrazen.domain.roles import Role
from infrazen.errors import Invalid
from infrazen.services import people


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    cost: Annotated[int, msgspec.Meta(ge=0)]
    name: str


@given(st.integers(0, 2**63 - 1), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_cursor_leads_back(cost, name):
    place = Place(cost, name)
    assert position_at(cursor_at(place), Place) == place


@given(st.text(max_size=60))
def test_whatever_comes_is_a_place_or_refused(text):
    with contextlib.suppress(Invalid):
        place = position_at(text, Place)
        assert cursor_at(place)
        assert place.cost >= 0


@pytest.mark.parametrize(
    "cursor",
    ["", "W10", cursor_at(Place(1, "x")) + "A", "WzEsInh dXQ", "WzEsMl0", "Wy0xLCJ4Il0", "ы"],
)
def test_tampered_cursors_are_refused(cursor):
    with pytest.raises(Invalid):
        position_at(cursor, Place)


def test_no_cursor_is_the_first_page():
    assert position_at(None, Place) is None


def test_pages_of_the_log_hold_every_event_once(api, world):
    owner = world.alpha.actor(Role.OWNER)
    for number in range(7):
        people.add_person(
            owner, email=f"p{number}@alpha.example", name=f"P{number}", role=Role.VIEWER
        )
    client, seen, cursor = api.as_session(world.alpha.cookies[Role.OWNER]), [], None
    while True:
        page = client.get(
            "/api/v1/audit", params={"limit": 3} | ({"cursor": cursor} if cursor else {})
        ).json()
        seen += [event["sequence"] for event in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("limit", [0, -1, 201, "many"])
def test_limits_are_bounded(api, world, limit):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = client.get("/api/v1/audit", params={"limit": limit})
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")
