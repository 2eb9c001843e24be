"""A line without axes, for a card. Plain SVG: it loads nothing."""

import reflex as rx

from infrazen_ui.components.values import Text
from infrazen_ui.present.paints import paint
from infrazen_ui.present.sparkline import HEIGHT, WIDTH


def sparkline(path: Text, *, label: Text, color: int = 1) -> rx.Component:
    """The ``path`` of ``present.sparkline``, named ``label`` for screen readers."""
    return rx.el.svg(
        rx.el.svg.path(d=path, fill="none", class_name="sparkline-line"),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        class_name="sparkline",
        role="img",
        aria_label=label,
        style={"color": paint(color)},
        custom_attrs={"preserveAspectRatio": "none"},
    )
