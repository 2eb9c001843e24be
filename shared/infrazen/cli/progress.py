"""A progress bar for people who watch, and nothing for everybody else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infrazen.cli.screen import Screen

Report = Callable[[int, int], None]


@contextmanager
def progress(screen: Screen, title: str) -> Iterator[Report]:
    """Give a function that takes how much is done of how much."""
    if not screen.is_live:
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""
