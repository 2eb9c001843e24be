"""``infrazen connection``: cloud accounts."""

import asyncio
import sys
from collections.abc import Awaitable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from infrazen.cli import connection_facts
from infrazen.cli.connection_cleanup import purge, release
from infrazen.cli.credentials import given_credentials, with_asked_secrets
from infrazen.cli.local import operator
from infrazen.cli.options import common, organization
from infrazen.cli.pairs import PAIR
from infrazen.cli.screen import Screen, table_text
from infrazen.errors import Invalid
from infrazen.provider_kit.contract import Verification
from infrazen.providers import provider as spec_of
from infrazen.security.access import Actor
from infrazen.services import connections, manifests
from infrazen.services.connection_drafts import DEFAULT_SCHEDULE, Draft
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.syncs import list_unread_records

R = TypeVar("R")
Pairs = tuple[tuple[str, str], ...]

_UNREAD_COLUMNS = ("endpoint", "key", "times_seen", "last_seen_at", "reason")
_name = click.argument("name")
_set = click.option(
    "--set",
    "public",
    type=PAIR,
    multiple=True,
    help="A credential that is no secret, such as `login=anna`; may be repeated.",
)
_secret_file = click.option(
    "--secret-file",
    type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False),
    help="Read secrets from a file, or from standard input with `-`: the bare secret, JSON, "
    "or name=value lines.",
)
_setting = click.option(
    "--setting",
    "chosen",
    type=PAIR,
    multiple=True,
    help="A setting of the provider, such as `collect_statistics=false`; may be repeated, "
    "empty for the default.",
)
_test_first = click.option(
    "--test",
    "test_first",
    is_flag=True,
    help="Ask the provider first; store nothing if it refuses.",
)


@click.group()
def connection() -> None:
    """Add, test, change and remove connections to cloud accounts."""


connection.add_command(release)
connection.add_command(purge)


@connection.command
@click.argument("provider")
@_name
@_set
@_secret_file
@click.option("--endpoint", default="", help="Another address than the provider's own.")
@click.option("--display-name", help="What people see; NAME where not given.")
@click.option(
    "--schedule",
    default=DEFAULT_SCHEDULE,
    show_default=True,
    help="When to sync, as a cron line; empty for by hand only.",
)
@click.option(
    "--time-zone",
    default="Europe/Moscow",
    show_default=True,
    help="Where the schedule's hours are.",
)
@_setting
@_test_first
@click.option("--no-sync", is_flag=True, help="Don't queue a first sync.")
@organization
@common
def add(
    screen: Screen,
    *,
    provider: str,
    name: str,
    public: Pairs,
    secret_file: Path | None,
    endpoint: str,
    display_name: str | None,
    schedule: str,
    time_zone: str,
    chosen: Pairs,
    test_first: bool,
    no_sync: bool,
    organization: str | None,
) -> None:
    """Connect an account of PROVIDER under the handle NAME.

    A required secret that no file gives is asked for. Secrets are encrypted before they
    are stored, and never shown again.
    """
    actor = operator(screen, organization)
    spec = spec_of(provider)
    given = given_credentials(spec, public=dict(public), secret_file=secret_file)
    draft = Draft(
        provider=provider,
        name=name,
        display_name=name if display_name is None else display_name,
        credentials=with_asked_secrets(spec, given),
        settings=dict(chosen),
        endpoint=endpoint,
        schedule=schedule,
        time_zone=time_zone,
    )
    if test_first:
        _test(screen, actor, draft)
    made = _waited(connections.add_connection(actor, draft=draft, sync_now=not no_sync))
    text = f"{made.connection.name} is connected"
    if not no_sync:
        text += "; a running server syncs it at once"
    screen.result(
        connection_facts.document(made),
        f"{text}\n`infrazen sync run {made.connection.name}` syncs it here and now",
    )


@connection.command(name="list")
@organization
@common
def list_connections(screen: Screen, *, organization: str | None) -> None:
    """List the connections with their state, resources and cost."""
    found = connections.list_connections(operator(screen, organization))
    rows = [connection_facts.row(card) for card in found]
    empty = "no connection yet: `infrazen connection add` makes one"
    text = table_text(rows, connection_facts.COLUMNS) if rows else empty
    screen.result([connection_facts.document(card) for card in found], text)


@connection.command
@_name
@organization
@common
def show(screen: Screen, *, name: str, organization: str | None) -> None:
    """Show a connection: settings, account, cost, syncs; of secrets only that they are set."""
    card = connections.find_connection(operator(screen, organization), name=name)
    _show(screen, card)


@connection.command
@_name
@_set
@_secret_file
@click.option("--forget", multiple=True, help="Erase a stored secret, by its field's name.")
@click.option("--endpoint", help="Another address, which wants its secrets anew; empty: own one.")
@click.option("--rename", help="Another handle than NAME.")
@click.option("--display-name", help="What people see.")
@click.option("--schedule", help="When to sync, as a cron line; empty for by hand only.")
@click.option("--time-zone", help="Where the schedule's hours are.")
@click.option(
    "--timeout", "timeout_seconds", type=int, help="A sync may take so many seconds at most."
)
@_setting
@_test_first
@organization
@common
def edit(
    screen: Screen,
    *,
    name: str,
    public: Pairs,
    secret_file: Path | None,
    forget: tuple[str, ...],
    rename: str | None,
    chosen: Pairs,
    test_first: bool,
    organization: str | None,
    **changes: Any,
) -> None:
    """Change a connection; what is not given stays as it is, secrets too."""
    actor = operator(screen, organization)
    card = connections.find_connection(actor, name=name)
    spec = spec_of(card.connection.provider)
    given = given_credentials(spec, public=dict(public), secret_file=secret_file)
    known = _stored(card)
    draft = replace(
        known,
        name=rename or name,
        credentials={**known.credentials, **given},
        settings={**known.settings, **dict(chosen)},
        forget=forget,
        **{field: value for field, value in changes.items() if value is not None},
    )
    if test_first:
        _test(screen, actor, draft, card)
    changed = _waited(
        connections.edit_connection(actor, connection_id=card.connection.id, draft=draft)
    )
    _show(screen, changed)


