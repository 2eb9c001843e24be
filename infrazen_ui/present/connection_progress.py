"""A sync while it goes on."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present import dates, figures
from infrazen_ui.present.connections import endpoint_title

if TYPE_CHECKING:
    from infrazen.db.queries.snapshots import Snapshot


class ProgressView(TypedDict):
    """What is being read, how far that is, and for how long it has gone on.

    ``maximum`` is 0 while nobody knows how much there is to do.
    """

    title: str
    note: str
    value: int
    maximum: int


def waiting_view(language: Language) -> ProgressView:
    """A sync that no worker has taken up yet."""
    return ProgressView(
        title=text("connections.progress.waiting", language), note="", value=0, maximum=0
    )


def progress_view(run: "Snapshot", *, now: datetime, language: Language) -> ProgressView:
    """How far ``run`` is."""
    told = run.progress or {}
    elapsed = max(0.0, (now - run.started_at).total_seconds())
    items, total = int(told.get("items") or 0), int(told.get("endpoints_total") or 0)
    parts = [dates.duration(round(elapsed), language=language)]
    if items:
        parts.insert(0, figures.counted("connections.records", items, language=language))
    if total:
        done = int(told.get("endpoints_done") or 0)
        parts.insert(0, text("connections.progress.parts", language, done=done, total=total))
    return ProgressView(
        title=_title(run, told, language),
        note=" · ".join(parts),
        value=int(told.get("endpoints_done") or 0),
        maximum=total,
    )


def _title(run: "Snapshot", told: dict[str, object], language: Language) -> str:
    stage, endpoint = str(told.get("stage") or "connecting"), told.get("endpoint")
    if stage == "reading" and endpoint:
        slug = str(run.config.get("provider"))
        title = endpoint_title(slug, str(endpoint), language)
        return text("connections.progress.reading", language, what=title)
    stage = stage if stage in ("connecting", "reading", "writing") else "connecting"
    return text(f"connection_word.stage.{stage}", language)
