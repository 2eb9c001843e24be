"""Links that the browser follows by itself: within the page, to the API, to a download.

Every other link goes through the router, which loads only what the next page lacks and
knows nothing of addresses that are no page.
"""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Child, Text


class Anchor(BaseHTML):
    """An ``a`` element as HTML has it."""

    tag = "a"

    href: rx.Var[str]


def plain_link(*content: Child, href: Text, **attributes: Any) -> rx.Component:
    """A link without the router."""
    return Anchor.create(*content, href=href, **attributes)


def download_button(label: Text, *, href: Text, icon_name: str = "download") -> rx.Component:
    """A button that fetches a file from the API; the answer names it."""
    return plain_link(
        rx.el.span(icon(icon_name), rx.el.span(label), class_name="button-face"),
        href=href,
        class_name="button button-secondary button-md",
        custom_attrs={"download": ""},
    )
