"""``infrazen snapshot``: what a sync found, and what changed between two of them."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import click

from infrazen.cli.changes_text import change_document, changes_text
from infrazen.cli.local import operator
from infrazen.cli.options import common, organization
from infrazen.cli.screen import Screen
from infrazen.cli.snapshot_text import snapshot_document, snapshot_text
from infrazen.db.queries.snapshot_changes import ChangeLine, place_of
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import Invalid, NotFound
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.providers import provider
from infrazen.security.access import Actor
from infrazen.services import syncs
from infrazen.services.connections import list_connections, look_up

LATEST, PREVIOUS = "latest", "previous"
_WORDS = (LATEST, PREVIOUS)
_HAVE_READ = (SyncStatus.SUCCESS, SyncStatus.PARTIAL)
_connection = click.option(
    "--connection", "name", help="Whose latest or previous; needed where there are several."
)
_limit = click.option(
    "--limit",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Show so many changes at most; 0 for all.",
)


@click.group()
def snapshot() -> None:
    """Look at what a sync found, and compare two of them."""


@snapshot.command
@click.argument("which", metavar="[ID|latest]", default=LATEST)
@_connection
@_limit
@organization
@common
def show(
    screen: Screen, *, which: str, name: str | None, limit: int, organization: str | None
) -> None:
    """Show a sync and what it changed, by its id, or the latest of a connection."""
    actor = operator(screen, organization)
    found = _latest(actor, name) if which == LATEST else _by_id(actor, which)
    lines, more = _limited(_changes(actor, found), limit)
    document = {
        "snapshot": snapshot_document(found),
        "changes": [change_document(line) for line in lines],
        "more_changes": more,
    }
    text = snapshot_text(found, _spec(found), name=_name(actor, found))
    screen.result(document, f"{text}\n{_told(lines, _spec(found), more=more)}")


@snapshot.command
@click.argument("first", metavar="[ID|previous]", default=PREVIOUS)
@click.argument("second", metavar="[ID|latest]", default=LATEST)
@_connection
@_limit
@organization
@common
def diff(
    screen: Screen,
    *,
    first: str,
    second: str,
    name: str | None,
    limit: int,
    organization: str | None,
) -> None:
    """Show everything that changed after one sync up to and with another, oldest first.

    The words mean the last two syncs that could read the account.
    """
    actor = operator(screen, organization)
    one, other = sorted(_pair(actor, (first, second), name), key=lambda found: found.started_at)
    every = syncs.compare_snapshots(actor, older=one.id, newer=other.id)
    lines, more = _limited(every, limit)
    document = {
        "older": snapshot_document(one),
        "newer": snapshot_document(other),
        "changes": [change_document(line) for line in lines],
        "more_changes": more,
    }
    head = "\n".join(
        f"{word} {found.started_at:%Y-%m-%d %H:%M:%S %Z}  {found.id}"
        for word, found in (("from", one), ("to  ", other))
    )
    screen.result(document, f"{head}\n{_told(lines, _spec(other), more=more)}")


def _pair(actor: Actor, words: tuple[str, str], name: str | None) -> list[Snapshot]:
    by_id = {word: _by_id(actor, word) for word in words if word not in _WORDS}
    if len(by_id) == len(words):
        return list(by_id.values())
    ids = [found.connection_id for found in by_id.values()] or [_connection_id(actor, name)]
    known = dict(zip(_WORDS, _that_read(actor, ids[0]), strict=False))
    for word in words:
        if word not in by_id and word not in known:
            raise NotFound(f"there is no {word} sync that could read the account")
    return [by_id.get(word) or known[word] for word in words]


def _by_id(actor: Actor, word: str) -> Snapshot:
    try:
        return syncs.get_snapshot(actor, snapshot_id=UUID(word))
    except ValueError:
        raise Invalid(f"{word!r} is no id of a snapshot: see `infrazen sync history`") from None


def _latest(actor: Actor, name: str | None) -> Snapshot:
    found = syncs.list_snapshots(actor, connection_id=_connection_id(actor, name), limit=1)
    if not found:
        raise NotFound("this connection was never synced: `infrazen sync run` does it")
    return found[0]


def _that_read(actor: Actor, connection_id: UUID) -> Iterator[Snapshot]:
    """The connection's syncs that could read the account, latest first."""
    before = None
    while page := syncs.list_snapshots(actor, connection_id=connection_id, before=before):
        yield from (found for found in page if found.status in _HAVE_READ)
        before = (page[-1].started_at, page[-1].id)


def _connection_id(actor: Actor, name: str | None) -> UUID:
    """The connection called ``name``, or the only one."""
    if name is not None:
        return look_up(actor, name=name).id
    known = list_connections(actor)
    if len(known) != 1:
        there = f"there are {len(known)}" if known else "there is none yet"
        raise Invalid(f"say which connection with --connection: {there}", field="connection")
    return known[0].connection.id


def _changes(actor: Actor, found: Snapshot) -> Iterator[ChangeLine]:
    last = None
    while page := syncs.list_changes(
        actor, snapshot_id=found.id, after=last, limit=syncs.LONGEST_PAGE
    ):
        yield from page
        last = place_of(page[-1])


def _limited(lines: Iterable[ChangeLine], limit: int) -> tuple[list[ChangeLine], int]:
    """The first ``limit`` of ``lines`` (all for 0), and how many there are beyond."""
    every = list(lines)
    shown = every[:limit] if limit else every
    return shown, len(every) - len(shown)


def _told(lines: list[ChangeLine], spec: ProviderSpec, *, more: int) -> str:
    if not lines:
        return "nothing changed"
    rest = f"\n  and {more} more (--limit 0 shows all)" if more else ""
    return f"changes:\n{changes_text(lines, spec)}{rest}"


def _spec(found: Snapshot) -> ProviderSpec:
    return provider(found.config["provider"])


def _name(actor: Actor, found: Snapshot) -> str:
    names = {card.connection.id: card.connection.name for card in list_connections(actor)}
    return names.get(found.connection_id, "(removed)")
