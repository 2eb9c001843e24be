"""Running a command line and turning whatever happens into an exit code."""

import sys
import traceback
from collections.abc import Sequence

import click

from infrazen.cli.exits import Exit
from infrazen.cli.failures import failure
from infrazen.cli.root import cli
from infrazen.cli.screen import Screen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``arguments`` (the process's own by default) and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    screen = Screen(json="--json" in words, debug="--debug" in words)
    try:
        outcome = cli.main(words, prog_name="infrazen", standalone_mode=False, obj=screen)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (the edge of the program)
        return _failed(screen, error)
    return outcome if isinstance(outcome, int) else Exit.DONE


def _failed(screen: Screen, error: BaseException) -> Exit:
    if screen.debug:
        traceback.print_exception(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    told = failure(error)
    screen.fail(told.document(), told.message)
    return told.code
