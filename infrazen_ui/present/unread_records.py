"""Records that could not be read: which, and why, in words."""

from datetime import tzinfo
from typing import TYPE_CHECKING, TypedDict

from infrazen.provider_kit.unreadable import trouble_of
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present import dates, figures
from infrazen_ui.present.connections import endpoint_title

if TYPE_CHECKING:
    from infrazen.db.queries.quarantine import QuarantineEntry


class RecordView(TypedDict):
    """A record that could not be read."""

    id: str
    part: str
    name: str
    key: str
    reason: str
    seen: str
    raw: str


def record_view(
    entry: "QuarantineEntry", slug: str, *, zone: tzinfo, language: Language
) -> RecordView:
    """A record in quarantine."""
    return RecordView(
        id=str(entry.id),
        part=endpoint_title(slug, entry.endpoint, language),
        name=entry.endpoint,
        key=entry.key,
        reason=reason_words(entry.reason, language),
        seen=text(
            "connections.record.seen",
            language,
            times=figures.counted("connections.times", entry.times_seen, language=language),
            last=dates.moment(entry.last_seen_at, zone=zone, language=language),
        ),
        raw=entry.raw,
    )


def reason_words(reason: str, language: Language) -> str:
    """Which field was not as expected, and how; never a value that came."""
    trouble = trouble_of(reason)
    of_field = f"unread.field.{trouble.kind.value}"
    is_of_field = bool(trouble.field) and of_field in catalogue(language)
    return text(
        of_field if is_of_field else f"unread.record.{trouble.kind.value}",
        language,
        field=trouble.field,
        expected=_types(trouble.expected, language),
        got=_types(trouble.got, language),
    )


def _types(names: str, language: Language) -> str:
    """``int | str`` as ``целое число или строку``; that nothing may come too goes unsaid."""
    every = names.split(" | ")
    told = [name for name in every if name != "null"] or every
    known = catalogue(language)
    words = [str(known.get(f"unread.type.{name}", name)) for name in told]
    return f" {text('unread.or', language)} ".join(words)
