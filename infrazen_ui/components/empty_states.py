"""Why there is nothing here, and what to do about it: a look for each reason."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from infrazen_ui.components.buttons import button, button_link
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import progress_bar
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Figure, Handler, Text

Level = Literal[1, 2, 3]
"""How deep the heading is: 2 where the message is all that the page says, 1 where the
page's own title is not known either."""

_HEADINGS = {1: rx.el.h1, 2: rx.el.h2, 3: rx.el.h3}


def no_connection_yet(*, href: str, level: Level = 3) -> rx.Component:
    """A newcomer: leads to the first connection."""
    return _empty(
        "cloud",
        "info",
        t("empty.no_connection.title"),
        t("empty.no_connection.text"),
        actions=[
            button_link(
                t("empty.no_connection.action"), href=href, kind="primary", icon_name="plus"
            )
        ],
        level=level,
    )


def nothing_matches(*, on_reset: Handler, level: Level = 3) -> rx.Component:
    """There are rows, but the filter lets none through."""
    return _empty(
        "search-x",
        "neutral",
        t("empty.no_match.title"),
        t("empty.no_match.text"),
        actions=[button(t("empty.no_match.action"), icon_name="rotate-ccw", on_click=on_reset)],
        level=level,
    )


def no_data_for_period(*, actions: Sequence[rx.Component] = ()) -> rx.Component:
    """The period holds nothing, other periods may."""
    return _empty(
        "calendar-x",
        "neutral",
        t("empty.no_data.title"),
        t("empty.no_data.text"),
        actions=actions,
    )


def no_data_yet(*, level: Level = 3) -> rx.Component:
    """Connections are there, but nothing was read of them so far."""
    return _empty(
        "hourglass",
        "info",
        t("empty.no_data_yet.title"),
        t("empty.no_data_yet.text"),
        actions=[button_link(t("empty.no_data_yet.action"), href="/connections")],
        level=level,
    )


def nothing_there(*, level: Level = 3) -> rx.Component:
    """All was read, and the accounts hold nothing."""
    return _empty(
        "inbox",
        "neutral",
        t("empty.nothing_there.title"),
        t("empty.nothing_there.text"),
        actions=[button_link(t("empty.no_data_yet.action"), href="/connections")],
        level=level,
    )


def not_configured(
    title: Text, text: Text, *, actions: Sequence[rx.Component], level: Level = 3
) -> rx.Component:
    """What would fill it is switched off or was never set up; the actions lead there."""
    return _empty("sliders-horizontal", "warning", title, text, actions=actions, level=level)


def first_sync_running(
    *, note: Text | None = None, value: Figure | None = None, level: Level = 3
) -> rx.Component:
    """The first data is on its way."""
    return _empty(
        "cloud-download",
        "info",
        t("empty.first_sync.title"),
        t("empty.first_sync.text"),
        body=rx.el.div(
            progress_bar(t("empty.first_sync.progress"), value=value, note=note),
            class_name="empty-progress",
        ),
        level=level,
    )


def not_permitted(*, who: Text | None = None, level: Level = 3) -> rx.Component:
    """The role does not reach here; ``who`` can help."""
    return _empty(
        "lock",
        "warning",
        t("empty.not_permitted.title"),
        t("empty.not_permitted.text") if who is None else t("empty.not_permitted.ask", who=who),
        level=level,
    )


def closed_in_demo(*, level: Level = 2) -> rx.Component:
    """What only an organization of one's own has: leads to it."""
    return _empty(
        "lock",
        "info",
        t("demo.shut_title"),
        t("demo.shut_text"),
        actions=[button_link(t("demo.connect"), href="/login", kind="primary")],
        level=level,
    )


def not_here(title: Text, text: Text, *, way_out: rx.Component, level: Level = 2) -> rx.Component:
    """What the address names is not here, or is somebody else's."""
    return _empty("search-x", "neutral", title, text, actions=[way_out], level=level)


def none_made(
    icon_name: str, title: Text, text: Text, *, actions: Sequence[rx.Component], level: Level = 2
) -> rx.Component:
    """Nobody made one of these so far: says what they are good for."""
    return _empty(icon_name, "info", title, text, actions=actions, level=level)


def failed(
    title: Text, action: Text, *, on_retry: Handler | None = None, level: Level = 3
) -> rx.Component:
    """It could not be read: what happened, what to do (``present.failures``), try again."""
    return _empty(
        "cloud-off",
        "danger",
        title,
        action,
        actions=[button(t("action.retry"), icon_name="rotate-cw", on_click=on_retry)]
        if on_retry is not None
        else [],
        role="alert",
        level=level,
    )


def _empty(
    icon_name: str,
    tone: str,
    title: Text,
    text: Text,
    *,
    body: Child | None = None,
    actions: Sequence[rx.Component] = (),
    role: Literal["status", "alert"] = "status",
    level: Level = 3,
) -> rx.Component:
    return rx.el.div(
        rx.el.div(icon(icon_name, size=26), class_name="empty-icon", data_tone=tone),
        _HEADINGS[level](title, class_name="empty-title"),
        rx.el.p(text, class_name="empty-text"),
        *([body] if body is not None else []),
        *([rx.el.div(*actions, class_name="empty-actions")] if actions else []),
        class_name="empty",
        role=role,
    )
