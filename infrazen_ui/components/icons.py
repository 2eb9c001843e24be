"""Icons and the logo. Icons say nothing to screen readers: a text beside them does."""

import reflex as rx

_CLOUD = "M10.6 22.5a4.6 4.6 0 0 1-.5-9.17 6.4 6.4 0 0 1 12.24 1.3 4 4 0 0 1-.54 7.87Z"


def icon(name: str, *, size: int = 16, class_name: str = "") -> rx.Component:
    """A Lucide icon, drawn thin."""
    return rx.icon(
        name,
        size=size,
        class_name=f"icon {class_name}".strip(),
        stroke_width=1.75,
        custom_attrs={"aria-hidden": "true", "focusable": "false"},
    )


def logo(*, size: int = 28) -> rx.Component:
    """The blue cloud."""
    return rx.el.span(
        rx.el.svg(
            rx.el.svg.path(d=_CLOUD, fill="#fff"),
            rx.el.svg.path(
                d="M12.2 18.4h2.2l1.5-2.9 2.1 4.6 1.2-1.7h1.4",
                fill="none",
                stroke="#2563EB",
                stroke_width="1.5",
                stroke_linecap="round",
                stroke_linejoin="round",
            ),
            view_box="0 0 32 32",
        ),
        class_name="logo",
        aria_hidden="true",
        style={"--logo": f"{size}px"},
    )
