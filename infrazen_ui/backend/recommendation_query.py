"""Which recommendations a page's address means, as ``resource_query`` does for resources."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from infrazen.db.queries.recommendations import Wanted
from infrazen.domain.recommendations import LIVE, Category, State
from infrazen.domain.text import without_controls

PATH = "/recommendations"
EXPORT = "/api/v1/exports/recommendations.csv"
SIZE = 24
FACETS = ("category", "rule", "connection")
_LAST_PAGE = 100_000
_LONGEST_QUERY = 10_000
_MOST_CHOICES = 50

T = TypeVar("T")


class Shelf(StrEnum):
    """Which of them: those that wait, or one of the others."""

    ACTIVE = "active"
    SNOOZED = "snoozed"
    DONE = "done"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class Look(StrEnum):
    """How they are shown."""

    CARDS = "cards"
    TABLE = "table"


STATES: dict[Shelf, tuple[State, ...]] = {
    Shelf.ACTIVE: tuple(sorted(LIVE)),
    Shelf.SNOOZED: (State.SNOOZED,),
    Shelf.DONE: (State.DONE,),
    Shelf.DISMISSED: (State.DISMISSED,),
    Shelf.CLOSED: (State.CLOSED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationQuery:
    """What the page shows; ``chosen`` is the one whose details are open."""

    text: str = ""
    shelf: Shelf = Shelf.ACTIVE
    category: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    connection: tuple[str, ...] = ()
    look: Look = Look.CARDS
    page: int = 1
    chosen: UUID | None = None

    @property
    def offset(self) -> int:
        """How many come before the page."""
        return (self.page - 1) * SIZE

    @property
    def is_narrowed(self) -> bool:
        """Whether something is filtered out within the shelf."""
        return bool(self.text or self.category or self.rule or self.connection)

    @property
    def wanted(self) -> Wanted:
        """The filter as services take it."""
        return Wanted(
            text=self.text,
            states=STATES[self.shelf],
            categories=tuple(Category(one) for one in self.category),
            rules=self.rule,
            connections=tuple(UUID(one) for one in self.connection),
        )


def parse(query: str) -> RecommendationQuery:
    """What a query string means; what makes no sense in it is left out."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.lstrip("?")[:_LONGEST_QUERY]):
        values.setdefault(name, []).append(value)
    text = " ".join(values.get("q", [""])[-1].split())
    return RecommendationQuery(
        text=without_controls(text, longest=200),
        shelf=_one(values, "show", Shelf, Shelf.ACTIVE),
        category=_each(values, "category", lambda word: Category(word).value),
        rule=_each(values, "rule", _word),
        connection=_each(values, "connection", lambda word: str(UUID(word))),
        look=_one(values, "view", Look, Look.CARDS),
        page=_one(values, "page", _page, 1),
        chosen=_one(values, "open", UUID, None),
    )


def address(query: RecommendationQuery) -> str:
    """The page's address for ``query``; what is as usual is left unsaid."""
    pairs = [("q", query.text)] if query.text else []
    if query.shelf is not Shelf.ACTIVE:
        pairs.append(("show", query.shelf.value))
    pairs += [(name, one) for name in FACETS for one in getattr(query, name)]
    if query.look is not Look.CARDS:
        pairs.append(("view", query.look.value))
    if query.page != 1:
        pairs.append(("page", str(query.page)))
    if query.chosen is not None:
        pairs.append(("open", str(query.chosen)))
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def export_address(query: RecommendationQuery) -> str:
    """Where the API gives exactly what ``query`` finds as CSV."""
    pairs = [("text", query.text)] if query.text else []
    pairs += [("state", one.value) for one in STATES[query.shelf]]
    pairs += [("category", one) for one in query.category]
    pairs += [("rule", one) for one in query.rule]
    pairs += [("connection_id", one) for one in query.connection]
    return f"{EXPORT}?{urlencode(pairs)}"


def toggled(query: RecommendationQuery, facet: str, value: str) -> RecommendationQuery:
    """``query`` with a choice made or taken back; unchanged where it makes no sense."""
    if facet not in FACETS:
        return query
    before: tuple[str, ...] = getattr(query, facet)
    after = tuple(one for one in before if one != value)
    if after == before:
        after = (*before, value)[:_MOST_CHOICES]
    changed = {"category": query.category, "rule": query.rule, "connection": query.connection}
    changed[facet] = after
    made = replace(query, **changed, page=1, chosen=None)
    return parse(address(made).partition("?")[2])


def _each(values: dict[str, list[str]], name: str, read: Callable[[str], str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values.get(name, ())[:_MOST_CHOICES]:
        try:
            found[read(value)] = None
        except ValueError:
            continue
    return tuple(found)


def _one(values: dict[str, list[str]], name: str, read: Callable[[str], T], usual: T) -> T:
    try:
        return read(values[name][-1])
    except (KeyError, ValueError):
        return usual


def _word(value: str) -> str:
    if not value.replace("_", "").isalnum() or len(value) > 64:
        raise ValueError("no word")
    return value


def _page(value: str) -> int:
    return max(1, min(int(value), _LAST_PAGE))
