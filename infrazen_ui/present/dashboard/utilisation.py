"""How much of what is available is used."""

from typing import TYPE_CHECKING, TypedDict

from infrazen.finops.usage import tier
from infrazen_ui.locales import Language, text
from infrazen_ui.present.dashboard.spoken import Voice
from infrazen_ui.present.figures import NARROW_SPACE, counted, number, percent
from infrazen_ui.present.sizes import megabytes

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard, Utilisation


class Used(TypedDict):
    """One bar. ``tier`` is empty where nothing was measured."""

    label: str
    percent: float
    shown: str
    tier: str
    tier_label: str
    detail: str


def utilisation(shown: "Dashboard", voice: Voice) -> list[Used]:
    """CPU, memory, storage and network, measured or not."""
    known = {one.metric: one for one in shown.utilisation}
    language = voice.language
    return [
        _cpu(known.get("cpu"), language),
        _bar(text("dashboard.usage.memory", language), known.get("memory"), language),
        _bar(text("dashboard.usage.disk", language), known.get("disk"), language),
        _network(known.get("network_in"), known.get("network_out"), language),
    ]


def _bar(label: str, found: "Utilisation | None", language: Language, detail: str = "") -> Used:
    if found is None:
        return Used(
            label=label,
            percent=0,
            shown=text("dashboard.usage.nothing", language),
            tier="",
            tier_label="",
            detail=text("dashboard.usage.nothing_note", language),
        )
    level = tier(found.percent).value
    resources = counted("dashboard.usage.counted", found.resources, language=language)
    used = detail or _used(found, language)
    return Used(
        label=label,
        percent=round(min(found.percent, 100), 1),
        shown=percent(found.percent, language=language),
        tier=level,
        tier_label=text(f"resource_word.tier.{level}", language),
        detail=f"{used} · {resources}" if used else resources,
    )


def _cpu(found: "Utilisation | None", language: Language) -> Used:
    """Processors are measured in percent, and weigh as many cores as they have."""
    label = text("dashboard.usage.cpu", language)
    if found is None or found.available is not None or not found.weights:
        return _bar(label, found, language)
    busy = found.percent * found.weights / 100
    detail = text(
        "dashboard.usage.used",
        language,
        used=number(round(busy, 1), language=language),
        available=f"{number(found.weights, language=language)}{NARROW_SPACE}vCPU",
    )
    return _bar(label, found, language, detail)


def _network(
    incoming: "Utilisation | None", outgoing: "Utilisation | None", language: Language
) -> Used:
    """The busier direction: a line carries both at once."""
    label = text("dashboard.usage.network", language)
    if incoming is None or outgoing is None or outgoing.available is None:
        return _bar(label, incoming or outgoing, language)
    detail = text(
        "dashboard.usage.network_used",
        language,
        incoming=number(round(incoming.used or 0, 1), language=language),
        outgoing=number(round(outgoing.used or 0, 1), language=language),
        available=_amount(outgoing.available, outgoing.unit, language),
    )
    busier = max(incoming, outgoing, key=lambda one: one.percent)
    return _bar(label, busier, language, detail)


def _used(found: "Utilisation", language: Language) -> str:
    if found.used is None or found.available is None:
        return ""
    return text(
        "dashboard.usage.used",
        language,
        used=_amount(found.used, found.unit, language),
        available=_amount(found.available, found.unit, language),
    )


def _amount(value: float, unit: str, language: Language) -> str:
    if unit == "MB":
        return megabytes(value, language=language)
    shown = text("resource_word.unit.Mbit/s", language) if unit == "Mbit/s" else unit
    return f"{number(round(value, 1), language=language)}{NARROW_SPACE}{shown}"
