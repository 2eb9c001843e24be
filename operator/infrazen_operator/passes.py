"""A purge goes in passes, so that it can say in between how far it is.

Each pass is a Job that ends by itself after a while. What it leaves tells what is gone and what is
left; until nothing is, another one follows. Its run key tells which one it follows: that is their
order, as no clock tells it of two that were made within a second.
"""

import itertools
from collections.abc import Iterable, Iterator

from pydantic import Field, ValidationError

from infrazen.manifests.fields import Part
from infrazen.manifests.names import Purpose
from infrazen.manifests.status import MOST_ROWS, Removal
from infrazen_operator.seen import SeenJob


class Rows(Part):
    """What a pass tells: rows that it has erased, all that there were, and those left."""

    erased: int = Field(ge=0, le=MOST_ROWS)
    total: int = Field(ge=0, le=MOST_ROWS)
    left: int = Field(ge=0, le=MOST_ROWS)


class _Result(Part):
    purge: Rows | None = None


def is_done(job: SeenJob) -> bool:
    """Whether a Job has done all of what it is for.

    A purge whose result is lost may have left something. One without rows in it is of an
    image that knows no passes, and went on until all was gone.
    """
    if not job.succeeded or job.purpose is not Purpose.PURGE:
        return job.succeeded
    result = _result(job)
    return result is not None and (result.purge is None or result.purge.left == 0)


def has_come_on(job: SeenJob) -> bool:
    """Whether a Job ended well, and another one is to go on from where it was."""
    rows = _rows(job)
    return job.succeeded and rows is not None and rows.left > 0 and rows.erased > 0


def last(jobs: Iterable[SeenJob]) -> SeenJob | None:
    """The Job that none of the others was made to follow, or the one made last of such."""
    known = list(jobs)
    followed = {job.run_key for job in known}
    ends = [job for job in known if run_key(job) not in followed]
    return max(ends or known, key=lambda job: (job.created, job.name), default=None)


def run_key(before: SeenJob | None) -> str:
    """What a clean-up's Job is for: to be the first one, or to follow another."""
    return "first" if before is None else f"after {before.name}"


def in_a_row(jobs: Iterable[SeenJob]) -> list[SeenJob]:
    """Those that failed one after the other, from the last one back to a pass that came on."""
    return list(itertools.takewhile(lambda job: not has_come_on(job), _back(jobs)))


def over(jobs: Iterable[SeenJob]) -> tuple[str, ...]:
    """Those that went before the last pass that came on: they tell nothing any more."""
    known = list(jobs)
    failed = in_a_row(known)
    latest = next(itertools.islice(_back(known), len(failed), None), None)
    kept = {job.name for job in (*failed, latest) if job is not None}
    return tuple(job.name for job in known if latest and job.name not in kept)


def removal(jobs: Iterable[SeenJob], previous: Removal | None) -> Removal | None:
    """How far a purge is, as the last of its Jobs has it that told."""
    telling = ((job, rows) for job in _back(jobs) if (rows := _rows(job)))
    job, rows = next(telling, (None, None))
    if job is None or rows is None:
        return previous
    erased = max(rows.total - rows.left, 0)
    return Removal(
        progress=f"{100 * erased // max(rows.total, 1)}%",
        erased_rows=erased,
        total_rows=rows.total,
        job_name=job.name,
        time=job.finished_at or job.created,
    )


def in_words(known: Removal | None) -> str:
    """A sentence for people; nothing where nothing was told yet."""
    if known is None:
        return ""
    gone, of = known.erased_rows, known.total_rows
    return f"{gone:,} of {of:,} rows are erased ({known.progress})."


def _back(jobs: Iterable[SeenJob]) -> Iterator[SeenJob]:
    """The last of these Jobs, the one that it followed, and so on."""
    known = list(jobs)
    earlier = {run_key(job): job for job in known}
    job = last(known)
    while job is not None:
        yield job
        job = earlier.pop(job.run_key, None)


def _rows(job: SeenJob) -> Rows | None:
    result = _result(job) if job.purpose is Purpose.PURGE else None
    return None if result is None else result.purge


def _result(job: SeenJob) -> _Result | None:
    """What a Job left, if it can be read."""
    if job.pod is None or not job.pod.result:
        return None
    try:
        return _Result.model_validate_json(job.pod.result)
    except ValidationError:
        return None
