"""``infrazen connection release|purge``: what a custom resource leaves behind when it goes.

Jobs of the operator run them: they ask nothing, may be repeated, and leave a result.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from infrazen.cli.failures import failure
from infrazen.cli.interrupts import interruptible
from infrazen.cli.local import make_ready, quiet_logs
from infrazen.cli.options import common
from infrazen.cli.result_file import check_result_file, write_result
from infrazen.cli.screen import Screen
from infrazen.cli.sync_run import JOB_NAME
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import Trigger
from infrazen.services.managed_removal import Erasure, list_handles
from infrazen.services.managed_removal import purge as purge_managed
from infrazen.services.managed_removal import release as release_managed
from infrazen.sync.result import LastSync, Purge, encoded, failure_of, success_of

F = TypeVar("F", bound=Callable[..., Any])
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9.-]{0,252}")
_SECONDS_BETWEEN_NOTES = 10.0


def _handle(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given is not None and not _HANDLE.fullmatch(given):
        raise click.BadParameter("write a namespace and a name, such as finops/beget-main")
    return given


def _managed_by(*, required: bool) -> Callable[[F], F]:
    return click.option(
        "--managed-by",
        required=required,
        callback=_handle,
        metavar="NAMESPACE/NAME",
        help="The CloudConnection whose connection it is.",
    )


_uid = click.option(
    "--uid", default="", help="Only of the CloudConnection with this uid; of any by default."
)
_result_file = click.option(
    "--result-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write there how it ended, in the form of `infrazen sync run`.",
)


@click.command
@_managed_by(required=False)
@click.option("--all", "is_all", is_flag=True, help="All CloudConnections: the cluster is another.")
@_uid
@_result_file
@common
def release(
    screen: Screen, *, managed_by: str | None, is_all: bool, uid: str, result_file: Path | None
) -> None:
    """Let go of what a CloudConnection managed; resources, costs and snapshots stay.

    A CloudConnection of that name takes it up again if it comes back, in whichever cluster.
    Where it manages nothing (any more), nothing happens.
    """
    if is_all is (managed_by is not None):
        raise click.UsageError("say either --managed-by or --all")
    with _told(screen, result_file):
        chosen = list_handles() if managed_by is None else [managed_by]
        found = sum(release_managed(one, uid=uid) for one in chosen)
    if managed_by is None:
        text = f"{found} connections are released"
    else:
        text = f"{managed_by} is released" if found else f"{managed_by} manages nothing"
    screen.result({"managed_by": managed_by, "connections": found}, text)


@click.command
@_managed_by(required=True)
@_uid
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    help="Stop after so long, where not all is erased then; until it is by default.",
)
@_result_file
@common
def purge(
    screen: Screen, *, managed_by: str, uid: str, seconds: float | None, result_file: Path | None
) -> None:
    """Erase what a CloudConnection managed with everything it brought, in small steps.

    It may be stopped and run again: it goes on from where it was. Where the CloudConnection
    manages nothing (any more), nothing happens.
    """
    with _told(screen, result_file) as progress:
        done = purge_managed(managed_by, uid=uid, seconds=seconds, on_progress=progress.note)
        progress.far = done
    if done.left:
        text = f"{progress.text()}: run it again for the rest"
    else:
        text = f"{managed_by} is erased" if done.connections else f"{managed_by} manages nothing"
    screen.result({"managed_by": managed_by, **asdict(done)}, text)


@dataclass(slots=True)
class _Progress:
    """How far a purge is; told every few seconds."""

    screen: Screen
    far: Erasure | None = None
    noted_at: datetime | None = None

    def note(self, far: Erasure) -> None:
        self.far = far
        now, text = utc_now(), self.text()
        waited = None if self.noted_at is None else (now - self.noted_at).total_seconds()
        if text and (waited is None or waited >= _SECONDS_BETWEEN_NOTES):
            self.noted_at = now
            self.screen.note(text)

    def text(self) -> str:
        """In words; nothing where nothing was to be erased, or nobody knows yet."""
        if self.far is None or not self.far.of:
            return ""
        return f"{self.far.rows:,} of about {self.far.of:,} rows are erased"

    def told(self) -> Purge | None:
        """For whoever reads the result; None for what is no purge."""
        far = self.far
        return None if far is None else Purge(erased=far.now, total=far.of, left=far.left)


@contextmanager
def _told(screen: Screen, result_file: Path | None) -> Iterator[_Progress]:
    """Prepare, let something be done, and write how it ended into ``result_file``."""
    progress, started_at = _Progress(screen), utc_now()
    try:
        if result_file is not None:
            check_result_file(result_file)
        quiet_logs()
        make_ready(screen)
        with interruptible():
            yield progress
    except (Exception, KeyboardInterrupt) as error:
        known = failure(error)
        far = progress.text()
        so_far = f"; {far}, the next try goes on from there" if far else ""
        with suppress(OSError):  # what came first matters more
            _write(
                result_file,
                failure_of(
                    reason=known.reason,
                    message=f"{known.message}{so_far}",
                    trigger=Trigger.MANUAL,
                    started_at=started_at,
                    finished_at=utc_now(),
                    job_name=os.environ.get(JOB_NAME),
                    purge=progress.told(),
                ),
            )
        raise
    told = success_of(started_at=started_at, finished_at=utc_now(), purge=progress.told())
    _write(result_file, told)


def _write(result_file: Path | None, result: LastSync) -> None:
    if result_file is not None:
        write_result(result_file, encoded(result))
