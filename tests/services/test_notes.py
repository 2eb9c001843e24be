"""Whose a note is."""

import pytest

from infrazen.domain.roles import Permission, Role
from infrazen.errors import Forbidden
from infrazen.services.resources import annotate, get_resource, remove_annotation

FINOPS = Role.FINOPS


def test_a_note_left_through_a_token_is_its_persons(world):
    alpha = world.alpha
    through = alpha.token_actor(FINOPS, frozenset({Permission.RESOURCE_WRITE}))
    note = annotate(through, resource_id=alpha.resource_id, text="from a script")
    remove_annotation(alpha.actor(FINOPS), annotation_id=note)
    notes = get_resource(alpha.actor(FINOPS), resource_id=alpha.resource_id).annotations
    assert note not in {one.id for one in notes}


def test_anothers_note_stays(world):
    alpha = world.alpha
    note = alpha.annotation_ids[Role.OWNER]
    with pytest.raises(Forbidden):
        remove_annotation(alpha.actor(FINOPS), annotation_id=note)
    remove_annotation(alpha.actor(Role.ADMIN), annotation_id=note)
