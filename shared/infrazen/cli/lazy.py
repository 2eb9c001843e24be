"""Groups whose commands are imported when they are called, so that help is instant."""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click


@contextmanager
def no_collections() -> Iterator[None]:
    """Keep the cyclic collector still while much is made and nothing is thrown away."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command somewhere else: ``module:name``, and its line in the group's help."""

    where: str
    help: str

    def load(self) -> click.Command:
        """Import the command; what came with it stays for good, so it is never searched again."""
        module, _, name = self.where.partition(":")
        is_new = module not in sys.modules
        with no_collections():
            command: click.Command = getattr(import_module(module), name)
        if is_new:
            gc.freeze()
        return command


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order in which they are declared."""
        return [*super().list_commands(ctx), *self.lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``, None where there is none."""
        entry = self.lazy.get(cmd_name)
        return entry.load() if entry else super().get_command(ctx, cmd_name)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.lazy.items()])
