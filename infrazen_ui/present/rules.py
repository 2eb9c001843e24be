"""Rules for people: what each found, and why it is silent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import counted, number

if TYPE_CHECKING:
    from infrazen.services.rules import Parameter, RuleView


class RuleLine(TypedDict):
    """A rule's line in the panel."""

    id: str
    title: str
    why: str
    category: str
    found: str
    silent: list[str]
    is_enabled: bool
    is_idle: bool


class ParameterField(TypedDict):
    """A parameter's field in the form."""

    name: str
    label: str
    help: str
    value: str
    minimum: str
    maximum: str
    step: str


def rule_lines(rules: "Iterable[RuleView]", *, language: Language) -> list[RuleLine]:
    """Every rule, those that found something first."""
    ordered = sorted(rules, key=lambda rule: (not rule.is_enabled, not rule.asked, -rule.found))
    return [_line(rule, language) for rule in ordered]


def _line(rule: "RuleView", language: Language) -> RuleLine:
    asked = number(rule.asked, language=language)
    found = number(rule.found, language=language)
    things = counted(f"recommendations.of.{_things(rule)}", rule.asked, language=language)
    return RuleLine(
        id=rule.id,
        title=rule.title[language],
        why=rule.why[language],
        category=text(f"recommendations.category.{rule.category}", language),
        found=text("recommendations.rules.found", language, found=found, asked=asked),
        silent=[
            text(
                "recommendations.rules.silent",
                language,
                reason=text(f"recommendations.unknown.{reason}", language),
                n=number(count, language=language),
                asked=things,
            )
            for reason, count in rule.silent
        ],
        is_enabled=rule.is_enabled,
        is_idle=not rule.asked,
    )


def _things(rule: "RuleView") -> str:
    """What the rule looks at: the name of a text."""
    return "_".join(rule.kinds) or "account"


def parameter_fields(rule: "RuleView", *, language: Language) -> list[ParameterField]:
    """The form of a rule's parameters."""
    return [_field(one, language) for one in rule.parameters]


def _field(one: "Parameter", language: Language) -> ParameterField:
    default = text("recommendations.rules.default", language, value=_plain(one.default))
    help_ = one.help[language] if one.help else ""
    return ParameterField(
        name=one.name,
        label=one.title[language],
        help=f"{help_} {default}.".strip(),
        value=_plain(one.value),
        minimum=_plain(one.minimum),
        maximum=_plain(one.maximum),
        step="1" if one.is_whole else "any",
    )


def _plain(value: float) -> str:
    """A number as an input takes it."""
    return str(int(value)) if value == int(value) else str(value)
