"""What to tell people of an error, by its stable reason."""

from dataclasses import dataclass

from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.dates import duration

UNKNOWN = "error.InternalError"


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in plain words: what happened, and what to do about it."""

    title: str
    action: str


def explain(
    reason: str,
    *,
    language: Language,
    place: str | None = None,
    retry_after: float | None = None,
    request_id: str | None = None,
) -> Explanation:
    """The words for ``reason`` of an ``InfraZenError``; the general ones where it is unknown.

    ``place`` has words of its own for some reasons (``sign-in``, ``setup``).
    """
    places = (f"error_at.{place}.{reason}", f"error.{reason}", UNKNOWN)
    known = next(key for key in places if f"{key}.title" in catalogue(language))
    action = text(f"{known}.action", language)
    if retry_after is not None:
        wait = duration(max(1, retry_after), language=language)
        action = f"{action} {text('error_note.wait', language, wait=wait)}"
    if request_id is not None:
        action = f"{action} {text('error_note.request', language, id=request_id)}"
    return Explanation(text(f"{known}.title", language), action)
