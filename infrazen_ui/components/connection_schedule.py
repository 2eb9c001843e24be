"""When a connection is synced: the choices of its form."""

import reflex as rx

from infrazen.provider_kit.contract import Text
from infrazen_ui.components.connection_inputs import error_of, text_of
from infrazen_ui.components.forms import option, select_field, text_field
from infrazen_ui.components.texts import bilingual, t
from infrazen_ui.components.zones import zone_options
from infrazen_ui.locales import Language
from infrazen_ui.present.connection_forms import CUSTOM
from infrazen_ui.present.connections import schedule_presets
from infrazen_ui.present.zones import KNOWN
from infrazen_ui.states.connection_form import FORM, ConnectionFormState

_ENTERED = f"""
(({{schedule_choice, schedule, time_zone}}) => ({{schedule_choice, schedule, time_zone}}))(
  window.infrazen.inputs('{FORM}')
)
"""
_LOOK_AHEAD = rx.call_script(_ENTERED, callback=ConnectionFormState.look_ahead)
_TYPING_MS = 400


def schedule_fields() -> rx.Component:
    """A choice of schedules, the time zone, a cron line of one's own, and what follows from it."""
    russian, english = (schedule_presets(language) for language in Language)
    options = [
        (line, bilingual(Text(here, there)))
        for (line, here), (_, there) in zip(russian, english, strict=True)
    ]
    return rx.el.div(
        rx.el.div(
            select_field(
                t("connections.form.schedule"),
                name="schedule_choice",
                options=[*options, (CUSTOM, t("connections.form.custom"))],
                default_value=text_of("schedule_choice"),
                help=t("connections.form.schedule_help"),
                on_change=_LOOK_AHEAD,
            ),
            select_field(
                t("connections.form.zone"),
                name="time_zone",
                options=rx.fragment(
                    zone_options(),
                    rx.cond(
                        rx.Var.create(list(KNOWN)).contains(text_of("time_zone")),
                        rx.fragment(),
                        option(text_of("time_zone"), text_of("time_zone")),
                    ),
                ),
                default_value=text_of("time_zone"),
                error=error_of("time_zone"),
                on_change=_LOOK_AHEAD,
            ),
            class_name="form-grid",
        ),
        rx.el.div(
            text_field(
                t("connections.form.cron"),
                name="schedule",
                is_required=True,
                default_value=text_of("schedule"),
                error=error_of("schedule"),
                help=t("connections.form.cron_help"),
                placeholder="0 */6 * * *",
                auto_complete="off",
                spell_check=False,
                on_change=_LOOK_AHEAD.debounce(_TYPING_MS),
            ),
            class_name="form-cron",
        ),
        rx.el.p(ConnectionFormState.upcoming, class_name="form-upcoming figures", role="status"),
        class_name="form-schedule",
    )
