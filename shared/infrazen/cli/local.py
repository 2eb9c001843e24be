"""Acting as whoever has the shell, on an installation that is made ready first."""

import logging

from infrazen.cli.screen import Screen
from infrazen.logs import configure_logging
from infrazen.security.access import Actor, system_actor
from infrazen.services.installation import prepare
from infrazen.services.organizations import default_organization, organization_by_slug
from infrazen.settings import settings


def operator(screen: Screen, organization: str | None) -> Actor:
    """The local operator in ``organization`` (the only one where None)."""
    quiet_logs()
    make_ready(screen)
    home = organization_by_slug(organization) if organization else default_organization()
    return system_actor(home.id)


def make_ready(screen: Screen) -> None:
    """Prepare database and keys, and tell people of what was made."""
    prepared = prepare()
    if prepared.revisions:
        screen.note(f"The database was brought to revision {prepared.revisions[-1]}.")
    if prepared.keys.created:
        screen.note(
            f"A master key was made: {prepared.keys.description}\n"
            "Back it up: without it no stored credential can ever be read again."
        )


def quiet_logs() -> None:
    """Log warnings and worse, redacted: who types a command reads its result.

    A level that the settings name wins.
    """
    chosen = settings()
    if "log_level" not in chosen.model_fields_set:
        level = logging.getLevelName(logging.WARNING)
        chosen = chosen.model_copy(update={"log_level": level})
    configure_logging(chosen)
