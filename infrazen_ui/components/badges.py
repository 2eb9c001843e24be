"""Small marks: statuses, tags, providers."""

from typing import Any, cast

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Flag, Text

PROVIDER_COLORS: dict[str, tuple[str, str]] = {
    "beget": ("#1664c0", "#ffffff"),
    "yandex": ("#d3320d", "#ffffff"),
    "selectel": ("#c4122f", "#ffffff"),
    "vk": ("#0064db", "#ffffff"),
    "cloudru": ("#0b7a46", "#ffffff"),
    "aws": ("#ff9900", "#1f2937"),
    "azure": ("#0067b8", "#ffffff"),
    "gcp": ("#1a66d6", "#ffffff"),
}
"""A provider's colour and the colour of letters that can be read on it."""

_OTHER = ("#475569", "#ffffff")

PROVIDER_MONOGRAMS: dict[str, str] = {
    "beget": "Be",
    "yandex": "Ya",
    "selectel": "Se",
    "vk": "VK",
    "cloudru": "Cl",
    "aws": "aws",
    "azure": "Az",
    "gcp": "G",
}


def status(tone: Text, label: Text, *, is_live: Flag = False) -> rx.Component:
    """A dot and a word; the dot pulses while something is going on."""
    return rx.el.span(
        rx.el.span(class_name="status-dot", data_live=is_live, aria_hidden="true"),
        label,
        class_name="status",
        data_tone=tone,
    )


def tag(label: Text, *, tone: Text = "neutral", icon_name: str | None = None) -> rx.Component:
    """A label on something."""
    return rx.el.span(
        *([icon(icon_name, size=12)] if icon_name else []),
        label,
        class_name="tag",
        data_tone=tone,
    )


def provider_badge(slug: Text, *, size: int = 36) -> rx.Component:
    """The provider's monogram in its colour. Its name stands beside it, always."""
    if isinstance(slug, str):
        background: Text
        letters: Text
        background, letters = PROVIDER_COLORS.get(slug, _OTHER)
        monogram: Text = PROVIDER_MONOGRAMS.get(slug, slug[:2].capitalize())
    else:
        colors = [(name, pair[0]) for name, pair in PROVIDER_COLORS.items()]
        inks = [(name, pair[1]) for name, pair in PROVIDER_COLORS.items()]
        background = _match(slug, colors, _OTHER[0])
        letters = _match(slug, inks, _OTHER[1])
        monogram = _match(slug, list(PROVIDER_MONOGRAMS.items()), "·")
    return rx.el.span(
        monogram,
        class_name="provider-badge",
        aria_hidden="true",
        style={
            "--provider": background,
            "--provider-ink": letters,
            "--provider-size": f"{size}px",
        },
    )


def _match(slug: rx.Var[Any], cases: list[tuple[str, str]], other: str) -> rx.Var[Any]:
    return cast("rx.Var[Any]", rx.match(slug, *cases, other))
