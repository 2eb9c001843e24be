"""Options of the form ``key=value``."""

from typing import Any

import click


class _Pair(click.ParamType[tuple[str, str]]):
    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first ``=``; the error doesn't repeat what may be a secret."""
        if isinstance(value, tuple):
            return value
        name, sign, rest = str(value).partition("=")
        if not sign or not name.strip():
            self.fail("write it as key=value", param, ctx)
        return name.strip(), rest


PAIR = _Pair()
"""A click type that gives (key, value)."""
