"""What a recommendation says: why, what to change, and how."""

import json
from datetime import date
from decimal import Decimal
from shlex import quote
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.money import Money
from infrazen.domain.recommendations import LIVE
from infrazen.providers import provider
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.dates import day
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted, number, percent
from infrazen_ui.present.money import money, per_month
from infrazen_ui.present.resource_words import storage_class
from infrazen_ui.present.sizes import megabytes

if TYPE_CHECKING:
    from infrazen.db.queries.recommendations import Recommendation


class Fact(TypedDict):
    """A name and a value."""

    name: str
    value: str


def why(one: "Recommendation", *, eyes: Eyes) -> str:
    """One sentence with the numbers that convinced the rule."""
    language, evidence = eyes.language, one.evidence
    key = f"recommendations.why.{one.rule}"
    if one.rule == "old_snapshot" and evidence.get("orphaned"):
        key = "recommendations.why.old_snapshot_orphaned"
    if key not in catalogue(language):
        return ""
    return text(key, language, **_numbers(one, language))


def _numbers(one: "Recommendation", language: Language) -> dict[str, str]:
    """Everything that a sentence may want."""
    evidence = one.evidence

    def share(name: str) -> str:
        return _level(evidence.get(name), evidence, language)

    return {
        "busiest": share("busiest"),
        "average": share("average"),
        "maximum": share("maximum"),
        "threshold": _percent(evidence.get("threshold_percent"), language),
        "days": _days(evidence.get("days"), language),
        "cold": _percent(evidence.get("cold_percent"), language),
        "day": _day(evidence.get("expires_on"), language),
        "yearly": _amount(evidence.get("yearly"), one.currency, language),
        "months": _amount(_twelve(evidence.get("monthly")), one.currency, language),
    }


def change_of(one: "Recommendation", *, language: Language) -> str:
    """What to make of the resource, in a few words: ``2 → 1 vCPU``."""
    change = one.change
    parts = []
    cpu, memory = _pair(change, "cpu"), _pair(change, "memory_mb")
    if cpu:
        parts.append(f"{cpu[0]} → {cpu[1]} vCPU")
    if memory:
        parts.append(" → ".join(megabytes(size, language=language) for size in memory))
    if prices := _pair(change, "monthly"):
        before, after = (Money(Decimal(one_price), one.currency) for one_price in prices)
        shown = money(before, language=language), per_month(after, language=language)
        parts.append(" → ".join(shown))
    if classes := _pair(change, "storage_class"):
        before, after = (storage_class(one_class, language=language) for one_class in classes)
        key = "recommendations.change.storage_class"
        parts.append(text(key, language, before=before, after=after))
    parts += [
        text(f"recommendations.change.{name}", language)
        for name in ("remove", "plan", "renew", "top_up")
        if name in change
    ]
    return ", ".join(parts)


def _pair(change: dict[str, Any], name: str) -> list[Any]:
    """What is now and what is to be, where both are known and differ."""
    pair = change.get(name)
    if not isinstance(pair, list) or len(pair) != 2 or None in pair:
        return []
    return pair if pair[0] != pair[1] else []


def facts(one: "Recommendation", *, eyes: Eyes) -> list[Fact]:
    """The evidence line by line: window, figures, thresholds, source of the price."""
    language, evidence = eyes.language, one.evidence
    pairs = [
        ("readings", _readings(evidence, language)),
        ("average", _level(evidence.get("average"), evidence, language)),
        ("maximum", _level(evidence.get("maximum"), evidence, language)),
        ("p95", _level(evidence.get("p95"), evidence, language)),
        ("threshold", _percent(evidence.get("threshold_percent"), language)),
        ("headroom", _percent(evidence.get("headroom_percent"), language)),
        ("since", _day(evidence.get("since"), language) if "days" in evidence else ""),
        ("days", _days(evidence.get("days"), language)),
        ("limit", _days(evidence.get("threshold_days"), language)),
        ("cold", _percent(evidence.get("cold_percent"), language)),
        ("balance", _amount(evidence.get("balance"), one.currency, language)),
        ("price_now", _month(one, 0, language)),
        ("price_after", _month(one, 1, language)),
        ("alone", _alone(one, language)),
        ("together", _monthly(evidence.get("together_saving"), one.currency, language)),
        ("price_source", _price_source(one, language)),
    ]
    return [
        Fact(name=text(f"recommendations.detail.{name}", language), value=value)
        for name, value in pairs
        if value
    ]


def steps(one: "Recommendation", *, language: Language) -> str:
    """What to do, in the provider's own panel where it is known."""
    own = f"recommendations.step.{one.action}_{one.provider}"
    key = own if own in catalogue(language) else f"recommendations.step.{one.action}"
    return text(key, language)


_TOOLS = {
    ("yandex", "stopped_server"): "yc compute instance delete",
    ("yandex", "idle_server"): "yc compute instance delete",
    ("yandex", "unattached_disk"): "yc compute disk delete",
    ("yandex", "idle_address"): "yc vpc address delete",
    ("yandex", "old_snapshot"): "yc compute snapshot delete",
    ("selectel", "stopped_server"): "openstack server delete",
    ("selectel", "idle_server"): "openstack server delete",
    ("selectel", "unattached_disk"): "openstack volume delete",
    ("selectel", "idle_address"): "openstack floating ip delete",
    ("selectel", "old_snapshot"): "openstack volume snapshot delete",
}
_COLD_AFTER_DAYS = 30


