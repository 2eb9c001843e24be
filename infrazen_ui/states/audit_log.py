"""The audit log: what the page's address means, and how it changes.

The address is the truth. A handler only leads to another one; ``load`` shows what it says.
"""

from typing import Any

import reflex as rx

from infrazen_ui.backend import audit as backend
from infrazen_ui.backend import audit_query as queries
from infrazen_ui.backend.audit_query import AuditQuery
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present import audit_log as shown
from infrazen_ui.present.audit_log import AuditRow
from infrazen_ui.present.narrowing import Chip, Choice
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import entry, word
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import page_words_of, phase_of

_OUTCOMES = {"done": True, "refused": False}


class AuditState(rx.State):
    """What the log shows.

    ``phase`` is loading, ready, nothing (found), forbidden or failed; ``odd`` names what made
    no sense in the address.
    """

    phase: str = "loading"
    rows: list[AuditRow] = []
    shown: str = ""
    has_newer: bool = False
    has_older: bool = False
    areas: list[Choice] = []
    actors: list[Choice] = []
    chips: list[Chip] = []
    outcome: str = ""
    since: str = ""
    until: str = ""
    export_href: str = queries.EXPORT
    odd: str = ""
    problem: str = ""
    advice: str = ""

    @rx.event
    async def load(self) -> Any:
        """Show what the address says."""
        query, wrong = queries.parse(self.router.url.query)
        eyes = await eyes_of(self)
        found = await backend.read_log(self, query)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.problem, self.advice = words.title, words.action
            self.phase = phase_of(found)
            self.rows = []
            return None
        if query.after is not None and not found.has_newer:
            return _lead(AuditQuery(wanted=query.wanted), replaces=True)
        self.odd = ""
        if wrong:
            self.odd = text("audit.odd", eyes.language, names=", ".join(wrong[:5]))
        self._show_query(query)
        self.areas = shown.area_choices(queries.AREAS, query.wanted, language=eyes.language)
        self.actors = shown.actor_choices(found.actors, query.wanted, language=eyes.language)
        self.chips = shown.chips(query.wanted, found.events, language=eyes.language)
        self.rows = shown.audit_rows(found.events, eyes=eyes)
        self.shown = shown.shown_numbers(found.events, language=eyes.language)
        self.has_newer, self.has_older = found.has_newer, found.has_older
        self.phase = "ready" if found.events else "nothing"
        return None

    @rx.event
    def toggle(self, facet: str, value: str) -> Any:
        """Choose something, or take the choice back."""
        return _lead(queries.toggled(_asked(self), word(facet), word(value)))

    @rx.event
    def choose_outcome(self, outcome: str) -> Any:
        """Keep to what was done, or to what was refused."""
        return _lead(queries.narrowed(_asked(self), is_done=_OUTCOMES.get(word(outcome))))

    @rx.event
    def choose_days(self, form: dict[str, Any]) -> Any:
        """Keep to a period."""
        since, until = (queries.day_of(entry(form, name)) for name in ("since", "until"))
        return _lead(queries.narrowed(_asked(self), since=since, until=until))

    @rx.event
    def clear(self) -> Any:
        """Take every choice back."""
        return _lead(AuditQuery())

    @rx.event
    def go(self, step: int) -> Any:
        """To older events, or to newer ones."""
        if not self.rows:
            return None
        wanted = _asked(self).wanted
        if step == 1:
            return _lead(AuditQuery(wanted=wanted, before=int(self.rows[-1]["id"])))
        return _lead(AuditQuery(wanted=wanted, after=int(self.rows[0]["id"])))

    @rx.event
    async def verify(self) -> Any:
        """Check that nobody changed the log."""
        language = await spoken(self)
        broken = await backend.first_break(self)
        if isinstance(broken, Refused):
            return notify_refused(broken, language)
        if broken is None:
            return notify(text("audit.whole", language), text("audit.whole_note", language))
        note = text("audit.broken_note", language, n=broken)
        return notify(text("audit.broken", language), note, tone="danger")

    def _show_query(self, query: AuditQuery) -> None:
        wanted = query.wanted
        self.outcome = {True: "done", False: "refused"}.get(wanted.is_done, "")  # type: ignore[call-overload]
        self.since = wanted.since.isoformat() if wanted.since else ""
        self.until = wanted.until.isoformat() if wanted.until else ""
        self.export_href = queries.export_address(query)


def _asked(state: rx.State) -> AuditQuery:
    """What the address of the browser of ``state`` means."""
    return queries.parse(state.router.url.query)[0]


def _lead(query: AuditQuery, *, replaces: bool = False) -> rx.event.EventSpec:
    return rx.redirect(queries.address(query), replace=replaces)
