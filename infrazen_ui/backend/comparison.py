"""Resources side by side: what their page's address means, and what the services know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from infrazen.services import comparison
from infrazen.services.comparison import MOST_COMPARED, Comparison
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call

__all__ = ["MOST_COMPARED", "ComparisonQuery", "address", "compare", "parse", "without"]

PATH = "/resources/compare"
LEAST = 2
"""How many there are to compare at least."""
_LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonQuery:
    """Which resources, and whether only what they differ in is shown."""

    ids: tuple[UUID, ...] = ()
    only: bool = False


def parse(query: str) -> tuple[ComparisonQuery, bool]:
    """What a query string means, and whether something in it made no sense."""
    ids: dict[UUID, None] = {}
    is_odd, only = False, False
    for name, value in parse_qsl(query[:_LONGEST_QUERY]):
        if name == "only" and value == "1":
            only = True
        elif name == "id" and (found := _id(value)) is not None:
            ids[found] = None
        else:
            is_odd = True
    return ComparisonQuery(ids=tuple(ids)[:MOST_COMPARED], only=only), (
        is_odd or len(ids) > MOST_COMPARED
    )


def address(query: ComparisonQuery) -> str:
    """The page's address for ``query``."""
    pairs = [("id", str(one)) for one in query.ids]
    pairs += [("only", "1")] * query.only
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def of(ids: Iterable[UUID]) -> str:
    """The address where resources stand side by side."""
    return address(ComparisonQuery(ids=tuple(ids)[:MOST_COMPARED]))


def without(query: ComparisonQuery, resource_id: UUID) -> str:
    """The address without one of them."""
    return address(replace(query, ids=tuple(one for one in query.ids if one != resource_id)))


async def compare(state: HasRouter, query: ComparisonQuery) -> Comparison | Refused:
    """The resources of ``query``, those that are there."""
    return await call(state, comparison.compare_resources, resource_ids=query.ids)


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
