"""The command line, ``infrazen``: use cases for whoever has the shell."""

from infrazen.cli.entry import main

__all__ = ["main"]
