"""What a screen makes of a use case that said no."""

from infrazen.errors import ClosedInDemo, Forbidden, NotFound, Unauthenticated
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language
from infrazen_ui.present.failures import Explanation, explain

_PHASES = {
    NotFound.reason: "gone",
    Forbidden.reason: "forbidden",
    ClosedInDemo.reason: "forbidden",
}
_LASTING = frozenset({Unauthenticated.reason, Forbidden.reason, ClosedInDemo.reason})


def words_of(refusal: Refused, language: Language) -> Explanation:
    """What happened, and what to do about it."""
    return explain(
        refusal.reason,
        language=language,
        retry_after=refusal.retry_after,
        request_id=refusal.request_id,
    )


def phase_of(refusal: Refused) -> str:
    """What stands where the data would: gone, forbidden or failed."""
    return _PHASES.get(refusal.reason, "failed")


def is_lasting(refusal: Refused) -> bool:
    """Whether asking again is of no use: the visitor is not signed in, or may not know."""
    return refusal.reason in _LASTING
