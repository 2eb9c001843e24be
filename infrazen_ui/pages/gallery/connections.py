"""A connection in each state that it can be in."""

import reflex as rx

from infrazen_ui.components.cards import section_header
from infrazen_ui.components.connection_card import connection_card
from infrazen_ui.pages.gallery.state import GalleryState


def connections() -> rx.Component:
    """A card for each state of a connection."""
    return rx.el.section(
        section_header("Подключения", note="Карточка в каждом состоянии."),
        rx.el.div(rx.foreach(GalleryState.cards, connection_card), class_name="connections"),
        class_name="stack",
    )
