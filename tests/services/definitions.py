"""Definitions of saved views, whatever may stand in one."""

from hypothesis import strategies as st

from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.db.queries.saved_views import Definition
from infrazen.domain.resource_columns import ResourceColumn
from infrazen.domain.resources import ResourceStatus

plain = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
words = st.text(plain, min_size=1, max_size=20)


def several(values: st.SearchStrategy) -> st.SearchStrategy:
    """A few different ones."""
    return st.lists(values, max_size=3, unique=True).map(tuple)


definitions = st.builds(
    Definition,
    wanted=st.builds(
        ResourceFilter,
        text=st.text(plain, max_size=20),
        connections=several(st.uuids()),
        types=several(words),
        services=several(words),
        statuses=several(st.sampled_from(ResourceStatus)),
        owners=several(st.one_of(st.just(""), words)),
        tags=st.dictionaries(words, st.one_of(st.just(""), words), max_size=3),
        presence=st.sampled_from(Presence),
    ),
    sort=st.sampled_from(SortKey),
    descending=st.booleans(),
    columns=several(st.sampled_from([one.value for one in ResourceColumn])),
)
