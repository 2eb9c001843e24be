"""``infrazen keys``: the master keys that protect every stored credential."""

import click
import msgspec

from infrazen.cli.local import make_ready
from infrazen.cli.options import common
from infrazen.cli.progress import progress
from infrazen.cli.screen import Screen
from infrazen.errors import SecretUnreadable
from infrazen.services.keys import key_status, retire_key, rotate_keys


@click.group()
def keys() -> None:
    """Look after the master keys that protect credentials. Never prints a key."""


@keys.command
@common
def status(screen: Screen) -> None:
    """List the master keys, the one in force first, with what each protects."""
    make_ready(screen)
    rows = [msgspec.to_builtins(use) for use in key_status()]
    screen.table(rows, columns=("id", "is_primary", "in_ring", "data_keys"), empty="no keys")


@keys.command
@click.option("--rewrap-only", is_flag=True, help="Make no new key: use the one in force.")
@common
def rotate(screen: Screen, *, rewrap_only: bool) -> None:
    """Make a new master key and put everything under it, while everything runs.

    Where the keys come from INFRAZEN_MASTER_KEYS, put the new key first there, restart,
    and say `--rewrap-only`.
    """
    make_ready(screen)
    with progress(screen, "Re-wrapping data keys") as report:
        done = rotate_keys(add_key=not rewrap_only, on_progress=report)
    if done.unreadable:
        raise SecretUnreadable(
            f"{done.unreadable} data keys could not be opened: `infrazen keys status` names the "
            f"keys that the ring lacks; {done.rewrapped} were re-wrapped"
        )
    text = f"{done.rewrapped} data keys are now under {done.primary}; back the key ring up"
    screen.result(msgspec.to_builtins(done), text)


@keys.command
@click.argument("key_id", metavar="KEY")
@common
def retire(screen: Screen, *, key_id: str) -> None:
    """Take KEY out of the ring for good; refused while it protects anything.

    Database backups from before the rotation can only be read with it.
    """
    make_ready(screen)
    retire_key(key_id)
    screen.result({"retired": key_id}, f"{key_id} is out of the ring")
