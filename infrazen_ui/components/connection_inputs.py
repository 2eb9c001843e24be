"""What the form of a connection shows in and at its inputs."""

from typing import Any

import reflex as rx

from infrazen_ui.states.connection_form import ConnectionFormState


def text_of(name: str) -> Any:
    """What an input is filled in with."""
    texts: Any = ConnectionFormState.texts
    return texts[name]


def error_of(name: str) -> Any:
    """What is wrong at an input; empty for nothing."""
    errors: Any = ConnectionFormState.errors
    return rx.cond(errors.contains(name), errors[name], "")
