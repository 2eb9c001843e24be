"""One recommendation in full for people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from infrazen.finops.rules import rules
from infrazen_ui.locales import text
from infrazen_ui.present.dates import moment
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.recommendation_words import (
    Fact,
    change_of,
    command,
    measured,
    reason_words,
    steps,
    why,
)
from infrazen_ui.present.recommendations import STATE_TONES, Advised, card

if TYPE_CHECKING:
    from infrazen.db.queries.recommendations import Event, Recommendation


class Detail(TypedDict):
    """What stands in the panel beside the card's own words."""

    card: Advised
    rule_why: str
    steps: str
    command: str
    measured: str


class Past(TypedDict):
    """A line of the history."""

    id: str
    title: str
    note: str
    when: str
    tone: str


_NO_CARD = Advised(
    id="",
    href="",
    title="",
    resource="",
    resource_href="",
    type="",
    provider="",
    connection="",
    category="",
    category_word="",
    saving="",
    saving_note="",
    confidence="",
    confidence_tone="neutral",
    why="",
    change="",
    state="",
    state_tone="neutral",
    state_note="",
    reason="",
    accept=False,
    start=False,
    finish=False,
    snooze=False,
    dismiss=False,
    reopen=False,
)
NO_DETAIL = Detail(card=_NO_CARD, rule_why="", steps="", command="", measured="")


def detail(one: "Recommendation", *, eyes: Eyes) -> Detail:
    """The panel of one recommendation."""
    language = eyes.language
    rule = rules().get(one.rule)
    return Detail(
        card=card(one, rule.title[language] if rule else one.rule, eyes=eyes),
        rule_why=rule.why[language] if rule else "",
        steps=steps(one, language=language),
        command=command(one),
        measured=measured(one, language=language),
    )


def history(events: "Iterable[Event]", *, eyes: Eyes) -> list[Past]:
    """What became of it, latest first."""
    language = eyes.language
    found = [
        Past(
            id=str(one.id),
            title=text(f"recommendations.state.{one.after}", language),
            note=" · ".join(
                part for part in (reason_words(one.reason, language), one.actor) if part
            ),
            when=moment(one.at, zone=eyes.zone, language=language),
            tone=STATE_TONES[one.after],
        )
        for one in events
    ]
    return found[::-1]


def others(found: "Iterable[Recommendation]", *, eyes: Eyes) -> list[Fact]:
    """Other recommendations about the same resource."""
    return [
        Fact(name=title, value=change_of(one, language=eyes.language) or why(one, eyes=eyes))
        for one in found
        for rule in [rules().get(one.rule)]
        for title in [rule.title[eyes.language] if rule else one.rule]
    ]
