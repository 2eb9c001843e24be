"""For whom something is shown."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from infrazen_ui.locales import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looks, as far as words and figures depend on it: language, time zone, and when."""

    language: Language
    zone: tzinfo
    now: datetime
