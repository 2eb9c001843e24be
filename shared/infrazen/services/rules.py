"""Rules: what they look for, how they are set, and why they are silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from infrazen.db.queries import rule_settings
from infrazen.db.queries.rule_settings import RuleSetting
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category
from infrazen.domain.roles import Permission
from infrazen.errors import Invalid, NotFound
from infrazen.finops.rule import Parameters, Rule
from infrazen.finops.rules import rules
from infrazen.finops.verdicts import HIT, MISS
from infrazen.services.use_case import Work, use_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a rule: what it is, its limits, its default and what is set."""

    name: str
    title: Text
    help: Text | None
    minimum: float
    maximum: float
    is_whole: bool
    default: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule as an organization has it, and what it said when it was last asked.

    ``asked`` counts the resources (or accounts) that it looked at, ``found`` its findings;
    ``silent`` are those of which it could not tell, by reason. It looks at resources of
    ``kinds``, or at accounts where there are none.
    """

    id: str
    category: Category
    action: Action
    title: Text
    why: Text
    is_enabled: bool
    parameters: tuple[Parameter, ...]
    asked: int
    found: int
    silent: tuple[tuple[str, int], ...]
    kinds: tuple[Kind, ...] = ()


@use_case(Permission.COST_READ)
def list_rules(work: Work) -> list[RuleView]:
    """Every rule with its parameters, and of how many resources it said what."""
    set_ = rule_settings.settings(work.session, work.organization_id)
    outcomes = rule_settings.outcomes(work.session, work.organization_id)
    said: dict[str, dict[str, int]] = {}
    for one in outcomes:
        of_rule = said.setdefault(one.rule, {})
        of_rule[one.outcome] = of_rule.get(one.outcome, 0) + one.resources
    return [_view(rule, set_.get(rule.id), said.get(rule.id, {})) for rule in rules().values()]


@use_case(Permission.RESOURCE_WRITE, audit="rule.set")
def set_rule(
    work: Work,
    *,
    rule: str,
    is_enabled: bool | None = None,
    parameters: Mapping[str, float | None] | None = None,
) -> RuleView:
    """Set a rule for the organization; what is not named stays, None as a value is the default.

    Holds from the next evaluation on. ``Invalid`` for a value beyond a parameter's limits.
    """
    known = rules().get(rule)
    if known is None:
        raise NotFound("no such rule")
    before = rule_settings.settings(work.session, work.organization_id).get(rule)
    wanted = {**(before.parameters if before else {}), **(parameters or {})}
    values = _checked(known, {name: value for name, value in wanted.items() if value is not None})
    was_enabled = before.is_enabled if before else True
    setting = RuleSetting(
        is_enabled=was_enabled if is_enabled is None else is_enabled, parameters=values
    )
    rule_settings.put(
        work.session,
        organization_id=work.organization_id,
        rule=rule,
        setting=setting,
        now=work.now,
    )
    work.target = rule
    work.details |= {"is_enabled": setting.is_enabled, "parameters": values}
    return _view(known, setting, {})


def _checked(rule: Rule, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from the defaults; ``Invalid`` where one breaks a limit."""
    try:
        parameters = rule.parameters(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{name}: {first['msg']}", field=name or "parameters") from error
    return parameters.model_dump(exclude_defaults=True)


def _view(rule: Rule, setting: RuleSetting | None, said: Mapping[str, int]) -> RuleView:
    parameters = rule.parameters(**(setting.parameters if setting else {}))
    silent = {name: count for name, count in said.items() if name not in (HIT, MISS)}
    return RuleView(
        id=rule.id,
        category=rule.category,
        action=rule.action,
        title=rule.title,
        why=rule.why,
        is_enabled=setting.is_enabled if setting else True,
        parameters=tuple(_parameters(parameters)),
        asked=sum(said.values()),
        found=said.get(HIT, 0),
        silent=tuple(sorted(silent.items(), key=lambda item: (-item[1], item[0]))),
        kinds=tuple(sorted(rule.kinds)),
    )


def _parameters(parameters: Parameters) -> list[Parameter]:
    return [_parameter(name, parameters) for name in type(parameters).model_fields]


def _parameter(name: str, parameters: Parameters) -> Parameter:
    field = type(parameters).model_fields[name]
    label = next(one for one in field.metadata if isinstance(one, Label))
    limits = {
        bound: getattr(one, bound)
        for one in field.metadata
        for bound in ("ge", "le")
        if hasattr(one, bound)
    }
    return Parameter(
        name=name,
        title=label.title,
        help=label.help,
        minimum=limits["ge"],
        maximum=limits["le"],
        is_whole=field.annotation is int,
        default=field.default,
        value=getattr(parameters, name),
    )
