"""The landing page: what InfraZen is, for whoever has not come in yet."""

import reflex as rx

from infrazen.providers import all_providers
from infrazen_ui.components.badges import provider_badge
from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.cards import card, kpi_card, trend_mark
from infrazen_ui.components.conditions import some
from infrazen_ui.components.icons import icon, logo
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.texts import t
from infrazen_ui.components.usage import usage_bar
from infrazen_ui.components.values import Text
from infrazen_ui.layout.account import language_choice, theme_choice
from infrazen_ui.layout.page import public_page
from infrazen_ui.layout.shell import CONTENT, open_ground
from infrazen_ui.states.welcome import WelcomeState


@public_page("/welcome", "welcome.page", on_load=[WelcomeState.look], ground=open_ground)
def welcome() -> rx.Component:
    """Who we are, the living demo, what one gets, how to begin."""
    return rx.el.div(
        plain_link(t("welcome.skip"), href=f"#{CONTENT}", class_name="skip-link"),
        _head(),
        rx.el.main(_hero(), _live(), _gains(), _steps(), _last(), id=CONTENT, tab_index=-1),
        _foot(),
        class_name="landing",
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            logo(size=32),
            rx.el.div(
                rx.el.p("InfraZen", class_name="entry-brand"),
                rx.el.p("FinOps Platform", class_name="entry-tagline"),
            ),
            class_name="landing-brand",
        ),
        rx.el.div(
            rx.el.div(language_choice(), theme_choice(), class_name="landing-choices"),
            button_link(t("demo.sign_in"), href="/login"),
            class_name="landing-ways",
        ),
        class_name="landing-head",
    )


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.h1(t("entry.message"), class_name="landing-title"),
        rx.el.p(t("welcome.lead"), class_name="landing-lead"),
        _ways(),
        rx.cond(WelcomeState.has_demo, rx.el.p(t("welcome.note"), class_name="landing-note")),
        rx.el.div(
            rx.el.span(t("welcome.clouds"), class_name="landing-note"),
            rx.el.ul(
                *[
                    rx.el.li(provider_badge(slug, size=28), spec.title)
                    for slug, spec in all_providers().items()
                ],
                class_name="landing-clouds",
            ),
            class_name="landing-reads",
        ),
        class_name="landing-hero",
    )


def _ways() -> rx.Component:
    return rx.el.div(
        rx.cond(
            WelcomeState.has_demo,
            rx.fragment(
                _open_demo(),
                button_link(t("demo.sign_in"), href="/login", class_name="landing-way"),
            ),
            button_link(t("demo.sign_in"), href="/login", kind="primary", class_name="landing-way"),
        ),
        class_name="landing-actions",
    )


def _open_demo() -> rx.Component:
    """A plain link: the server lets the browser in."""
    return plain_link(
        rx.el.span(t("demo.open"), icon("arrow-right"), class_name="button-face"),
        href="/demo",
        class_name="button button-primary button-md landing-way",
    )


def _live() -> rx.Component:
    """The demo's own figures, where there is one."""
    return rx.cond(
        WelcomeState.is_live,
        rx.el.section(
            _heading(t("welcome.live"), t("welcome.live_note")),
            _figures(),
            _usage(),
            class_name="landing-part landing-live",
        ),
    )


def _figures() -> rx.Component:
    kpis = WelcomeState.kpis
    return rx.el.div(
        rx.foreach(
            kpis["spent"],
            lambda one: kpi_card(
                kpis["period"],
                one["total"],
                trend=trend_mark(one["direction"], one["tone"], one["trend"]),
                icon_name="wallet",
            ),
        ),
        rx.cond(
            some(kpis["savings"]),
            rx.foreach(
                kpis["savings"],
                lambda one: kpi_card(
                    t("welcome.savings"),
                    one,
                    secondary=kpis["savings_note"],
                    icon_name="piggy-bank",
                ),
            ),
        ),
        kpi_card(
            t("welcome.resources"),
            kpis["resources"],
            secondary=kpis["resources_note"],
            icon_name="server",
        ),
        kpi_card(
            t("welcome.connections"),
            kpis["connections"],
            secondary=kpis["connections_note"],
            icon_name="cloud",
        ),
        class_name="kpi-grid",
    )


def _usage() -> rx.Component:
    return card(
        rx.el.h3(t("welcome.usage"), class_name="section-title"),
        rx.el.div(
            rx.foreach(
                WelcomeState.usage,
                lambda one: usage_bar(
                    one["label"],
                    percent=one["percent"],
                    shown=one["shown"],
                    tier=one["tier"],
                    tier_label=one["tier_label"],
                ),
            ),
            class_name="landing-usage",
        ),
    )


def _gains() -> rx.Component:
    return rx.el.section(
        _heading(t("welcome.what")),
        rx.el.ul(
            _gain("layers", t("welcome.one.title"), t("welcome.one.text")),
            _gain("scale", t("welcome.two.title"), t("welcome.two.text")),
            _gain("lightbulb", t("welcome.three.title"), t("welcome.three.text")),
            _gain("history", t("welcome.four.title"), t("welcome.four.text")),
            _gain("house", t("welcome.five.title"), t("welcome.five.text")),
            _gain("lock", t("welcome.six.title"), t("welcome.six.text")),
            class_name="landing-gains",
        ),
        class_name="landing-part",
    )


def _gain(icon_name: str, title: Text, note: Text) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(icon_name, size=20), class_name="landing-gain-icon"),
        rx.el.h3(title),
        rx.el.p(note),
        class_name="card landing-gain",
    )


def _steps() -> rx.Component:
    return rx.el.section(
        _heading(t("welcome.how")),
        rx.el.ol(
            rx.cond(
                WelcomeState.has_demo,
                _step(t("welcome.step_one.title"), t("welcome.step_one.text")),
                _step(t("welcome.step_in.title"), t("welcome.step_in.text")),
            ),
            _step(t("welcome.step_two.title"), t("welcome.step_two.text")),
            _step(t("welcome.step_three.title"), t("welcome.step_three.text")),
            class_name="landing-steps",
        ),
        class_name="landing-part",
    )


def _step(title: Text, note: Text) -> rx.Component:
    return rx.el.li(rx.el.h3(title), rx.el.p(note), class_name="landing-step")


def _last() -> rx.Component:
    return rx.cond(
        WelcomeState.has_demo,
        rx.el.section(
            _heading(t("welcome.ready"), t("welcome.ready_text")),
            rx.el.div(_open_demo(), class_name="landing-actions"),
            class_name="landing-part landing-last",
        ),
    )


def _foot() -> rx.Component:
    return rx.el.footer(
        rx.el.p("InfraZen · FinOps Platform"),
        rx.el.p(t("entry.message")),
        class_name="landing-foot",
    )


def _heading(title: Text, note: Text | None = None) -> rx.Component:
    return rx.el.div(
        rx.el.h2(title),
        *([rx.el.p(note)] if note is not None else []),
        class_name="landing-heading",
    )
