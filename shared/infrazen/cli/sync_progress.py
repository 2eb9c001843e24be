"""A sync's progress for people who watch: the endpoint at work, how many are done, items."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from infrazen.domain.syncs import Progress
from infrazen.provider_kit.contract import Text

Listener = Callable[[Progress], None]
_STAGES = {"connecting": "Connecting", "writing": "Writing to the database"}


@contextmanager
def sync_progress(titles: Mapping[str, Text], *, is_live: bool) -> Iterator[Listener]:
    """Give what the sync tells its progress to; it shows nothing where not ``is_live``."""
    if not is_live:
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[items]} items"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Connecting", total=None, items=0)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=_description(progress, titles),
                completed=progress.endpoints_done,
                total=progress.endpoints_total or None,
                items=progress.items,
            )

        yield show


def _description(progress: Progress, titles: Mapping[str, Text]) -> str:
    if progress.endpoint is None:
        return _STAGES.get(progress.stage, progress.stage)
    title = titles.get(progress.endpoint)
    return title.en if title else progress.endpoint


def _ignore(_progress: Progress) -> None:
    """Nobody watches."""
