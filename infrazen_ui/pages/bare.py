"""A button and a number: the least that a click takes, to measure others against.

Built only with the gallery.
"""

import reflex as rx


class BareState(rx.State):
    """How often the button was clicked."""

    count: int = 0

    @rx.event
    def add(self) -> None:
        """Count one more."""
        self.count += 1


@rx.page(route="/_components/bare", title="Bare")
def bare() -> rx.Component:
    """Nothing else."""
    return rx.el.main(
        rx.el.button("+1", id="bare", type="button", on_click=BareState.add),
        rx.el.output(BareState.count, id="count", data_answered=rx.State.is_hydrated),
    )
