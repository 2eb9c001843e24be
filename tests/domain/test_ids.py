"""Ids made of bytes."""

import pickle
from copy import copy
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.ids import uuid_of


@given(st.binary(min_size=16, max_size=16))
def test_an_id_is_the_one_that_python_makes(raw):
    made, theirs = uuid_of(raw), UUID(bytes=raw)
    assert made == theirs
    assert (hash(made), str(made), made.bytes, made.is_safe) == (
        hash(theirs),
        str(theirs),
        raw,
        theirs.is_safe,
    )
    assert pickle.loads(pickle.dumps(made)) == copy(made) == theirs
