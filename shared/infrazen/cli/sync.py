"""``infrazen sync``: reading cloud accounts, now and then."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from infrazen.cli.figures import duration, money
from infrazen.cli.interrupts import interruptible
from infrazen.cli.lazy import no_collections
from infrazen.cli.local import operator
from infrazen.cli.options import common, organization
from infrazen.cli.screen import Screen, facts_text, table_text
from infrazen.cli.snapshot_text import snapshot_document, snapshot_text
from infrazen.cli.sync_run import Wish, sync_here
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.syncs import Trigger
from infrazen.providers import provider
from infrazen.services import managed, syncs
from infrazen.services.connections import list_connections, look_up

_COLUMNS = (
    "started",
    "connection",
    "status",
    "found",
    "created",
    "updated",
    "deleted",
    "payable_daily",
    "took",
    "id",
)


@click.group()
def sync() -> None:
    """Read cloud accounts, and look at how that went."""


@sync.command
@click.argument("name", required=False)
@click.option(
    "--result-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the result there as JSON of less than 4096 bytes, however the sync ends.",
)
@click.option(
    "--trigger",
    type=click.Choice([trigger.value for trigger in Trigger], case_sensitive=False),
    default=Trigger.MANUAL.value,
    show_default=True,
    help="Why it starts, for the history.",
)
@click.option("--requested-by", metavar="WHO", help="Who wants it, for the history.")
@click.option(
    "--connection-id", type=click.UUID, metavar="ID", help="The connection, instead of NAME."
)
@click.option("--organization-id", type=click.UUID, metavar="ID", help="Its organization, by id.")
@click.option(
    "--from-environment",
    is_flag=True,
    help="The CloudConnection in INFRAZEN_CLOUD_CONNECTION, with its credentials in"
    " INFRAZEN_CREDENTIAL_*, instead of NAME.",
)
@click.option("--quiet", is_flag=True, help="No progress and no summary; log like the server.")
@click.option("--exit-zero-on-partial", is_flag=True, help="End with 0 instead of 20.")
@organization
@common
def run(
    screen: Screen,
    *,
    name: str | None,
    connection_id: UUID | None,
    from_environment: bool,
    trigger: str,
    **chosen: Any,
) -> int:
    """Sync the connection NAME in this process, and wait for its end.

    With `--from-environment`, which is how a Job of the cluster runs, the connection is made
    or changed first as its custom resource says; its credentials are not stored.

    Every outcome has an exit code of its own. With `--json` the result has the fields of
    `status.lastSync` of a CloudConnection; a Job puts its name into INFRAZEN_JOB_NAME.
    Ctrl-C or SIGTERM closes the run as an error; nothing is written then.
    """
    if (name is not None) + (connection_id is not None) + from_environment != 1:
        raise click.UsageError("say which connection: NAME, --connection-id or --from-environment")
    wish = Wish(
        name=name,
        connection_id=connection_id,
        from_environment=from_environment,
        trigger=Trigger(trigger),
        **chosen,
    )
    # The collector finds next to nothing in a sync, and its search takes a third of the time.
    with interruptible(), no_collections():
        return sync_here(screen, wish)


@sync.command
@click.argument("name", required=False)
@click.option(
    "--limit",
    type=click.IntRange(1, syncs.LONGEST_PAGE),
    default=20,
    show_default=True,
    help="How many, latest first.",
)
@organization
@common
def history(screen: Screen, *, name: str | None, limit: int, organization: str | None) -> None:
    """List the latest syncs, of the connection NAME or of all."""
    actor = operator(screen, organization)
    chosen = look_up(actor, name=name).id if name else None
    names = {card.connection.id: card.connection.name for card in list_connections(actor)}
    found = syncs.list_snapshots(actor, connection_id=chosen, limit=limit)
    named = [(one, names.get(one.connection_id, "(removed)")) for one in found]
    rows = [_row(one, name) for one, name in named]
    text = table_text(rows, _COLUMNS) if rows else "no sync yet: `infrazen sync run` makes one"
    documents = [{"connection": name, **snapshot_document(one)} for one, name in named]
    screen.result(documents, text)


@sync.command
@click.argument("name")
@organization
@common
def status(screen: Screen, *, name: str, organization: str | None) -> None:
    """Say whether the connection NAME waits or syncs, and how its last sync ended."""
    actor = operator(screen, organization)
    known = look_up(actor, name=name)
    found = syncs.sync_status(actor, connection_id=known.id)
    now = "syncing" if found.running else "waiting" if found.waiting else "idle"
    facts = {
        "now": now,
        "next_sync": found.next_sync_at,
    }
    shown = found.running or found.last
    text = facts_text(facts)
    if shown is not None:
        text += f"\n{snapshot_text(shown, provider(known.provider), name=name)}"
    screen.result(
        {
            "state": now,
            "next_sync_at": found.next_sync_at,
            "running": found.running and snapshot_document(found.running),
            "last": found.last and snapshot_document(found.last),
        },
        text,
    )


@sync.command
@click.argument("name")
@organization
@common
def request(screen: Screen, *, name: str, organization: str | None) -> None:
    """Queue a sync of the connection NAME for a running server, before scheduled ones.

    One that a custom resource manages is asked for by the resource's annotation.
    """
    actor = operator(screen, organization)
    known = look_up(actor, name=name)
    is_new = managed.ask_sync(actor, connection_id=known.id)
    text = "is queued" if is_new else "waits in the queue already"
    screen.result({"connection": name, "queued": is_new}, f"{name} {text}")


def _row(snapshot: Snapshot, name: str) -> dict[str, Any]:
    daily, currency = snapshot.payable_daily, snapshot.currency
    return {
        "started": snapshot.started_at,
        "connection": name,
        "status": snapshot.status.value,
        "found": snapshot.found,
        "created": snapshot.created,
        "updated": snapshot.updated,
        "deleted": snapshot.deleted,
        "payable_daily": money(daily, currency) if daily is not None and currency else None,
        "took": None if snapshot.duration_ms is None else duration(snapshot.duration_ms),
        "id": snapshot.id,
    }
