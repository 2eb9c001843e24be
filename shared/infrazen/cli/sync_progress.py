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
        endpoints = _AtWork(titles)

        def show(progress: Progress) -> None:
            endpoints.note(progress)
            bar.update(
                task,
                description=_STAGES.get(progress.stage) or endpoints.text(),
                completed=progress.endpoints_done,
                total=progress.endpoints_total or None,
                items=progress.items,
            )

        yield show


class _AtWork:
    """The endpoints that were begun and have not ended."""

    def __init__(self, titles: Mapping[str, Text]) -> None:
        self._titles = titles
        self._names: dict[str, None] = {}
        self._done = 0

    def note(self, progress: Progress) -> None:
        """One more endpoint done means that this one ended; else it began or goes on."""
        if progress.endpoint is not None:
            self._names[progress.endpoint] = None
            if progress.endpoints_done > self._done:
                del self._names[progress.endpoint]
        self._done = progress.endpoints_done

    def text(self) -> str:
        """The one that has been at work longest, and how many besides."""
        if not self._names:
            return ""
        name, *others = self._names
        title = self._titles[name].en if name in self._titles else name
        return f"{title} +{len(others)}" if others else title


def _ignore(_progress: Progress) -> None:
    """Nobody watches."""
