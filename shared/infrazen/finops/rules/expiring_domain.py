"""A domain that is about to expire."""

from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts, expires_on
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict


class ExpiringDomain(Parameters):
    """How long ahead to warn."""

    ahead_days: Annotated[
        int,
        Field(ge=1, le=365),
        Label(title=Text("За сколько дней предупреждать", "Warn ahead, days")),
    ] = 30


def judge(facts: Facts, parameters: ExpiringDomain, sight: Sight) -> Verdict:
    """Whether it expires soon and nobody renews it by itself. Nothing is saved."""
    last = expires_on(facts.config)
    if last is None:
        return Unknown.NO_EXPIRY if facts.status is ResourceStatus.ACTIVE else None
    days = (last - sight.now.date()).days
    if days > parameters.ahead_days or facts.config.get("auto_renew"):
        return None
    return Hit(
        saving_micro=0,
        confidence=Confidence.HIGH,
        evidence={
            "days": days,
            "threshold_days": parameters.ahead_days,
            "expires_on": last.isoformat(),
        },
        change={"renew": facts.name},
    )


RULE = Rule(
    id="expiring_domain",
    category=Category.RISK,
    action=Action.RENEW,
    title=Text("Истекает срок домена", "Expiring domain"),
    why=Text(
        "Срок домена заканчивается, автопродление выключено.",
        "The domain expires soon and does not renew by itself.",
    ),
    parameters=ExpiringDomain,
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
)