def command(one: "Recommendation") -> str:
    """A command that makes the change, where the provider has a tool for it."""
    if one.action == "resize" and one.provider == "yandex" and "cpu" in one.change:
        return _resize(one)
    if one.action == "change_class" and one.provider == "yandex":
        return _lifecycle(one)
    tool = _TOOLS.get((one.provider, one.rule)) if one.action == "remove" else None
    return f"{tool} {quote(one.external_id)}" if tool else ""


def _resize(one: "Recommendation") -> str:
    cores, memory = one.change["cpu"][1], one.change["memory_mb"][1]
    machine = quote(one.external_id)
    return (
        f"yc compute instance stop {machine}\n"
        f"yc compute instance update {machine} --cores {cores} --memory {memory}MB\n"
        f"yc compute instance start {machine}"
    )


def _lifecycle(one: "Recommendation") -> str:
    """A rule that moves what is older than a month; Object Storage speaks S3."""
    classes = _pair(one.change, "storage_class")
    if not classes:
        return ""
    rule = {
        "ID": "infrazen-cold",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [{"Days": _COLD_AFTER_DAYS, "StorageClass": classes[1]}],
    }
    return (
        "aws s3api put-bucket-lifecycle-configuration"
        " --endpoint-url https://storage.yandexcloud.net"
        f" --bucket {quote(one.resource)}"
        f" --lifecycle-configuration {quote(json.dumps({'Rules': [rule]}))}"
    )


def reason_words(reason: str, language: Language) -> str:
    """Why a state was taken: what somebody wrote, or what happened by itself."""
    key = f"recommendations.reason.{reason}"
    return text(key, language) if key in catalogue(language) else reason


def measured(one: "Recommendation", *, language: Language) -> str:
    """What came of an agreed one, beside what was promised."""
    if one.agreed_at is None or not one.promised_monthly:
        return ""
    promised = one.promised_so_far
    if promised is None or not one.realised_days or one.realised is None:
        return text("recommendations.detail.not_yet", language)
    return text(
        "recommendations.detail.measured_text",
        language,
        days=counted("recommendations.days", one.realised_days, language=language),
        realised=money(Money(one.realised, one.currency), language=language),
        promised=money(Money(promised, one.currency), language=language),
    )


def _readings(evidence: dict[str, Any], language: Language) -> str:
    points, hours, days = (evidence.get(n) for n in ("points", "hours", "window_days"))
    if not (isinstance(points, int) and isinstance(hours, int) and isinstance(days, int)):
        return ""
    return text(
        "recommendations.why.readings",
        language,
        points=counted("recommendations.points", points, language=language),
        hours=counted("recommendations.hours", hours, language=language),
        window=counted("recommendations.window_days", days, language=language),
    )


def _level(value: Any, evidence: dict[str, Any], language: Language) -> str:
    """A reading in percent, or of its capacity where the unit is another."""
    if not isinstance(value, int | float):
        return ""
    unit, capacity = evidence.get("unit", "%"), evidence.get("capacity")
    if unit == "%":
        return percent(value, language=language)
    if capacity:
        return percent(100 * value / capacity, language=language)
    return f"{number(value, language=language, decimals=2)} {unit}"


def _percent(value: Any, language: Language) -> str:
    is_number = isinstance(value, int | float)
    return percent(value, language=language, decimals=0) if is_number else ""


def _days(value: Any, language: Language) -> str:
    if not isinstance(value, int):
        return ""
    return counted("recommendations.days", value, language=language)


def _day(value: Any, language: Language) -> str:
    return day(date.fromisoformat(value), language=language) if isinstance(value, str) else ""


def _amount(value: Any, currency: str, language: Language) -> str:
    if not isinstance(value, str) or not currency:
        return ""
    return money(Money(Decimal(value), currency), language=language)


def _monthly(value: Any, currency: str, language: Language) -> str:
    if not isinstance(value, str) or not currency:
        return ""
    return per_month(Money(Decimal(value), currency), language=language)


def _twelve(monthly: Any) -> str | None:
    return str(Decimal(monthly) * 12) if isinstance(monthly, str) else None


def _month(one: "Recommendation", place: int, language: Language) -> str:
    pair = one.change.get("monthly")
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[place], str):
        return ""
    return per_month(Money(Decimal(pair[place]), one.currency), language=language)


def _alone(one: "Recommendation", language: Language) -> str:
    if one.state not in LIVE or one.own_saving in (0, one.monthly_saving):
        return ""
    return per_month(Money(one.own_saving, one.currency), language=language)


def _price_source(one: "Recommendation", language: Language) -> str:
    source = one.evidence.get("price_source")
    if not isinstance(source, str):
        return ""
    key = f"recommendations.price_source.{source}"
    if key in catalogue(language):
        return text(key, language)
    titles = provider(one.provider).endpoint_titles
    return titles[source][language] if source in titles else source