@connection.command
@_name
@organization
@common
def test(screen: Screen, *, name: str, organization: str | None) -> None:
    """Ask the provider whether it takes the credentials, and which parts of its API are open."""
    actor = operator(screen, organization)
    card = connections.find_connection(actor, name=name)
    spec = spec_of(card.connection.provider)
    found = _verified(actor, _stored(card), card)
    screen.result(connection_facts.tested(found, spec), connection_facts.tested_text(found, spec))


@connection.command
@_name
@organization
@common
def suspend(screen: Screen, *, name: str, organization: str | None) -> None:
    """Stop a connection's schedule; it can still be synced by hand."""
    _suspend(screen, name, organization, suspended=True)


@connection.command
@_name
@organization
@common
def resume(screen: Screen, *, name: str, organization: str | None) -> None:
    """Let a connection's schedule go on."""
    _suspend(screen, name, organization, suspended=False)


@connection.command
@_name
@click.option("--namespace", default="", help="Where it will be applied; left out by default.")
@organization
@common
def export(screen: Screen, *, name: str, namespace: str, organization: str | None) -> None:
    """Print a connection as a Kubernetes manifest: a Secret to fill in, and a CloudConnection.

    Secrets are never printed: their values are empty.
    """
    found = manifests.export_manifest(
        operator(screen, organization), name=name, namespace=namespace
    )
    screen.result(asdict(found), found.yaml.rstrip())


@connection.command
@_name
@click.option(
    "--keep-history/--purge",
    default=True,
    show_default=True,
    help="Keep resources, costs and snapshots, or erase them with it.",
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@organization
@common
def remove(
    screen: Screen, *, name: str, keep_history: bool, yes: bool, organization: str | None
) -> None:
    """Remove a connection and destroy its secrets. Nothing changes in the cloud."""
    actor = operator(screen, organization)
    card = connections.find_connection(actor, name=name)
    history = "its history stays" if keep_history else "all of its history is erased"
    if not yes:
        _ask(f"Remove {name} ({card.connection.display_name})? Its secrets go, {history}.")
    connections.remove_connection(
        actor, connection_id=card.connection.id, keep_history=keep_history
    )
    screen.result({"removed": name, "history": keep_history}, f"{name} is removed; {history}")


@connection.command
@_name
@organization
@common
def unread(screen: Screen, *, name: str, organization: str | None) -> None:
    """List records that a sync could not read, and why.

    Everything else was read. The next sync that can read a record takes it off the list.
    """
    actor = operator(screen, organization)
    card = connections.find_connection(actor, name=name)
    found = list_unread_records(actor, connection_id=card.connection.id)
    screen.table(
        [asdict(entry) for entry in found],
        columns=_UNREAD_COLUMNS,
        empty="every record was read",
    )


def _show(screen: Screen, card: ConnectionCard) -> None:
    spec = spec_of(card.connection.provider)
    screen.result(connection_facts.document(card), connection_facts.text(card, spec))


def _suspend(screen: Screen, name: str, organization: str | None, *, suspended: bool) -> None:
    actor = operator(screen, organization)
    card = connections.find_connection(actor, name=name)
    changed = connections.set_suspended(
        actor, connection_id=card.connection.id, suspended=suspended
    )
    following = changed.connection.next_sync_at
    goes_on = f"syncs next at {following:%Y-%m-%d %H:%M %Z}" if following else "syncs by hand only"
    text = f"{name} {'is suspended' if suspended else goes_on}"
    screen.result(connection_facts.document(changed), text)


def _test(screen: Screen, actor: Actor, draft: Draft, card: ConnectionCard | None = None) -> None:
    """Tell people what a test of ``draft`` finds; raises what the provider's refusal is."""
    found = _verified(actor, draft, card)
    if not screen.json:
        screen.note(connection_facts.tested_text(found, spec_of(draft.provider)))


def _verified(actor: Actor, draft: Draft, card: ConnectionCard | None) -> Verification:
    known = None if card is None else card.connection.id
    return _waited(connections.try_connection(actor, draft=draft, connection_id=known))


def _waited(call: Awaitable[R]) -> R:
    async def wait() -> R:
        return await call

    return asyncio.run(wait())


def _stored(card: ConnectionCard) -> Draft:
    """What is stored of a connection, as somebody would enter it; secrets left blank."""
    one = card.connection
    return Draft(
        provider=one.provider,
        name=one.name,
        display_name=one.display_name,
        credentials=one.credentials,
        settings=one.settings,
        endpoint=one.endpoint or "",
        schedule=one.schedule,
        time_zone=one.time_zone,
        is_suspended=one.is_suspended,
        timeout_seconds=one.timeout_seconds,
        starting_deadline_seconds=one.starting_deadline_seconds,
    )


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise Invalid("nobody is there to be asked: say --yes")
    click.confirm(question, abort=True, err=True)
