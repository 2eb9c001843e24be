"""A merge patch has what differs, and nothing where nothing does."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infrazen_operator.merging import difference, present

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
names = st.sampled_from("abc")
documents = st.dictionaries(
    names,
    st.recursive(
        leaves | st.lists(st.integers(), max_size=3),
        lambda inner: st.dictionaries(names, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


def merged(target: Any, patch: Any) -> Any:
    """RFC 7386, as it is written there."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


@given(documents, documents)
def test_what_is_patched_is_what_was_wanted(old, new):
    stands = present(old)
    assert merged(stands, difference(stands, new)) == present(new)


@given(documents)
def test_what_is_so_already_needs_no_patch(document):
    assert difference(present(document), document) == {}


def test_what_is_gone_is_null():
    assert difference({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"c": 1, "d": None}}) == {
        "a": None,
        "b": {"d": None},
    }
