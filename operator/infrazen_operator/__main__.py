"""``python -m infrazen_operator run|secrets``: the operator, and the watch of Secrets' metadata."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from lightkube.core.exceptions import ConfigError
from pydantic import ValidationError

from infrazen.errors import InfraZenError
from infrazen.logs import configure_logging
from infrazen_operator import app, secret_watch
from infrazen_operator.process import search_seldom
from infrazen_operator.settings import operator_settings

logger = logging.getLogger("infrazen_operator")

_COMMANDS = {"run": app.run, "secrets": secret_watch.run}
_CHATTY = ("kopf", "aiohttp")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; the exit code."""
    parser = argparse.ArgumentParser(prog="infrazen_operator", description=__doc__)
    parser.add_argument("command", choices=_COMMANDS)
    command = parser.parse_args(arguments).command
    configure_logging()
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It has a thread of its own for good reason: see streams.
    logging.getLogger("kopf._core.reactor.running").setLevel(logging.ERROR)
    search_seldom()
    try:
        asyncio.run(_COMMANDS[command](operator_settings()))
    except (InfraZenError, ConfigError, ValidationError) as error:
        logger.error("%s", error)  # noqa: TRY400 - it says what to do; where it was raised does not
        return 1
    except Exception:
        logger.exception("the operator has ended with an error")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
