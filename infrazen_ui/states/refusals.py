"""What a screen makes of a use case that said no."""

import logging

from infrazen.errors import ClosedInDemo, Forbidden, Invalid, NotFound, Unauthenticated
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language
from infrazen_ui.present.failures import Explanation, explain

logger = logging.getLogger(__name__)

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


def page_words_of(refusal: Refused, language: Language) -> Explanation:
    """The same where a page could not be shown: nobody entered anything then.

    What makes no sense is what is stored; the log says what it was.
    """
    if refusal.reason == Invalid.reason:
        logger.error("a page could not be shown, as stored data make no sense: %s", refusal.message)
    return explain(
        refusal.reason,
        language=language,
        place="page",
        retry_after=refusal.retry_after,
        request_id=refusal.request_id,
    )


def phase_of(refusal: Refused) -> str:
    """What stands where the data would: gone, forbidden or failed."""
    return _PHASES.get(refusal.reason, "failed")


def is_lasting(refusal: Refused) -> bool:
    """Whether asking again is of no use: the visitor is not signed in, or may not know."""
    return refusal.reason in _LASTING
