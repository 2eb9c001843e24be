"""What commands print: results on standard output, everything else on standard error."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
import msgspec


@dataclass(slots=True)
class Screen:
    """Where a command prints, and in which form; made once a run of the program."""

    json: bool = False
    debug: bool = False

    def result(self, data: Any, text: str) -> None:
        """The command's result: ``data`` as JSON, or ``text`` for people."""
        click.echo(self._encoded(data) if self.json else text)

    def record(self, data: Mapping[str, Any]) -> None:
        """One thing: a JSON object, or a line for each of its facts."""
        self.result(data, facts_text(data))

    def table(
        self, rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], empty: str
    ) -> None:
        """Many things: a JSON array, or the ``columns`` of each; ``empty`` where there are none."""
        self.result(rows, table_text(rows, columns) if rows else empty)

    def note(self, message: str) -> None:
        """Tell people what happens; never part of the result. In JSON a line of its own."""
        note = msgspec.json.encode({"note": message}).decode()
        click.echo(note if self.json else message, err=True)

    def fail(self, document: Mapping[str, Any], message: str) -> None:
        """Say why the command failed."""
        click.echo(self._encoded(document) if self.json else f"error: {message}", err=True)

    @property
    def is_live(self) -> bool:
        """Whether a person watches, so that a progress bar makes sense."""
        return not self.json and sys.stderr.isatty()

    def _encoded(self, data: Any) -> str:
        document = msgspec.json.encode(data, enc_hook=str)
        return msgspec.json.format(document, indent=2).decode()


def facts_text(data: Mapping[str, Any]) -> str:
    """A line for each fact, values under each other."""
    width = max((len(_words(name)) for name in data), default=0)
    return "\n".join(f"{_words(name):<{width}}  {_plain(value)}" for name, value in data.items())


def table_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """A line for each row under a line of headings."""
    lines = [[_words(name).upper() for name in columns]]
    lines += [[_plain(row.get(name)) for name in columns] for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S %Z")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_plain(part) for part in value) or "—"
    return str(value)
