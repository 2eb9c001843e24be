"""One resource: what it is, how much of it is used, what it costs, whom it belongs to."""

from typing import Any

import reflex as rx

from infrazen_ui.components.advice import advice
from infrazen_ui.components.badges import provider_badge, status, tag
from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, fact, section_header
from infrazen_ui.components.choices import breadcrumbs
from infrazen_ui.components.disclosure import copyable
from infrazen_ui.components.empty_states import failed, not_here, not_permitted
from infrazen_ui.components.icons import icon
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.page import page
from infrazen_ui.pages.resource_edits import belongs, notes, secrets, tags
from infrazen_ui.pages.resource_lifecycle import lifecycle
from infrazen_ui.pages.resource_metrics import metrics
from infrazen_ui.pages.resource_overrides import (
    edit_name,
    edit_price,
    override_dialogs,
    override_history,
    provided_name,
)
from infrazen_ui.pages.resource_skeleton import resource_skeleton
from infrazen_ui.present.configuration import Fact
from infrazen_ui.present.resource_detail import Part
from infrazen_ui.states.advice import AdviceState
from infrazen_ui.states.resource_edits import ResourceEditsState
from infrazen_ui.states.resource_lifecycle import ResourceLifecycleState
from infrazen_ui.states.resource_overrides import ResourceOverridesState
from infrazen_ui.states.resource_page import ResourceState

_FACE = ResourceState.face


def _trail() -> rx.Component:
    name = rx.cond(_FACE["name"] != "", _FACE["name"], t("resource.page"))
    return breadcrumbs((t("resources.page"), "/resources"), (name, None))


@page(
    "/resources/[resource_id]",
    "resource.page",
    waiting=resource_skeleton,
    on_load=[
        ResourceEditsState.forget,
        ResourceOverridesState.forget,
        AdviceState.load_of_resource,
        ResourceState.load,
        ResourceLifecycleState.load,
    ],
    trail=_trail,
)
def resource() -> rx.Component:
    """All of it, or why not."""
    return rx.fragment(
        rx.match(
            ResourceState.phase,
            ("ready", _whole()),
            ("gone", _gone()),
            ("forbidden", card(not_permitted(level=1))),
            (
                "failed",
                card(
                    failed(
                        ResourceState.failure_title,
                        ResourceState.failure_action,
                        on_retry=ResourceState.load,
                        level=1,
                    )
                ),
            ),
            resource_skeleton(),
        )
    )


def _whole() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _FACE["deleted"] != "",
            callout(
                t("resource.deleted_title"),
                t("resource.deleted_text", when=_FACE["deleted"]),
                tone="warning",
            ),
        ),
        _head(),
        rx.el.div(
            rx.el.div(advice(), metrics(), lifecycle(), _components(), class_name="stack"),
            rx.el.div(
                _configuration(),
                belongs(),
                tags(),
                secrets(),
                notes(),
                override_history(),
                _identity(),
                class_name="stack",
            ),
            class_name="resource-columns",
        ),
        override_dialogs(),
        class_name="stack",
    )


def _head() -> rx.Component:
    return card(
        rx.el.div(
            provider_badge(_FACE["provider"], size=48),
            rx.el.div(
                rx.el.div(
                    rx.el.h1(_FACE["name"], class_name="resource-name"),
                    edit_name(),
                    status(_FACE["tone"], _FACE["status"]),
                    class_name="resource-title",
                ),
                provided_name(),
                rx.el.p(
                    _FACE["type"],
                    "\u00a0· ",
                    _FACE["provider_title"],
                    "\u00a0· ",
                    rx.el.a(_FACE["connection"], href=_FACE["connection_href"]),
                    class_name="resource-kind",
                ),
                rx.el.div(
                    rx.el.span(t("resource.id"), class_name="sr-only"),
                    copyable(_FACE["external_id"]),
                    class_name="resource-id",
                ),
                class_name="resource-who",
            ),
            class_name="resource-face",
        ),
        _price(),
        class_name="resource-head",
    )


def _price() -> rx.Component:
    priced = rx.el.div(
        rx.cond(
            _FACE["deleted"] != "",
            rx.el.p(t("resource.last_price"), class_name="resource-last"),
        ),
        rx.el.p(_FACE["per_day"], class_name="resource-day figures"),
        rx.el.p(
            rx.el.span(_FACE["per_month"], class_name="figures"),
            tag(_FACE["source"], tone=_FACE["source_tone"]),
            class_name="resource-month",
        ),
        rx.el.p(_FACE["source_hint"], class_name="resource-hint"),
        rx.cond(_FACE["stated"] != "", rx.el.p(_FACE["stated"], class_name="resource-hint")),
        edit_price(),
        class_name="resource-price",
    )
    unpriced = rx.el.div(
        rx.el.p(t("resource.no_price"), class_name="resource-hint"),
        edit_price(),
        class_name="resource-price",
    )
    return rx.cond(_FACE["source"] != "", priced, unpriced)


def _configuration() -> rx.Component:
    return _facts(
        t("resource.configuration"),
        ResourceState.configuration,
        nothing=t("resource.configuration_none"),
    )


def _identity() -> rx.Component:
    return _facts(t("resource.identity"), ResourceState.identity, nothing="")


def _facts(title: Text, facts: Any, *, nothing: Text) -> rx.Component:
    return card(
        section_header(title),
        rx.cond(
            facts.length() > 0,
            rx.el.dl(rx.foreach(facts, _fact), class_name="facts"),
            rx.el.p(nothing, class_name="muted"),
        ),
    )


def _fact(one: Fact) -> rx.Component:
    return fact(one["name"], one["value"])


def _components() -> rx.Component:
    found: Any = ResourceState.components
    return rx.cond(
        found.length() > 0,
        card(
            section_header(t("resource.components"), note=t("resource.components_note")),
            rx.el.ul(rx.foreach(found, _part), class_name="components"),
        ),
    )


def _part(part: Part) -> rx.Component:
    address = rx.cond(
        part["href"] != "",
        plain_link(part["address"], href=part["href"], target="_blank", rel="noopener noreferrer"),
        part["address"],
    )
    return rx.el.li(
        icon("package", size=18, class_name="component-icon"),
        rx.el.div(
            rx.el.p(
                rx.el.strong(part["name"]),
                rx.cond(
                    part["version"] != "",
                    rx.el.span(t("resource.version", version=part["version"])),
                ),
                rx.cond(part["status"] != "", tag(part["status"], tone=part["tone"])),
                class_name="component-name",
            ),
            rx.cond(part["address"] != "", rx.el.p(address, class_name="component-address")),
            rx.cond(
                part["details"] != "", rx.el.p(part["details"], class_name="component-details")
            ),
        ),
        rx.el.span(part["kind"], class_name="component-kind"),
        class_name="component",
    )


def _gone() -> rx.Component:
    return card(
        not_here(
            t("resource.gone_title"),
            t("resource.gone_text"),
            way_out=button_link(t("resource.to_list"), href="/resources", kind="primary"),
            level=1,
        )
    )
