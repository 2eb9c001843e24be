"""Write the parts of ``docs/reference`` that the program itself knows.

    .venv/bin/python tools/reference.py

A test compares them with what stands there, so that no command, option, setting, exit
code or route is left without its documentation.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from infrazen.api import create_api
from infrazen.api.permissions import EXTENSION
from infrazen.cli.exits import MEANINGS
from infrazen.cli.root import cli
from infrazen.settings import Settings
from infrazen_operator.settings import OperatorSettings
from tools.chart_reference import values_page
from tools.connection_reference import connection_page
from tools.reason_reference import reasons_page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by `make docs` from the program itself; change it there. -->\n"


def pages() -> dict[str, str]:
    """Each page of the reference by file name."""
    return {
        "api.md": api_page(),
        "cli.md": cli_page(),
        "settings.md": settings_page(),
        "exit-codes.md": exits_page(),
        "cloudconnection.md": MADE + connection_page(),
        "reasons.md": MADE + reasons_page(),
        "helm-values.md": MADE + values_page(),
    }


def api_page() -> str:
    """Every route with what it does and the permission that it needs."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in create_api().openapi()["paths"].items():
        for method, facts in methods.items():
            needed = f"`{facts[EXTENSION]}`" if EXTENSION in facts else "—"
            meaning = " ".join(facts["description"].split("\n\n")[0].split())
            row = f"| `{method.upper()} {path}` | {meaning} | {needed} |"
            by_tag.setdefault(facts["tags"][0], []).append(row)
    head = "| Route | What it does | Needs |\n|---|---|---|\n"
    sections = [
        f"## {tag[:1].upper()}{tag[1:]}\n\n{head}" + "\n".join(rows) for tag, rows in by_tag.items()
    ]
    intro = (
        "What they take and answer is in your installation's own `/api/openapi.json` and "
        "`/api/docs`; how to begin is in [REST API](../api.md). *Needs* is a permission of the "
        "person's role, and a scope of the token."
    )
    return "\n\n".join([f"{MADE}# Routes", intro, *sections]) + "\n"


def cli_page() -> str:
    """Every command with its arguments and options."""
    sections = [
        f"{MADE}# Command line",
        "`infrazen` lives in `.venv/bin`. Results go to standard output, everything else to "
        "standard error; `--json` makes both JSON. [Exit codes](exit-codes.md) are stable. "
        "Settings come from [environment variables](settings.md).\n\n"
        "On the embedded SQLite database every command prepares what is missing (database, "
        "master key, organization) and says so. Whoever can run these commands can read the "
        "database and the keys, so they act as the owner of the organization.",
        *(_command_section(path, command) for path, command in _commands(cli)),
    ]
    return "\n\n".join(sections) + "\n"


def settings_page() -> str:
    """Every setting with its variable, default and meaning."""
    intro = (
        "Settings are environment variables, or lines of a `.env` file in the folder where "
        "InfraZen runs (variables win). They are read once at start; a wrong one is named "
        "and nothing starts."
    )
    operator = (
        "The operator in Kubernetes has its own, environment variables alone; the chart's "
        "[values](helm-values.md) set them. `POD_NAMESPACE` and `POD_NAME` stand for "
        "`INFRAZEN_OPERATOR_NAMESPACE` and `INFRAZEN_OPERATOR_IDENTITY` where those are not set."
    )
    return (
        f"{MADE}# Settings\n\n{intro}\n\n{_settings_table(Settings)}\n\n"
        f"## The operator\n\n{operator}\n\n{_settings_table(OperatorSettings)}\n"
    )


def _settings_table(settings: type[BaseSettings]) -> str:
    prefix = settings.model_config["env_prefix"]
    rows = [
        f"| `{prefix}{name.upper()}` | {_default(field)} | {_in_a_cell(field.description or '')} |"
        for name, field in settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def _in_a_cell(text: str) -> str:
    return text.replace("|", r"\|")


def exits_page() -> str:
    """Every exit code and what it means."""
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    intro = "They never change their meaning. Errors are one line that says what to do."
    table = "\n".join(["| Code | Meaning |", "|---|---|", *rows])
    return f"{MADE}# Exit codes\n\n{intro}\n\n{table}\n"


def _commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        elif command is not None:
            yield (*path, name), command


def _command_section(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(("infrazen", *path)))
    usage = " ".join(command.collect_usage_pieces(context))
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    options = [_option_line(each, context) for each in command.params if _is_told(each)]
    parts = [f"## infrazen {' '.join(path)}", f"`{context.command_path} {usage}`", text]
    return "\n\n".join([*parts, "\n".join(options)])


def _is_told(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.hidden


def _option_line(option: Any, context: click.Context) -> str:
    words, meaning = option.get_help_record(context)
    return f"- `{words}`: {meaning}"


def _default(field: FieldInfo) -> str:
    if field.default_factory or field.default in (None, "", (), {}):
        return "—"
    shown = field.default
    if isinstance(shown, bool):
        shown = str(shown).lower()
    elif isinstance(shown, dict):
        shown = ",".join(f"{key}={value}" for key, value in shown.items())
    return f"`{shown}`"


def main() -> int:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
