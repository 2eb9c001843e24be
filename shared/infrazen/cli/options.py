"""Options that many commands share."""

from collections.abc import Callable
from typing import TypeVar

import click

from infrazen.cli.screen import Screen

R = TypeVar("R")

# The screen is made from the raw words before anything is parsed, so that errors of the
# command line itself follow these two as well; here they are declared, for help.
_json = click.option("--json", is_flag=True, expose_value=False, help="Print JSON, errors too.")
_debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error."
)
organization = click.option(
    "--organization",
    metavar="SLUG",
    envvar="INFRAZEN_ORGANIZATION",
    help="The organization to act in; needed only where there are several.",
)


def common(body: Callable[..., R]) -> Callable[..., R]:
    """Give a command ``--json`` and ``--debug``, and its body the screen as first argument."""
    return _debug(_json(click.make_pass_decorator(Screen)(body)))
